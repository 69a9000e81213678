"""sing-box: what came in (https://github.com/SagerNet/sing-box, log/format.go): one line names the client of a connection, the next its site.

Both carry the number of the connection. A way out that blocks is told on a third line. Some ways in name the user before the site.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.connected import Connected
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import FirstOf, Stamp, Zoned

_ADDRESS = r"\[[0-9A-Fa-f:.%]+\]|[0-9A-Fa-f.]+"
_LINE = (
    r"(?:(?P<zone>[+-]\d{4}) )?(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) [A-Z]+ (?:\[(?P<id>\d+)(?: [^\]]*)?\] )?"
    r"(?:inbound/[^:]+: (?:\[(?P<user>[^\]]*)\] )?inbound (?:[a-z]+ )*connection "
    rf"(?:from (?P<client>{_ADDRESS}):\d+|to (?P<site>\S+))\s*$"
    r"|(?P<refused>outbound/block\S*: .*)|(?P<note>(?:[a-z]+/|router|dns|network|sing-box|connection|clash-api|ntp|tcp|udp)\S*.*))"
)

FORMAT = LogFormat(
    id="sing-box",
    title="sing-box log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=Connected(
                Pattern(_LINE, marks=(": inbound ",)),
                key=("id",),
                caller="client",
                opening=rf"\[(\d+)(?: [^\]]*)?\] inbound/[^:]+: (?:\[[^\]]*\] )?inbound (?:[a-z]+ )*connection from ({_ADDRESS}):\d+",
                mark="connection from ",
            ),
            clock=FirstOf((Zoned(("time", "zone"), ("%Y-%m-%d %H:%M:%S %z",)), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)))),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client").str.strip_chars("[]"),
                "destination_domain": host_of(pl.col("site")),
                "event_action": pl.lit("allowed"),
            },
            skip={
                "message of the program": pl.col("note").is_not_null(),
                "opening of a connection, its site follows": pl.col("site").is_null(),
            },
            session=pl.col("id"),
            verdict=pl.col("refused").is_not_null(),
            channel="name",
        ),
    ),
)
