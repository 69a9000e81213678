"""Azure flow logs of network security groups (versions 1 and 2) and virtual networks, and their rows in Traffic Analytics.

Fields after https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview, vnet-flow-logs-overview and traffic-analytics-schema; only a
record of a security group was seen. A record with several flows is taken apart before it gets here (`discovery.nested`).
A flow counts at its end (E), once denied (D), or as it stands in version 1; bytes of states C and E are increments.
"""

from dataclasses import replace

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, from_outside
from discovery.times import DayMonth, Epoch, FirstOf, Iso

_COUNTS = r"\d*,(?P<sent>\d*),\d*,(?P<received>\d*)"
_RECORD = (
    r'\{(?:.*?"mac(?:Address)?" ?: ?"(?P<mac>[^"]*)")?'
    r'.*?"flowTuples" ?: ?\[ ?"(?P<time>\d{10,13}),(?P<source>[^,"]*),(?P<destination>[^,"]*),\d*,\d*,'
)
_GROUP = rf'{_RECORD}[A-Z],(?P<direction>[IO]),(?P<verdict>[AD])(?:,(?P<state>[BCE]?),{_COUNTS})?"'
_NETWORK = rf'{_RECORD}\d+,(?P<direction>[IO]),(?P<state>[BCED]),(?P<verdict>\w*),{_COUNTS}"'
_STATE, _OUT = pl.col("state"), pl.col("direction") == "O"
_DENIED = (_STATE == "D") | (pl.col("verdict") == "D")
_FLOW = Layout(
    name="security group",
    kind=Pattern(_GROUP, marks=('"flowTuples"',)),
    clock=Epoch("time"),
    event={
        "source_ip": pl.col("source"),
        "source_mac": pl.when(_OUT).then("mac"),
        "destination_ip": pl.col("destination"),
        "source_bytes": pl.col("sent"),
        "destination_bytes": pl.col("received"),
        "event_action": event_action(_DENIED),
    },
    skip={
        "start of a flow, counted at its end": (_STATE == "B") & ~_DENIED,
        INBOUND: from_outside(pl.col("source"), pl.col("destination")),
        "coming in, counted where it went out": ~_OUT,
    },
    requests=pl.when(_STATE == "C").then(0).otherwise(1),
)
_NAMES = {
    "time": ("FlowStartTime", "FlowStartTime_t", "FlowStartTime [UTC]", "TimeGenerated", "TimeGenerated [UTC]"),
    "source": ("SrcIp", "SrcIP_s"),
    "destination": ("DestIp", "DestIP_s"),
    "public": ("DestPublicIps", "DestPublicIPs_s"),
    "direction": ("FlowDirection", "FlowDirection_s"),
    "status": ("FlowStatus", "FlowStatus_s"),
    "sent": ("BytesSrcToDest", "OutboundBytes_d"),
    "received": ("BytesDestToSrc", "InboundBytes_d"),
}
_SPELLINGS = {field: tuple(name.lower().replace(" [utc]", "_utc") for name in names) for field, names in _NAMES.items()}
_ROW = Layout(
    name="Traffic Analytics, JSON",
    kind=JsonLines(must=("status",), paths=_NAMES),
    clock=FirstOf((Iso("time"), DayMonth(("time",)))),
    only=pl.col("direction").str.contains("^(?:I|O|Inbound|Outbound)$"),
    event={
        "source_ip": pl.col("source"),
        "destination_ip": pl.coalesce(pl.when(pl.col("destination") != "").then("destination"), pl.col("public").str.extract(r"^([^|\s]+)", 1)),
        "source_bytes": pl.col("sent").str.replace(r"\.0+$", ""),
        "destination_bytes": pl.col("received").str.replace(r"\.0+$", ""),
        "event_action": event_action(pl.col("status").str.starts_with("D")),
    },
    skip={INBOUND: pl.col("direction").str.starts_with("I")},
)

FORMAT = LogFormat(
    id="azure-nsg-flow",
    title="Azure NSG or VNet flow log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_PERSON),
    layouts=(
        _FLOW,
        replace(_FLOW, name="virtual network", kind=Pattern(_NETWORK, marks=('"flowTuples"',))),
        _ROW,
        replace(_ROW, name="Traffic Analytics, CSV", kind=Named(_SPELLINGS, must=(("source",), ("status",), ("direction",)))),
    ),
)
