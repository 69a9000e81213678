"""iboss cloud web log: a syslog header and JSON (iboss, "Log forwarding"). Byte counts are upstream and downstream; `-` is no value."""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Stamp


def _said(*names: str) -> pl.Expr:
    return pl.coalesce(*(pl.when(~pl.col(name).is_in(["", "-"])).then(name) for name in names))


FORMAT = LogFormat(
    id="iboss",
    title="iboss web log",
    family="proxy",
    layouts=(
        Layout(
            kind=JsonLines(must=("upstreamByteUsage", "downstreamByteUsage", "proxyTransactionStartTime", "filteringGroupName")),
            clock=FirstOf((Epoch("proxyTransactionStartTime"), Stamp(("logTime", "time"), ("%Y-%m-%d %H:%M:%S",)))),
            event={
                "user_name": _said("username"),
                "source_ip": _said("privateIp", "sourceIpAddress", "ipAddress", "publicIp"),
                "source_mac": _said("computerMacAddress", "macAddress"),
                "host_name": _said("computerName"),
                "destination_domain": pl.coalesce(_said("host"), host_of(_said("url"))),
                "destination_ip": _said("destinationIp", "destinationIpAddress"),
                "source_bytes": pl.col("upstreamByteUsage"),
                "destination_bytes": pl.col("downstreamByteUsage"),
                "event_action": event_action(
                    _said("action", "sAction").str.contains("(?i)block|den(?:y|ied)"), _said("action", "sAction").is_not_null()
                ),
            },
            skip={"no visit: audit or system record": pl.col("logType").str.contains("(?i)audit|system")},
        ),
    ),
)
