"""Firewall rules of Peplink's Balance and MAX routers that log (Peplink Balance User Manual, “Event Logging” of firewall rules).

`CONN` is the connection that the packet took: a LAN, or the name of a WAN, which may hold blanks. On the router's own page the verdict stands where a
relay's header has the host.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, FirstOf, Yearless

_LINE = (
    r"(?:(?P<time>[A-Z][a-z]{2} +\d{1,2} [\d:]{8}) )?(?:[^:]{1,40}: +)?(?P<verdict>Allowed|Denied)[ :]+CONN=.*? "
    r"(?:MAC=(?P<mac>\S+) +)?SRC=(?P<source>[0-9A-Fa-f.:]+) +DST=(?P<destination>[0-9A-Fa-f.:]+) "
)
_SOURCE, _DESTINATION = pl.col("source"), pl.col("destination")

FORMAT = LogFormat(
    id="peplink",
    title="Peplink router firewall log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" CONN=",)),
            clock=FirstOf((Yearless("time"), SYSLOG)),
            event={
                "source_ip": _SOURCE,
                "source_mac": pl.col("mac"),
                "destination_ip": _DESTINATION,
                "event_action": event_action(pl.col("verdict") == "Denied"),
            },
            skip=no_visit(_SOURCE, _DESTINATION),
        ),
    ),
)
