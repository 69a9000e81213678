"""Microsoft Defender's table DeviceNetworkEvents: exported from advanced hunting (CSV, JSON), streamed (JSON), or in a device's timeline (CSV).

https://learn.microsoft.com/en-us/defender-xdr/advanced-hunting-devicenetworkevents-table. One connection can be written several times: when it
is tried, when it succeeds, and when it is looked into; what succeeded and what only the look found counts. There are no byte counts.
"""

from dataclasses import replace

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.layouts import endpoint
from discovery.names import host_of
from discovery.spellings import clock

_NAMES = ("Timestamp", "ActionType", "DeviceName", "RemoteUrl", "RemoteIP", "LocalIP", "InitiatingProcessAccountUpn", "InitiatingProcessAccountName")
_TIMES = ("properties.Timestamp", "TimeGenerated", "properties.TimeGenerated")
# What a CSV calls them; the timeline of one device has names of its own.
_TIMELINE = {
    "Timestamp": ("timestamp_utc", "timegenerated", "timegenerated_utc", "event_time"),
    "ActionType": ("action_type",),
    "DeviceName": ("computer_name",),
    "RemoteUrl": ("remote_url",),
    "RemoteIP": ("remote_ip",),
    "LocalIP": ("local_ip",),
    "InitiatingProcessAccountName": ("initiating_process_account_name", "account_name"),
}
_ACTION = pl.col("ActionType")
_INBOUND = _ACTION.str.contains("^(?:Inbound|Listening)")


#: A connection that succeeded, or that only a look into it found: others are counted there.
_COUNTS = _ACTION.str.contains("^Connection(?:Success|Found)") | _INBOUND


def _layout(name: str, kind: Kind, only: pl.Expr) -> Layout:
    said = {
        "user": pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in _NAMES[-2:])),
        "client": pl.col("LocalIP"),
        "machine": pl.col("DeviceName"),
        "site": pl.when(_COUNTS).then(host_of(pl.col("RemoteUrl"))),
        "address": pl.when(_COUNTS).then("RemoteIP"),
        "inbound": _INBOUND,
    }
    return replace(endpoint.records(kind, clock("Timestamp"), only & pl.col("DeviceName").is_not_null(), said), name=name)


FORMAT = LogFormat(
    id="defender-network",
    title="Microsoft Defender network events",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        _layout(
            "JSON",
            JsonLines(must=("ActionType",), paths={name: (f"properties.{name}",) for name in _NAMES} | {"Timestamp": _TIMES}),
            _ACTION.str.contains("Connection|^(?:Dns|Http|Ssl|Ftp|Ssh|Icmp|NetworkSignature)"),
        ),
        _layout(
            "CSV",
            Named(
                {name: (name.lower(), *_TIMELINE.get(name, ())) for name in _NAMES},
                must=(("Timestamp",), ("ActionType",), ("DeviceName",), ("RemoteIP", "RemoteUrl"), _NAMES[-2:]),
            ),
            _ACTION.is_not_null(),
        ),
    ),
)
