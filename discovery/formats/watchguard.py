"""WatchGuard Firebox traffic logs, as text and as LEEF (“Fireware Log Catalog”; the time in brackets is UTC).

A proxy's verdict on a name (`ProxyAllow: …`) is the request; the line at the end of it (`HTTP request`, a connection with its duration)
completes it with bytes, and is the request itself where no verdict is logged. Of LEEF no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.header import times
from discovery.kinds.leef import Leef
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, from_outside
from discovery.times import SYSLOG, FirstOf, InUtc

_LINE = (
    r"(?:.{0,120}?(?:\((?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\) )?[\w.-]+(?:\[\d+\])?: )?msg_id=\"(?P<id>[^\"]*)\" "
    r"(?:(?P<disp>Allow|Deny|Drop|Block|Unhandled)\w* (?P<from>\S+) \S+ (?:\d+ )?(?P<proto>[a-z0-9-]+) (?:\d+ \d+ )?"
    r"(?P<src>[0-9A-Fa-f.:]+) (?P<dst>[0-9A-Fa-f.:]+)(?: (?P<srcPort>\d+) (?P<dstPort>\d+))?(?P<rest> .*|$)|(?P<other>.*))"
)
_NAMES = ("dstname", "host", "sni", "question")


def _in_text(key: str) -> pl.Expr:
    return pl.col("rest").str.extract(rf'{key}="([^"]+)"', 1)


def _action(disp: pl.Expr) -> pl.Expr:
    return pl.when(disp.str.contains("(?i)^allow")).then(pl.lit("allowed")).when(disp != "").then(pl.lit("blocked"))


def _completes(message: pl.Expr, duration: pl.Expr) -> pl.Expr:
    return pl.when(message.str.contains("(?i)^https? request$").fill_null(value=False) | duration.is_not_null()).then(0).otherwise(1)


def _inbound(interface: pl.Expr, country: pl.Expr) -> pl.Expr:
    """Interfaces can be renamed; a country is only noted of the side that is outside."""
    return interface.str.contains(r"(?i)^(?:\d+-)?external") | country.is_not_null() | from_outside(pl.col("src"), pl.col("dst"))


_SESSION = pl.concat_str("src", "srcPort", "dst", "dstPort", separator=" ")

FORMAT = LogFormat(
    id="watchguard",
    title="WatchGuard Firebox log",
    family="firewall",
    layouts=(
        Layout(
            name="text",
            kind=Pattern(_LINE, marks=('msg_id="',)),
            clock=FirstOf((InUtc("time", "%Y-%m-%dT%H:%M:%S"), SYSLOG)),
            event={
                "user_name": _in_text("src_user"),
                "source_ip": pl.col("src"),
                "destination_domain": pl.coalesce(*(_in_text(f'[ \\"]{name}') for name in _NAMES)),
                "destination_ip": pl.col("dst"),
                "source_bytes": _in_text("sent_bytes"),
                "destination_bytes": _in_text("rcvd_bytes"),
                "event_action": _action(pl.col("disp")),
            },
            skip={
                "event of the device": pl.col("other").is_not_null(),
                "traffic of the device itself": pl.col("from") == "Firebox",
                INBOUND: _inbound(pl.col("from"), _in_text("geo_src")),
            },
            requests=_completes(_in_text("msg"), _in_text("duration")),
            session=_SESSION,
        ),
        Layout(
            name="LEEF",
            kind=Leef(vendors=("watchguard",)),
            clock=times("devTime"),
            event={
                "user_name": pl.coalesce("src_user", "usrName"),
                "source_ip": pl.col("src"),
                "destination_domain": pl.coalesce(*_NAMES),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.coalesce("sent_bytes", "srcBytes"),
                "destination_bytes": pl.coalesce("rcvd_bytes", "dstBytes"),
                "event_action": _action(pl.col("disp")),
            },
            skip={
                "event of the device": pl.col("src").is_null() | pl.col("dst").is_null(),
                "traffic of the device itself": pl.col("in_if") == "Firebox",
                INBOUND: _inbound(pl.col("in_if"), pl.col("geo_src")),
            },
            requests=_completes(pl.col("msg"), pl.col("duration")),
            session=_SESSION,
        ),
    ),
)
