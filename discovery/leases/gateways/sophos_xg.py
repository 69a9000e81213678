"""Sophos Firewall: system events of its DHCP server."""

from discovery.leases.notices import ADDRESS, sentences
from discovery.times import Iso, Stamp

CARRIER = sentences(
    "client_physical_address=",
    r'.*?(?:timestamp="(?P<iso>[^"]+)"|date=(?P<date>\S+) time=(?P<time>\S+)).*?(?:status="(?:(?P<gone>Expire|Release)|[^"]*)".*?)?'
    rf'ipaddress="(?P<ip>{ADDRESS})"(?: client_physical_address="(?P<mac>[^"]*)")?(?: client_host_name="(?P<host>[^"]*)")?',
    Iso("iso"),
    Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)),
)
