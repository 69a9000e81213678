"""Microsoft ISA Server and Forefront TMG: web proxy and firewall log in W3C extended form, tabs between columns (Microsoft, "ISA Server log fields").

Written after the documented fields of ISA 2004 and TMG 2010; times are UTC. A connection through the firewall is counted where it ends.
No sample seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.extended import PROXY_EVENT, UTC_CLOCK, Extended
from discovery.kinds.reach import INBOUND
from discovery.names import host_of

_ACTION, _STATUS = pl.col("action").str.to_lowercase(), pl.col("sc-status")
_CHALLENGE = _STATUS.is_in(["407", "12209", "12210"])
_DENIED = (_ACTION == "denied") | _STATUS.is_in(["12202", "12217", "12233"])

FORMAT = LogFormat(
    id="isa-tmg",
    title="Microsoft ISA Server or TMG log",
    family="proxy",
    layouts=(
        Layout(
            name="web proxy",
            kind=Extended(must=(("s-object-source", "s-operation", "sc-authenticated", "s-svcname"), ("r-host", "cs-uri"))),
            clock=UTC_CLOCK,
            event={
                **PROXY_EVENT,
                "destination_domain": pl.coalesce(host_of(pl.col("cs-uri")), "r-host"),
                "event_action": pl.when(_CHALLENGE).then(None).when(_DENIED).then(pl.lit("blocked")).otherwise(pl.lit("allowed")),
            },
            skip={INBOUND: (pl.col("s-svcname") == "w3reverseproxy") | (pl.col("cs-network").str.to_lowercase() == "external")},
            requests=pl.when(_CHALLENGE).then(0).otherwise(1),
        ),
        Layout(
            name="firewall",
            kind=Extended(must=(("ip protocol",), ("source",), ("destination",))),
            clock=UTC_CLOCK,
            event={
                "user_name": pl.col("username"),
                "source_ip": pl.coalesce(pl.col("original client ip"), pl.col("source")),
                "destination_ip": pl.col("destination"),
                "source_bytes": pl.col("bytes sent"),
                "destination_bytes": pl.col("bytes received"),
                "event_action": event_action(_ACTION.is_in(["denied", "blocked"])),
            },
            skip={
                INBOUND: pl.col("source network").str.to_lowercase() == "external",
                "start or interim record of a connection, counted at its end": _ACTION.is_in(
                    ["initiated", "establish", "established", "intermediate"]
                ),
                "traffic of the device itself": pl.col("source network").str.to_lowercase() == "local host",
            },
        ),
    ),
)
