"""Log of Netgear routers: sites that were visited or refused, as the page Advanced > Administration > Logs shows, mails or sends them.

`[site allowed: NAME] from source ADDRESS, Monday, February 20, 2006 04:56:01` (the messages of the router's published `syslogd`). Times are local;
sent to syslog, whose header has it, a line has no time of its own. Later routers write `from MAC Address` instead.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp

_LINE = (
    r"\[(?:(?i:site) (?P<verdict>allowed|blocked): (?P<site>[^\]]*)\] from (?:source (?P<client>[^\s,]+)|MAC Address (?P<mac>[0-9A-Fa-f:]+))"
    r"|(?P<note>[A-Za-z][^\]]*)\].*?),?"
    r"(?: (?:[A-Z][a-z]+day, ?)?(?P<time>[A-Z][a-z]+ \d{1,2}, ?\d{4} \d\d:\d\d:\d\d))?$"
)

FORMAT = LogFormat(
    id="netgear",
    title="Netgear router log",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("ite allowed: ", "ite blocked: ", "[LAN access from remote] ", "[DHCP IP: ", "[Admin login", "[DoS ")),
            clock=FirstOf((Stamp(("time",), ("%B %d, %Y %H:%M:%S", "%B %d,%Y %H:%M:%S")), SYSLOG)),
            event={
                "source_ip": pl.col("client"),
                "source_mac": pl.col("mac"),
                "destination_domain": host_of(pl.col("site")),
                "event_action": pl.col("verdict"),
            },
            skip={"event of the device": pl.col("note").is_not_null()},
            channel="name",
        ),
    ),
)
