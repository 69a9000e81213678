"""The packet filter's log of pfSense and OPNsense, `filterlog` (https://docs.netgate.com/pfsense/en/latest/monitoring/logs/raw-filter-format.html).

Columns behind the ninth differ for IPv4 and IPv6. A rule logs the first packet of a connection; other packets are strays without a state.
What passes on its way out has passed on its way in, and bears the firewall's own address by then.
"""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.delimited import Delimited
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG

_HEAD = ("rule", "subrule", "anchor", "tracker", "interface", "reason", "action", "direction", "version")
_COLUMNS = (*_HEAD, *(str(place) for place in range(len(_HEAD), 24)))
_RULE = r"^(?:filterlog(?:\[\d+\])?: *)?@?\d+$"  # a collector that took off the header may have left the program's name
_SIX = pl.col("version") == "6"
_ACTION = pl.col("action").str.to_lowercase()


def _either(six: int, four: int) -> pl.Expr:
    """The column of an IPv6 record or of an IPv4 record."""
    return pl.when(_SIX).then(pl.col(str(six))).otherwise(pl.col(str(four)))


_SOURCE, _DESTINATION, _FLAGS = _either(15, 18), _either(16, 19), _either(20, 23)
_TCP = _either(12, 16).str.to_lowercase() == "tcp"
_OPENING = _FLAGS.str.contains("S", literal=True) & ~_FLAGS.str.contains("A", literal=True)

FORMAT = LogFormat(
    id="pfsense",
    title="pfSense or OPNsense filter log",
    family="firewall",
    cannot_tell=(NO_NAMES, "How much was sent or received: a rule logs the first packet only.", NO_PERSON),
    layouts=(
        Layout(
            kind=Delimited(",", _COLUMNS, least=17),
            clock=SYSLOG,
            only=pl.col("version").is_in(["4", "6"]) & pl.col("direction").is_in(["in", "out"]) & pl.col("rule").str.contains(_RULE),
            event={
                "source_ip": _SOURCE,
                "destination_ip": _DESTINATION,
                "event_action": event_action(_ACTION.is_in(["block", "reject", "drop"]), _ACTION == "pass"),
            },
            skip={
                "on its way out, counted where it came in": (pl.col("direction") == "out") & (_ACTION == "pass"),
                **no_visit(_SOURCE, _DESTINATION),
            },
            requests=pl.when(_TCP & ~_OPENING).then(0).otherwise(1),
        ),
    ),
)
