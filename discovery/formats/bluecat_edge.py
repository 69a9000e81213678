"""BlueCat Edge: the query log of its API and of its stream to a SIEM, one JSON object a query.

https://docs.bluecatnetworks.com/r/BlueCat-Edge-User-Guide/v3/api/dnsQueryLogs/queryId-GET. `time` is that of the request in milliseconds.
`actionTaken` is what a policy did; without one it is `query-response`. After this documentation; no sample seen.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch

FORMAT = LogFormat(
    id="bluecat-edge",
    title="BlueCat Edge DNS query log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            kind=JsonLines(must=("actionTaken",), paths={"user": ("identity.userId",)}),
            clock=Epoch("time"),
            only=pl.all_horizontal(pl.col(name).is_not_null() for name in ("source", "query", "queryType", "time")),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("source"),
                "destination_domain": pl.col("query"),
                "event_action": event_action(pl.col("actionTaken").str.contains("(?i)^(?:block|redirect)")),
            },
            channel="dns",
        ),
    ),
)
