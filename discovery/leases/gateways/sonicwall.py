"""SonicWall SonicOS: the note of its messages about the DHCP server."""

from discovery.leases.notices import ADDRESS, MAC, sentences
from discovery.times import Iso

CARRIER = sentences(
    r'note="IP=',
    rf'.*?\btime="(?P<date>[^"]+?)(?: UTC)?".*?note="IP=(?P<ip>{ADDRESS}), HostName=(?P<host>[^,]*), MAC=(?P<mac>{MAC})',
    Iso("date"),
)
