"""SentinelOne: names that computers looked up, pages and connections they opened, as Cloud Funnel and Deep Visibility write them (JSON).

Fields after the vendor's query schema, of which Deep Visibility's exports have other spellings; of those no sample was seen.
"""

import polars as pl

from discovery.answers import Answers, within
from discovery.format import NO_COUNTS, LogFormat, only_blocked
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts import endpoint
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_PATHS = {
    "endpoint.name": ("endpointName", "agentName"),
    "event.dns.request": ("dnsRequest",),
    "event.dns.response": ("dnsResponse",),
    "event.network.direction": ("direction", "connectionDirection"),
    "event.time": ("createdAt", "eventTime"),
    "src.process.user": ("user", "processUserName"),
    "src.ip.address": ("srcIp",),
    "dst.ip.address": ("dstIp",),
    "url.address": ("networkUrl",),
}

FORMAT = LogFormat(
    id="sentinelone",
    title="SentinelOne events of computers",
    family="firewall",
    cannot_tell=(NO_COUNTS, "What browsers ask that look up names on their own (DNS over HTTPS)."),
    layouts=(
        endpoint.records(
            JsonLines(must=("endpoint.name",), paths=_PATHS),
            FirstOf((Epoch("event.time"), Iso("event.time"))),
            pl.coalesce("event.type", "eventType").is_not_null() & pl.coalesce("agent.uuid", "agentId", "agentUuid", "siteId").is_not_null(),
            {
                "user": pl.col("src.process.user"),
                "client": pl.col("src.ip.address"),
                "machine": pl.col("endpoint.name"),
                "asked": pl.col("event.dns.request"),
                "site": host_of(pl.col("url.address")),
                "address": pl.col("dst.ip.address"),
                "inbound": pl.col("event.network.direction").str.to_uppercase() == "INCOMING",
                "action": only_blocked(pl.col("event.network.connectionStatus") == "BLOCKED"),
            },
            Answers(said=within(pl.col("event.dns.response"), r"([^;\s]+)(?:;|$)"), when=pl.col("event.dns.response") != ""),
        ),
    ),
)
