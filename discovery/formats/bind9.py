"""BIND 9 query log: with or without syslog header, own date, category and severity, pointer, key, name in brackets, view (named.conf `logging`).

Only `query:` lines are requests; `rpz … rewrite` says that one was refused. Own dates carry no zone, but for ISO 8601 in UTC.
The flags behind a question begin with `+` where recursion is wanted, as every device wants it (RFC 1034, section 5.3.1); with `-`, and from
outside, another name server asks this one for what it has authority over.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import own
from discovery.layouts.isc import CLIENT, CLOCK, KNOWN, NOTE

_LINE = (
    rf"(?:{CLIENT}(?:query: (?P<name>\S+) (?P<class>[A-Z0-9]+) (?P<type>[A-Z0-9]+)(?: (?P<flags>[-+]))?"
    r"|rpz \S+ (?P<rewrite>\S+) rewrite (?P<refused>[^/\s]+)\S*|(?P<other>\S.*))"
    r"|(?P<note>(?:\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d+ )?(?:[a-z-]+: )+(?:info|notice|warning|error|debug \d+): .*)"
    rf"|{NOTE})"
)

FORMAT = LogFormat(
    id="bind9",
    title="BIND 9 query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=CLOCK,
            only=KNOWN & ~pl.col("other").str.contains("^(?:answer|UDP|TCP): ").fill_null(value=False),  # BIND itself never writes so
            event={"source_ip": pl.col("client"), "destination_domain": pl.col("name")},
            skip={
                "no question of a client": pl.col("name").is_null(),
                "question of another name server: recursion is not asked for": (pl.col("flags") == "-") & ~own(pl.col("client")),
            },
            channel="dns",
            session=pl.concat_str("client", pl.coalesce("name", "refused").str.to_lowercase(), separator=" "),
            verdict=pl.col("rewrite").is_not_null() & (pl.col("rewrite") != "PASSTHRU"),
        ),
    ),
)
