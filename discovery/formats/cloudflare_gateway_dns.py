"""Cloudflare Gateway DNS log, as Logpush writes it.

Fields: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_dns/. A time is RFC 3339 or seconds or
nanoseconds since 1970, as the job was set up. The source may be the public address of an office.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch, FirstOf, Iso

_DECISION = pl.col("ResolverDecision")

FORMAT = LogFormat(
    id="cloudflare-gateway-dns",
    title="Cloudflare Gateway DNS log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            kind=JsonLines(must=("ResolverDecision",)),
            clock=FirstOf((Iso("Datetime"), Epoch("Datetime"))),
            only=pl.col("QueryName").is_not_null(),
            event={
                "user_name": pl.col("Email"),
                "source_ip": pl.col("SrcIP"),
                "host_name": pl.col("DeviceName"),
                "destination_domain": pl.col("QueryName"),
                "event_action": event_action(_DECISION.str.contains("(?i)^block"), _DECISION.str.contains("(?i)^(?:allow|override)")),
            },
            channel="name",
        ),
    ),
)
