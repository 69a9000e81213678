"""Sophos Web Appliance log, key=value with keys of a letter or two (“Sophos Web Appliance: log file format”).

`in` is what the client sent, `out` what it received. Of the numbers of `act` only 1, allowed, is read.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.keyvalue import KeyValue
from discovery.names import host_of
from discovery.times import Epoch

FORMAT = LogFormat(
    id="sophos-web-appliance",
    title="Sophos Web Appliance log",
    family="proxy",
    cannot_tell=("Whether a visit was refused: the log only says that it was allowed, or gives a number.",),
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
                "event_action": pl.when(pl.col("act") == "1").then(pl.lit("allowed")),
            },
        ),
    ),
)
