"""Records of any product in the Advanced Security Information Model: DNS, web and network sessions (https://learn.microsoft.com/azure/sentinel/normalization).

After the schemas' field lists; no sample seen.
"""

import polars as pl

from discovery.format import LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts.schema import records
from discovery.names import host_of
from discovery.times import FirstOf, InUtc, Iso

_SCHEMA = pl.col("EventSchema")
_DNS = _SCHEMA == "Dns"

FORMAT = LogFormat(
    id="asim",
    title="ASIM records",
    family="generic",
    generic=True,
    layouts=(
        records(
            JsonLines(must=("EventSchema",), paths={"TimeGenerated": ("TimeGenerated [UTC]",), "EventStartTime": ("EventStartTime [UTC]",)}),
            FirstOf(tuple(clock for name in ("EventStartTime", "TimeGenerated") for clock in (Iso(name), InUtc(name, "%m/%d/%Y, %I:%M:%S%.f %p")))),
            _SCHEMA.is_in(["Dns", "WebSession", "NetworkSession"]),
            {
                "user": pl.coalesce("SrcUsername", "ActorUsername", "User"),
                "client": pl.coalesce("SrcIpAddr", "IpAddr"),
                "mac": pl.col("SrcMacAddr"),
                "machine": pl.coalesce("SrcHostname", "SrcFQDN"),
                "asked": pl.when(_DNS).then(pl.coalesce("DnsQuery", "Domain")),
                "site": pl.coalesce(host_of(pl.col("Url")), "DstFQDN", "DstDomain", "DstHostname"),
                "address": pl.col("DstIpAddr"),
                "up": pl.col("SrcBytes"),
                "down": pl.col("DstBytes"),
                "inbound": pl.col("NetworkDirection") == "Inbound",
                "action": pl.coalesce("DvcAction", "EventResult"),
            },
        ),
    ),
)
