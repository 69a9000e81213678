"""Envoy as a forward proxy: its default access log (https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage).

The client stands in X-Forwarded-For, where the listener uses the remote address. What is neither a CONNECT nor a request for a whole
address is a visit to a service behind the proxy. A mesh's own format has three more words before the counts.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Iso

_LINE = (
    r'\[(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z?)\] "(?:CONNECT (?P<tunnel>\S+)|[A-Z]+ (?P<url>[a-z]+://\S+)) (?:HTTP/[\d.]+|-)" (?P<status>\d{1,3}) \S+ '
    r'(?:\S+ \S+ "[^"]*" )?(?P<sent>\d+) (?P<received>\d+) \S+ \S+ "(?P<client>[^",]*)[^"]*" '
    r'"[^"]*" "[^"]*" "(?P<authority>[^"]*)" "(?P<server>[^"]*)"'
)
_STATUS = pl.col("status")

FORMAT = LogFormat(
    id="envoy",
    title="Envoy forward proxy log",
    family="proxy",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=('"CONNECT ', "://")),
            clock=Iso("time"),
            event={
                "source_ip": pl.when(pl.col("client") != "-").then("client"),
                "destination_domain": host_of(pl.coalesce("url", pl.when(pl.col("authority") != "-").then("authority"), "tunnel")),
                "destination_ip": host_of(pl.when(pl.col("server") != "-").then("server")).str.strip_chars("[]"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
                "event_action": event_action(_STATUS == "403", _STATUS.str.contains("^[23]")),
            },
        ),
    ),
)
