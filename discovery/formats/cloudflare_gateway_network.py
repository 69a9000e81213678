"""Cloudflare Gateway network log, as Logpush writes it: one record for a session decided, by address or server name.

Fields: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_network/. A time is RFC 3339 or seconds or
nanoseconds since 1970, as the job was set up.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch, FirstOf, Iso

_ACTION = pl.col("Action").str.to_lowercase()

FORMAT = LogFormat(
    id="cloudflare-gateway-network",
    title="Cloudflare Gateway network log",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=JsonLines(must=("SNI", "SessionID", "Transport")),
            clock=FirstOf((Iso("Datetime"), Epoch("Datetime"))),
            only=pl.col("Action").is_not_null() & pl.col("PolicyID").is_not_null() & pl.col("SourceIP").is_not_null(),
            event={
                "user_name": pl.col("Email"),
                "source_ip": pl.coalesce(pl.when(pl.col("SourceIP") != "").then("SourceIP"), "SourceInternalIP"),
                "host_name": pl.col("DeviceName"),
                "destination_domain": pl.col("SNI"),
                "destination_ip": pl.col("DestinationIP"),
                "event_action": event_action(_ACTION.str.starts_with("block"), _ACTION.str.contains("^(?:allow|audit|override|egress|l4)")),
            },
            channel="name",
        ),
    ),
)
