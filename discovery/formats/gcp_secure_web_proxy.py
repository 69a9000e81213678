"""Google Cloud Secure Web Proxy: one entry of Cloud Logging for each request (https://cloud.google.com/secure-web-proxy/docs/monitor-logs).

The policy's own part names the host; without it the request's URL does, which of a tunnel is `host:port`.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Iso

_PATHS = {
    "client": ("httpRequest.remoteIp",),
    "server": ("httpRequest.serverIp",),
    "url": ("httpRequest.requestUrl",),
    "up": ("httpRequest.requestSize",),
    "down": ("httpRequest.responseSize",),
    "status": ("httpRequest.status",),
    "host": ("jsonPayload.enforcedGatewaySecurityPolicy.hostname",),
    "rules": ("jsonPayload.enforcedGatewaySecurityPolicy.matchedRules",),
    "policy": ("jsonPayload.enforcedGatewaySecurityPolicy",),
}
_PORT = r":\d+$"

FORMAT = LogFormat(
    id="gcp-secure-web-proxy",
    title="Google Cloud Secure Web Proxy log",
    family="proxy",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=JsonLines(must=("policy",), paths=_PATHS),
            clock=Iso("timestamp"),
            only=pl.col("logName").str.contains("gateway_requests", literal=True),
            event={
                "source_ip": pl.col("client").str.replace(_PORT, ""),
                "destination_domain": pl.coalesce("host", host_of(pl.col("url"))),
                "destination_ip": pl.col("server").str.replace(_PORT, ""),
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": event_action(
                    pl.col("rules").str.contains("DENIED", literal=True), pl.col("rules").str.contains("ALLOWED", literal=True)
                ),
            },
        ),
    ),
)
