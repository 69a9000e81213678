"""A web server's own access log (common and combined log format of Apache, nginx and others): recognised, and of no use here."""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.times import Zoned

_LINE = (
    r'(?:\S+ )?(?P<client>\S+) \S+ (?:\S+|"[^"]*"|[^\[]{1,64}) \[(?P<time>[^\]]+)\] '
    r'"(?P<request>[^"\\]*(?:\\.[^"\\]*)*)" \d{3} (?:\d+|-)'
)
_THROUGH_A_PROXY = pl.col("request").str.contains(r"^(?:CONNECT |[A-Z_]+ [a-z][a-z0-9+.-]*://)")

FORMAT = LogFormat(
    id="httpd-combined",
    title="Web server access log",
    family="proxy",
    generic=True,
    declines="This is a web server's own access log: it shows who visited a site of yours, not which services your people use.",
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z",)),
            only=~_THROUGH_A_PROXY,
            event={"source_ip": pl.col("client")},
        ),
    ),
)
