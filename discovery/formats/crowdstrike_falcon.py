"""CrowdStrike Falcon: names that computers looked up and connections they opened, as Falcon Data Replicator writes them, and its firewall's events.

Fields after the vendor's “Events Data Dictionary” (DnsRequest, NetworkConnectIP4, FirewallRuleIP4Matched). An event may name its computer only by
the number of the agent.
"""

import polars as pl

from discovery.answers import Answers
from discovery.format import NO_COUNTS, LogFormat, only_blocked
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts import endpoint
from discovery.times import Epoch, FirstOf, Iso

_PATHS = {
    "event_simpleName": ("#event_simpleName", "event.EventType"),
    "address": ("RemoteAddressIP4", "RemoteAddressIP6", "event.RemoteAddress"),
    "client": ("LocalAddressIP4", "LocalAddressIP6", "LocalIP", "event.LocalAddress"),
    "computer": ("ComputerName", "event.HostName", "aid", "event.DeviceId"),
    "direction": ("ConnectionDirection", "event.ConnectionDirection"),
    "action": ("RuleAction", "event.RuleAction"),
    "time": ("ContextTimeStamp", "event.Timestamp", "timestamp", "@timestamp"),
}
_KIND = pl.col("event_simpleName")
_DNS = _KIND.str.contains("DnsRequest")

FORMAT = LogFormat(
    id="crowdstrike-falcon",
    title="CrowdStrike Falcon events of computers",
    family="firewall",
    cannot_tell=(NO_COUNTS, "What browsers ask that look up names on their own (DNS over HTTPS)."),
    layouts=(
        endpoint.records(
            JsonLines(must=("event_simpleName",), paths=_PATHS),
            FirstOf((Epoch("time"), Iso("time"))),
            _KIND.str.contains(r"^[A-Z]\w+$"),
            {
                "user": pl.col("UserName"),
                "client": pl.col("client"),
                "machine": pl.col("computer"),
                "asked": pl.when(_DNS).then("DomainName"),
                "address": pl.when(_KIND.str.contains("NetworkConnect|FirewallRule")).then("address"),
                "inbound": pl.col("direction") == "1",
                "action": only_blocked(pl.col("action") == "2"),
            },
            Answers(said=pl.col("IP4Records").str.split(";"), when=_DNS),
        ),
    ),
)
