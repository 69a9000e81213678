"""Zscaler Internet Access, DNS feed of the Nanolog Streaming Service: JSON, or key=value pairs between tabs.

Fields: https://help.zscaler.com/zia/nss-feed-output-format-dns-logs. A customer may leave out fields or put them in another order.
The user of a place without sign-in is the name of the place.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.tabbed import Tabbed
from discovery.layouts.nss import user
from discovery.times import SYSLOG, Ctime, Epoch, FirstOf, Iso

_NAMES = ("datetime", "time", "epochtime", "tz", "user", "login", "location", "clt_sip", "devicehostname", "dns_req", "reqaction", "resaction")
_ACTIONS = pl.concat_str("reqaction", "resaction", separator=" ", ignore_nulls=True)
_EVENT = {
    "user_name": user(pl.coalesce("user", "login"), "location"),
    "source_ip": pl.col("clt_sip"),
    "host_name": pl.col("devicehostname"),
    "destination_domain": pl.col("dns_req"),
    "event_action": pl.when(_ACTIONS.str.contains("(?i)block"))
    .then(pl.lit("blocked"))
    .when(_ACTIONS.str.contains("(?i)allow"))
    .then(pl.lit("allowed")),
}

FORMAT = LogFormat(
    id="zscaler-zia-dns",
    title="Zscaler Internet Access DNS log",
    family="dns",
    cannot_tell=("How much was sent or received: DNS only shows that a name was asked for.",),
    layouts=(
        Layout(
            name="JSON",
            kind=JsonLines(must=("dns_req",), paths={name: (f"event.{name}",) for name in _NAMES}),
            clock=FirstOf((Ctime("datetime", "tz"), Ctime("time", "tz"), Iso("datetime"), Iso("time"), Epoch("epochtime"))),
            only=pl.col("reqaction").is_not_null(),
            event=_EVENT,
            channel="name",
        ),
        Layout(
            name="pairs",
            kind=Tabbed("datetime", must=("dns_req", "reqaction")),
            clock=FirstOf((Ctime("datetime", "tz"), Iso("datetime"), SYSLOG)),
            event=_EVENT,
            channel="name",
        ),
    ),
)
