"""Pi-hole's long-term database (pihole-FTL.db), old layout (a table `queries`) and new (`query_storage` with names in tables of their own).

With `debug.queries` FTL.log has questions too: `new UDP query[A] query "files.example" from eth0:192.0.2.10`, newer `from eth0/192.0.2.10#5353`.
What the programming interface gives since version 6 (`/api/queries`) is described at `/api/docs` of each Pi-hole.
Status codes are those of the FTL database (https://docs.pi-hole.net/database/query-database/): 1, 4–11, 15, 16 and 18 were refused; 0 is not known.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.sqlitelog import LeaseQuery, SqliteTable
from discovery.times import Epoch, Stamp

_REFUSED = ("1", "4", "5", "6", "7", "8", "9", "10", "11", "15", "16", "18")
_OLD = """
SELECT CAST(timestamp AS TEXT) AS time, CAST(domain AS TEXT) AS domain, CAST(client AS TEXT) AS client, CAST(status AS TEXT) AS status
FROM queries ORDER BY id
"""
_NEW = """
SELECT CAST(q.timestamp AS TEXT) AS time,
       CAST(CASE typeof(q.domain) WHEN 'integer' THEN (SELECT d.domain FROM domain_by_id d WHERE d.id = q.domain) ELSE q.domain END AS TEXT)
           AS domain,
       CAST(CASE typeof(q.client) WHEN 'integer' THEN (SELECT c.ip FROM client_by_id c WHERE c.id = q.client) ELSE q.client END AS TEXT) AS client,
       CAST(q.status AS TEXT) AS status
FROM query_storage q ORDER BY q.id
"""
# The network table says when Pi-hole last saw a device at an address; before that it was there since it was first seen at all,
# or since somebody else was last seen there. It looks every minute; an hour is allowed for devices that sleep.
_NETWORK = """
SELECT CAST(a.ip AS TEXT), CAST(n.hwaddr AS TEXT), CAST({name} AS TEXT),
       MAX(CAST(n.firstSeen AS REAL), COALESCE(LAG(CAST(a.lastSeen AS REAL)) OVER (PARTITION BY a.ip ORDER BY a.lastSeen), 0.0)),
       CAST(a.lastSeen AS REAL) + 3600
FROM network_addresses a JOIN network n ON n.id = a.network_id
"""
_QUESTION = (
    r"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)[^\]]*\] (?:DEBUG_QUERIES: )?"
    r'(?:\*{4} new [A-Z]+ (?:IPv[46] )?query\S* (?:query )?"(?P<domain>[^"]+)" from [^/: ]+[/:](?P<client>[0-9A-Fa-f.:]+)|.*)'
)
_DEVICE, _ADDRESS = ("id", "hwaddr", "firstSeen"), ("network_id", "ip", "lastSeen")
_LEASES = (
    LeaseQuery({"network": _DEVICE, "network_addresses": (*_ADDRESS, "name")}, _NETWORK.format(name="a.name")),
    LeaseQuery({"network": (*_DEVICE, "name"), "network_addresses": _ADDRESS}, _NETWORK.format(name="n.name")),
)


def _layout(kind: SqliteTable) -> Layout:
    status = pl.col("status")
    return Layout(
        kind=kind,
        clock=Epoch("time"),
        event={
            "source_ip": pl.col("client"),
            "destination_domain": pl.col("domain"),
            "event_action": event_action(status.is_in(_REFUSED), status != "0"),
        },
        channel="name",
    )


FORMAT = LogFormat(
    id="pihole-ftl",
    title="Pi-hole query database",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        _layout(
            SqliteTable(
                {"query_storage": ("id", "timestamp", "domain", "client", "status"), "domain_by_id": ("id", "domain"), "client_by_id": ("id", "ip")},
                _NEW,
                _LEASES,
            )
        ),
        _layout(SqliteTable({"queries": ("id", "timestamp", "domain", "client", "status")}, _OLD, _LEASES)),
        Layout(
            name="FTL.log",
            kind=Pattern(_QUESTION, marks=("**** new ",)),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S%.f",)),
            event={"source_ip": pl.col("client"), "destination_domain": pl.col("domain")},
            skip={"not a question": pl.col("domain").is_null()},
        ),
        Layout(
            name="API",
            kind=JsonLines(must=("client.ip",)),
            clock=Epoch("time"),
            only=pl.col("domain").is_not_null() & pl.col("status").is_not_null() & pl.col("reply.type").is_not_null(),
            event={
                "source_ip": pl.col("client.ip"),
                "host_name": pl.col("client.name"),
                "destination_domain": pl.col("domain"),
                "event_action": event_action(
                    pl.col("status").str.contains("^(?:GRAVITY|REGEX|DENYLIST|EXTERNAL_BLOCKED|DBBUSY|SPECIAL)"), pl.col("status") != "UNKNOWN"
                ),
            },
            channel="name",
        ),
    ),
)
