"""dnscrypt-proxy's query log, tab-separated or labelled (LTSV) (https://github.com/DNSCrypt/dnscrypt-proxy/wiki/Logging).

After this documentation and the program's source; no sample seen. The first is in the host's time without a zone, the second in epoch seconds.
REJECT and DROP are its own lists, CLOAK and SYNTH its own answers. Old versions write neither the result nor how long it took. The log of refused
names (`blocked_names`) has the rule in their place.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.base import Kind
from discovery.kinds.pattern import Pattern
from discovery.times import Clock, Epoch, Stamp

_REST = r"(?P<type>[A-Z][A-Z0-9]*|TYPE\d+|-)"
_TSV = (
    r"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\]\t(?P<client>[^\t]+)\t(?P<name>[^\t]*)\t"
    rf"(?:{_REST}(?:\t(?P<result>[A-Z_]+)(?:\t\d+ms(?:\t.*)?)?)?|(?P<rule>[^\t]+))$"
)
_LTSV = (
    rf"time:(?P<time>\d+)\thost:(?P<client>[^\t]+)\t(?:message:(?P<name>[^\t]*)\ttype:{_REST}\treturn:(?P<result>[A-Z_]+)(?:\t.*)?"
    r"|qname:(?P<listed>[^\t]*)\tmessage:(?P<rule>.*))$"
)


def _layout(name: str, kind: Kind, clock: Clock) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        event={
            "source_ip": pl.col("client"),
            "destination_domain": pl.coalesce("name", "listed").str.strip_chars('"'),
            "event_action": only_blocked(pl.col("result").is_in(["REJECT", "DROP"]) | pl.col("rule").is_not_null()),
        },
        channel="dns",
    )


FORMAT = LogFormat(
    id="dnscrypt-proxy",
    title="dnscrypt-proxy query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        _layout("tab-separated", Pattern(_TSV, marks=("]\t",)), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",))),
        _layout("labelled", Pattern(_LTSV, marks=("\treturn:", "\tqname:")), Epoch("time")),
    ),
)
