"""A packet as the Linux kernel's filter writes it (`nf_log`, target LOG in iptables-extensions(8)), whatever stands before it.

MAC holds the receiver's address, the sender's and the type. What became of the packet is not among the fields: it only stands in the prefix.
"""

from typing import Final

import polars as pl

from discovery.kinds.reach import INBOUND, answers, from_outside, own, to_many

#: The packet's fields, as named groups.
PACKET: Final = (
    r"(?:IN=(?P<in>\S*) (?:OUT=(?P<out>\S*) )?|OUT=(?P<only_out>\S*) )(?:PHYSIN=\S* |PHYSOUT=\S* )*"
    r"(?:MAC=(?P<mac>\S*) +)?SRC=(?P<source>[0-9A-Fa-f.:]+) DST=(?P<destination>[0-9A-Fa-f.:]+) (?:.*?\bPROTO=(?P<protocol>\w+))?"
    r"(?: SPT=(?P<source_port>\d+) DPT=(?P<port>\d+))?(?P<rest>.*)$"
)

#: The prefix of gateways that write set, verdict (accept, drop, reject, return) and number of the rule: they have a format of their own.
NAMED_RULE: Final = r"\[[^\]]+-(?:A|D|R|RET)-\d+\] ?$"

_SENDER: Final = r"^(?:[0-9a-fA-F]{2}:){6}((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})"
_OPENING: Final = pl.col("rest").str.contains(r"\bSYN\b") & ~pl.col("rest").str.contains(r"\bACK(?: |$)")
_LOW: Final = pl.col("source_port").cast(pl.Int64, strict=False) < 1024  # noqa: PLR2004 (system ports, RFC 6335)

WHO_AND_WHERE: Final = {
    "source_ip": pl.col("source"),
    "source_mac": pl.col("mac").str.extract(_SENDER, 1),
    "destination_ip": pl.col("destination"),
}

NO_VISIT: Final = {
    "within the machine itself": (pl.col("in") == "lo") | (pl.coalesce("out", "only_out") == "lo"),
    INBOUND: from_outside(pl.col("source"), pl.col("destination")) | (~own(pl.col("source")) & (pl.col("out") == "")),
    "answer of a server": ~_OPENING & _LOW & answers(pl.col("source_port"), pl.col("port")),
    "to a group or to everybody, no site": to_many(pl.col("destination")),
}

#: Where a rule logs every packet, only the one that opens a connection is a request.
REQUESTS: Final = pl.when((pl.col("protocol") == "TCP") & ~_OPENING).then(0).otherwise(1)
