"""Azure Firewall's logs: sentences in `msg` (AzureDiagnostics), or fields (categories AZFW…), as records or rows of Log Analytics.

Fields after https://learn.microsoft.com/azure/firewall/monitor-firewall-reference. The application rules name the site, the network rules the
address, the DNS proxy what was asked. Threat and intrusion records repeat a request that a rule has logged, unless they stopped it.
"""

from dataclasses import replace

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import DayMonth, FirstOf, Iso

_MSG = pl.col("msg")
_FROM = r" request from ([0-9A-Fa-f.]+|\[?[0-9A-Fa-f:]+\]?):?\d*(?:[ .]|$)"
_TO = r" to (?:https?://)?(\[[0-9A-Fa-f:]+\]|[^\s:/]+)(?::\d*)?(?:[ ./]|$)"
_ASKED = _MSG.str.extract(r"^DNS Request: .* - \d+ \S+ \S+ (\S+) ", 1)
_TARGET = _MSG.str.extract(_TO, 1).str.strip_suffix(".")
_IS_ADDRESS = _TARGET.str.contains(r"^[\d.]+$|:")
_CATEGORY = pl.col("category")
_DNS = _CATEGORY.is_in(["AzureFirewallDnsProxy", "AZFWDnsQuery"])
_VERDICT = pl.coalesce("action", _MSG.str.extract(r"Action: (\w+)", 1)).str.to_lowercase()
_REFUSED = (_VERDICT.is_in(["deny", "drop", "block"]) | _MSG.str.contains("No rule matched", literal=True)).fill_null(value=False)
_SOURCE = pl.coalesce("source", _MSG.str.extract(_FROM, 1), _MSG.str.extract(r"^DNS Request: (\S+?):\d+ - ", 1))
_ADDRESS = pl.coalesce("destination", pl.when(_IS_ADDRESS).then(_TARGET))
_NAMES = {
    "category": ("category", "Category", "Type"),
    "time": ("time", "TimeGenerated", "TimeGenerated [UTC]"),
    "msg": ("properties.msg", "msg_s", "Message"),
    "source": ("properties.SourceIp", "SourceIp", "SourceIP"),
    "destination": ("properties.DestinationIp", "DestinationIp"),
    "fqdn": ("properties.Fqdn", "Fqdn"),
    "url": ("properties.TargetUrl", "TargetUrl"),
    "query": ("properties.QueryName", "QueryName"),
    "action": ("properties.Action", "Action"),
}
_PATHS = {field: tuple(name for name in names if name != field) for field, names in _NAMES.items()}
_SPELLINGS = {field: tuple(name.lower().replace(" [utc]", "_utc") for name in names) for field, names in _NAMES.items()}


def _told(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(name)


_JSON = Layout(
    name="JSON",
    kind=JsonLines(must=("category",), paths=_PATHS),
    clock=FirstOf((Iso("time"), DayMonth(("time",)))),
    only=_CATEGORY.str.contains("^(?:AzureFirewall|AZFW)") & pl.col("time").is_not_null(),
    event={
        "source_ip": _SOURCE,
        "destination_domain": pl.coalesce(_told("query"), _ASKED, _told("fqdn"), host_of(_told("url")), pl.when(~_IS_ADDRESS).then(_TARGET)),
        "destination_ip": pl.when(~_DNS).then(_ADDRESS),
        "event_action": event_action(_REFUSED, _VERDICT.is_in(["allow", "alert"])),
    },
    skip={
        "translation of an address coming in": (_CATEGORY == "AZFWNatRule") | _MSG.str.contains("was DNAT'ed", literal=True),
        "alert, counted at its rule": ~_REFUSED & (_CATEGORY.is_in(["AZFWThreatIntel", "AZFWIdpsSignature"]) | (_VERDICT == "alert")),
        "event of the device": _SOURCE.is_null() | _CATEGORY.str.contains("FatFlow|FlowTrace|Aggregation|Failure"),
        INBOUND: from_outside(_SOURCE, _ADDRESS),
    },
    channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("name")),
)

FORMAT = LogFormat(
    id="azure-firewall",
    title="Azure Firewall log",
    family="firewall",
    cannot_tell=(
        "How much was sent or received: this log has no sizes of visits.",
        NO_PERSON,
    ),
    layouts=(_JSON, replace(_JSON, name="CSV", kind=Named(_SPELLINGS, must=(("category",), ("time",), ("msg", "source"))))),
)
