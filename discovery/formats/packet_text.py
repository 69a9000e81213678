"""Packets as text: Wireshark's CSV, what tshark prints of chosen fields (-T fields, or csv) or as JSON (-T ek), tcpdump with dates (-tttt).

Only packets that name a site are told of: questions of DNS, hellos of TLS and QUIC, and the host of HTTP. A capture itself says more. Wireshark's
usual clock counts from the first packet; then nobody can tell when that was.
"""

from collections.abc import Mapping

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, spelt
from discovery.kinds.pattern import Pattern
from discovery.times import Epoch, FirstOf, Iso, Worded

_LIST = spelt({"number": "no", "time": "time utc_date_and_time", "client": "source", "server": "destination", "protocol": "protocol", "info": "info"})
_FIELDS = spelt(
    {
        "time": "frame_time_epoch frame_time frame_time_utc",
        "client": "ip_src ipv6_src",
        "server": "ip_dst ipv6_dst",
        "asked": "dns_qry_name",
        "answered": "dns_flags_response",
        "sni": "tls_handshake_extensions_server_name ssl_handshake_extensions_server_name",
        "host": "http_host",
    }
)
_NAMELESS = "packet that names no site"
_END = r"[0-9A-Za-z_.:-]+?"
_LINE = (
    rf"(?P<time>\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+|\d{{10}}\.\d+) (?:\S+ +(?:In|Out) +)?IP6? (?P<client>{_END})(?:\.[\w-]+)? > "
    rf"(?P<server>{_END})(?:\.[\w-]+)?: (?:\d+[+%]*\S* (?:\[\w+\] )?(?:[A-Z][A-Z0-9]*\?) (?P<asked>\S+?)\.? \(\d+\)|(?P<other>.*))$"
)
_INFO = pl.col("info")
#: Of a packet as JSON: whole layers, or chosen fields, which are lists.
_EK = {
    "client": ("layers.ip.ip_ip_src", "layers.ipv6.ipv6_ipv6_src", "layers.ipv6.ipv6_src", "layers.ip_src", "layers.ipv6_src"),
    "server": ("layers.ip.ip_ip_dst", "layers.ipv6.ipv6_ipv6_dst", "layers.ipv6.ipv6_dst", "layers.ip_dst", "layers.ipv6_dst"),
    "asked": ("layers.dns.dns_dns_qry_name", "layers.dns_qry_name"),
    "answered": ("layers.dns.dns_dns_flags_response", "layers.dns_flags_response"),
    "sni": ("layers.tls.tls_tls_handshake_extensions_server_name", "layers.tls_handshake_extensions_server_name"),
    "host": ("layers.http.http_http_host", "layers.http_host"),
}


def _first(name: str) -> pl.Expr:
    """The value, of a list the first."""
    return pl.col(name).str.extract(r'^(?:\["?)?([^"\],]+)', 1)


def _layout(name: str, kind: Kind, names: Mapping[str, pl.Expr], skip: pl.Expr) -> Layout:
    """A way to print packets: `names` has what was asked for (asked), and the host spoken to (site)."""
    asked, site = (pl.when(names[key] != "").then(names[key]) for key in ("asked", "site"))
    return Layout(
        name=name,
        kind=kind,
        clock=FirstOf((Iso("time"), Epoch("time"), Worded(("time",)))),
        event={
            "source_ip": pl.col("client"),
            "destination_domain": pl.coalesce(asked, site),
            "destination_ip": pl.when(asked.is_null()).then("server"),
        },
        skip={_NAMELESS: skip.fill_null(value=False) | pl.coalesce(asked, site).is_null()},
        channel=pl.when(asked.is_not_null()).then(pl.lit("dns")).otherwise(pl.lit("name")),
    )


FORMAT = LogFormat(
    id="packet-text",
    title="packets as text (Wireshark, tshark, tcpdump)",
    family="dns",
    cannot_tell=(NO_COUNTS, NO_PERSON),
    layouts=(
        _layout(
            "list of packets",
            Named(_LIST, must=tuple((field,) for field in _LIST)),
            {
                "asked": _INFO.str.extract(r"^Standard query 0x[0-9a-f]+ \w+ (\S+)", 1),
                "site": _INFO.str.extract(r"Client Hello \(SNI=([^)\s]+)\)", 1),
            },
            _INFO.str.contains("response", literal=True),
        ),
        _layout(
            "fields",
            Named(_FIELDS, must=(("time",), ("client",), ("server",), ("asked", "sni", "host"))),
            {"asked": pl.col("asked"), "site": pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in ("sni", "host")))},
            pl.col("answered").is_in(["1", "True", "true"]),
        ),
        Layout(
            name="JSON",
            kind=JsonLines(must=("layers", "index"), paths=_EK),
            clock=Epoch("timestamp"),
            only=pl.coalesce("layers", pl.when(pl.col("index").str.contains("packets-", literal=True)).then("index")).is_not_null(),
            event={
                "source_ip": _first("client"),
                "destination_domain": pl.coalesce(_first("asked"), _first("sni"), _first("host")),
                "destination_ip": pl.when(pl.col("asked").is_null()).then(_first("server")),
            },
            skip={
                "says where the next packet is to be kept": pl.col("layers").is_null(),
                _NAMELESS: _first("answered").is_in(["1", "true"]).fill_null(value=False) | pl.coalesce("asked", "sni", "host").is_null(),
            },
            channel=pl.when(pl.col("asked").is_not_null()).then(pl.lit("dns")).otherwise(pl.lit("name")),
        ),
        _layout(
            "lines",
            Pattern(_LINE, marks=(" IP ", " IP6 ")),
            {"asked": pl.col("asked"), "site": pl.lit(None, pl.String)},
            pl.col("other").is_not_null(),
        ),
    ),
)
