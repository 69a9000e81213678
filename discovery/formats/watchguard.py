"""WatchGuard Firebox traffic logs: syslog (“Fireware Log Catalog”; time in brackets is UTC), LEEF, and as Traffic Monitor and Dimension show them.

A proxy's verdict on a name (`ProxyAllow: …`) is the request; the line at the end of it (`HTTP request`, a connection with its duration)
completes it with bytes, and is the request itself where no verdict is logged. Of LEEF no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.header import times
from discovery.kinds.leef import Leef
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, from_outside, own
from discovery.times import SYSLOG, Clock, FirstOf, InUtc, Stamp

_ADDRESS = r"[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+"
_VERDICT = r"(?P<disp>Allow|Deny|Drop|Block|Unhandled)\w*"
_ENDS = rf"(?P<src>{_ADDRESS}) (?P<dst>{_ADDRESS})"
_LINE = (
    r"(?:.{0,120}?(?:\((?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\) )?[\w.-]+(?:\[\d+\])?: )?msg_id=\"(?P<id>[^\"]*)\" "
    r"(?:fqdn_src_match=\"[^\"]*\" )?(?:fqdn_dst_match=\"(?P<fqdn>[^\"]*)\" )?"
    rf"(?:{_VERDICT} (?P<from>\S+) [^\"]*?{_ENDS}(?: (?P<srcPort>\d+) (?P<dstPort>\d+))?(?P<rest> .*|$)|(?P<other>.*))"
)
_MONITOR = (
    rf"(?P<time>\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d) (?:\S+ )?{_VERDICT} {_ENDS} \S+/[a-z0-9]+"
    r"(?: (?P<srcPort>\d+) (?P<dstPort>\d+))?(?P<rest>(?: (?P<from>\S+))?.*)$"
)
_NAMES = ("dstname", "host", "sni", "question")


def _in_text(key: str) -> pl.Expr:
    return pl.col("rest").str.extract(rf'{key}="([^"]+)"', 1)


def _action(disp: pl.Expr) -> pl.Expr:
    return pl.when(disp.str.contains("(?i)^allow")).then(pl.lit("allowed")).when(disp != "").then(pl.lit("blocked"))


def _completes(message: pl.Expr, duration: pl.Expr) -> pl.Expr:
    return pl.when(message.str.contains("(?i)^https? request$").fill_null(value=False) | duration.is_not_null()).then(0).otherwise(1)


def _inbound(interface: pl.Expr, country: pl.Expr) -> pl.Expr:
    """Interfaces can be renamed, and users of a VPN come in by the one outside; a country is only noted of the side that is outside."""
    return (
        (interface.str.contains(r"(?i)^(?:\d+-)?external") & ~own(pl.col("src"))) | country.is_not_null() | from_outside(pl.col("src"), pl.col("dst"))
    )


_SESSION = pl.concat_str("src", "srcPort", "dst", "dstPort", separator=" ")


def _text(name: str, kind: Pattern, clock: Clock) -> Layout:
    """What syslog and the log viewers have in common."""
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        event={
            "user_name": _in_text("src_user"),
            "source_ip": pl.col("src"),
            "destination_domain": pl.coalesce(*(_in_text(f'[ \\"]{name}') for name in _NAMES), pl.col("fqdn").str.strip_prefix("*.")),
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
    )


FORMAT = LogFormat(
    id="watchguard",
    title="WatchGuard Firebox log",
    family="firewall",
    layouts=(
        _text("text", Pattern(_LINE, marks=('msg_id="',)), FirstOf((InUtc("time", "%Y-%m-%dT%H:%M:%S"), SYSLOG))),
        _text("traffic monitor", Pattern(_MONITOR), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",))),
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
