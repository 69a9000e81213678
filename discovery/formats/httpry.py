"""httpry: pages without encryption, as it sees them on the wire (https://dumpsterventures.com/jason/httpry, its default list of fields).

A line is one packet: what a client asked (>) or what came back (<). The time is local.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat
from discovery.kinds.delimited import Delimited
from discovery.names import host_of
from discovery.times import Stamp

_FIELDS = ("time", "source", "destination", "direction", "method", "host", "path", "version", "status", "reason")

FORMAT = LogFormat(
    id="httpry",
    title="httpry's log of pages",
    family="proxy",
    cannot_tell=(NO_COUNTS, NO_PERSON, "Pages under encryption, which are nearly all."),
    layouts=(
        Layout(
            kind=Delimited("\t", _FIELDS, comment="#", least=6),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            only=pl.col("direction").is_in([">", "<"]),
            event={
                "source_ip": pl.col("source"),
                "destination_domain": host_of(pl.col("host")),
                "destination_ip": pl.col("destination"),
            },
            skip={"answer, counted at its question": pl.col("direction") == "<"},
            channel="name",
        ),
    ),
)
