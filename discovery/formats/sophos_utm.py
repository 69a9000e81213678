"""Sophos UTM 9 (Astaro) logs: web proxy and packet filter (“Sophos UTM Administration Guide”, logging).

A line begins with a local time of its own, as 2025:11:20-08:00:00, of which some relays take the year for the name of a program. `size` is what the
client received.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.labelled import Labelled
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp

_WEB, _PACKET = pl.col("sub") == "http", pl.col("sub") == "packetfilter"

FORMAT = LogFormat(
    id="sophos-utm",
    title="Sophos UTM log",
    family="firewall",
    cannot_tell=("How much was uploaded: this log only has the size of replies.",),
    layouts=(
        Layout(
            kind=Labelled(
                mark='="',
                separator=" ",
                until='"',
                marks=('sys="Secure', "named["),
                before=r"(?:.{0,120}?(?:(?P<time>\d{4}:\d\d:\d\d-\d\d:\d\d:\d\d)|(?P<rest>\d\d:\d\d-\d\d:\d\d:\d\d)) "
                r"(?:\S+ )?[\w.-]+(?:\[\d+\])?: )?",
            ),
            clock=FirstOf((Stamp(("time",), ("%Y:%m:%d-%H:%M:%S",)), Stamp(("syslog_tag", "rest"), ("%Y %m:%d-%H:%M:%S",)), SYSLOG)),
            only=pl.coalesce("time", "rest").is_not_null() | pl.col("sys").str.starts_with("Secure"),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("srcip"),
                "source_mac": pl.when(_PACKET).then("srcmac"),
                "destination_domain": host_of(pl.when(_WEB).then("url")),
                "destination_ip": pl.col("dstip"),
                "destination_bytes": pl.when(_WEB).then("size"),
                "event_action": event_action(
                    pl.col("action").str.contains("(?i)block|drop|reject|deny"), pl.col("action").str.contains("(?i)pass|accept|allow|warn")
                ),
            },
            skip={
                "message of another program": ~(_WEB | _PACKET).fill_null(value=False),
                "message of the proxy, no request": _WEB & pl.col("url").is_null(),
                INBOUND: _PACKET & from_outside(pl.col("srcip"), pl.col("dstip")),
            },
        ),
    ),
)
