"""Edge firewall of VMware SD-WAN by VeloCloud (“VMware SD-WAN Administration Guide”, Syslog Message Format for Firewall Logs).

A stateful firewall tells when a session opens, is seen again after a change of rules, and closes; bytes are those the source sent and received.
"""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_LINE = (
    r"(?:\S+: )?(?:ACTION=)?VCF (?P<verdict>\w+) .*?\bSRC=(?P<source>[0-9A-Fa-f.:]+) DST=(?P<destination>[0-9A-Fa-f.:]+)"
    r"(?:.*?\bBYTES_SENT=(?P<sent>\d+))?(?:.*?\bBYTES_RECEIVED=(?P<received>\d+))?.*$"
)
_SOURCE, _DESTINATION, _VERDICT = pl.col("source"), pl.col("destination"), pl.col("verdict")

_LAYOUT = Layout(
    kind=Pattern(_LINE, marks=("VCF ",)),
    clock=SYSLOG,
    event={
        "source_ip": _SOURCE,
        "destination_ip": _DESTINATION,
        "source_bytes": pl.col("sent"),
        "destination_bytes": pl.col("received"),
        "event_action": event_action(_VERDICT == "Deny"),
    },
    skip={
        STARTED: _VERDICT == "Open",
        "interim record of a session, counted at its end": _VERDICT == "Update",
        **no_visit(_SOURCE, _DESTINATION),
    },
)

FORMAT = LogFormat(
    id="velocloud",
    title="VMware SD-WAN edge firewall log",
    family="firewall",
    cannot_tell=(NO_NAMES, NO_PERSON),
    layouts=(*with_beginnings(_LAYOUT, _VERDICT == "Close"),),
)
