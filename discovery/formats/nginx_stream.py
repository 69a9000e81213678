"""nginx passing on connections by server name (modules stream and ssl_preread): the log format of its manual, with the name anywhere.

https://nginx.org/en/docs/stream/ngx_stream_log_module.html: `$remote_addr [$time_local] $protocol $status $bytes_sent $bytes_received
$session_time`, to which people add `$ssl_preread_server_name` and `$upstream_addr`. Sent is what the client got.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import Zoned

_SITE = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
_LINE = (
    r"(?P<client>[0-9A-Fa-f.:]+)(?P<first>(?: [^\s\[]+){0,3}) \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:[^\]]+)\] (?P<before>[^\[\]]*?)"
    r"\b(?:TCP|UDP) (?P<between>(?:\S+ ){0,2}?)(?P<status>\d{3}) (?P<received>\d+) (?P<sent>\d+) [\d.]+(?P<rest>.*)$"
)
_AROUND = pl.concat_str("first", "before", "between", "rest", separator=" ")
_CLIENT, _SERVER = pl.col("client"), _AROUND.str.extract(r"(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:]+\]):\d+", 1).str.strip_chars("[]")
_STATUS = pl.col("status")

FORMAT = LogFormat(
    id="nginx-stream",
    title="nginx stream log",
    family="proxy",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" TCP ", " UDP ")),
            clock=Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z",)),
            event={
                "source_ip": _CLIENT,
                "destination_domain": _AROUND.str.extract(rf"(?:^|[\s\"'=])({_SITE})(?:[\s\"',:]|$)", 1),
                "destination_ip": _SERVER,
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
                "event_action": event_action(_STATUS == "403", _STATUS == "200"),
            },
            skip=no_visit(_CLIENT, _SERVER),
        ),
    ),
)
