"""Akamai Enterprise Threat Protector (Secure Internet Access): records of its reporting API, one JSON object a line.

Feeds THREAT, AUP, DNS, PROXY and NETCON (https://techdocs.akamai.com/etp-reporting/reference/api). THREAT and AUP repeat queries of DNS and
count only where those were not logged. NETCON has bytes of a connection as the proxy sees it, without saying which way: they are left out.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch, FirstOf, Iso

_NONE = ("", "N/A", "Not Available", "null")


def _stated(name: str) -> pl.Expr:
    return pl.when(~pl.col(name).is_in(_NONE)).then(name)


def _action(name: str) -> pl.Expr:
    action = pl.col(name)
    return event_action(action.str.contains("(?i)block|refuse|sinkhole|drop"), ~action.is_in(_NONE))


FORMAT = LogFormat(
    id="akamai-etp",
    title="Akamai Secure Internet Access log",
    family="dns",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            name="DNS",
            kind=JsonLines(must=("query.domain",)),
            clock=Iso("query.time"),
            only=pl.col("query.clientIp").is_not_null(),
            event={
                "source_ip": pl.coalesce(_stated("event.internalClientIP"), "query.clientIp"),
                "host_name": _stated("query.deviceName"),
                "destination_domain": pl.col("query.domain"),
                "event_action": _action("event.actionName"),
            },
            channel="name",
            requests=pl.when(pl.col("l7Protocol").is_null()).then(1).otherwise(0),
            session=pl.concat_str("query.clientIp", "query.domain", "query.queryType", "query.time", separator=" ", ignore_nulls=True),
        ),
        Layout(
            name="proxy",
            kind=JsonLines(must=("request.domain",)),
            clock=FirstOf((Epoch("request.startTime"), Iso("request.startTime"), Iso("event.detectionTime"))),
            only=pl.col("request.clientIp").is_not_null(),
            event={
                "user_name": pl.coalesce(_stated("userIdentity.userName"), _stated("userIdentity.decryptedUserName")),
                "source_ip": pl.coalesce(_stated("event.internalClientIP"), "request.clientIp"),
                "host_name": _stated("event.deviceName"),
                "destination_domain": pl.col("request.domain"),
                "destination_ip": pl.col("request.destinationIP"),
                "event_action": _action("event.actionName"),
            },
            channel="name",
        ),
        Layout(
            name="connections",
            kind=JsonLines(must=("connStartTime",)),
            clock=Iso("connStartTime"),
            only=pl.col("policyAction").is_not_null(),
            event={
                "source_ip": pl.coalesce(_stated("internalClientIP"), _stated("decryptedInternalClientIP"), "clientIP"),
                "host_name": _stated("machineName"),
                "destination_domain": pl.col("domain"),
                "destination_ip": pl.col("destinationIP"),
                "event_action": pl.when(pl.col("dropInfo.wasDropped") == "true").then(pl.lit("blocked")).otherwise(_action("policyAction")),
            },
            channel="name",
        ),
    ),
)
