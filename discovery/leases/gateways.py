"""Notices of gateways and wireless controllers that a device was given an address, among their events: each in its maker's sentence.

Cisco ASA (604103, 604104), Cisco Meraki, FortiGate (“DHCP Ack log”), Palo Alto PAN-OS (SYSTEM, dhcp), SonicWall, Sophos Firewall, Technitium DNS
Server and TP-Link Omada. Where a log holds more of other events it is that of the device, and these lines are passed over.
"""

import polars as pl

from discovery.kinds.pattern import Pattern
from discovery.leases.base import LeaseFormat
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import SYSLOG, Clock, Epoch, FirstOf, Iso, Stamp, Yearless

_IP = r"\d{1,3}(?:\.\d{1,3}){3}"
_MAC = r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}"
_DOTTED = r"(?:01)?(?P<mac>[0-9A-Fa-f.]{14,15})"


def _said(sign: str, line: str, *clocks: Clock) -> Notices:
    """Lines with these groups: ip, mac (`ip_`, `mac_` in a second sentence), host, seconds; gone is there where the device holds it no longer."""
    address = pl.coalesce("ip", "ip_")
    return Notices(
        sign=sign,
        kind=Pattern(line),
        clock=FirstOf(clocks),
        act=pl.when(pl.col("gone").is_not_null()).then(pl.lit(ENDED)).when(address.is_not_null()).then(pl.lit(HELD)),
        said={"source_ip": address, "source_mac": pl.coalesce("mac", "mac_"), "host_name": pl.col("host"), "seconds": pl.col("seconds")},
    )


FORMAT = LeaseFormat(
    id="gateway-leases",
    title="DHCP notices of a gateway or controller",
    carriers=(
        _said(
            "DHCP daemon interface",
            r"(?:.*?(?P<date>[A-Z][a-z]{2} +\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d))?.*?%[A-Z]+-\d-60410\d: DHCP daemon interface [^:]*: +"
            rf"address (?:granted|(?P<gone>released)) {_DOTTED} \((?P<ip>{_IP})\)",
            Stamp(("date",), ("%b %d %Y %H:%M:%S",)),
            Yearless("date"),
            SYSLOG,
        ),
        _said(
            "dhcp lease of ip",
            rf".*?(?P<epoch>\d{{10}}\.\d+) \S+ events dhcp lease of ip (?P<ip>{_IP}) .*?for client mac (?P<mac>{_MAC})",
            Epoch("epoch"),
        ),
        _said(
            "dhcp_msg=",
            r".*?date=(?P<date>\S+?)[ ,]time=(?P<time>[\d:]+).*?(?:eventtime=(?P<epoch>\d+).*?)?"
            rf'dhcp_msg="?(?:Ack|(?P<gone>Release|Decline))"?[ ,].*?mac="?(?P<mac>{_MAC})"?[ ,]ip=(?P<ip>{_IP})'
            r'(?:[ ,]lease=(?P<seconds>\d+))?(?:[ ,]hostname="(?P<host>[^"]*)")?',
            Epoch("epoch"),
            Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)),
        ),
        _said(
            "DHCP lease started|DHCP RENEW|lease-start",
            r".*?,(?P<date>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d),[^,]*,SYSTEM,dhcp,.*?(?:lease started|(?P<gone>lease expired|lease released)|[Ll]ease \w+)"
            rf",? ip (?P<ip>{_IP}) --> mac (?P<mac>{_MAC})(?: - hostname (?P<host>[^,\s]+))?",
            Stamp(("date",), ("%Y/%m/%d %H:%M:%S",)),
        ),
        _said(
            r'note="IP=',
            rf'.*?\btime="(?P<date>[^"]+?)(?: UTC)?".*?note="IP=(?P<ip>{_IP}), HostName=(?P<host>[^,]*), MAC=(?P<mac>{_MAC})',
            Iso("date"),
        ),
        _said(
            "client_physical_address=",
            r'.*?(?:timestamp="(?P<iso>[^"]+)"|date=(?P<date>\S+) time=(?P<time>\S+)).*?(?:status="(?:(?P<gone>Expire|Release)|[^"]*)".*?)?'
            rf'ipaddress="(?P<ip>{_IP})"(?: client_physical_address="(?P<mac>[^"]*)")?(?: client_host_name="(?P<host>[^"]*)")?',
            Iso("iso"),
            Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)),
        ),
        _said(
            "DHCP Server leased IP address",
            rf"\[(?P<iso>[^\]]+?)(?: UTC)?\] .*?DHCP Server leased IP address \[(?P<ip>{_IP})\] to (?P<host>\S+) \[(?P<mac>{_MAC})\]",
            Iso("iso"),
        ),
        _said(
            r"allocated IP address \S+ for the|\[client:",
            r".*?(?P<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?) .*?"
            rf"(?:allocated IP address (?P<ip>{_IP}) for the (?:client)? ?\[(?:MAC: ?|client: ?)?(?P<mac>{_MAC})\]"
            rf"|\[client:(?P<host>[^\]]*?):?(?P<mac_>{_MAC})\] *\(IP: ?(?P<ip_>{_IP})[^)]*\) +(?:(?P<gone>went offline|is disconnected)|.*)"
            r"|(?P<note>\[(?:client|ap|switch|gateway|controller):.*|DHCP Server re.*|DHCPS .*|.* logged in to the controller.*))",
            Iso("iso"),
        ),
    ),
)
