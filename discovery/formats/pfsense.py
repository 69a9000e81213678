"""The packet filter's log of pfSense and OPNsense, `filterlog` (https://docs.netgate.com/pfsense/en/latest/monitoring/logs/raw-filter-format.html).

Columns behind the ninth differ for IPv4 and IPv6. A rule logs the first packet of a connection; other packets are strays without a state.
What passes on its way out has passed on its way in, and bears the firewall's own address by then. The live view of OPNsense
(`/api/diagnostics/firewall/log`) gives the same fields by name.
"""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, Clock, Iso

_HEAD = ("rule", "subrule", "anchor", "tracker", "interface", "reason", "action", "direction", "version")
_COLUMNS = (*_HEAD, *(str(place) for place in range(len(_HEAD), 24)))
_RULE = r"^(?:filterlog(?:\[\d+\])?: *)?@?\d+$"  # a collector that took off the header may have left the program's name
_SIX = pl.col("version") == "6"
_ACTION = pl.col("action").str.to_lowercase()
_WAY = pl.col("direction")


def _either(six: int, four: int) -> pl.Expr:
    """The column of an IPv6 record or of an IPv4 record."""
    return pl.when(_SIX).then(pl.col(str(six))).otherwise(pl.col(str(four)))


def _layout(name: str, kind: Kind, clock: Clock, only: pl.Expr, source: pl.Expr, destination: pl.Expr, protocol: pl.Expr, flags: pl.Expr) -> Layout:
    opening = flags.str.contains("S", literal=True) & ~flags.str.contains("A", literal=True)
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "source_ip": source,
            "destination_ip": destination,
            "event_action": event_action(_ACTION.is_in(["block", "reject", "drop"]), _ACTION == "pass"),
        },
        skip={
            "on its way out, counted where it came in": (_WAY == "out") & (_ACTION == "pass"),
            **no_visit(source, destination),
        },
        requests=pl.when((protocol.str.to_lowercase() == "tcp") & ~opening).then(0).otherwise(1),
    )


FORMAT = LogFormat(
    id="pfsense",
    title="pfSense or OPNsense filter log",
    family="firewall",
    cannot_tell=(NO_NAMES, "How much was sent or received: a rule logs the first packet only.", NO_PERSON),
    layouts=(
        _layout(
            "",
            Delimited(",", _COLUMNS, least=17),
            SYSLOG,
            pl.col("version").is_in(["4", "6"]) & _WAY.is_in(["in", "out"]) & pl.col("rule").str.contains(_RULE),
            _either(15, 18),
            _either(16, 19),
            _either(12, 16),
            _either(20, 23),
        ),
        _layout(
            "live view",
            JsonLines(must=("__timestamp__",), paths={"direction": ("dir",)}),
            Iso("__timestamp__"),
            pl.col("rulenr").is_not_null(),
            *(pl.col(name) for name in ("src", "dst", "protoname", "tcpflags")),
        ),
    ),
)
