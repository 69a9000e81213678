"""Caddy as a forward proxy (module forward_proxy): its access log, JSON (https://caddyserver.com/docs/caddyfile/directives/log).

A tunnel is a CONNECT, a plain page a request for a whole address; everything else is a visit to a site that the server has itself.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_METHOD, _URI, _STATUS = pl.col("request.method"), pl.col("request.uri"), pl.col("status")

FORMAT = LogFormat(
    id="caddy",
    title="Caddy forward proxy log",
    family="proxy",
    layouts=(
        Layout(
            kind=JsonLines(must=("resp_headers", "bytes_read")),
            clock=FirstOf((Epoch("ts"), Iso("ts"))),
            only=pl.col("logger").str.starts_with("http.log.access") & ((_METHOD == "CONNECT") | _URI.str.contains(r"^[a-z]+://")),
            event={
                "user_name": pl.col("user_id"),
                "source_ip": pl.coalesce("request.client_ip", "request.remote_ip"),
                "destination_domain": host_of(pl.coalesce(pl.when(_METHOD != "CONNECT").then(_URI), "request.host")),
                "source_bytes": pl.col("bytes_read"),
                "destination_bytes": pl.col("size"),
                "event_action": event_action(_STATUS == "403", _STATUS.str.contains("^[23]")),
            },
            skip={"asks for a password, comes again with it": _STATUS == "407"},
        ),
    ),
)
