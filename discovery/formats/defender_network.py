"""Microsoft Defender's table DeviceNetworkEvents: exported from advanced hunting (CSV, JSON), streamed (JSON), or in a device's timeline (CSV).

https://learn.microsoft.com/en-us/defender-xdr/advanced-hunting-devicenetworkevents-table. One connection can be written several times: when it
is tried, when it succeeds, and when it is looked into; what succeeded and what only the look found counts. There are no byte counts.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.reach import INBOUND
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
_USER = pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in _NAMES[-2:]))
_MACHINE = r"(?i)^(?:system|local service|network service|localservice|networkservice|dwm-\d+|umfd-\d+)$"  # Windows itself


def _layout(name: str, kind: Kind, only: pl.Expr) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=clock("Timestamp"),
        only=only & pl.col("DeviceName").is_not_null(),
        event={
            "user_name": pl.when(~_USER.str.contains(_MACHINE)).then(_USER),
            "source_ip": pl.when(pl.col("LocalIP") != "").then("LocalIP"),
            "host_name": pl.col("DeviceName"),
            "destination_domain": host_of(pl.col("RemoteUrl")),
            "destination_ip": pl.col("RemoteIP"),
        },
        skip={
            INBOUND: _ACTION.str.contains("^(?:Inbound|Listening)"),
            "no connection, or one that another record counts": ~_ACTION.str.contains("^Connection(?:Success|Found)"),
        },
        channel="name",
    )


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
