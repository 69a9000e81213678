"""Allied Telesis routers and UTM firewalls (AlliedWare Plus, `connection-log events`): connections that begin and end, with the bytes of each way."""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, STARTED, Layout, LogFormat, with_beginnings
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_LINE = (
    r"(?:.{0,60}[ :])?(?P<state>NEW|START|END) proto=\S+ orig_src=(?P<source>\S+) orig_dst=(?P<destination>\S+)"
    r"(?:.*? orig_bytes=(?P<sent>\d+))?(?:.*? reply_bytes=(?P<received>\d+))?.*$"
)
_SOURCE, _DESTINATION = pl.col("source"), pl.col("destination")

_LAYOUT = Layout(
    kind=Pattern(_LINE, marks=(" orig_src=",)),
    clock=SYSLOG,
    event={
        "source_ip": _SOURCE,
        "destination_ip": _DESTINATION,
        "source_bytes": pl.col("sent"),
        "destination_bytes": pl.col("received"),
    },
    skip={STARTED: pl.col("state") != "END", **no_visit(_SOURCE, _DESTINATION)},
)

FORMAT = LogFormat(
    id="allied-telesis",
    title="Allied Telesis connection log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_PERSON, "What was refused: only connections are logged."),
    layouts=(*with_beginnings(_LAYOUT, pl.col("state") == "END"),),
)
