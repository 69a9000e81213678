"""Sophos Firewall (XG, SFOS) logs, key=value, in the device's own and in the central reporting spelling (“Sophos Firewall Syslog Guide”).

The content filter's record names the site; the firewall's record at the end of the same connection completes it, and so does the one of TLS
inspection. Old versions write local time with the zone as letters or as an offset (+11); where letters mean several zones, the log's is taken. Of
CEF, which some relays make of it, no sample was seen: it is read by the standard's keys.
"""

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.cef import Cef
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.reach import INBOUND, from_outside
from discovery.layouts import gateway
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Iso, Zoned

_TYPE, _PART = pl.col("log_type"), pl.col("log_component")
_FIREWALL, _FILTER = _TYPE == "Firewall", _TYPE == "Content Filtering"
_FILE = ((_TYPE == "Anti-Virus") & _PART.is_in(["HTTP", "HTTPS", "FTP"])) | ((_TYPE == "Sandbox") & (_PART == "Web")) | (_TYPE == "ATP")
_WHEN = pl.coalesce("connevent", "con_event")
_SAID = pl.coalesce(pl.when(pl.col("log_subtype") != "").then("log_subtype"), "status")
_REFUSED, _LET = r"(?i)den(?:y|ied)|drop|block|reject|virus|infected", r"(?i)allow|accept|clean"
_ODD = "Invalid Traffic|ICMP|DoS|Spoof|Source Routed|Fragmented|Invalid Fragment"


def _action(said: pl.Expr) -> pl.Expr:
    return event_action(said.str.contains(_REFUSED), said.str.contains(_LET))


_LAYOUT = Layout(
    kind=KeyValue(must=("log_type", "log_component")),
    clock=FirstOf(
        (
            Iso("timestamp"),
            Zoned(("date", "time", "timezone"), ("%Y-%m-%d %H:%M:%S %#z",)),
            Iso("date", ("time", "timezone")),
            Iso("date", ("time",)),
            SYSLOG,
        )
    ),
    event={
        "user_name": pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in ("user_name", "user"))),
        "source_ip": pl.coalesce("src_ip", "sourceip"),
        "source_mac": pl.col("src_mac"),
        "destination_domain": pl.coalesce(
            pl.when(pl.col("domain") != "").then("domain"),
            host_of(pl.when(pl.col("url") != "").then("url")),
            *(pl.when(pl.col(name) != "").then(name) for name in ("dstdomain", "domainname", "sni")),
            pl.when(_TYPE == "Sandbox").then("source"),
        ),
        "destination_ip": pl.col("dst_ip"),
        "source_bytes": pl.coalesce("sent_bytes", "bytes_sent"),
        "destination_bytes": pl.coalesce("recv_bytes", "bytes_received"),
        "event_action": _action(_SAID),
    },
    skip={
        "event of the device": ~(_FIREWALL | _FILTER | _FILE | _TYPE.is_in(["SSL/TLS Inspection", "SSL"])),
        "packet of no connection": _FIREWALL & _PART.str.contains(_ODD),
        "traffic of the device itself": _FIREWALL & _PART.is_in(["Appliance Access", "Local ACL"]),
        STARTED: _FIREWALL & (_WHEN == "Start") & ~_SAID.str.contains("Den"),
        "interim record of a session, counted at its end": _FIREWALL & (_WHEN == "Interim") & ~_SAID.str.contains("Den"),
        INBOUND: _FIREWALL & ((pl.coalesce("srczonetype", "src_zone_type") == "WAN") | from_outside(pl.col("src_ip"), pl.col("dst_ip"))),
    },
    requests=pl.when(_FILTER & ~_PART.is_in(["Application", "SSL"])).then(1).otherwise(0),
    session=pl.concat_str("src_ip", "src_port", "dst_ip", "dst_port", separator=" "),
)

FORMAT = LogFormat(
    id="sophos-xg",
    title="Sophos Firewall (XG) log",
    family="firewall",
    layouts=(
        *with_beginnings(_LAYOUT, _FIREWALL & (_WHEN == "Stop")),
        gateway.cef(
            Cef(vendors=("sophos",), products=("xg", "xgs", "xg firewall", "firewall", "sophos xg", "sophos firewall", "sfos", "sfw")),
            user_name=pl.col("suser"),
            destination_domain=host_of(pl.coalesce("request", "dhost")),
            event_action=_action(pl.coalesce("act", "cef_name")),
        ),
    ),
)
