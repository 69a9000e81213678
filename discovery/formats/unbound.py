"""Unbound's query log (`log-queries`, `log-replies`): in a file of its own with an epoch or a date, or in syslog (unbound.conf(5)).

A reply repeats its question with rcode, seconds, cached and size; it counts only where the question itself was not logged. What local data or a
response policy zone made of a question (`log-local-actions`, `rpz-log`) names the zone and the action before the client.
A firewall that ships it keeps the queries in a table instead (reporting, /var/unbound/data/unbound.duckdb): its rows are read as CSV
(`COPY query TO …`) or as the JSON of the details page, after its source; action 0 passed, 1 blocked, 2 dropped.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG, Epoch, FirstOf

_LINE = (
    r"(?:\[(?P<epoch>\d{9,11}(?:\.\d+)?)\] )?(?:\S*unbound\S*: )?(?P<thread>(?:unbound)?\[\d+:[0-9a-f]+\] )?"
    r"(?:(?:info|query|reply): (?:(?P<verdict>rpz: applied (?:\[.*?\] )?\S+ |\S+ )(?P<act>[a-z][a-z_-]+) )?"
    r"(?P<client>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+(?:@\d+)?) (?P<name>\S+)\.? (?P<type>[A-Z][A-Z0-9]*|TYPE\d+) (?P<class>IN|CH|HS|ANY|CLASS\d+)"
    r"(?P<rcode> [A-Z]+ [\d.]+ [01] \d+)?(?: .*)?$|(?P<note>(?:info|notice|warning|error|debug|fatal error): .*))"
)
_REFUSED = (
    r"^(?:always_)?(?:refuse|deny|nxdomain|nodata|null|redirect)$|^inform_(?:deny|redirect)$|^rpz-(?:nxdomain|nodata|drop|local-data|cname-override)$"
)
_CLIENT = pl.col("client").str.replace(r"@\d+$", "")
_ROW = ("time", "client", "domain", "action", "resolve_time_ms", "dnssec_status")


def _reporting(name: str, kind: Kind) -> Layout:
    """Rows of the reporting table; a client is an address, or its name where the firewall knows one."""
    client, action = pl.col("client"), pl.col("action")
    return Layout(
        name=name,
        kind=kind,
        clock=Epoch("time"),
        only=pl.all_horizontal(pl.col(column).is_not_null() for column in _ROW),
        event={
            "source_ip": client,
            "host_name": pl.when(~client.str.contains(r"^[0-9A-Fa-f:.]+$")).then(client),
            "destination_domain": pl.col("domain"),
            "event_action": event_action(action.is_in(["1", "2", "Block", "Drop"]), action.is_in(["0", "Pass"])),
        },
        channel="name",
    )


FORMAT = LogFormat(
    id="unbound",
    title="Unbound query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=FirstOf((Epoch("epoch"), SYSLOG)),
            event={"source_ip": _CLIENT, "destination_domain": pl.col("name")},
            only=pl.coalesce("epoch", "thread").is_not_null() | (pl.col("syslog_tag") == "unbound"),
            skip={"no question of a client": pl.col("name").is_null() | (pl.col("act").is_not_null() & ~pl.col("act").str.contains(_REFUSED))},
            channel="dns",
            requests=pl.when(pl.col("rcode").is_null()).then(1).otherwise(0),
            session=pl.concat_str(_CLIENT, pl.col("name").str.to_lowercase(), "type", separator=" "),
            verdict=pl.col("act").str.contains(_REFUSED),
        ),
        _reporting("reporting, CSV", Named({column: (column,) for column in _ROW}, must=tuple((column,) for column in _ROW))),
        _reporting("reporting, JSON", JsonLines(must=("resolve_time_ms",))),
    ),
)
