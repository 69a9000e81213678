"""Sophos Web Appliance log, key=value with keys of a letter or two (“Sophos Web Appliance: log file format”).

`in` is what the client sent, `out` what it received. `act` above 0: let through, after a warning or not; -1, -3, -5 and -6: refused; else a page that
warns or waits stood in its place.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.keyvalue import KeyValue
from discovery.names import host_of
from discovery.times import Epoch

FORMAT = LogFormat(
    id="sophos-web-appliance",
    title="Sophos Web Appliance log",
    family="proxy",
    layouts=(
        Layout(
            kind=KeyValue(must=("h", "u", "t", "act", "req", "dom")),
            clock=Epoch("t"),
            event={
                "user_name": pl.col("u"),
                "source_ip": pl.col("h"),
                "destination_domain": host_of(pl.col("req").str.extract(r"^\S+ (\S+)", 1)),
                "destination_ip": pl.col("target_ip"),
                "source_bytes": pl.col("in"),
                "destination_bytes": pl.col("out"),
                "event_action": event_action(pl.col("act").is_in(["-1", "-3", "-5", "-6"]), pl.col("act").str.contains(r"^[1-9]")),
            },
        ),
    ),
)
