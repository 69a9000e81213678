"""AWS VPC flow logs, versions 2 to 5 and later (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html).

A header names the fields, in any order; without one they stand in the order of version 2, then of later versions, or in the other order of
Amazon's examples. A record is one direction of a connection during a minute or ten; a gateway's own interface has records too.
"""

from dataclasses import replace

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import Half
from discovery.times import Epoch, FirstOf, Iso

_ENDS = r"(?P<srcaddr>[0-9A-Fa-f.:]+|-) (?P<dstaddr>\S+) (?P<srcport>\S+) (?P<dstport>\S+)"
_TWO = (
    rf"(?:\d{{4}}-\S+Z )?\d+ \S+ eni-\S+ {_ENDS} \S+ \S+ (?P<bytes>\S+) (?P<start>\d{{10}}) (?P<end>\d{{10}}) "
    r"(?P<action>ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)\b"
)
_THREE = (
    rf"\d+ \S+ \S+ \S+ eni-\S+ \S+ \S+ {_ENDS} \S+ \S+ \S+ (?P<bytes>\S+) \S+ (?P<start>\d{{10}}) (?P<end>\d{{10}}) "
    r"(?P<action>ACCEPT|REJECT|-) \S+ (?:OK|NODATA|SKIPDATA)\b"
)
_SPELLINGS = {
    **{name: (name,) for name in ("action", "version")},
    "srcport": ("srcport", "sourceport"),
    "dstport": ("dstport", "destinationport"),
    "bytes": ("bytes", "numbytes"),
    "end": ("end", "endtime"),
    "interface": ("interface_id", "interfaceid"),
    "srcaddr": ("srcaddr", "sourceaddress"),
    "dstaddr": ("dstaddr", "destinationaddress"),
    "start": ("start", "start_time", "starttime"),
}
_PATHS = {
    "interface": ("interface_id", "interface-id", "interfaceId"),
    "srcaddr": ("srcAddr", "src_addr"),
    "dstaddr": ("dstAddr", "dst_addr"),
    "srcport": ("srcPort", "src_port"),
    "dstport": ("dstPort", "dst_port"),
}
_ACTION = pl.col("action")
_HALF = Half(pl.col("srcaddr"), pl.col("dstaddr"), pl.col("srcport"), pl.col("dstport"), pl.col("bytes"))
_ADDRESS = pl.col("srcaddr").str.contains(r"^(?:[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+|-)$")
_VERSION_2 = Layout(
    name="version 2",
    kind=Pattern(_TWO, marks=(" eni-",)),
    clock=FirstOf((Epoch("start"), Epoch("end"))),
    event={
        **_HALF.event(),
        "event_action": event_action(_ACTION == "REJECT", _ACTION == "ACCEPT"),
    },
    skip={"no traffic, or records left out": pl.col("srcaddr") == "-", **_HALF.skip()},
    requests=_HALF.requests(),
)

FORMAT = LogFormat(
    id="aws-vpcflow",
    title="AWS VPC flow log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_PERSON),
    layouts=(
        _VERSION_2,
        replace(
            _VERSION_2,
            name="with a header",
            kind=Named(_SPELLINGS, must=(("srcaddr",), ("dstaddr",), ("start", "end")), separators=" ,\t"),
            only=_ADDRESS,
        ),
        replace(_VERSION_2, name="version 3", kind=Pattern(_THREE, marks=(" eni-",))),
        replace(
            _VERSION_2,
            name="JSON",
            kind=JsonLines(must=("srcaddr",), paths=_PATHS),
            clock=FirstOf((Epoch("start"), Iso("start"), Epoch("end"))),
            only=_ADDRESS & pl.col("interface").str.starts_with("eni-"),
        ),
    ),
)
