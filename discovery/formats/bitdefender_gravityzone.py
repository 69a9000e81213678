"""Bitdefender GravityZone, events that its push service or a syslog server receives, as JSON and CEF: sites refused on computers.

After https://www.bitdefender.com/business/support/en/77211-135325-push-event-json-rpc-messages.html: the modules `uc` (content control) and `aph`
(phishing) name a site. Times are UTC, whatever they say.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import AlwaysUtc, FirstOf, InUtc, Iso

_ELSE = "alarm or event of another kind"


def _refused(said: pl.Expr) -> pl.Expr:
    return event_action(said.str.contains("_blocked$"), said.str.contains("_(?:detected|allowed|reported)$"))


FORMAT = LogFormat(
    id="bitdefender-gravityzone",
    title="Bitdefender GravityZone events of computers",
    family="proxy",
    cannot_tell=(NO_COUNTS, "Which sites were visited: this log only has what was refused."),
    layouts=(
        Layout(
            name="JSON",
            kind=JsonLines(must=("module", "computer_name")),
            clock=FirstOf(tuple(AlwaysUtc(Iso(name)) for name in ("last_blocked", "timestamp", "detection_time", "detectionTime"))),
            only=pl.coalesce("computer_ip", "computer_fqdn", "computer_id").is_not_null(),
            event={
                "user_name": pl.coalesce("user.name", "user.userName"),
                "source_ip": pl.col("computer_ip"),
                "host_name": pl.col("computer_name"),
                "destination_domain": host_of(pl.col("url")),
                "event_action": _refused(pl.col("status")),
            },
            skip={_ELSE: ~pl.col("module").is_in(["uc", "aph"]) | (pl.coalesce("uc_type", pl.lit("http")) != "http") | pl.col("url").is_null()},
            channel="name",
        ),
        Layout(
            name="CEF",
            kind=Cef(vendors=("bitdefender",), products=("gravityzone",)),
            clock=FirstOf((*(AlwaysUtc(Iso(name)) for name in ("end", "start")), *(InUtc(name, "%b %d %Y %H:%M:%S Z") for name in ("end", "start")))),
            only=pl.col("BitdefenderGZModule").is_not_null(),
            event={
                "user_name": pl.col("suser"),
                "source_ip": pl.col("dvc"),
                "host_name": pl.col("dvchost"),
                "destination_domain": host_of(pl.col("request")),
                "event_action": _refused(pl.col("act")),
            },
            skip={_ELSE: ~pl.col("BitdefenderGZModule").is_in(["uc", "aph"]) | pl.col("request").is_null()},
            channel="name",
        ),
    ),
)
