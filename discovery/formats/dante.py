"""Dante, a SOCKS server: one line where a connection begins, one where it ends, with the bytes (https://www.inet.no/dante/doc/1.4.x/logging.html).

Between the brackets stand the client and the proxy, behind the arrow the proxy and the server, each as `address.port`; a server that the client
called by its name stands by that. At the end the bytes stand before and behind: what the client sent comes first.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG, Epoch, FirstOf

_LINE = (
    r"(?:.*?\((?P<epoch>\d{10})\) )?(?:\w+\[\d+\]: )?info: (?P<verdict>pass|block)\(\d+\): (?:tcp|udp)/(?P<what>\w+) (?P<phase>[\[\]]): "
    r"(?:(?P<up>\d+) -> )?(?:(?:[a-z0-9-]+%)?(?P<user>[^@\s]+)@)?(?P<client>[0-9A-Fa-f.:]+)\.(?P<port>\d+) \S+"
    r"(?: -> (?:(?P<down>\d+), \d+ -> )?\S+ (?P<server>\S+)\.(?P<service>\d+).*|.*)"
)
_NAME = r"[A-Za-z]"
_SERVER = pl.col("server")

FORMAT = LogFormat(
    id="dante",
    title="Dante SOCKS server log",
    family="proxy",
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("info: pass(", "info: block(")),
            clock=FirstOf((Epoch("epoch"), SYSLOG)),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": pl.when(_SERVER.str.contains(_NAME) & ~_SERVER.str.contains(":", literal=True)).then(_SERVER),
                "destination_ip": pl.when(~_SERVER.str.contains(_NAME) | _SERVER.str.contains(":", literal=True)).then(_SERVER),
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": pl.when(pl.col("verdict") == "block").then(pl.lit("blocked")).otherwise(pl.lit("allowed")),
            },
            skip={"call of the proxy itself": _SERVER.is_null()},
            requests=pl.when(pl.col("phase") == "]").then(0).otherwise(1),
            session=pl.concat_str("client", "port", "server", "service", separator=" "),
        ),
    ),
)
