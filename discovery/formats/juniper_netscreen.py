"""Juniper NetScreen and SSG traffic logs (ScreenOS Messages Log Reference Guide, message 00257): pairs after the device's name.

Some keys hold a blank (`src zone=Trust dst zone=Untrust`): of the two zones the first is the source's. The time is the start of the session, in the
device's zone; `sent` is what the source sent.
"""

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.labelled import Labelled
from discovery.kinds.reach import INBOUND, own
from discovery.times import SYSLOG, FirstOf, Stamp

_ACTION = pl.col("action").str.to_lowercase()

_LAYOUT = Layout(
    kind=Labelled(mark="=", separator=" ", marks=("NetScreen device_id=",), before=r".{0,200}?NetScreen "),
    clock=FirstOf((Stamp(("start_time",), ('"%Y-%m-%d %H:%M:%S"',)), SYSLOG)),
    event={
        "source_ip": pl.col("src"),
        "destination_ip": pl.col("dst"),
        "source_bytes": pl.col("sent"),
        "destination_bytes": pl.col("rcvd"),
        "event_action": event_action(_ACTION.str.contains("deny|reject|drop"), _ACTION != ""),
    },
    skip={
        "message of the device": pl.col("start_time").is_null() | pl.col("src").is_null(),
        STARTED: pl.col("reason").str.contains("(?i)^creation"),
        INBOUND: ~own(pl.col("src")) & pl.col("zone").str.contains(r"^(?:(?:V1-)?Untrust|Null)\b"),
    },
)

FORMAT = LogFormat(
    id="juniper-netscreen",
    title="Juniper NetScreen or SSG firewall log",
    family="firewall",
    cannot_tell=("Which site was visited: this log only has addresses. A DNS log of the same days has names.",),
    layouts=(*with_beginnings(_LAYOUT, pl.col("reason").str.contains("(?i)^close")),),
)
