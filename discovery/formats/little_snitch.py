"""Little Snitch on a Mac: connections of its programs, as its command writes them (`littlesnitch log-traffic`), CSV.

Columns after its help, “Command Line Interface”. One Mac, so no client is named; a row may stand for several connections of a minute.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.named import Named, spelt
from discovery.kinds.reach import INBOUND, to_many
from discovery.times import Stamp

_COLUMNS = spelt(
    {
        "time": "date",
        "direction": "direction",
        "address": "ipaddress",
        "site": "remotehostname",
        "refused": "denycount",
        "let": "connectcount",
        "down": "bytecountin",
        "up": "bytecountout",
        "program": "connectingexecutable",
    }
)

FORMAT = LogFormat(
    id="little-snitch",
    title="Little Snitch's log of traffic",
    family="firewall",
    cannot_tell=("Which computer it was: the log is of one Mac.", NO_PERSON),
    layouts=(
        Layout(
            kind=Named(_COLUMNS, must=tuple((name,) for name in _COLUMNS), separators=","),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            event={
                "destination_domain": pl.when(pl.col("site") != "").then("site"),
                "destination_ip": pl.col("address"),
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": event_action((pl.col("refused") != "0") & (pl.col("let") == "0")),
            },
            skip={INBOUND: pl.col("direction") == "in", "to a group or to everybody, no site": to_many(pl.col("address"))},
        ),
    ),
)
