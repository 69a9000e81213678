"""squidGuard's log of requests that a filter list caught (http://www.squidguard.org/Doc/extended.html). Times are local, without zone."""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp

_LINE = (
    r"(?:(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \[(?P<process>\d+)\] )?(?:Request\([^)]*\) (?P<url>\S+) (?P<client>[0-9A-Fa-f.:]+)/(?P<name>\S+) "
    r"(?P<user>\S+) (?P<method>\S+)(?: (?P<verdict>[A-Z]+|-))?$|(?P<note>[A-QS-Za-z0-9].*))"
)

FORMAT = LogFormat(
    id="squidguard",
    title="squidGuard block log",
    family="proxy",
    cannot_tell=(
        "Visits that no filter list caught: squidGuard only writes the others down.",
        NO_COUNTS,
    ),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("Request(",)),
            clock=FirstOf((Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
            only=pl.col("url").is_not_null() | pl.col("process").is_not_null(),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "host_name": pl.col("name"),
                "destination_domain": host_of(pl.col("url")),
                "event_action": pl.when(pl.col("verdict") == "PASS").then(pl.lit("allowed")).otherwise(pl.lit("blocked")),
            },
            skip={"event of the program": pl.col("note").is_not_null()},
            channel="name",
        ),
    ),
)
