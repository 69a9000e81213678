"""Technitium DNS Server: its log file, which is that of its DHCP server, too."""

from discovery.leases.notices import ADDRESS, MAC, sentences
from discovery.times import Iso

CARRIER = sentences(
    "DHCP Server leased IP address",
    rf"\[(?P<iso>[^\]]+?)(?: UTC)?\] .*?DHCP Server leased IP address \[(?P<ip>{ADDRESS})\] to (?P<host>\S+) \[(?P<mac>{MAC})\]",
    Iso("iso"),
)
