"""ufdbGuard's log of verdicts (reference manual, “log lines”; the order of fields is that of the `ufdbLogMessage` calls of ufdbguardd).

`BLOCK user client source category URL method [server name]`; `logpass on` writes `PASS` lines, too. In test mode (`TEST-BLOCK`) nothing is
refused. `BPASS` stands before the `PASS` of the same request. Times are local, without zone. After these documents; no sample seen.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp

_LINE = (
    r"(?:ufdbguardd?\[\d+\]:? +)?(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? \[\d+\] "
    r"(?:(?P<verdict>PASS|BPASS|REDIR|(?:BLOCK|TEST)[A-Z-]*) +(?P<user>\S+) +(?P<client>\S+) +\S+ +\S+ +(?P<url>\S+)"
    r"(?: +(?:[A-Z]+|-)(?: +(?P<sni>\S+\.[A-Za-z][A-Za-z0-9-]+))?.*)?$|(?P<note>[^R].*))"
)
_VERDICT, _CLIENT = pl.col("verdict"), pl.col("client")
_ADDRESS = r"^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*$"

FORMAT = LogFormat(
    id="ufdbguard",
    title="ufdbGuard filter log",
    family="proxy",
    cannot_tell=(
        "Visits that the filter let through, unless `logpass` is on.",
        NO_COUNTS,
    ),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("] PASS ", "] BPASS ", "] REDIR ", "] BLOCK", "] TEST-")),
            clock=FirstOf((Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.when(_CLIENT.str.contains(_ADDRESS)).then("client"),
                "host_name": pl.when(~_CLIENT.str.contains(_ADDRESS)).then("client"),
                "destination_domain": pl.coalesce("sni", host_of(pl.col("url"))),
                "event_action": event_action(_VERDICT.str.starts_with("BLOCK")),
            },
            skip={
                "event of the program": pl.col("note").is_not_null(),
                "said again in the line behind it": _VERDICT == "BPASS",
            },
            channel="name",
        ),
    ),
)
