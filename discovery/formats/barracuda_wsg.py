"""Barracuda Web Security Gateway, `http_scan` by syslog, fields by position (Barracuda, "Syslog and the Barracuda Web Security Gateway").

The size is that of the content fetched. The user stands in brackets, with the directory's name before it; empty fields leave double blanks.
After the vendor's documented field list; no sample seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Epoch

_LINE = (
    r"(?P<time>\d{10}) +\d+ +(?P<client>\S+) +(?P<address>\S+) +(?P<type>\S+) +\S+ +(?P<url>\S+) +(?P<size>\d+)(?: +\S+){1,2} +"
    r"(?P<action>ALLOWED|BLOCKED|DETECTED|WARNED|MONITORED) +[A-Z]+(?: .*? \[(?P<user>[^\]]*)\])?"
)

FORMAT = LogFormat(
    id="barracuda-wsg",
    title="Barracuda Web Security Gateway log",
    family="proxy",
    cannot_tell=("How much was uploaded: this log only has the size of replies.",),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" ALLOWED ", " BLOCKED ", " DETECTED ", " WARNED ", " MONITORED ")),
            clock=Epoch("time"),
            event={
                "user_name": pl.when(pl.col("user") != "ANON").then(pl.col("user").str.replace(r"^[A-Za-z]+\d*:", "")),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("url")),
                "destination_ip": pl.col("address"),
                "destination_bytes": pl.col("size"),
                "event_action": event_action(pl.col("action") == "BLOCKED"),
            },
        ),
    ),
)
