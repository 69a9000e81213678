"""EfficientIP SOLIDserver in syslog: queries, answers, response policy zones and DNS Guardian's lists and triggers.

After the grammar of public collectors for SOLIDserver DDI; no sample seen. An answer, a matched list and a verdict repeat their question;
each counts only where the question itself was not logged.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.pattern import Pattern
from discovery.layouts.isc import CLIENT, CLOCK, KNOWN, NOTE

_LINE = (
    rf"(?:{CLIENT}(?:"
    r"(?P<what>query|answer): (?P<name>\S+) (?P<class>[A-Z0-9]+) (?P<type>[A-Z0-9]+)(?: [+-]\S*)?(?: \([0-9A-Fa-f.:]+\))?"
    r"(?: -> (?P<rcode>[A-Z]+).*)?$"
    r"|rpz \S+ (?P<policy>\S+) rewrite (?P<refused>[^/\s]+)/(?P<refused_type>[^/\s]+)"
    r"|(?P<other>(?:[^UT\s]|U[^D]|T[^C]).*))"  # a question behind its transport (UDP:, TCP:) is another product's
    r"|List Matched (?P<listed>[0-9A-Fa-f.:]+)#(?P<listed_port>\d+): query: (?P<listed_name>\S+) [A-Z0-9]+ (?P<listed_type>[A-Z0-9]+) "
    r"|(?P<trigger>(?:DIS)?ARMING trigger on )"
    rf"|(?P<lease>DHCP[A-Z]+ (?:on|from|for|of|to) )|{NOTE})"
)
_NAME = pl.coalesce("name", "refused", "listed_name")
_CLIENT = pl.coalesce("client", "listed")

FORMAT = LogFormat(
    id="efficientip-solidserver",
    title="EfficientIP SOLIDserver DNS log",
    family="dns",
    generic=True,  # the questions alone look like any name server's
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("client ", "List Matched ", "ARMING trigger ")),
            clock=CLOCK,
            only=KNOWN,
            event={
                "source_ip": _CLIENT,
                "destination_domain": _NAME,
                "event_action": only_blocked((pl.col("rcode") == "REFUSED") | (pl.col("policy") != "PASSTHRU")),
            },
            skip={"address lease, no request": pl.col("lease").is_not_null(), "no question of a client": _NAME.is_null()},
            channel="dns",
            requests=pl.when(pl.col("what") == "query").then(1).otherwise(0),
            session=pl.concat_str(
                _CLIENT,
                pl.coalesce("port", "listed_port"),
                _NAME.str.to_lowercase(),
                pl.coalesce("type", "refused_type", "listed_type"),
                separator=" ",
                ignore_nulls=True,
            ),
        ),
    ),
)
