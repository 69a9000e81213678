"""Zeek's dhcp.log, tab-separated or JSON (https://docs.zeek.org/en/master/logs/dhcp.html), with its fields since version 2.6 and before.

One line is a conversation: only one with an ACK gave an address. Before 2.6 there was a line only for an ACK.
"""

import polars as pl

from discovery.kinds.base import Kind
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.leases.base import LeaseFormat
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import Epoch, FirstOf, Iso

_GAVE = pl.col("msg_types").is_null() | pl.col("msg_types").str.contains(r"\bACK\b")
_GIVEN = pl.coalesce(pl.col(name).replace("-", None) for name in ("assigned_addr", "assigned_ip"))


def _notices(kind: Kind) -> Notices:
    return Notices(
        sign="lease_time|msg_types|assigned_addr",
        kind=kind,
        clock=FirstOf((Epoch("ts"), Iso("ts"))),
        act=pl.when(pl.col("msg_types").str.contains("RELEASE|DECLINE")).then(pl.lit(ENDED)).when(_GAVE & _GIVEN.is_not_null()).then(pl.lit(HELD)),
        said={
            "source_ip": pl.coalesce(_GIVEN, "client_addr"),
            "source_mac": pl.col("mac"),
            "host_name": pl.coalesce(pl.col(name).replace(["-", "(empty)"], None) for name in ("host_name", "client_fqdn")),
            "seconds": pl.col("lease_time"),
        },
    )


FORMAT = LeaseFormat(
    id="zeek-dhcp",
    title="Zeek DHCP log",
    carriers=(
        _notices(Headed(b"#fields", ("mac", "lease_time"))),
        _notices(JsonLines(must=("assigned_addr", "assigned_ip", "requested_addr", "msg_types"))),
    ),
)
