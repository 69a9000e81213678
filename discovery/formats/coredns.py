"""CoreDNS's query log (plugin `log`, https://coredns.io/plugins/log/), its common and combined format.

The line itself carries no time in today's versions: a syslog, the container runtime or its JSON file adds it. Where nothing did,
nobody can tell when the query was made.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG, FirstOf, Iso, Stamp, Zoned

_QUERY = (
    r"(?P<client>\[[0-9A-Fa-f.:%\w]+\]|[0-9.]+)(?::\d+)? - (?:\[(?P<when>[^\]]+)\] )?(?:\d+ )?"
    r'"(?P<type>[A-Z0-9]+) (?P<class>[A-Z0-9]+) (?P<name>\S+) [a-z]+ \d+ (?:true|false) \d+" (?P<rcode>[A-Z0-9]+|-)'
)
_NOTE = r"\[(?:INFO|WARNING|ERROR|DEBUG|FATAL)\] (?:plugin/|\d+ \S+ [A-Z0-9]+: )|(?:\[INFO\] )?CoreDNS-\d|linux/\w+, go\d|\.:\d+$"
_TIME = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?"
_LINE = rf"(?:(?P<time>{_TIME}) )?(?:(?:stdout|stderr) )?(?:[FP] )?(?:(?:\[INFO\] )?{_QUERY}|(?P<note>{_NOTE}))"
_TEXT = pl.coalesce("log", "message")


def _action(rcode: pl.Expr) -> pl.Expr:
    """A server refuses for reasons of policy (RFC 1035, section 4.1.1)."""
    return only_blocked(rcode == "REFUSED")


FORMAT = LogFormat(
    id="coredns",
    title="CoreDNS query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            name="text",
            kind=Pattern(_LINE, marks=(" IN ", "plugin/", "CoreDNS-", "[ERROR] ")),
            clock=FirstOf((Zoned(("when",), ("%d/%b/%Y:%H:%M:%S %z",)), Iso("time"), Stamp(("time",), ("%Y/%m/%d %H:%M:%S%.f",)), SYSLOG)),
            event={"source_ip": pl.col("client"), "destination_domain": pl.col("name"), "event_action": _action(pl.col("rcode"))},
            skip={
                "no question of a client": pl.col("name").is_null(),
                "carries no time (export the log with the time its container runtime or journal adds)": pl.coalesce(
                    "time", "when", "syslog_time"
                ).is_null(),
            },
            channel="dns",
        ),
        Layout(
            name="JSON of the container runtime",
            kind=JsonLines(must=("log", "message")),
            clock=Iso("time"),
            only=_TEXT.str.contains(rf"^(?:{_TIME} )?(?:(?:\[INFO\] )?{_QUERY}|{_NOTE})"),
            event={
                "source_ip": _TEXT.str.extract(_QUERY, 1),
                "destination_domain": _TEXT.str.extract(_QUERY, 5),
                "event_action": _action(_TEXT.str.extract(_QUERY, 6)),
            },
            skip={"no question of a client": ~_TEXT.str.contains(_QUERY)},
            channel="dns",
        ),
    ),
)
