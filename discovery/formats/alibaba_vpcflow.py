"""Alibaba Cloud VPC flow logs, as its Simple Log Service exports them, JSON (https://www.alibabacloud.com/help/en/vpc/user-guide/flow-logs).

A record is one direction of a connection at a network interface during some minutes.
"""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import Half
from discovery.times import Epoch

_ACTION = pl.col("action")
_HALF = Half(pl.col("srcaddr"), pl.col("dstaddr"), pl.col("srcport"), pl.col("dstport"), pl.col("bytes"))

FORMAT = LogFormat(
    id="alibaba-vpcflow",
    title="Alibaba Cloud VPC flow log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_PERSON),
    layouts=(
        Layout(
            kind=JsonLines(must=("vswitch-id", "eni-id")),
            clock=Epoch("start"),
            only=pl.col("eni-id").is_not_null() & pl.col("srcaddr").is_not_null(),
            event={**_HALF.event(), "event_action": event_action(_ACTION == "REJECT", _ACTION == "ACCEPT")},
            skip={"no traffic, or records left out": pl.col("srcaddr") == "-", **_HALF.skip()},
            requests=_HALF.requests(),
        ),
    ),
)
