"""The head office's Wi-Fi: Pi-hole's log in dnsmasq's syntax: local time without a year, one query in several lines."""

from collections.abc import Iterator
from datetime import date
from time import gmtime, strftime
from zlib import crc32

from dice import Dice
from firm import DOMAIN, PIHOLE_OUTAGE, START, WIFI
from pages import GRAVITY, VPN_HOSTS
from squid import server
from traffic import HOUR, Request, local, midnight

UPSTREAM = "9.9.9.9"
CHAINS = {
    "www.dropbox.com": "www-env.dropbox-dns.com",
    "teams.microsoft.com": "s-0005.dual-s-msedge.net",
    "cdn.brackenfloors.example": "brackenfloors.edge.example",
}
SELF_CHECK = "pi.hole"


def lines(day: date, requests: list[Request]) -> list[str]:
    """The day's lines, in order; none while the Pi-hole was broken."""
    if PIHOLE_OUTAGE[0] <= day <= PIHOLE_OUTAGE[1]:
        return []
    writer = _Writer(day)
    for request in sorted((r for r in requests if r.device.network == WIFI), key=lambda r: r.at):
        writer.ask(request)
    return writer.lines


class _Writer:
    """Writes one day; remembers for how long an answer is kept."""

    def __init__(self, day: date) -> None:
        self.lines: list[str] = []
        self._kept_until: dict[str, float] = {}
        self._dice = Dice("pihole", day)
        self._process = 1842 if day < PIHOLE_OUTAGE[0] else 2077
        self._greeted: set[str] = set()
        start = midnight(day) + 0.01 * HOUR
        if day in {START, date.fromordinal(PIHOLE_OUTAGE[1].toordinal() + 1)}:
            self._write(start, ("started, version pi-hole-v2.90+1 cachesize 10000", "read /etc/hosts - 9 names"))
        self._write(start, (f"query[A] {SELF_CHECK} from 127.0.0.1", f"Pi-hole hostname {SELF_CHECK} is 10.20.1.6"))

    def ask(self, request: Request) -> None:
        """The lines of one name looked up by one device."""
        at, ip, host = request.at, request.device.ip, request.host
        if ip not in self._greeted:
            self._greeted.add(ip)
            self._greet(request)
        self._write(at, (f"query[A] {host} from {ip}", *self._answer(host, at)))
        if self._dice.chance(0.1):
            self._write(at, (f"query[AAAA] {host} from {ip}", *self._nothing(host, "NODATA-IPv6")))
        if self._dice.chance(0.05):
            self._write(at, (f"query[HTTPS] {host} from {ip}", *self._nothing(host, "NODATA")))
        if self._dice.chance(0.02):  # asked again before the answer came
            self._write(at + 1, (f"query[A] {host} from {ip}",))

    def _greet(self, request: Request) -> None:
        """What a device asks when it joins the network."""
        if request.device.host.startswith("fr-lt"):
            self._write(request.at, (f"query[A] wpad.{DOMAIN} from {request.device.ip}", f"config wpad.{DOMAIN} is NXDOMAIN"))
        elif "iPhone" in request.device.host or request.device.host == "iPad":
            name = "mask.icloud.com"
            self._write(request.at, (f"query[A] {name} from {request.device.ip}", f"Apple iCloud Private Relay domain {name} is NXDOMAIN"))

    def _answer(self, host: str, at: float) -> Iterator[str]:
        if host in GRAVITY:
            yield f"gravity blocked {host} is 0.0.0.0"
        elif host in VPN_HOSTS:
            yield f"regex denied {host} is 0.0.0.0"
        elif at < self._kept_until.get(host, 0):
            yield f"cached {host} is {server(host)}"
        else:
            self._kept_until[host] = at + 300 + crc32(host.encode()) % 3300
            yield f"forwarded {host} to {UPSTREAM}"
            if host in CHAINS:
                yield f"reply {host} is <CNAME>"
            yield f"reply {CHAINS.get(host, host)} is {server(host)}"

    def _nothing(self, host: str, answer: str) -> Iterator[str]:
        if host in GRAVITY or host in VPN_HOSTS:
            yield f"gravity blocked {host} is ::"
        else:
            yield f"forwarded {host} to {UPSTREAM}"
            yield f"reply {host} is {answer}"

    def _write(self, at: float, texts: tuple[str, ...]) -> None:
        stamp = strftime("%b %e %H:%M:%S", gmtime(local(at)))
        self.lines.extend(f"{stamp} dnsmasq[{self._process}]: {text}" for text in texts)
