"""Forcepoint (Websense) Web Security: key=value, CEF, LEEF, and the cloud's CSV (Forcepoint, "Integrating Web Security with SIEM").

Values of key=value lines hold blanks, so the documented order of the keys tells where they end. `out` and `bytes_out` are what the client sent.
Of CEF and LEEF no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.leef import Leef
from discovery.kinds.pattern import Pattern
from discovery.layouts import gateway
from discovery.names import host_of
from discovery.times import SYSLOG, DayMonth

_PAIRS = (
    r"(?:.* )?vendor=(?:Websense|Forcepoint)\b.*? product=.*? action=(?P<action>\S+) .*?(?:user|suser)=(?P<user>.*?) (?:loginID=\S+ )?"
    r"src_host=(?P<client>\S*) .*?dst_host=(?P<host>\S*) .*?dst_ip=(?P<address>\S*) .*?"
    r"bytes_out=(?P<sent>\S*) .*?bytes_in=(?P<received>\S*) .* url=(?P<url>\S*)"
)
_CSV = (
    *("date", "time", "user", "workstation", "category", "action", "risk", "policy", "url", "connection", "address", "client", "threat", "virus"),
    *("agent", "status", "method"),
)
_VENDORS = ("forcepoint", "websense")
_PRODUCTS = ("security", "web security", "forcepoint web security")


def _person(name: pl.Expr) -> pl.Expr:
    r"""Directory names escape commas: `LDAP://dc OU=Staff,DC=com/Hart\, Gwen`."""
    return name.str.replace_all(r"\\([,=])", "$1")


def _action(said: pl.Expr) -> pl.Expr:
    return event_action(said.str.contains("(?i)block|denied"), said != "")


def _site(url: pl.Expr, host: pl.Expr) -> pl.Expr:
    return host_of(pl.when((url != "") & (url != "-")).then(url).otherwise(host))


FORMAT = LogFormat(
    id="forcepoint-web",
    title="Forcepoint Web Security log",
    family="proxy",
    layouts=(
        Layout(
            name="key=value",
            kind=Pattern(_PAIRS, marks=("vendor=Websense", "vendor=Forcepoint")),
            clock=SYSLOG,
            event={
                "user_name": _person(pl.col("user")),
                "source_ip": pl.col("client"),
                "destination_domain": _site(pl.col("url"), pl.col("host")),
                "destination_ip": pl.col("address"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
                "event_action": _action(pl.col("action")),
            },
        ),
        gateway.cef(
            Cef(vendors=_VENDORS, products=_PRODUCTS),
            user_name=_person(pl.coalesce("suser", "loginID")),
            host_name=pl.col("shost"),
            destination_domain=_site(pl.col("request"), pl.col("dhost")),
            event_action=_action(pl.col("act")),
        ),
        gateway.leef(
            Leef(vendors=_VENDORS, products=_PRODUCTS),
            user_name=_person(pl.coalesce("usrName", "loginID")),
            destination_domain=_site(pl.col("url"), pl.col("dstHost")),
            event_action=_action(pl.col("leef_event")),
        ),
        Layout(
            name="cloud CSV",
            kind=Delimited(",", _CSV, quotes=True, lead=True, least=len(_CSV)),
            clock=DayMonth(("date", "time")),
            only=pl.col("time").str.contains(r"^\d\d:\d\d:\d\d$") & pl.col("date").str.contains(r"^\d\d/\d\d/\d{4}$") & (pl.col("url") != ""),
            event={
                "user_name": pl.when(pl.col("user") != "Not available").then("user"),
                "host_name": pl.when(pl.col("workstation") != "Not available").then("workstation"),
                "source_ip": pl.when(pl.col("client") != "Not available").then("client").otherwise("connection"),
                "destination_domain": host_of(pl.col("url")),
                "destination_ip": pl.col("address"),
                "event_action": _action(pl.col("action")),
            },
            channel="name",
        ),
    ),
)
