"""Technitium DNS Server: the database, CSV and JSON of its query-log apps, and the lines of its text log when all queries are logged.

Response types are those of `DnsServerResponseType` (https://github.com/TechnitiumSoftware/DnsServer, IDnsQueryLogger): 1–3 answered,
4–6 blocked, 7 dropped. Times are UTC unless the text log says “Local”. After the source; of the text log only administration lines were seen.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action, only_blocked
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.pattern import Pattern
from discovery.sqlitelog import SqliteTable
from discovery.times import FirstOf, InUtc, Iso, Stamp

_QUERY = """
SELECT CAST(timestamp AS TEXT) || 'Z' AS time, CAST(client_ip AS TEXT) AS client, CAST(response_type AS TEXT) AS response, CAST(qname AS TEXT) AS name
FROM dns_logs ORDER BY dlid
"""
_LINE = (
    r"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:UTC|Local))\] (?:\[(?P<client>\[[0-9A-Fa-f.:%\w]+\]|[0-9.]+):\d+\] )?"
    r"(?:\[[A-Z]+\] QNAME: (?P<name>[^;]*); QTYPE: [^;]*; QCLASS: [^;]*(?:; RCODE: (?P<rcode>\w+))?.*|(?P<note>\S.*))$"
)
_SPELLINGS = {"time": ("timestamp",), "client": ("clientipaddress",), "response": ("responsetype",), "name": ("domain",), "row": ("rownumber",)}
_BLOCKED = ("4", "5", "6", "7", "Blocked", "UpstreamBlocked", "UpstreamBlockedCached", "Dropped")
_ANSWERED = ("1", "2", "3", "Authoritative", "Recursive", "Cached")
_EVENT = {
    "source_ip": pl.col("client"),
    "destination_domain": pl.col("name"),
    "event_action": event_action(pl.col("response").is_in(_BLOCKED), pl.col("response").is_in(_ANSWERED)),
}

FORMAT = LogFormat(
    id="technitium",
    title="Technitium DNS Server query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            name="database",
            kind=SqliteTable({"dns_logs": ("dlid", "timestamp", "client_ip", "response_type", "qname")}, _QUERY),
            clock=Iso("time"),
            event=_EVENT,
            channel="name",
        ),
        Layout(
            name="CSV",
            kind=Named(_SPELLINGS, must=(("row",), ("time",), ("client",), ("response",), ("name",))),
            clock=FirstOf((InUtc("time", "%Y-%m-%dT%H:%M:%S%.fZ"), InUtc("time", "%Y-%m-%dT%H:%M:%S%.f"))),
            event=_EVENT,
            channel="name",
        ),
        Layout(
            name="JSON",
            kind=JsonLines(
                must=("name",),
                paths={"name": ("question.questionName",), "client": ("clientIp",), "response": ("responseType",), "time": ("timestamp",)},
            ),
            clock=Iso("time"),
            only=pl.col("client").is_not_null() & pl.col("responseCode").is_not_null(),
            event=_EVENT,
            channel="name",
        ),
        Layout(
            name="text",
            kind=Pattern(_LINE, marks=(" UTC] ", " Local] ")),
            clock=FirstOf((InUtc("time", "%Y-%m-%d %H:%M:%S UTC"), Stamp(("time",), ("%Y-%m-%d %H:%M:%S Local",)))),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": pl.col("name"),
                "event_action": only_blocked(pl.col("rcode") == "Refused"),
            },
            skip={"administration or event of the server": pl.col("name").is_null()},
            channel="dns",
        ),
    ),
)
