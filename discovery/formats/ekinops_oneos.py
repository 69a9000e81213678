"""Ekinops (OneAccess) routers with OneOS: access lists that log, a line for each connection or for some of its packets, by syslog.

Messages after public samples; documentation is for customers only. The time is the router's, mostly without year and zone.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_LINE = (
    r"(?:: )?#[A-Z]+# (?:list \S+ (?P<verdict>permitted|denied) (?:proto )?\w+ (?P<client>[0-9A-Fa-f.:]+?):\d+ ?-> ?"
    r"(?P<server>[0-9A-Fa-f.:]+?):\d+ (?P<matches>\d+) match|(?P<note>.*))"
)

FORMAT = LogFormat(
    id="ekinops-oneos",
    title="Ekinops router (OneOS) log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("#INFO#", "#NOTICE#", "#WARNING#")),
            clock=SYSLOG,
            event={
                "source_ip": pl.col("client"),
                "destination_ip": pl.col("server"),
                "event_action": event_action(pl.col("verdict") == "denied"),
            },
            skip={"message of the device": pl.col("client").is_null(), **no_visit(pl.col("client"), pl.col("server"))},
        ),
    ),
)
