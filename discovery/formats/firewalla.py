"""Firewalla: flows of devices, as the MSP's interface gives them, JSON (https://docs.firewalla.net/, “Flow”)."""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, to_many
from discovery.times import Epoch

_DESTINATION = pl.coalesce("destination.ip", "ip")

FORMAT = LogFormat(
    id="firewalla",
    title="Firewalla flows",
    family="firewall",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=JsonLines(must=("device.id", "device.ip"), paths={"block": ("blocked",)}),
            clock=Epoch("ts"),
            only=pl.col("gid").is_not_null() & pl.col("direction").is_not_null(),
            event={
                "source_ip": pl.coalesce("device.ip", "source.ip"),
                "source_mac": pl.col("device.id"),
                "host_name": pl.coalesce("device.name", "source.name"),
                "destination_domain": pl.coalesce("domain", "destination.name"),
                "destination_ip": _DESTINATION,
                "source_bytes": pl.col("upload"),
                "destination_bytes": pl.col("download"),
                "event_action": event_action(pl.col("block") == "true"),
            },
            skip={
                INBOUND: pl.col("direction") == "inbound",
                "between devices of the network": pl.col("direction") == "local",
                "to a group or to everybody, no site": to_many(_DESTINATION),
            },
        ),
    ),
)
