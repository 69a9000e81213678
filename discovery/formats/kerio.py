"""Kerio Control: connection log, filter log (URL rules) and web log (https://manuals.gfi.com/en/kerio/control/content/logs/using-logs.html).

Written after the vendor's documented examples; no sample seen. The HTTP log is that of a web server or of a caching proxy, as set up there; where it
keeps the time of the other logs before each line, it is read here. A connection is written once, at its end; its bytes are sent, received, both.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp, Zoned

_TIME = r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4} \d\d:\d\d:\d\d)\] "
_RELAYED = rf"(?:{_TIME})?"  # by syslog, the time stands in its header
_CLOCK = FirstOf((Stamp(("time",), ("%d/%b/%Y %H:%M:%S",)), SYSLOG))
_CONNECTION = (
    _RELAYED + r"\[ID\] \d+ (?:\[Rule\] .*? )?(?:\[Service\] .*? )?(?:\[User\] (?P<user>.*?) )?\[Connection\] (?P<protocol>\S+) "
    r"(?:(?P<name>[^ ()]+) \()?(?:(?P<client>\[?[0-9A-Fa-f.:]+\]?)\)?|(?P<machine>[A-Za-z0-9_.-]+))(?::\d+)? -> "
    r"(?P<site>[^ :]+|\[[0-9A-Fa-f:]+\])(?P<port>:\d+)?"
    r"(?: \[Duration\] \S+ sec)?(?: \[Bytes\] (?P<sent>\d+)/(?P<received>\d+)/\d+)?"
)
_FILTER = (
    _RELAYED + r"(?:(?P<action>ALLOW|DENY|PERMIT|DROP) URL '[^']*' (?P<client>[0-9A-Fa-f.:]+) (?:(?P<user>\S+) )?(?:HTTPS?|FTP) [A-Z]+ (?P<url>\S+)"
    r"|(?P<packet>(?:PERMIT|DENY|DROP|ALLOW) .*? packet .*))"
)
_WEB = _TIME + r'(?P<client>[0-9A-Fa-f.:]+) (?P<user>\S+) "(?P<title>.*)" (?P<url>[a-z]+://\S+)$'
_HTTP = (
    _TIME + r'(?P<client>[0-9A-Fa-f.:]+) - (?P<user>\S+) \[(?P<stamp>[^\]]+)\] "(?:HTTP/[\d.]+" ")?[A-Z]+ (?P<url>[a-z]+://[^\s"]+|[^\s/"]+:\d+)'
    r'[^"]*" \d{3} (?P<received>\d+).*'
)

FORMAT = LogFormat(
    id="kerio",
    title="Kerio Control log",
    family="firewall",
    layouts=(
        Layout(
            name="connections",
            kind=Pattern(_CONNECTION, marks=("[Connection]",)),
            clock=_CLOCK,
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "host_name": pl.coalesce("name", "machine"),
                "destination_domain": pl.col("site"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
            },
        ),
        Layout(
            name="URL filter",
            kind=Pattern(_FILTER, marks=(" URL '", " packet ")),
            clock=_CLOCK,
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("url")),
                "event_action": event_action(pl.col("action").is_in(["DENY", "DROP"])),
            },
            skip={"packet, no visit": pl.col("packet").is_not_null()},
            channel="name",
        ),
        Layout(
            name="web",
            kind=Pattern(_WEB),
            clock=_CLOCK,
            event={"user_name": pl.col("user"), "source_ip": pl.col("client"), "destination_domain": host_of(pl.col("url"))},
            channel="name",
        ),
        Layout(
            name="HTTP",
            kind=Pattern(_HTTP),
            clock=FirstOf((Zoned(("stamp",), ("%d/%b/%Y:%H:%M:%S %z",)), *_CLOCK.clocks)),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("url")),
                "destination_bytes": pl.col("received"),
            },
        ),
    ),
)
