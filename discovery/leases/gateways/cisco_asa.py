"""Cisco ASA: messages 604103 and 604104 (“Secure Firewall ASA Series Syslog Messages”). A client is its MAC, behind 01 for Ethernet."""

from discovery.leases.notices import ADDRESS, sentences
from discovery.times import SYSLOG, Stamp, Yearless

CARRIER = sentences(
    "DHCP daemon interface",
    r"(?:.*?(?P<date>[A-Z][a-z]{2} +\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d))?.*?%[A-Z]+-\d-60410\d: DHCP daemon interface [^:]*: +"
    rf"address (?:granted|(?P<gone>released)) (?:01)?(?P<mac>[0-9A-Fa-f.]{{14,15}}) \((?P<ip>{ADDRESS})\)",
    Stamp(("date",), ("%b %d %Y %H:%M:%S",)),
    Yearless("date"),
    SYSLOG,
)
