"""CCProxy's log: time, client, account, service and what was asked for, on one line (https://www.youngzsoft.net/ccproxy/; no sample was seen).

What stands between these, and whether the account or a method is there, is left open: a line is told by its time, its client, the name of one of
CCProxy's services and an address of the web or a server with its port.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Stamp

_LINE = (
    r"\[?(?P<time>\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d:\d\d)\]?[ \t,]+(?P<client>\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?[ \t,]+(?:(?P<user>[^\s,]+)[ \t,]+)?"
    r"(?:Web|HTTP|HTTPS|Secure|FTP|SOCKS[45]?|Socks[45]?|Gopher|RTSP|MMS)(?:\([^)]*\))?[ \t,]+"
    r"(?:.*?[ \t,])?(?P<url>[a-z]+://[^\s,]+|[A-Za-z0-9.-]+:\d+)(?:[\s,].*)?$"
)

FORMAT = LogFormat(
    id="ccproxy",
    title="CCProxy log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")),
            event={"user_name": pl.col("user"), "source_ip": pl.col("client"), "destination_domain": host_of(pl.col("url"))},
            channel="name",
        ),
    ),
)
