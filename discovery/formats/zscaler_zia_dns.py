"""Zscaler Internet Access, DNS feed of the Nanolog Streaming Service: JSON, key=value pairs between tabs (LEEF, too), CEF.

Fields: https://help.zscaler.com/zia/nss-feed-output-format-dns-logs. A customer may leave out fields or put them in another order.
The user of a place without sign-in is the name of the place. CEF is after the service's guide for a SIEM; no sample seen: there
`dst` is the resolver that was asked, and what the standard has no key for stands in labelled ones.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.tabbed import Tabbed
from discovery.layouts.nss import user
from discovery.times import SYSLOG, Epoch, FirstOf, Iso, Worded

_NAMES = ("datetime", "time", "epochtime", "tz", "user", "login", "location", "clt_sip", "devicehostname", "dns_req", "reqaction", "resaction")


def _action(*said: str) -> pl.Expr:
    actions = pl.concat_str(*said, separator=" ", ignore_nulls=True)
    return event_action(actions.str.contains("(?i)block"), actions.str.contains("(?i)allow"))


_EVENT = {
    "user_name": user(pl.coalesce("user", "login", "usrName"), "location", "realm"),
    "source_ip": pl.coalesce("clt_sip", "src"),
    "host_name": pl.col("devicehostname"),
    "destination_domain": pl.col("dns_req"),
    "event_action": _action("reqaction", "resaction"),
}

FORMAT = LogFormat(
    id="zscaler-zia-dns",
    title="Zscaler Internet Access DNS log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            name="JSON",
            kind=JsonLines(must=("dns_req",), paths={name: (f"event.{name}",) for name in _NAMES}),
            clock=FirstOf((Worded(("datetime", "tz")), Worded(("time", "tz")), Iso("datetime"), Iso("time"), Epoch("epochtime"))),
            only=pl.col("reqaction").is_not_null(),
            event=_EVENT,
            channel="name",
        ),
        Layout(
            name="pairs",
            kind=Tabbed("datetime", must=("dns_req", "reqaction")),
            clock=FirstOf((Worded(("datetime", "tz")), Iso("datetime"), SYSLOG)),
            event=_EVENT,
            channel="name",
        ),
        Layout(
            name="CEF",
            kind=Cef(vendors=("zscaler",), products=("nssdnslog",)),
            clock=times("rt"),
            event={
                "user_name": user(pl.col("suser"), "spriv"),
                "source_ip": pl.col("src"),
                "host_name": pl.col("shost"),
                "destination_domain": pl.coalesce("label:dns_req", "destinationDnsDomain", "dhost"),
                "event_action": _action("act", "label:reqaction", "label:resaction"),
            },
            channel="name",
        ),
    ),
)
