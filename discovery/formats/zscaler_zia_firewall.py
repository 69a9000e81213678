"""Zscaler Internet Access, firewall feed of the Nanolog Streaming Service: JSON, key=value pairs between tabs, CEF and LEEF.

Fields: https://help.zscaler.com/zia/nss-feed-output-format-firewall-logs. `csip` and `cdip` are the addresses as the client used them;
outbytes went from the client to the server. A record may stand for several sessions of one kind, and then counts once.
Of pairs, CEF and LEEF no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.leef import Leef
from discovery.kinds.tabbed import Tabbed
from discovery.layouts import gateway
from discovery.layouts.nss import user
from discovery.times import SYSLOG, Epoch, FirstOf, Iso, Worded

_NAMES = (
    *("datetime", "time", "epochtime", "tz", "user", "login", "location", "locationname", "csip", "cdip", "cltdomain", "cdfqdn", "devicehostname"),
    *("inbytes", "outbytes", "action", "nwsvc"),
)
_PATHS = {name: (f"event.{name}",) for name in _NAMES} | {
    "csip": ("event.csip", "clt_sip", "event.clt_sip"),  # as the DNS feed calls them
    "cdip": ("event.cdip", "srv_dip", "event.srv_dip"),
}


def _action(action: pl.Expr) -> pl.Expr:
    return event_action(action.str.contains("(?i)block|drop|reset"), action.str.contains("(?i)allow"))


def _stated(address: str) -> pl.Expr:
    return pl.when(pl.col(address) != "0.0.0.0").then(address)  # noqa: S104 (what the log writes for none)


_EVENT = {
    "user_name": user(pl.coalesce("user", "login"), "location", "locationname"),
    "source_ip": _stated("csip"),
    "host_name": pl.col("devicehostname"),
    "destination_domain": pl.coalesce("cltdomain", "cdfqdn"),
    "destination_ip": _stated("cdip"),
    "source_bytes": pl.col("outbytes"),
    "destination_bytes": pl.col("inbytes"),
    "event_action": _action(pl.col("action")),
}

FORMAT = LogFormat(
    id="zscaler-zia-firewall",
    title="Zscaler Internet Access firewall log",
    family="firewall",
    layouts=(
        Layout(
            name="JSON",
            kind=JsonLines(must=("cdip",), paths=_PATHS),
            clock=FirstOf((Worded(("datetime", "tz")), Worded(("time", "tz")), Iso("datetime"), Iso("time"), Epoch("epochtime"))),
            only=pl.col("csip").is_not_null() & pl.col("nwsvc").is_not_null(),
            event=_EVENT,
        ),
        Layout(
            name="pairs",
            kind=Tabbed("datetime", must=("csip", "cdip")),
            clock=FirstOf((Worded(("datetime", "tz")), Iso("datetime"), SYSLOG)),
            event=_EVENT,
        ),
        gateway.cef(
            Cef(vendors=("zscaler",), products=("nssfwlog",)),
            user_name=user(pl.col("suser"), "spriv"),
            destination_domain=pl.coalesce("destinationDnsDomain", "dhost"),
            event_action=_action(pl.coalesce("act", "cef_signature")),
        ),
        gateway.leef(
            Leef(vendors=("zscaler",), products=("nss-fw",)),
            user_name=user(pl.col("usrName"), "realm"),
            event_action=_action(pl.coalesce("action", "leef_event")),
        ),
    ),
)
