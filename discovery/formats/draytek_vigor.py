"""DrayTek Vigor routers: filter rules and content filters, the users' connections, and the filter log of old firmware.

Filters after https://www.draytek.com/support/knowledge-base/5023; “Local User” lines as the Syslog tool's page User Access shows them (no
sample seen). A passed connection is only logged by rules that say so.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, from_outside, no_visit
from discovery.names import host_of
from discovery.times import SYSLOG

_FILTER = (
    r"(?:DrayTek:? )?(?:[0-9a-f]{12}:)?\[(?:FILTER|CSM_?\w*)\]\[(?P<verdict>\w+)\](?:\[(?P<way>WAN\d*->)?[^\]@]*\])*"
    r"\[@S:R=[\d:]+, ?(?P<source>[0-9A-Fa-f.]+|\[[0-9A-Fa-f:]+\])(?::\d+)?->(?P<target>[^\]]*)\].*$"
)
_USER = (
    r"(?:DrayTek:? )?Local User(?: \(MAC=(?P<mac>[0-9A-Fa-f-]{17})\))?: (?P<source>[\d.]+)(?::\d+)? (?:DNS )?-> "
    r"(?P<address>[\d.]+)(?::\d+)?(?: inquire (?P<name>\S+)| ?\(\w+\) ?(?P<note>.*))$"
)
_OLD = r"\d+:\d\d:\d\d\.\d+ \S+ @\S+ (?P<verdict>[bp]) (?P<source>[\d.]+)(?:,\S+)? -> (?P<address>[\d.]+)(?:,\S+)? +PR \w+ .*$"
_SITE = host_of(pl.col("target"))
_REFUSED = pl.col("verdict").is_in(["Block", "Drop", "b"])
_ACTION = event_action(_REFUSED)


FORMAT = LogFormat(
    id="draytek-vigor",
    title="DrayTek Vigor log",
    family="firewall",
    cannot_tell=(
        "How much was sent or received: this log has no sizes of visits.",
        NO_PERSON,
    ),
    layouts=(
        Layout(
            name="filters",
            kind=Pattern(_FILTER, marks=("[@S:R=",)),
            clock=SYSLOG,
            event={"source_ip": pl.col("source"), "destination_domain": _SITE, "event_action": _ACTION},
            skip={**no_visit(pl.col("source"), _SITE), INBOUND: pl.col("way").is_not_null() | from_outside(pl.col("source"), _SITE)},
            channel="name",
        ),
        Layout(
            name="users",
            kind=Pattern(_USER, marks=("Local User",)),
            clock=SYSLOG,
            event={
                "source_ip": pl.col("source"),
                "source_mac": pl.col("mac"),
                "destination_domain": pl.col("name"),
                "destination_ip": pl.when(pl.col("name").is_null()).then("address"),
            },
            skip={"end of a connection, counted at its opening": pl.col("note").str.contains("close")},
            channel=pl.when(pl.col("name").is_null()).then(pl.lit("name")).otherwise(pl.lit("dns")),
        ),
        Layout(
            name="old firmware",
            kind=Pattern(_OLD, marks=(" PR ",)),
            clock=SYSLOG,
            event={"source_ip": pl.col("source"), "destination_ip": pl.col("address"), "event_action": _ACTION},
            skip=no_visit(pl.col("source"), pl.col("address")),
        ),
    ),
)
