"""Cisco Meraki MX: the event “dhcp lease”, with the time as an epoch."""

from discovery.leases.notices import ADDRESS, MAC, sentences
from discovery.times import Epoch

CARRIER = sentences(
    "dhcp lease of ip",
    rf".*?(?P<epoch>\d{{10}}\.\d+) \S+ events dhcp lease of ip (?P<ip>{ADDRESS}) .*?for client mac (?P<mac>{MAC})",
    Epoch("epoch"),
)
