"""Cloudflare Gateway HTTP log, as Logpush writes it.

Fields: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_http/. A time is RFC 3339 or seconds or
nanoseconds since 1970, as the job was set up.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_ACTION = pl.col("Action").str.to_lowercase()


def _stated(field: str) -> pl.Expr:
    return pl.when(pl.col(field) != "").then(field)


FORMAT = LogFormat(
    id="cloudflare-gateway-http",
    title="Cloudflare Gateway HTTP log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=JsonLines(must=("HTTPHost", "URL")),
            clock=FirstOf((Iso("Datetime"), Epoch("Datetime"))),
            only=pl.col("Action").is_not_null()
            & pl.coalesce(
                "PolicyID", "PolicyName", "HTTPMethod", "HTTPStatusCode", "HTTPHost"
            ).is_not_null()  # a job writes the fields it was told to
            & pl.coalesce("SourceIP", "SourceInternalIP", "Email").is_not_null()
            & pl.coalesce("Datetime", "RequestID", "DeviceID").is_not_null(),
            event={
                "user_name": pl.col("Email"),
                "source_ip": pl.coalesce(_stated("SourceIP"), "SourceInternalIP"),
                "host_name": pl.col("DeviceName"),
                "destination_domain": pl.coalesce(host_of(_stated("URL")), host_of(pl.col("HTTPHost"))),
                "destination_ip": pl.col("DestinationIP"),
                "event_action": event_action(_ACTION.str.starts_with("block"), _ACTION.is_not_null() & (_ACTION != "unknown")),
            },
            channel="name",
        ),
    ),
)
