"""HAProxy's HTTP, TCP and error log (https://docs.haproxy.org/3.0/configuration.html#8.2): a load balancer's, recognised, and of no use here."""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import own
from discovery.times import SYSLOG, FirstOf, Stamp

_LINE = (
    r"(?:(?P<client>[0-9A-Fa-f:.]+):\d+ \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] \S+(?: \S+ [-+\d/]+ |: )(?P<rest>.*)"
    r"|Connect from (?P<connecting>[0-9A-Fa-f:.]+):\d+ to \S+ \(\S+/(?:HTTP|TCP)\))"
)

#: A tunnel, a request for a whole address, or the name that a client greeted a server with: then it is a forward proxy's.
_FORWARD = r'"(?:CONNECT |[A-Z]+ [a-z]+://)|^\+?\d+ \S\S [\d/+]+ \d+/\d+ \S*[A-Za-z0-9-]+\.[A-Za-z]'

FORMAT = LogFormat(
    id="haproxy",
    title="HAProxy log",
    family="proxy",
    declines="This is a load balancer's log: it shows who visited your own servers, not which services your people use.",
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=FirstOf((Stamp(("time",), ("%d/%b/%Y:%H:%M:%S%.f",)), SYSLOG)),
            only=~(own(pl.col("client")) & pl.col("rest").str.contains(_FORWARD)).fill_null(value=False),
            event={"source_ip": pl.coalesce("client", "connecting")},
        ),
    ),
)
