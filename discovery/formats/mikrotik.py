"""MikroTik RouterOS logs: firewall, DNS and web proxy topics (https://help.mikrotik.com/docs/spaces/ROS/pages/328094/Log).

The verdict of a firewall rule stands only in the prefix that the administrator gave it, or in the name of a chain of theirs. A DNS query is asked
for in the line with `query from`.
Of the web proxy topic no sample was seen. Where the log is sent as CEF (from 7.18 on), the message stands under `msg` as it always was.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, own
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Iso, Stamp, Yearless

_KNOWN = "firewall|dns|web-proxy|system|dhcp|wireless|interface|pppoe|ppp|l2tp|pptp|ovpn|ipsec|hotspot|account|script|route|bridge|caps"
_TOPICS = rf"(?:(?P<topics>(?:[a-z0-9!-]+,)*(?:{_KNOWN})(?:,[a-z0-9!-]+)*):? )?"
_FIREWALL = (
    r"(?:(?P<prefix>.*?) ?(?P<chain>[\w-]+): )?in:(?P<in>\([^)]*\)|[^,]+?) out:(?:\([^)]*\)|[^,]+?),? ?"
    r"(?:connection-state:\S+ )?(?:connection-mark:\S+ )?(?:src-mac (?P<mac>[0-9A-Fa-f:]+), )?proto (?P<proto>\S+)(?: \([^)]*\))?, "
    r"(?P<client>\[[^\]]+\]|[0-9A-Fa-f.]+|[0-9A-Fa-f:]+?)(?::\d+)?->(?P<server>\[[^\]]+\]|[0-9A-Fa-f.]+|[0-9A-Fa-f:]+?)(?::\d+)?(?:,.*)?$"
)
_DNS = (
    r"(?:dns )?(?:query from (?P<asking>[^\s#]+?)(?:#\d+)?: (?:#\d+ )?(?P<name>\S+?)\.? (?P<type>[A-Z]+|UNKNOWN \(\d+\))"
    r"|(?P<asked>(?:local|done) query: #\d+ ).*)"
)
_PROXY = r"(?P<browser>[0-9A-Fa-f.:]+) (?P<method>[A-Z]+) (?P<url>\S+) +action=(?P<verdict>\w+)"
_OTHER = r"(?P<other>.*)"
_CEF = r"CEF: ?0\|MikroTik\|(?:[^|]*\|){3}(?P<sent_topics>[^|]*)\|[^|]*\|(?:.*? )?msg="
_LINE = (
    rf"(?:: )?(?:{_CEF}|"
    r"(?:(?P<date>[A-Za-z]{3}/\d\d(?:/\d{4})? \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d) )?"
    rf"{_TOPICS})(?:{_FIREWALL}|{_DNS}|{_PROXY}|{_OTHER})"
)
_TOPIC = pl.coalesce("sent_topics", "topics")
_CLIENT = pl.coalesce("client", "asking", "browser")
_VERDICT = pl.coalesce(pl.when(pl.col("prefix") != "").then("prefix"), "verdict", "chain")

FORMAT = LogFormat(
    id="mikrotik",
    title="MikroTik RouterOS log",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("firewall,", "dns,", "dns query from", "web-proxy,", "query from", " out:", "system,", "|MikroTik|")),
            clock=FirstOf((Iso("date"), Stamp(("date",), ("%b/%d/%Y %H:%M:%S",)), Yearless("date", "%b/%d %H:%M:%S"), SYSLOG)),
            only=_TOPIC.str.contains(rf"(?:^|,)(?:{_KNOWN})(?:,|$)") | pl.coalesce("client", "asking", "asked").is_not_null(),
            event={
                "source_ip": _CLIENT,
                "source_mac": pl.col("mac"),
                "destination_domain": pl.coalesce("name", host_of(pl.col("url"))),
                "destination_ip": pl.col("server"),
                "event_action": event_action(
                    _VERDICT.str.contains(r"(?i)drop|den(?:y|ied)|block|reject"), _VERDICT.str.contains(r"(?i)accept|allow|pass")
                ),
            },
            skip={
                "message of the device": pl.col("other").is_not_null(),
                "traffic of the device itself": pl.coalesce("chain", "syslog_tag").is_in(["input", "output"]) | pl.col("asked").is_not_null(),
                "no connection: neither TCP nor UDP": pl.col("proto").is_not_null() & ~pl.col("proto").str.to_uppercase().is_in(["TCP", "UDP"]),
                INBOUND: pl.col("client").is_not_null() & ~own(_CLIENT.str.strip_chars("[]")),
            },
            channel=pl.when(pl.col("name").is_not_null()).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
        ),
    ),
)
