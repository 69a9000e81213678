"""Zscaler Internet Access, web feed of the Nanolog Streaming Service: JSON, key=value pairs between tabs, quoted CSV, CEF and LEEF.

Fields: https://help.zscaler.com/zia/nss-feed-output-format-web-logs. A customer may leave out fields or put them in another order (not in
the CSV, which is the service's own). The user of a place without sign-in is the name of the place. Of CSV, CEF and LEEF no sample was seen.
"""

from dataclasses import replace

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.leef import Leef
from discovery.kinds.tabbed import Tabbed
from discovery.layouts import gateway
from discovery.layouts.nss import user
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Iso, Worded

_NAMES = (
    *("time", "datetime", "epochtime", "tz", "user", "login", "location", "ClientIP", "cltip", "cintip", "cip", "devicehostname", "hostname"),
    *("host", "ehost", "url", "eurl", "b64url", "serverip", "sip", "requestsize", "reqsize", "responsesize", "respsize", "action", "sourcetype"),
    *("vendor", "urlsupercat", "urlsupercategory", "urlcat", "urlcategory"),
)
_CATEGORY = pl.coalesce("urlsupercat", "urlsupercategory", "urlcat", "urlcategory")
_CSV = (
    *("time", "login", "proto", "url", "action", "appname", "appclass", "reqsize", "respsize", "stime", "ctime", "urlclass", "urlsupercat", "urlcat"),
    *("malwarecat", "threatname", "riskscore", "dlpeng", "dlpdict", "location", "dept", "client", "server"),
)
_NONE = ("", "None", "NA")
#: Feeds of the service that tell of no visit; those of the firewall and of DNS are formats of their own.
_OTHER = pl.col("sourcetype").str.contains("^zscalernss-(?:audit|casb|tunnel|alert|emaildlp|edlp)").fill_null(value=False)


def _action(action: pl.Expr) -> pl.Expr:
    return event_action(action.str.contains("(?i)^block"), ~action.is_in(_NONE))


def _text(raw: pl.Series) -> pl.Series:
    """Bytes as text; what is no UTF-8 is replaced."""
    return pl.Series([None if one is None else one.decode(errors="replace") for one in raw], dtype=pl.String)


def _stated(text: pl.Expr) -> pl.Expr:
    return pl.when(~text.is_in(_NONE)).then(text)


_EVENT = {
    "user_name": user(pl.coalesce("login", "user"), "location"),
    "source_ip": pl.coalesce("cltip", "ClientIP", "cintip", "cip"),
    "host_name": pl.col("devicehostname"),
    "destination_domain": host_of(
        pl.coalesce(
            _stated(pl.col("url")),
            _stated(pl.col("eurl")),
            pl.col("b64url").str.decode("base64", strict=False).map_batches(_text, return_dtype=pl.String),
            _stated(pl.coalesce("host", "ehost")),
            _stated(pl.col("hostname")),
        )
    ),
    "destination_ip": pl.coalesce("serverip", "sip"),
    "source_bytes": pl.coalesce("requestsize", "reqsize"),
    "destination_bytes": pl.coalesce("responsesize", "respsize"),
    "event_action": _action(pl.col("action")),
}

FORMAT = LogFormat(
    id="zscaler-zia-web",
    title="Zscaler Internet Access web log",
    family="proxy",
    layouts=(
        Layout(
            name="JSON",
            kind=JsonLines(must=("sourcetype", "vendor", "eurl", "urlsupercat", "urlcat"), paths={name: (f"event.{name}",) for name in _NAMES}),
            clock=FirstOf((Worded(("time", "tz")), Iso("time"), Iso("datetime"), Worded(("datetime", "tz")), Epoch("epochtime"))),
            only=(pl.col("sourcetype") == "zscalernss-web")
            | _OTHER
            | (((pl.col("vendor") == "Zscaler") | _CATEGORY.is_not_null()) & pl.coalesce("url", "eurl", "b64url").is_not_null())
            | (pl.col("eurl").is_not_null() & pl.col("cip").is_not_null() & pl.col("action").is_not_null()),
            event=_EVENT,
            skip={"no traffic: settings, tunnels or files in a cloud": _OTHER},
        ),
        Layout(
            name="pairs",
            kind=Tabbed("datetime", must=("url", "ClientIP")),
            clock=FirstOf((Worded(("datetime", "tz")), Iso("datetime"), SYSLOG)),
            event=_EVENT,
        ),
        Layout(
            name="CSV",
            kind=Delimited(",", _CSV, quotes=True, lead=True, least=23),
            clock=Worded(("time",)),
            only=pl.col("time").str.contains(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$"),
            event={
                "user_name": user(pl.col("login"), "location"),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("url")),
                "destination_ip": pl.col("server"),
                "source_bytes": pl.col("reqsize"),
                "destination_bytes": pl.col("respsize"),
                "event_action": _action(pl.col("action")),
            },
        ),
        gateway.cef(
            Cef(vendors=("zscaler",), products=("nssweblog",)),
            user_name=user(pl.col("suser"), "spriv"),
            destination_domain=host_of(pl.coalesce(_stated(pl.col("dhost")), "request")),
            event_action=_action(pl.coalesce("act", "cef_signature")),
        ),
        replace(
            gateway.leef(
                Leef(vendors=("zscaler",), products=("nss",)),
                user_name=user(pl.col("usrName"), "realm"),
                destination_domain=host_of(pl.col("url")),
                event_action=_action(pl.col("cat")),
            ),
            only=pl.col("dns_req").is_null(),  # a question has a feed of its own
        ),
    ),
)
