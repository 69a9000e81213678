"""Azure DNS security policy: the answers of a virtual network's resolver (category DnsResponse), as records or rows of Log Analytics.

Fields after https://learn.microsoft.com/azure/azure-monitor/reference/tables/dnsquerylogs; no sample was seen.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import FirstOf, Iso

_FIELDS = ("SourceIpAddress", "QueryName", "QueryType", "ResolverPolicyRuleAction", "VirtualNetworkId")

FORMAT = LogFormat(
    id="azure-dns-policy",
    title="Azure DNS security policy log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=JsonLines(must=("SourceIpAddress",), paths={name: (f"properties.{name}",) for name in _FIELDS}),
            clock=FirstOf((Iso("time"), Iso("TimeGenerated"))),
            only=pl.col("QueryName").is_not_null() & pl.coalesce("VirtualNetworkId", "ResolverPolicyRuleAction").is_not_null(),
            event={
                "source_ip": pl.col("SourceIpAddress"),
                "destination_domain": pl.col("QueryName"),
                "event_action": event_action(
                    pl.col("ResolverPolicyRuleAction").str.contains("(?i)block|deny"), pl.col("ResolverPolicyRuleAction").is_not_null()
                ),
            },
            channel="dns",
        ),
    ),
)
