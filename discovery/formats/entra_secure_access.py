"""Microsoft Entra Global Secure Access: traffic logs, of the Graph (`networkAccessTraffic`) or sent on through diagnostic settings, as JSON.

https://learn.microsoft.com/graph/api/resources/networkaccess-networkaccesstraffic. After the documented properties; no sample seen. A transaction is
one record; that of its connection completes it. Traffic to the firm's own applications is no visit to a service.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Iso

_NAMES = {
    "site": ("destinationFQDN", "destinationFqdn", "DestinationFqdn", "DestinationFQDN"),
    **{
        name: (name[0].upper() + name[1:],)
        for name in (
            *(
                "transactionId",
                "connectionId",
                "trafficType",
                "userPrincipalName",
                "sourceIp",
                "destinationIp",
                "sentBytes",
                "receivedBytes",
                "action",
            ),
            *("createdDateTime", "clientDeviceName"),
        )
    },
}
_PATHS = {name: (*spelled, f"properties.{name}", *(f"properties.{one}" for one in spelled)) for name, spelled in _NAMES.items()}

FORMAT = LogFormat(
    id="entra-secure-access",
    title="Microsoft Entra Global Secure Access traffic log",
    family="proxy",
    layouts=(
        Layout(
            kind=JsonLines(must=("trafficType",), paths={**_PATHS, "createdDateTime": (*_PATHS["createdDateTime"], "time", "TimeGenerated")}),
            clock=Iso("createdDateTime"),
            only=pl.coalesce("site", "destinationIp").is_not_null(),
            event={
                "user_name": pl.col("userPrincipalName"),
                "source_ip": pl.col("sourceIp"),
                "host_name": pl.col("clientDeviceName"),
                "destination_domain": pl.col("site"),
                "destination_ip": pl.col("destinationIp"),
                "source_bytes": pl.col("sentBytes"),
                "destination_bytes": pl.col("receivedBytes"),
                "event_action": event_action(pl.col("action").str.contains("(?i)block|deny"), pl.col("action").str.contains("(?i)allow")),
            },
            skip={"to an application of the firm's own": pl.col("trafficType").str.contains("(?i)private")},
            requests=pl.when(pl.col("transactionId").is_not_null()).then(1).otherwise(0),
            session=pl.col("connectionId"),
        ),
    ),
)
