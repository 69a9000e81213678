"""Twingate: the report of network events that its console exports, CSV (https://www.twingate.com/docs/detailed-network-event-schema).

A line is a connection that ended. The client's address is that of its way to the internet, not within an office.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.named import Named
from discovery.times import Epoch, FirstOf, Iso

_COLUMNS = ("start_time", "user", "client_ip", "connector", "resource_ip", "resource_domain", "status")
_STATUS = pl.col("status").str.to_uppercase()

FORMAT = LogFormat(
    id="twingate",
    title="Twingate network events",
    family="proxy",
    cannot_tell=(NO_COUNTS, "Which site of the internet was visited directly: only what goes through a connector is logged."),
    layouts=(
        Layout(
            kind=Named({name: (name,) for name in _COLUMNS}, must=tuple((name,) for name in _COLUMNS)),
            clock=FirstOf((Iso("start_time"), Epoch("start_time"))),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client_ip"),
                "destination_domain": pl.when(pl.col("resource_domain") != "").then("resource_domain"),
                "destination_ip": pl.when(pl.col("resource_ip") != "").then("resource_ip"),
                "event_action": event_action(_STATUS.str.contains("DENIED|BLOCKED|UNAUTHORIZED"), _STATUS == "NORMAL"),
            },
            channel="name",
        ),
    ),
)
