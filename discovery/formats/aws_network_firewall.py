"""AWS Network Firewall's alert, flow and TLS logs: an EVE record in an envelope.

After https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html. The flow log has only netflow records, each
one direction of a connection. An alert that names a site is the only trace of the visit, unless the rule lets everything else pass unseen.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.eve import Eve
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, Half, from_outside
from discovery.times import Epoch, FirstOf, Iso

_EVE = Eve("event.")
_FLOW = _EVE.kind("netflow")
_HALF = Half(*(_EVE.field(name) for name in ("src_ip", "dest_ip", "src_port", "dest_port", "netflow.bytes")))
_BACK = _FLOW & _HALF.back()
_CLIENT = pl.when(_FLOW).then(_HALF.event()["source_ip"]).otherwise(_EVE.client())
_SERVER = pl.when(_FLOW).then(_HALF.event()["destination_ip"]).otherwise(_EVE.server())
_REFUSED = (_EVE.field("alert.action") == "blocked") | (_EVE.field("verdict.action") == "drop")

FORMAT = LogFormat(
    id="aws-network-firewall",
    title="AWS Network Firewall log",
    family="firewall",
    cannot_tell=(
        "Which site was visited, where no rule looked at names: the flow log only has addresses.",
        NO_PERSON,
    ),
    layouts=(
        Layout(
            kind=JsonLines(must=("event.event_type",)),
            clock=FirstOf((Iso("event.timestamp"), Epoch("event_timestamp"))),
            only=_EVE.only() & pl.col("firewall_name").is_not_null(),
            event={
                "source_ip": _CLIENT,
                "destination_domain": pl.coalesce(_EVE.domain(), "event.sni"),
                "destination_ip": _SERVER,
                "source_bytes": pl.when(_FLOW).then(_HALF.event()["source_bytes"]),
                "destination_bytes": pl.when(_FLOW).then(_HALF.event()["destination_bytes"]),
                "event_action": event_action(_REFUSED, _EVE.field("alert.action") == "allowed"),
            },
            skip={
                "alert that names no site": _EVE.nameless_alert() & ~_REFUSED.fill_null(value=False),
                "no visit: statistics, files or other protocols": ~_EVE.kind("alert", "netflow", "tls", "http"),
                INBOUND: from_outside(_CLIENT, _SERVER),
            },
            channel=pl.when(_FLOW).then(pl.lit("bytes")).otherwise(pl.lit("name")),
            requests=pl.when(_FLOW).then(0).otherwise(1),
            session=pl.when(~_BACK).then("event.flow_id"),
        ),
    ),
)
