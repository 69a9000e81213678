"""DNSFilter: the query log as CSV, its columns found by their names.

No list of columns and no sample is public; the names are those that the product's query log shows (FQDN, result, policy, site, agent,
request address). A file with other names is read as CSV of unknown origin.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat, event_action
from discovery.kinds.named import Named
from discovery.times import Epoch, FirstOf, InUtc, Iso

_SPELLINGS = {
    "time": ("time", "timestamp", "date_time", "datetime"),
    "name": ("fqdn",),
    "result": ("result",),
    "policy": ("policy", "policy_name", "policy_id", "policyid", "network", "network_name", "networkid", "site", "site_name"),
    "client": ("private_ip", "local_ip", "request_address", "requestaddress", "client_ip", "source_ip"),
    "user": ("user", "user_name", "username", "local_user"),
    "host": ("agent_name", "agent", "agentname", "roaming_client", "device_name", "hostname"),
}
_RESULT = pl.col("result").str.to_lowercase()

FORMAT = LogFormat(
    id="dnsfilter",
    title="DNSFilter query log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            kind=Named(_SPELLINGS, must=(("time",), ("name",), ("result",), ("policy",), ("client", "user", "host"))),
            clock=FirstOf((InUtc("time", "%Y-%m-%d %H:%M:%S UTC"), Iso("time"), Epoch("time"))),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "host_name": pl.col("host"),
                "destination_domain": pl.col("name"),
                "event_action": event_action(_RESULT.str.starts_with("block"), _RESULT.str.starts_with("allow")),
            },
            channel="name",
        ),
    ),
)
