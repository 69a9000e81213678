"""Cntlm, a proxy that signs in at another (`forward_request` in its forward.c): method and URL of each request, in syslog at the level debug."""

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG

_LINE = r"(?:(?P<client>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+) (?P<method>[A-Z]+) (?P<url>\S+)\s*$|(?P<note>.*))"

FORMAT = LogFormat(
    id="cntlm",
    title="Cntlm log",
    family="proxy",
    cannot_tell=(NO_COUNTS, NO_PERSON, "What was refused: only requests are logged."),
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=SYSLOG,
            only=pl.col("syslog_tag") == "cntlm",
            event={"source_ip": pl.col("client"), "destination_domain": host_of(pl.col("url"))},
            skip={"message of the program": pl.col("note").is_not_null()},
            channel="name",
        ),
    ),
)
