"""Hillstone StoneOS traffic logs (“StoneOS Log Messages Reference Guide”): sessions when they end, refused ones, and address translation.

A message is words and values between commas, in an order that changes with the version. A session's end has its bytes and its beginning; the
record of its translation comes when it begins. Of the logs of web surfing no sample was seen.
"""

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, own
from discovery.times import SYSLOG, FirstOf, Stamp

_END = r"(?P<{0}>\[[^\]]+\]|[0-9A-Fa-f.:]+?):(?P<{0}_port>\d+)(?:\((?P<{0}_side>[^)]*)\))?"
_LINE = (
    r"(?:(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), |(?:\S+\([^)]*\) )?[0-9a-f]{8} )(?:HillstoneNetworks#)?\w+@\w+: "
    rf"(?:(?P<what>SESSION|NAT): {_END.format('client')}->{_END.format('server')}"
    r"(?P<rest>(?:.*?start time (?P<start>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d))?.*)|(?P<note>.*))"
)
_REST, _NAT = pl.col("rest"), pl.col("what") == "NAT"
_REFUSED = _REST.str.contains(r"policy deny|deny\b")

_LAYOUT = Layout(
    kind=Pattern(_LINE, marks=("@FLOW: ",)),
    clock=FirstOf((Stamp(("start",), ("%Y-%m-%d %H:%M:%S",)), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
    event={
        "user_name": _REST.str.extract(r"\buser ([^@,\s]+)@", 1),
        "source_ip": pl.col("client").str.strip_chars("[]"),
        "source_mac": _REST.str.extract(r"\bmac ([0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})", 1).replace("0000.0000.0000", None),
        "host_name": _REST.str.extract(r"\bhost ([^,\s]+)", 1),
        "destination_ip": pl.col("server").str.strip_chars("[]"),
        "source_bytes": _REST.str.extract(r"send bytes (\d+)", 1),
        "destination_bytes": _REST.str.extract(r"receive bytes (\d+)", 1),
        "event_action": event_action(_REFUSED),
    },
    skip={
        "message of the device": pl.col("note").is_not_null(),
        STARTED: _REST.str.contains("session start", literal=True),
        INBOUND: ~own(pl.col("client").str.strip_chars("[]")) | (_NAT & _REST.str.contains(r"\bdnat to ")),
        "no connection: neither TCP nor UDP": pl.col("server_side").str.starts_with("ICMP") | _REST.str.contains(r"(?i), protocol icmp"),
    },
    requests=pl.when(_NAT | _REFUSED).then(1).otherwise(0),
    session=pl.concat_str("client", "client_port", "server", "server_port", separator=" "),
)

FORMAT = LogFormat(
    id="hillstone",
    title="Hillstone firewall log",
    family="firewall",
    layouts=(*with_beginnings(_LAYOUT, _REST.str.contains("session end", literal=True)),),
)
