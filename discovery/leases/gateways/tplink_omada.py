"""TP-Link Omada: the controller's log of clients and of the gateway's DHCP server."""

from discovery.leases.notices import ADDRESS, MAC, sentences
from discovery.times import Iso

CARRIER = sentences(
    r"allocated IP address \S+ for the|\[client:",
    r".*?(?P<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?) .*?"
    rf"(?:allocated IP address (?P<ip>{ADDRESS}) for the (?:client)? ?\[(?:MAC: ?|client: ?)?(?P<mac>{MAC})\]"
    rf"|\[client:(?P<host>[^\]]*?):?(?P<mac_>{MAC})\] *\(IP: ?(?P<ip_>{ADDRESS})[^)]*\) +(?:(?P<gone>went offline|is disconnected)|.*)"
    r"|(?P<note>\[(?:client|ap|switch|gateway|controller):.*|DHCP Server re.*|DHCPS .*|.* logged in to the controller.*))",
    Iso("iso"),
)
