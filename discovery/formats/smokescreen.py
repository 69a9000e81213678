"""Smokescreen, a proxy for what servers ask of the internet, JSON (https://github.com/stripe/smokescreen, its canonical log lines).

One line says what was decided, another, when the connection is over, how much went through it: both have its number.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Iso

_SAID = pl.col("msg")

FORMAT = LogFormat(
    id="smokescreen",
    title="Smokescreen log",
    family="proxy",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=JsonLines(must=("inbound_remote_addr",), paths={"start_time": ("time",)}),
            clock=Iso("start_time"),
            only=_SAID.str.starts_with("CANONICAL-PROXY-"),
            event={
                "source_ip": pl.col("inbound_remote_addr").str.extract(r"^\[?([^\[\]]+?)\]?:\d+$", 1),
                "destination_domain": host_of(pl.col("requested_host")),
                "destination_ip": pl.col("outbound_remote_addr").str.extract(r"^\[?([^\[\]]+?)\]?:\d+$", 1),
                "source_bytes": pl.col("bytes_out"),
                "destination_bytes": pl.col("bytes_in"),
                "event_action": event_action(pl.col("allow") == "false", pl.col("allow") == "true"),
            },
            skip={"no connection to a site": pl.col("requested_host").is_null() & pl.col("outbound_remote_addr").is_null()},
            requests=pl.when(_SAID == "CANONICAL-PROXY-DECISION").then(1).otherwise(0),
            session=pl.col("id"),
        ),
    ),
)
