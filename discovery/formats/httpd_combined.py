"""A web server's own access log (common and combined log format, W3C extended with or without header, JSON): recognised, and of no use here."""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.extended import UTC_CLOCK, WEB_SERVER, Extended
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.times import Iso, Zoned

_LINE = (
    r'(?:\S+ )?(?P<client>\S+) \S+ (?:\S+|"[^"]*"|[^\[]{1,64}) \[(?P<time>[^\]]+)\] '
    r'"(?P<request>[^"\\]*(?:\\.[^"\\]*)*)" \d{3} (?:\d+|-)'
)
_IIS = (
    r"(?P<date>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d) (?:\S+ ){0,2}?(?:[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+(?:%\w+)? |W3SVC\d+ )"
    r"[A-Z_]{3,} /\S* .*?\b\d{2,5} (?:\S+) (?P<client>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+(?:%\w+)?) "
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
        Layout(
            kind=Extended(must=(WEB_SERVER,), never=("s-action", "sc-filter-result", "cs-uri-scheme")),
            clock=UTC_CLOCK,
            event={"source_ip": pl.col("c-ip")},
        ),
        Layout(kind=Pattern(_IIS), clock=UTC_CLOCK, event={"source_ip": pl.col("client")}),
        Layout(
            kind=JsonLines(must=("DownstreamStatus",)),
            clock=Iso("time"),
            event={"source_ip": pl.col("ClientHost"), "destination_domain": pl.col("RequestHost")},
        ),
    ),
)
