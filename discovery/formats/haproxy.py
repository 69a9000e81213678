"""HAProxy's HTTP, TCP and error log (https://docs.haproxy.org/3.0/configuration.html#8.2): a load balancer's, recognised, and of no use here."""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG, FirstOf, Stamp

_LINE = (
    r"(?:(?P<client>[0-9A-Fa-f:.]+):\d+ \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] \S+(?: \S+ [-+\d/]+ |: ).*"
    r"|Connect from (?P<connecting>[0-9A-Fa-f:.]+):\d+ to \S+ \(\S+/(?:HTTP|TCP)\))"
)

FORMAT = LogFormat(
    id="haproxy",
    title="HAProxy log",
    family="proxy",
    declines="This is a load balancer's log: it shows who visited your own servers, not which services your people use.",
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=FirstOf((Stamp(("time",), ("%d/%b/%Y:%H:%M:%S%.f",)), SYSLOG)),
            event={"source_ip": pl.coalesce("client", "connecting")},
        ),
    ),
)
