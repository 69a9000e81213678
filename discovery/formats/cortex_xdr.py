"""Cortex XDR: names that computers looked up and connections they opened, as queries (XQL) and events of alerts give them, JSON and CSV.

Fields after the vendor's XQL schema of `xdr_data`; of CSV no sample was seen. Alerts tell only of what was noticed.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.layouts import endpoint
from discovery.times import Epoch, FirstOf, Iso, Worded

_SPELT = {
    "time": ("_time", "event_timestamp"),
    "user": ("actor_effective_username", "user_name", "os_actor_effective_username", "actor_primary_username"),
    "client": ("action_local_ip", "agent_ip_addresses"),
    "machine": ("agent_hostname", "endpoint_name", "host_name"),
    "asked": ("dns_query_name",),
    "site": ("action_external_hostname", "dst_action_external_hostname", "fw_url_domain"),
    "address": ("action_remote_ip", "action_remote_ip_v6"),
    "up": ("action_upload", "action_total_upload"),
    "down": ("action_download", "action_total_download"),
    "inbound": ("action_network_is_server",),
}
_SAID = {name: pl.col(name) for name in ("user", "machine", "asked", "site", "address", "up", "down")}


def _records(kind: Kind) -> Layout:
    return endpoint.records(
        kind,
        FirstOf((Epoch("time"), Iso("time"), Worded(("time",)))),
        pl.col("address").is_not_null() | pl.col("asked").is_not_null(),
        {
            **_SAID,
            "client": pl.col("client").str.extract(r"^\[?\"?([0-9A-Fa-f.:]+)", 1),
            "inbound": (pl.col("inbound").str.to_lowercase() == "true").fill_null(value=False),
        },
    )


FORMAT = LogFormat(
    id="cortex-xdr",
    title="Cortex XDR events of computers",
    family="firewall",
    layouts=(
        _records(JsonLines(must=("client",), paths=_SPELT)),
        _records(
            Named(
                {name: tuple(key.strip("_") for key in keys) for name, keys in _SPELT.items()},
                must=(("time",), ("client",), ("address", "asked"), ("machine", "user")),
                never=("src_ip", "source_ip"),
            )
        ),
    ),
)
