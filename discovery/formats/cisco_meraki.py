"""Cisco Meraki MX and MR syslog (https://documentation.meraki.com/General_Administration/Monitoring_and_Reporting/Syslog_Event_Types_and_Log_Samples).

`urls` names the site of a request, `content_filtering_block` of a refused one, `flows` and the `firewall` kinds a connection that a rule allowed
or denied; rules of some kinds write 0 for what they allow, 1 for what they deny. The time is epoch seconds, unless a relay
wrote it anew.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, own, to_many
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_LINE = (
    r"(?:<\d{1,3}>)?(?:1 )?(?:(?P<epoch>\d{9,10}\.\d+)|(?P<iso>\d{4}-\d\d-\d\dT\S+)) (?P<device>[^=]*?) ?(?P<kind>urls|flows"
    r"|(?:[a-z0-9_]+_)?firewall|ip_flow_start|ip_flow_end|security_event|ids-alerts|airmarshal_events|security_filtering_[a-z_]+|events) (?P<rest>.*)"
)
_KIND, _REST = pl.col("kind"), pl.col("rest")


def _address(*keys: str) -> pl.Expr:
    """An address with its port; IPv6 is written in full, without brackets."""
    found = _REST.str.extract(rf"\b(?:{'|'.join(keys)})='?([^\s']+)", 1)
    return found.str.replace(r"^((?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}):\d+$", "$1")


_SOURCE, _TARGET = _address("src"), _address("dst", "server")
_MAC = _REST.str.extract(r"\b(?:client_)?mac='?([0-9A-Fa-f:]+)", 1)
_URL = pl.coalesce(_REST.str.extract(r"\brequest: \S+ '?([^\s']+)", 1), _REST.str.extract(r"\burl='?([^\s']+)", 1))
_SAID = r"(?:^|\bpattern: (?:Group Policy )?|\b(?:action|decision)='?)(?i:(allow|deny|block|[01] )(?:ed\b)?)"
_VERDICT = _REST.str.extract(_SAID, 1).str.to_lowercase().str.strip_chars()
_FLOW = _KIND.str.contains(r"^flows$|firewall$|^ip_flow_start$")
_FILTERED = (_KIND == "events") & _REST.str.contains(r"^(?:type=)?content_filtering_block\b")
_SCANNED = _REST.str.starts_with("security_filtering_file_scanned") | (_KIND == "security_filtering_file_scanned")

FORMAT = LogFormat(
    id="cisco-meraki",
    title="Cisco Meraki log",
    family="firewall",
    cannot_tell=(
        NO_COUNTS,
        "How often exactly a site was visited: where sessions and URLs are both logged, a visit is counted by each.",
    ),
    layouts=(
        Layout(
            kind=Pattern(
                _LINE, marks=(" urls ", " flows ", "firewall ", " ip_flow_", " events ", "security_", " airmarshal_events ", " ids-alerts ")
            ),
            clock=FirstOf((Epoch("epoch"), Iso("iso"))),
            event={
                "source_ip": _SOURCE,
                "source_mac": _MAC,
                "destination_domain": host_of(_URL),
                "destination_ip": _TARGET,
                "event_action": event_action(_FILTERED | _VERDICT.is_in(["deny", "block", "1"]), _VERDICT.is_in(["allow", "0"])),
            },
            skip={
                "event of the device": ~(_FLOW | _SCANNED | _FILTERED | (_KIND == "urls")),
                "no connection: neither TCP nor UDP": _FLOW & ~_REST.str.contains("dport=", literal=True),
                "to a group or to everybody, no site": _FLOW & to_many(_TARGET),
                INBOUND: _FLOW & _MAC.is_null() & ~own(_SOURCE.str.strip_chars("[]")),
            },
            channel=pl.when(_FLOW).then(pl.lit("bytes")).otherwise(pl.lit("name")),
            requests=pl.when(_SCANNED).then(0).otherwise(1),
            session=pl.when(~_FLOW).then(pl.concat_str(_SOURCE, _TARGET, separator=" ")),
        ),
    ),
)
