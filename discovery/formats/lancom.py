"""LANCOM routers: what the firewall reports to syslog (LCOS reference manual, https://www.lancom-systems.de/docs/LCOS/reference-manual/topics/aa1265934.html).

`PACKET_ALERT: Dst: address:port {name}, Src: address:port {name} (protocol): reason`, with what the filter did behind it where it reports. After this
manual; no sample seen. A name stands there where the router knows it without asking. Packets are reported when a filter takes hold, so that
without a filter that reports all connections only refused ones are seen.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_SIDE = r"(?P<{0}>[\d.]+|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:]+\]?)(?::\d+)? (?:\{{(?P<{0}_name>[^}}]*)\}})?"
_LINE = (
    rf"(?P<tag>.{{0,60}}?PACKET_(?:ALERT|INFO): )?"
    rf"(?:Dst: {_SIDE.format('destination')}, Src: {_SIDE.format('source')} \([^)]*\): (?P<did>.*)|(?P<note>.*))"
)
_DID = pl.col("did")

FORMAT = LogFormat(
    id="lancom",
    title="LANCOM router firewall log",
    family="firewall",
    cannot_tell=("Which site was visited, for most lines: they only have addresses.", NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("Dst: ", "PACKET_INFO: ")),
            clock=SYSLOG,
            only=pl.col("tag").is_not_null() | pl.col("syslog_tag").is_in(["PACKET_ALERT", "PACKET_INFO"]),
            event={
                "source_ip": pl.col("source"),
                "host_name": pl.when(pl.col("source_name") != "").then("source_name"),
                "destination_domain": pl.when(pl.col("destination_name") != "").then("destination_name"),
                "destination_ip": pl.col("destination"),
                "event_action": pl.when(_DID.str.contains("(?i)accept"))
                .then(pl.lit("allowed"))
                .when(_DID.str.contains("(?i)port filter|drop|reject|refused|denied|intruder|block"))
                .then(pl.lit("blocked")),
            },
            skip={
                "more about the line before": pl.col("destination").is_null(),
                **no_visit(pl.col("source"), pl.col("destination")),
            },
        ),
    ),
)
