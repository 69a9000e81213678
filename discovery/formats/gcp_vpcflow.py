"""Google Cloud's VPC flow logs, firewall rules logs and logs of Cloud NAT, as Cloud Logging exports them, JSON.

Fields after https://cloud.google.com/vpc/docs/about-flow-logs-records, https://cloud.google.com/firewall/docs/firewall-rules-logging and
https://cloud.google.com/nat/docs/monitoring. A flow record is one direction of a connection; between two machines of a network both report it, so
the receiver's report of the sender is left out.
"""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import Half, no_visit
from discovery.times import FirstOf, Iso

_NAMES = {
    "source": "connection.src_ip",
    "destination": "connection.dest_ip",
    "source_port": "connection.src_port",
    "port": "connection.dest_port",
    "sent": "bytes_sent",
    "start": "start_time",
    "reported": "reporter",
    "sender": "src_instance.vm_name",
    "receiver": "dest_instance.vm_name",
    "verdict": "disposition",
    "direction": "rule_details.direction",
    "machine": "instance.vm_name",
    "allocated": "allocation_status",
    "translated": "endpoint.vm_name",
}
_PATHS = {name: (f"jsonPayload.{path}",) for name, path in _NAMES.items()}
_KIND = JsonLines(must=("source",), paths={**_PATHS, "timestamp": ("receiveTimestamp",)})
_HALF = Half(pl.col("source"), pl.col("destination"), pl.col("source_port"), pl.col("port"), pl.col("sent"))

FORMAT = LogFormat(
    id="gcp-vpcflow",
    title="Google Cloud VPC flow, firewall or NAT log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_PERSON),
    layouts=(
        Layout(
            name="flows",
            kind=_KIND,
            clock=FirstOf((Iso("start"), Iso("timestamp"))),
            only=pl.col("reported").str.contains("^(?:SRC|DEST)"),
            event={**_HALF.event(), "host_name": pl.when(_HALF.back()).then("receiver").otherwise("sender")},
            skip={
                "the same flow, reported by its sender": pl.col("reported").str.starts_with("DEST") & pl.col("sender").is_not_null(),
                **_HALF.skip(),
            },
            requests=_HALF.requests(),
        ),
        Layout(
            name="firewall rules",
            kind=_KIND,
            clock=Iso("timestamp"),
            only=pl.col("verdict").is_in(["ALLOWED", "DENIED"]),
            event={
                "source_ip": pl.col("source"),
                "host_name": pl.when(pl.col("direction") == "EGRESS").then("machine"),
                "destination_ip": pl.col("destination"),
                "event_action": pl.col("verdict").str.to_lowercase().replace("denied", "blocked"),
            },
            skip=no_visit(pl.col("source"), pl.col("destination")),
        ),
        Layout(
            name="NAT",
            kind=_KIND,
            clock=Iso("timestamp"),
            only=pl.col("allocated").is_in(["OK", "DROPPED"]),
            event={
                "source_ip": pl.col("source"),
                "host_name": pl.col("translated"),
                "destination_ip": pl.col("destination"),
            },
            skip=no_visit(pl.col("source"), pl.col("destination")),
        ),
    ),
)
