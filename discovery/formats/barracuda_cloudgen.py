"""Barracuda CloudGen Firewall: the activity log with or without keys (file, syslog), and JSON of the activity and web logs.

Keys after Barracuda Campus, “Firewall Activity Log” (https://campus.barracuda.com/product/cloudgenfirewall/doc/79465001/firewall-activity-log/).
A session is written when it begins (Allow), when its application is known (Detect) and at its end (Remove), then with its bytes. The numbers of
verdicts in the web log are not published: 0 is what passed.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, from_outside, own, to_many
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Zoned

_KEYS = (
    *("type", "proto", "srcIF", "srcIP", "srcPort", "srcMAC", "dstIP", "dstPort", "dstService", "dstIF", "rule", "info", "srcNAT", "dstNAT"),
    *("duration", "count", "receivedBytes", "sentBytes", "receivedPackets", "sentPackets", "user", "protocol", "application", "target"),
)
_LINE = (
    r" *(?:(?P<date>\d{4} \d\d \d\d \d\d:\d\d:\d\d) (?:\w+ +(?P<zone>[+-]\d\d:\d\d)|(?P<offset>[+-]\d\d:\d\d) \w+)|[A-Z][a-z]+ +\S+) +"
    r"(?:(?P<action>[A-Z]\w+): +" + r"\|".join(f"(?:{key}=)?(?P<{key}>[^|]*)" for key in _KEYS) + r"(?:\||$)|(?P<note>.+))"
)
_ACTION, _TYPE = pl.col("action"), pl.col("type")
_REFUSED = _ACTION.str.contains("(?i)block|deny|drop|reset")
_OPENED = "start of a session, counted at its end"


FORMAT = LogFormat(
    id="barracuda-cloudgen",
    title="Barracuda CloudGen Firewall log",
    family="firewall",
    layouts=(
        Layout(
            name="activity",
            kind=Pattern(_LINE),
            clock=FirstOf((*(Zoned(("date", zone), ("%Y %m %d %H:%M:%S %z",)) for zone in ("zone", "offset")), SYSLOG)),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("srcIP"),
                "source_mac": pl.col("srcMAC"),
                "destination_domain": host_of(pl.when(pl.col("target") != "").then("target")),
                "destination_ip": pl.col("dstIP"),
                "source_bytes": pl.when(_ACTION != "Detect").then("sentBytes"),
                "destination_bytes": pl.when(_ACTION != "Detect").then("receivedBytes"),
                "event_action": event_action(_REFUSED),
            },
            only=pl.col("note").is_null() | pl.col("date").is_not_null() | pl.col("syslog_tag").str.contains("^(?:box|srv)_"),
            skip={
                "message of another program": pl.col("note").is_not_null(),
                "traffic of the device itself": _TYPE.is_in(["LIN", "LOUT", "LB"]),
                _OPENED: _ACTION.str.contains("Allow$"),
                "event of the device": ~(_REFUSED | _ACTION.str.contains("Detect|Remove")),
                INBOUND: (_TYPE.is_in(["IFWD", "IPXY", "IPRX"]) & ~own(pl.col("srcIP"))) | from_outside(pl.col("srcIP"), pl.col("dstIP")),
                "to a group or to everybody, no site": to_many(pl.col("dstIP")),
            },
            requests=pl.when(_ACTION.str.contains("Remove")).then(0).otherwise(1),
            session=pl.when(~_REFUSED).then(pl.concat_str("proto", "srcIP", "srcPort", "dstIP", "dstPort", separator=" ")),
        ),
        Layout(
            name="web, JSON",
            kind=JsonLines(must=("traffic_type",)),
            clock=Epoch("timestamp"),
            only=pl.col("source_ip").is_not_null() & pl.col("fw_rule").is_not_null(),
            event={
                "user_name": pl.when(pl.col("user_type") == "1").then("user"),
                "source_ip": pl.col("source_ip"),
                "destination_domain": pl.coalesce(pl.when(pl.col("domain") != "").then("domain"), host_of(pl.col("name"))),
                "destination_ip": pl.col("destination_ip"),
                "destination_bytes": pl.col("size"),
                "event_action": pl.when(_ACTION == "0").then(pl.lit("allowed")),
            },
        ),
        Layout(
            name="activity, JSON",
            kind=JsonLines(must=("fw_info",)),
            clock=Epoch("timestamp"),
            only=pl.col("src_ip").is_not_null() & pl.col("fw_rule").is_not_null(),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("src_ip"),
                "source_mac": pl.col("src_mac"),
                "destination_ip": pl.col("dst_ip"),
                "source_bytes": pl.col("fwd_bytes"),
                "destination_bytes": pl.col("rev_bytes"),
                "event_action": event_action(_REFUSED),
            },
            skip={_OPENED: _ACTION.is_in(["Begin", "Start", "Allow"]), INBOUND: from_outside(pl.col("src_ip"), pl.col("dst_ip"))},
        ),
    ),
)
