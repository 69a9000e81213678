"""sniproxy's access log (`log_connection` in https://github.com/dlundquist/sniproxy, connection.c): connections that ended, by server name.

The first pair of counts is what was sent to the client and came from the server, the second the other way round.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, FirstOf, Stamp

_END = r"(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f.]+)"
_LINE = (
    rf"(?:(?P<time>\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d) )?(?P<client>{_END}):\d+ -> \S+ -> (?P<server>{_END}|NONE)(?::\d+)? \[(?P<site>[^\]]*)\] "
    r"\d+/(?P<received>\d+) bytes tx \d+/(?P<sent>\d+) bytes rx [\d.]+ seconds\s*$"
)
_CLIENT, _SERVER = (pl.col(name).str.strip_chars("[]") for name in ("client", "server"))

FORMAT = LogFormat(
    id="sniproxy",
    title="sniproxy access log",
    family="proxy",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" bytes tx ",)),
            clock=FirstOf((Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
            event={
                "source_ip": _CLIENT,
                "destination_domain": pl.col("site"),
                "destination_ip": _SERVER,
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
            },
            skip=no_visit(_CLIENT, _SERVER),
        ),
    ),
)
