"""Privoxy's log file with `debug 1` and `debug 1024` (https://www.privoxy.org/user-manual/config.html#DEBUG).

`Request:` is let through, `Crunch: Blocked:` (before 3.0.7 the word `crunch!` behind the request) was refused. Old dates have no year.
`debug 512` writes the common log format instead. After this documentation; no sample seen.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp, Yearless

_LINE = (
    r"(?:(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) [0-9a-f]+|(?:(?P<old>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) )?Privoxy\([0-9a-f]+\)) "
    r"(?:Request: (?P<url>\S+)(?P<refused> crunch!.*)?$|Crunch: (?P<why>[A-Za-z -]+): (?P<crunched>\S+).*|(?P<note>[A-Z][A-Za-z -]+: .*))"
)
_WHY = pl.col("why").str.to_lowercase()

FORMAT = LogFormat(
    id="privoxy",
    title="Privoxy log",
    family="proxy",
    cannot_tell=(
        "Who asked: this log names neither people nor devices.",
        NO_COUNTS,
    ),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("Request: ", "Crunch: ", "Privoxy(")),
            clock=FirstOf((Stamp(("time",), ("%Y-%m-%d %H:%M:%S%.f",)), Yearless("old"), SYSLOG)),
            event={
                "destination_domain": host_of(pl.coalesce("url", "crunched")),
                "event_action": event_action(pl.col("refused").is_not_null() | _WHY.is_in(["blocked", "untrusted"]), pl.col("url").is_not_null()),
            },
            skip={"event of the program": pl.col("note").is_not_null() | (_WHY == "cgi-call")},
            channel="name",
        ),
    ),
)
