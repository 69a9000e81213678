"""Clash and mihomo: one line for each connection, with the rule that matched and the way out.

After `logMetadata` and the logger of https://github.com/MetaCubeX/mihomo (tunnel/tunnel.go, log/log.go). A client is followed by the program that
asked, where that is looked up; the way out is a chain of names, of which `REJECT` refuses.
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Iso

_LINE = (
    r'time="(?P<time>[^"]+)" level=\w+ msg="(?:'
    r"\[(?:TCP|UDP)\] (?:\[[^\]]*\] )?(?P<client>\[[^\]]+\]|[^\s:(]+):\d+(?:\([^)]*\))? --> (?P<site>\S+) "
    r"(?:(?P<failed>error: .*)|(?:match .*? ?)?using (?P<way>.+)|doesn't match .*)"
    r"|\[(?:TCP|UDP)\] dial (?P<dialled>.*)|(?P<note>\[(?:DNS|Sniffer|Process|Rule|Config|Provider|API|Metadata|TUN|GeoIP|GeoSite)\].*|"
    r'Start initial .*|.* listening at: .*|Initial configuration complete.*|.*[Cc]lash.*|.*[Mm]ihomo.*))"\s*$'
)

FORMAT = LogFormat(
    id="clash",
    title="Clash or mihomo log",
    family="proxy",
    cannot_tell=(NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=('msg="[TCP] ', 'msg="[UDP] ')),
            clock=Iso("time"),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("site")),
                "event_action": event_action(pl.col("way").str.contains("REJECT")),
            },
            skip={
                "message of the program": pl.col("note").is_not_null(),
                "connection that failed": pl.coalesce("failed", "dialled").is_not_null(),
            },
            channel="name",
        ),
    ),
)
