"""Distributed and gateway firewall of VMware NSX (“NSX Administration Guide”, Firewall Packet Logs; dfwpktlogs.log of the hosts).

A rule's match is logged when a connection opens; `TERM` when it ends. Which of the two byte counts is whose is not said.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_LINE = (
    r"(?:\S+ \S+\[\d+\]: )?(?:<[^>]+> |[0-9a-f]+ )?INET6? (?P<reason>[A-Za-z-]+) (?:(?P<verdict>[A-Z_]+) )?(?:\S+/)?\d+ (?:IN|OUT) (?:\d+ )?"
    r"(?P<protocol>[A-Z0-9]+) (?:[A-Z]+ )?(?P<source>[0-9A-Fa-f.:]+)(?:/(?P<source_port>\d+))?->"
    r"(?P<destination>[0-9A-Fa-f.:]+)(?:/(?P<port>\d+))?(?: .*)?$"
)
_SOURCE, _DESTINATION = pl.col("source"), pl.col("destination")

FORMAT = LogFormat(
    id="vmware-nsx",
    title="VMware NSX firewall log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("INET",)),
            clock=SYSLOG,
            event={
                "source_ip": _SOURCE,
                "destination_ip": _DESTINATION,
                "event_action": event_action(pl.col("verdict").str.contains("DROP|REJECT"), pl.col("verdict") == "PASS"),
            },
            skip=no_visit(_SOURCE, _DESTINATION),
            requests=pl.when(pl.col("reason") == "TERM").then(0).otherwise(1),
            session=pl.concat_str(
                "protocol", _SOURCE, pl.col("source_port").fill_null(""), _DESTINATION, pl.col("port").fill_null(""), separator=" "
            ),
        ),
    ),
)
