"""Palo Alto PAN-OS: the SYSTEM log of subtype dhcp."""

from discovery.leases.notices import ADDRESS, MAC, sentences
from discovery.times import Stamp

CARRIER = sentences(
    ",SYSTEM,dhcp,",
    r".*?,(?P<date>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d),[^,]*,SYSTEM,dhcp,.*?(?:lease started|(?P<gone>lease expired|lease released)|[Ll]ease \w+)"
    rf",? ip (?P<ip>{ADDRESS}) --> mac (?P<mac>{MAC})(?: - hostname (?P<host>[^,\s]+))?",
    Stamp(("date",), ("%Y/%m/%d %H:%M:%S",)),
)
