"""Zscaler Internet Access, firewall feed of the Nanolog Streaming Service: JSON, key=value pairs between tabs, CEF and LEEF.

Fields: https://help.zscaler.com/zia/nss-feed-output-format-firewall-logs. `csip` and `cdip` are the addresses as the client used them;
outbytes went from the client to the server. A record may stand for several sessions of one kind, and then counts once.
Of pairs, CEF and LEEF no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.leef import Leef
from discovery.kinds.tabbed import Tabbed
from discovery.times import SYSLOG, Ctime, Epoch, FirstOf, Iso

_NAMES = (
    *("datetime", "time", "epochtime", "tz", "user", "login", "location", "locationname", "csip", "cdip", "cltdomain", "cdfqdn", "devicehostname"),
    *("inbytes", "outbytes", "action", "nwsvc"),
)


def _user(name: pl.Expr, *places: str) -> pl.Expr:
    """The user; of a place without sign-in, the log names the place."""
    user = name.str.replace_all("(?i)%40", "@")
    return pl.when(~user.str.contains("->", literal=True) & pl.all_horizontal(user.ne_missing(pl.col(place)) for place in places)).then(user)


def _action(action: pl.Expr) -> pl.Expr:
    return pl.when(action.str.contains("(?i)block|drop|reset")).then(pl.lit("blocked")).when(action.str.contains("(?i)allow")).then(pl.lit("allowed"))


def _stated(address: str) -> pl.Expr:
    return pl.when(pl.col(address) != "0.0.0.0").then(address)  # noqa: S104 (what the log writes for none)


_EVENT = {
    "user_name": _user(pl.coalesce("user", "login"), "location", "locationname"),
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
            kind=JsonLines(must=("cdip",), paths={name: (f"event.{name}",) for name in _NAMES}),
            clock=FirstOf((Ctime("datetime", "tz"), Ctime("time", "tz"), Iso("datetime"), Iso("time"), Epoch("epochtime"))),
            only=pl.col("csip").is_not_null() & pl.col("nwsvc").is_not_null(),
            event=_EVENT,
        ),
        Layout(
            name="pairs",
            kind=Tabbed("datetime", must=("csip", "cdip")),
            clock=FirstOf((Ctime("datetime", "tz"), Iso("datetime"), SYSLOG)),
            event=_EVENT,
        ),
        Layout(
            name="CEF",
            kind=Cef(vendors=("zscaler",), products=("nssfwlog",)),
            clock=times("rt"),
            event={
                "user_name": _user(pl.col("suser"), "spriv"),
                "source_ip": pl.col("src"),
                "destination_domain": pl.coalesce("destinationDnsDomain", "dhost"),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("out"),
                "destination_bytes": pl.col("in"),
                "event_action": _action(pl.coalesce("act", "cef_signature")),
            },
        ),
        Layout(
            name="LEEF",
            kind=Leef(vendors=("zscaler",), products=("nss-fw",)),
            clock=times("devTime"),
            event={
                "user_name": _user(pl.col("usrName"), "realm"),
                "source_ip": pl.col("src"),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("srcBytes"),
                "destination_bytes": pl.col("dstBytes"),
                "event_action": _action(pl.coalesce("action", "leef_event")),
            },
        ),
    ),
)
