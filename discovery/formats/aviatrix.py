"""Aviatrix gateways: names that the FQDN filter saw in TLS hellos and HTTP, and packets that micro-segmentation logs.

After the vendor's documentation (“Logging”, AviatrixFQDNRule and AviatrixGwMicrosegPacket). A name that no rule matched is dropped.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_NAME = r".{0,80}?AviatrixFQDNRule.* S_IP=(?P<source>\S+) D_IP=(?P<destination>\S+) hostname=(?P<site>\S+) state=(?P<verdict>\w+).*$"
_PACKET = (
    r".{0,80}?AviatrixGwMicrosegPacket: (?:.*? )?SRC_MAC=(?P<mac>\S+) .*?\bSRC_IP=(?P<source>\S+) DST_IP=(?P<destination>\S+) .*?"
    r"\bACT=(?P<verdict>\w+).*$"
)
_ENDS = {"source_ip": pl.col("source"), "destination_ip": pl.col("destination")}
_SKIP = no_visit(pl.col("source"), pl.col("destination"))

FORMAT = LogFormat(
    id="aviatrix",
    title="Aviatrix gateway log",
    family="firewall",
    cannot_tell=(NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            name="names",
            kind=Pattern(_NAME, marks=("AviatrixFQDNRule",)),
            clock=SYSLOG,
            event={**_ENDS, "destination_domain": pl.col("site"), "event_action": event_action(pl.col("verdict") != "MATCHED")},
            skip=_SKIP,
            channel="name",
        ),
        Layout(
            name="packets",
            kind=Pattern(_PACKET, marks=("AviatrixGwMicrosegPacket",)),
            clock=SYSLOG,
            event={**_ENDS, "source_mac": pl.col("mac"), "event_action": event_action(pl.col("verdict") == "DENY")},
            skip=_SKIP,
        ),
    ),
)
