"""BIND 9 query log: with or without syslog header, own date, category and severity, pointer, key, name in brackets, view (named.conf `logging`).

Only `query:` lines are requests; `rpz … rewrite` says that one was refused. Own dates carry no zone, but for ISO 8601 in UTC.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.layouts.isc import CLIENT, CLOCK, KNOWN, NOTE

_LINE = (
    rf"(?:{CLIENT}(?:query: (?P<name>\S+) (?P<class>[A-Z0-9]+) (?P<type>[A-Z0-9]+)"
    r"|rpz \S+ (?P<rewrite>\S+) rewrite (?P<refused>[^/\s]+)\S*|(?P<other>\S.*))"
    r"|(?P<note>(?:\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d+ )?(?:[a-z-]+: )+(?:info|notice|warning|error|debug \d+): .*)"
    rf"|{NOTE})"
)

FORMAT = LogFormat(
    id="bind9",
    title="BIND 9 query log",
    family="dns",
    cannot_tell=(
        "How much was sent or received: DNS only shows that a name was asked for.",
        "Which person sat at a device, without leases or a people list.",
    ),
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=CLOCK,
            only=KNOWN & ~pl.col("other").str.contains("^(?:answer|UDP|TCP): ").fill_null(value=False),  # BIND itself never writes so
            event={"source_ip": pl.col("client"), "destination_domain": pl.col("name")},
            skip={"no question of a client": pl.col("name").is_null()},
            channel="dns",
            session=pl.concat_str("client", pl.coalesce("name", "refused").str.to_lowercase(), separator=" "),
            verdict=pl.col("rewrite").is_not_null() & (pl.col("rewrite") != "PASSTHRU"),
        ),
    ),
)
