"""VMware Carbon Black Cloud: connections that computers opened, as its Data Forwarder writes them (JSON).

Fields after the vendor's reference of the Data Forwarder's endpoint events (netconn, netconn_proxy); no sample seen.
"""

import polars as pl

from discovery.format import NO_COUNTS, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts import endpoint
from discovery.times import FirstOf, InUtc, Iso

_WRITTEN = "%Y-%m-%d %H:%M:%S%.f +0000 UTC"

FORMAT = LogFormat(
    id="carbon-black",
    title="Carbon Black events of computers",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        endpoint.records(
            JsonLines(must=("device_name",)),
            FirstOf((InUtc("device_timestamp", _WRITTEN), Iso("device_timestamp"), InUtc("backend_timestamp", _WRITTEN))),
            pl.col("type").str.starts_with("endpoint.event."),
            {
                "user": pl.col("process_username"),
                "client": pl.col("local_ip"),
                "machine": pl.col("device_name").str.replace(r"^.*\\", ""),
                "site": pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in ("netconn_proxy_domain", "netconn_domain"))),
                "address": pl.coalesce("netconn_proxy_ip", "remote_ip"),
                "inbound": pl.col("netconn_inbound") == "true",
                "action": event_action(pl.col("sensor_action").is_in(["ACTION_BLOCK", "ACTION_DENY"]), pl.col("sensor_action") == "ACTION_ALLOW"),
            },
        ),
    ),
)
