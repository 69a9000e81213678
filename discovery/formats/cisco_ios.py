"""Cisco routers (IOS and IOS XE): access lists that log, and the audit trail of the zone-based firewall.

Messages: Cisco, “System Message Guide” (SEC-6-IPACCESSLOGP, IPV6_ACL-6-ACCESSLOGP, FW-6-SESS_AUDIT_TRAIL, FW-6-DROP_PKT); of others nothing is
needed. An access list writes the first packet of a connection, then every five minutes how many followed; the audit trail its end with the bytes.
The time is the router's, mostly without year and zone.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, FirstOf, Worded, Yearless

_ADDRESS = r"[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+"
_LINE = (
    r".{0,120}?(?:[*.]?(?P<time>[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?)(?: (?P<zone>[A-Z]{2,5}))?: ?)?"
    r"%(?:SEC|IPV6_ACL|FW|SYS|LINK|LINEPROTO|IOSXE|SEC_LOGIN|PARSER|DHCPD|CRYPTO)-\d-[A-Z0-9_]+: +(?:.{0,120}?%FW-\d-[A-Z_]+: )?"
    rf"(?:list \S+ (?P<verdict>permitted|denied) \S+ (?P<source>{_ADDRESS})(?:\((?P<port>\d+)\))?(?: \(\S+(?: (?P<mac>[0-9a-f.]{{14}}))?[^)]*\))? -> "
    rf"(?P<destination>{_ADDRESS})(?:\((?P<to>[\d/]+)\))?.*?, (?P<packets>\d+) packets?"
    rf"|.*?Stop \S+ session: initiator \((?P<client>{_ADDRESS}):\d+\) sent (?P<sent>\d+) bytes -- "
    rf"responder \((?P<server>{_ADDRESS}):\d+\) sent (?P<received>\d+) bytes"
    rf"|Dropping \S+ (?:session|pkt) (?P<dropped>{_ADDRESS}):\d+ (?:=> )?(?P<refused>{_ADDRESS}):\d+ |(?P<note>.*))"
)
_SOURCE = pl.coalesce("source", "client", "dropped")
_DESTINATION = pl.coalesce("destination", "server", "refused")

FORMAT = LogFormat(
    id="cisco-ios",
    title="Cisco router (IOS) log",
    family="firewall",
    cannot_tell=("Which site was visited: this log only has addresses. A DNS log of the same days has names.", NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("%SEC-", "%FW-", "%IPV6_ACL-")),
            clock=FirstOf((Worded(("time", "zone")), Yearless("time"), SYSLOG)),
            event={
                "source_ip": _SOURCE,
                "source_mac": pl.col("mac"),
                "destination_ip": _DESTINATION,
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
                "event_action": event_action((pl.col("verdict") == "denied") | pl.col("dropped").is_not_null()),
            },
            skip={
                "message of the device": _SOURCE.is_null(),
                **no_visit(_SOURCE, _DESTINATION),
            },
            requests=pl.when(pl.col("packets") != "1").then(0).otherwise(1),
            session=pl.concat_str("source", pl.col("port").fill_null(""), "destination", pl.col("to").fill_null(""), separator=" "),
        ),
    ),
)
