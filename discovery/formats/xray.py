"""Access log of Xray and V2Ray (https://github.com/XTLS/Xray-core/blob/main/common/log/access.go): who called, what was asked for, and the way out.

The way out is called as the administrator likes; a name with `block` or `reject` in it refuses. What comes in refused names no site.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Stamp

_LINE = (
    r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?) "
    r"(?:(?:from )?(?:(?:tcp|udp):)?(?P<client>\[[^\]]+\]|[^\s:]+)(?::\d+)? (?P<verdict>accepted|rejected) (?:(?:tcp|udp):|//)?(?P<site>\S*)"
    r"(?: \[(?P<way>[^\]]*)\])?.*?(?:email: ?(?P<user>\S+))?\s*$|(?P<note>\[(?:Debug|Info|Warning|Error)\] .*))"
)
_WAY, _REFUSED = pl.col("way").str.to_lowercase(), pl.col("verdict") == "rejected"

FORMAT = LogFormat(
    id="xray",
    title="Xray or V2Ray access log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" accepted ", " rejected ")),
            clock=Stamp(("time",), ("%Y/%m/%d %H:%M:%S%.f",)),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("site")),
                "event_action": event_action(_WAY.str.contains(r"block|reject|blackhole")),
            },
            skip={
                "message of the program": pl.col("note").is_not_null(),
                "refused at the door, names no site": _REFUSED,
                "traffic of the program itself": pl.col("client") == "DNS",
            },
            channel="name",
        ),
    ),
)
