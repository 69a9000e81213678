"""dope.swg, a web gateway on each computer: transactions as its console sends them to a bucket or a SIEM, one JSON object a line.

https://inflight.dope.security/dope.console/settings/siem-integration. The first release wrote CSV without a header, which is not read. Of the numbers
of verdicts 1 is a refusal; the others let the request through, with a warning or without.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Iso

FORMAT = LogFormat(
    id="dope-swg",
    title="dope.swg web gateway log",
    family="proxy",
    cannot_tell=("From which network somebody came: this log knows the computer, and no address of it.",),
    layouts=(
        Layout(
            kind=JsonLines(must=("destination.matchedDestination", "endpoint.agentID")),
            clock=Iso("timestamp"),
            only=pl.col("policy.verdict").is_not_null(),
            event={
                "user_name": pl.coalesce(pl.when(pl.col("endpoint.oidcUser") != "").then("endpoint.oidcUser"), "endpoint.user"),
                "host_name": pl.col("endpoint.deviceName"),
                "destination_domain": host_of(pl.coalesce("destination.url", "destination.matchedDestination")),
                "destination_ip": pl.when(pl.col("destination.destinationIP").str.contains(r"^[0-9A-Fa-f.:]+$")).then("destination.destinationIP"),
                "source_bytes": pl.col("bandwidth.dataSentInBytes"),
                "destination_bytes": pl.col("bandwidth.dataReceivedInBytes"),
                "event_action": event_action(pl.col("policy.verdict") == "1"),
            },
        ),
    ),
)
