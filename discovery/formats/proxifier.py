"""Proxifier's log on one computer (https://www.proxifier.com/docs/win-v4/): no user, no device, dates without year.

A connection is counted where it closes, with its bytes; one that fails was not used. After this documentation; no sample seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Yearless

_LINE = (
    r"\[(?P<time>\d\d\.\d\d \d\d:\d\d:\d\d)\] (?:(?P<program>.*?) (?:-|\d+) (?P<site>\S+) (?P<what>open|close|error|resolve)\b"
    r"(?:[^,]*, (?P<sent>\d+) bytes(?: \([^)]*\))? sent, (?P<received>\d+) bytes(?: \([^)]*\))? received)?|(?P<note>.*))"
)
_WHAT = pl.col("what")

FORMAT = LogFormat(
    id="proxifier",
    title="Proxifier log",
    family="proxy",
    cannot_tell=("Who asked: this log is of one computer and names nobody.",),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" close, ", " open ", " error ")),
            clock=Yearless("time", "%m.%d %H:%M:%S"),
            event={
                "destination_domain": host_of(pl.col("site")),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
                "event_action": pl.when(_WHAT == "close").then(pl.lit("allowed")),
            },
            skip={
                "start of a connection, counted at its end": _WHAT == "open",
                "connection that failed": _WHAT == "error",
                "event of the program": _WHAT.is_null() | (_WHAT == "resolve"),
            },
        ),
    ),
)
