"""The Windows Firewall's own log, pfirewall.log, of one computer (Microsoft Learn, “Configure Windows Firewall logging”).

Times are local, without zone. Sizes are of packets, 0 where a connection was allowed. CLOSE has no bytes either.
"""

from dataclasses import replace

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.delimited import Delimited
from discovery.kinds.extended import Extended
from discovery.kinds.reach import INBOUND, to_many
from discovery.times import Stamp

_COLUMNS = (
    *("date", "time", "action", "protocol", "src-ip", "dst-ip", "src-port", "dst-port", "size", "tcpflags", "tcpsyn", "tcpack", "tcpwin"),
    *("icmptype", "icmpcode", "info", "path"),
)
_ACTIONS = ("ALLOW", "DROP", "OPEN", "CLOSE", "OPEN-INBOUND", "INFO-EVENTS-LOST")
_ACTION, _TO = pl.col("action").str.to_uppercase(), pl.col("dst-ip")
_HEADED = Layout(
    kind=Extended(must=(("src-ip",), ("dst-ip",), ("action",))),
    clock=Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)),
    only=_ACTION.is_in(_ACTIONS),
    event={
        "source_ip": pl.col("src-ip"),
        "destination_ip": _TO,
        "event_action": event_action(_ACTION == "DROP"),
    },
    skip={
        "note of the firewall": _ACTION == "INFO-EVENTS-LOST",
        "end of a connection, counted at its opening": _ACTION == "CLOSE",
        INBOUND: (pl.col("path").str.to_uppercase() == "RECEIVE") | (_ACTION == "OPEN-INBOUND"),
        "within the machine itself": (pl.col("src-ip") == _TO) | _TO.str.contains(r"^(?:127\.|::1$)"),
        "to a group or to everybody, no site": to_many(_TO),
    },
)

FORMAT = LogFormat(
    id="windows-firewall",
    title="Windows Firewall log",
    family="firewall",
    cannot_tell=(NO_NAMES, "How much was sent or received: sizes are of single packets.", NO_PERSON),
    layouts=(_HEADED, replace(_HEADED, name="without its header", kind=Delimited(" ", _COLUMNS, least=16, comment="#"))),
)
