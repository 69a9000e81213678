"""Menlo Security web log, JSON with or without its `event` wrapper (Menlo Security, "Logging API", log type web). Times are UTC without a zone."""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import AlwaysUtc, Iso

_FIELDS = ("event_time", "userid", "origin_ip", "x-client-ip", "url", "domain", "dst", "pe_action", "name", "ua_type", "isolation_id")

FORMAT = LogFormat(
    id="menlo",
    title="Menlo Security web log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=JsonLines(must=("pe_action",), paths={name: (f"event.{name}",) for name in _FIELDS}),
            clock=AlwaysUtc(Iso("event_time")),
            event={
                "user_name": pl.when(pl.col("userid") != "NA").then("userid"),
                "source_ip": pl.coalesce(pl.when(pl.col("x-client-ip") != "NA").then("x-client-ip"), "origin_ip"),
                "destination_domain": pl.coalesce(host_of(pl.when(pl.col("url") != "NA").then("url")), "domain"),
                "destination_ip": pl.col("dst"),
                "event_action": event_action(pl.col("pe_action").str.contains("(?i)block|den(?:y|ied)")),
            },
            channel="name",
        ),
    ),
)
