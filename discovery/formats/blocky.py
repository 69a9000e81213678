"""Blocky: its query log in files, one for all clients or one for each (https://0xerr0r.github.io/blocky/latest/configuration/#query-logging).

Eleven values between tabs, without a header; local time, without zone. Written after this documentation; no sample seen.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.delimited import Delimited
from discovery.times import Stamp

_COLUMNS = ("time", "client", "names", "lasted", "reason", "name", "answer", "code", "result", "type", "instance")
_RESULTS = ("RESOLVED", "CACHED", "BLOCKED", "CONDITIONAL", "CUSTOMDNS", "HOSTSFILE", "FILTERED", "NOTFQDN", "SPECIAL")
_FIRST = pl.col("names").str.extract(r"^([^;]+)", 1)

FORMAT = LogFormat(
    id="blocky",
    title="Blocky query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Delimited("\t", _COLUMNS, quotes=True, least=10),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            only=pl.col("result").is_in(_RESULTS) & pl.col("lasted").str.contains(r"^\d+$"),
            event={
                "source_ip": pl.col("client"),
                "host_name": pl.when(pl.col("client") != _FIRST).then(_FIRST),  # a client without a name is called by its address
                "destination_domain": pl.col("name"),
                "event_action": event_action(pl.col("result").is_in(["BLOCKED", "FILTERED"])),
            },
            channel="dns",
        ),
    ),
)
