"""The head office's proxy: Squid's native access log, one line at the end of each request.

Desks sign in to the proxy; sizes are what went to the client, as Squid's native format knows no other.
"""

from datetime import date
from zlib import crc32

from dice import Dice
from firm import DESK, REALM
from traffic import HOUR, Request, midnight

NTLM_USERS = ("mirela.copthorne", "agnes.wintergill")  # older computers, whose names come with the domain in front


def server(host: str) -> str:
    """An address for a host, always the same, from the networks set aside for documentation (RFC 5737)."""
    number = crc32(host.encode())
    return f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number // 3 % 253 + 1}"


def lines(day: date, requests: list[Request]) -> list[str]:
    """The day's lines, in the order in which the proxy wrote them."""
    dice = Dice("squid", day)
    timed = [line for request in requests if request.device.network == DESK for line in _lines(request, dice)]
    timed.append(
        _line(midnight(day) + dice.between(9, 17) * HOUR, 0, "10.20.10.240", "NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -")
    )
    return [line for _, line in sorted(timed)]


def _lines(request: Request, dice: Dice) -> list[tuple[float, str]]:
    asked = f"GET http://{request.host}/" if request.plain else f"CONNECT {request.host}:443"
    user, ip, done = _user(request), request.device.ip, request.at + request.seconds
    if request.blocked:
        return [_line(done, 1, ip, f"TCP_DENIED/403 3921 {asked} {user} HIER_NONE/- text/html")]
    found = [_line(done, request.seconds * 1000, ip, f"{_code(request, dice)} {request.down} {asked} {user} HIER_DIRECT/{server(request.host)} -")]
    if user != "-" and dice.chance(0.03):  # the browser is asked to sign in first
        found.append(_line(request.at, 0, ip, f"TCP_DENIED/407 4086 {asked} - HIER_NONE/- text/html"))
    return found


def _code(request: Request, dice: Dice) -> str:
    if request.plain:
        return dice.pick(("TCP_MISS/200", "TCP_REFRESH_UNMODIFIED/304", "TCP_MEM_HIT/200"))
    return "TCP_TUNNEL/200" if dice.chance(0.99) else "TCP_TUNNEL/503"


def _user(request: Request) -> str:
    user = request.device.user
    if request.nobody or not user:
        return "-"
    return f"FENNICKROWE\\{user}" if user in NTLM_USERS else f"{user}@{REALM}"


def _line(at: float, milliseconds: float, ip: str, rest: str) -> tuple[float, str]:
    return at, f"{at:.3f} {milliseconds:6.0f} {ip} {rest}"
