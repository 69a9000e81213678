"""FortiGate: the system event “DHCP Ack log”, which says how long the lease holds, and those that end one."""

from discovery.leases.notices import ADDRESS, MAC, sentences
from discovery.times import Epoch, Stamp

CARRIER = sentences(
    "dhcp_msg=",
    r".*?date=(?P<date>\S+?)[ ,]time=(?P<time>[\d:]+).*?(?:eventtime=(?P<epoch>\d+).*?)?"
    rf'dhcp_msg="?(?:Ack|(?P<gone>Release|Decline))"?[ ,].*?mac="?(?P<mac>{MAC})"?[ ,]ip=(?P<ip>{ADDRESS})'
    r'(?:[ ,]lease=(?P<seconds>\d+))?(?:[ ,]hostname="(?P<host>[^"]*)")?',
    Epoch("epoch"),
    Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)),
)
