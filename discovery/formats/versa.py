"""Versa Operating System: sessions that an access policy logs, and pages that its URL filter saw (“Versa Analytics Log Collector Log Types”).

All logs of a flow carry its number and when it began; a session's end has the bytes. Names of people are `Unknown` where there is none.
"""

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.labelled import Labelled
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Iso

_BEFORE = r"(?:(?P<time>\d{4}-\d\d-\d\dT\S+) )?(?P<log>\w+Log)"
_LOG, _USER, _ACTION = pl.col("log"), pl.col("fromUser"), pl.coalesce("urlfAction", "action").str.to_lowercase()
_SOURCE = pl.coalesce("sourceIPv4Address", "sourceIPv6Address")
_DESTINATION = pl.coalesce("destinationIPv4Address", "destinationIPv6Address")
_SITE = pl.coalesce(host_of(pl.col("httpUrl")), pl.when(pl.col("host") != "").then("host"))
_SESSION = _LOG == "accessLog"

_LAYOUT = Layout(
    kind=Labelled("=", ", ", ("applianceName=",), ("applianceName",), until=",", before=_BEFORE),
    clock=FirstOf((Iso("time"), SYSLOG)),
    event={
        "user_name": pl.when(~_USER.is_in(["Unknown", ""])).then(_USER),
        "source_ip": _SOURCE,
        "destination_domain": _SITE,
        "destination_ip": _DESTINATION,
        "source_bytes": pl.col("sentOctets"),
        "destination_bytes": pl.col("recvdOctets"),
        "event_action": event_action(_ACTION.str.contains("deny|drop|reject|reset|block"), _ACTION.is_in(["allow", "alert"])),
    },
    skip={
        "what another log of the flow says": ~_LOG.is_in(["accessLog", "urlfLog"]),
        STARTED: _SESSION & (pl.col("eventType") == "start"),
        "no request: names no client and destination": _SOURCE.is_null() | (_SITE.is_null() & _DESTINATION.is_null()),
        **no_visit(_SOURCE, _DESTINATION),
    },
    channel=pl.when(_SESSION).then(pl.lit("bytes")).otherwise(pl.lit("name")),
    requests=pl.when(_SESSION).then(0).otherwise(1),
    session=pl.concat_str("applianceName", "flowId", "flowCookie", separator=" "),
)

FORMAT = LogFormat(
    id="versa",
    title="Versa SD-WAN and SASE log",
    family="firewall",
    layouts=(*with_beginnings(_LAYOUT, _SESSION & (pl.col("eventType") == "end")),),
)
