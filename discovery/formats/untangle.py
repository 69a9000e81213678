"""Untangle NG Firewall (Arista Edge Threat Management): events as JSON by syslog (https://wiki.edge.arista.com/index.php/Event_Definitions).

The answer to a web request repeats the request; the web filter's record tells that it was refused. Sizes are those of the bodies. Reports export
the table of web requests as CSV under its columns' own names.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.names import host_of
from discovery.spellings import clock
from discovery.times import Epoch, FirstOf, Iso

_NESTED = ("sessionEvent", "httpRequestEvent.sessionEvent")
_SESSION = ("CClientAddr", "localAddr", "SServerAddr", "hostname", "username", "sessionId")
_PATHS = {
    **{name: tuple(f"{place}.{name}" for place in _NESTED) for name in _SESSION},
    "host": ("httpRequestEvent.host",),
    "domain": ("httpRequestEvent.domain",),
    "asked": ("httpRequestEvent.contentLength",),
}
_COLUMNS = {
    "time": ("time_stamp",),
    "client": ("c_client_addr",),
    "server": ("s_server_addr",),
    "host": ("host",),
    "domain": ("domain",),
    "user": ("username",),
    "machine": ("hostname",),
    "up": ("c2s_content_length",),
    "down": ("s2c_content_length",),
    "blocked": ("web_filter_blocked", "web_filter_lite_blocked"),
}
_CLASS = pl.col("class").str.extract(r"([A-Za-z]+)$", 1)
_BLOCKED = pl.col("blocked").str.to_lowercase()

FORMAT = LogFormat(
    id="untangle",
    title="Untangle or Arista NG Firewall log",
    family="firewall",
    layouts=(
        Layout(
            kind=JsonLines(must=("class",), paths=_PATHS),
            clock=FirstOf((Iso("timeStamp"), Epoch("timeStamp"))),
            only=pl.col("class").str.contains(r"com\.untangle\."),
            event={
                "user_name": pl.col("username"),
                "source_ip": pl.coalesce("CClientAddr", "localAddr").str.strip_prefix("/"),  # older versions write /192.0.2.1, as Java does
                "host_name": pl.col("hostname"),
                "destination_domain": pl.coalesce("host", "domain", host_of(pl.col("requestLine").str.extract(r"(\S+://\S+)", 1))),
                "destination_ip": pl.col("SServerAddr").str.strip_prefix("/"),
                "source_bytes": pl.when(_CLASS == "HttpRequestEvent").then(pl.col("contentLength")).otherwise(pl.col("asked")),
                "destination_bytes": pl.when(_CLASS == "HttpResponseEvent").then(pl.col("contentLength")),
                "event_action": event_action(pl.col("blocked") == "true", pl.col("blocked") == "false"),
            },
            skip={
                "no visit: session, system or sign-in record": ~_CLASS.is_in(
                    ["HttpRequestEvent", "HttpResponseEvent", "WebFilterEvent", "WebFilterHttpsEvent", "SslInspectorLogEvent"]
                )
            },
            requests=pl.when(_CLASS == "HttpRequestEvent").then(1).otherwise(0),
            session=pl.col("sessionId"),
        ),
        Layout(
            name="CSV",
            kind=Named(_COLUMNS, must=(("time",), ("client",), ("host", "domain"), ("server",))),
            clock=clock("time"),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "host_name": pl.col("machine"),
                "destination_domain": pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in ("host", "domain"))),
                "destination_ip": pl.col("server"),
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": event_action(_BLOCKED.is_in(["true", "t", "1"]), _BLOCKED.is_in(["false", "f", "0"])),
            },
        ),
    ),
)
