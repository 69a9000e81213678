"""The studio's firewall: FortiGate key=value lines: the end of each session with its bytes, the site's name in a web filter line beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from time import gmtime, strftime

from dice import Dice
from firm import DOMAIN, START, STUDIO
from squid import server
from traffic import HOUR, Request, local, midnight

LARGE = 50_000_000  # bytes uploaded; such a session lasts
QUIET = 900  # seconds after which the browser closes a connection it no longer needs
STILL_OPEN = 120  # seconds between the reports on a session that is still open

#: Application and its category, by site: what the firewall's application control recognises.
APPLICATIONS = {
    "wetransfer.com": ("WeTransfer", "Storage.Backup"),
    "www.dropbox.com": ("Dropbox", "Storage.Backup"),
    "drive.google.com": ("Google.Drive", "Storage.Backup"),
    "chatgpt.com": ("ChatGPT", "GenAI"),
    "chat.deepseek.com": ("DeepSeek", "GenAI"),
    "web.whatsapp.com": ("WhatsApp_Web", "Collaboration"),
}
#: Web filter category by site; the rest is information technology.
CATEGORIES = {
    "wetransfer.com": (24, "File Sharing and Storage"),
    "uploads.fromsmash.co": (24, "File Sharing and Storage"),
    "www.transfernow.net": (24, "File Sharing and Storage"),
    "mail.google.com": (23, "Web-based Email"),
    "www.linkedin.com": (37, "Social Networking"),
    "pastebin.com": (24, "File Sharing and Storage"),
    "nordvpn.com": (59, "Proxy Avoidance"),
    "api.nordvpn.com": (59, "Proxy Avoidance"),
    "protonvpn.com": (59, "Proxy Avoidance"),
}


@dataclass
class _Session:
    """Requests to one site over one connection."""

    first: Request
    end: float
    up: int
    down: int


def lines(day: date, requests: list[Request]) -> list[str]:
    """The day's lines, in the order in which the firewall wrote them."""
    dice, timed = Dice("fortigate", day), [_statistics(midnight(day) + hour * HOUR) for hour in (6, 18)]
    first_number = 1_204_000 + (day - START).days * 1500
    for number, session in enumerate(_sessions(requests), first_number):
        timed.extend(_of_session(session, number, dice))
    return [line for _, line in sorted(timed)]


def _sessions(requests: list[Request]) -> list[_Session]:
    """Requests that follow each other closely share a connection."""
    found: list[_Session] = []
    latest: dict[tuple[str, str], _Session] = {}
    for request in sorted((r for r in requests if r.device.network == STUDIO), key=lambda r: r.at):
        key, end = (request.device.ip, request.host), request.at + request.seconds
        session = latest.get(key)
        if session and request.at < session.end + QUIET and not request.blocked:
            session.end, session.up, session.down = max(session.end, end), session.up + request.up, session.down + request.down
        else:
            latest[key] = session = _Session(request, end, request.up, request.down)
            found.append(session)
    return found


def _of_session(session: _Session, number: int, dice: Dice) -> Iterator[tuple[float, str]]:
    request = session.first
    who = f'user="{request.device.user}" group="staff" ' if request.device.user else ""
    where = f'srcip={request.device.ip} srcport={49152 + number * 7 % 16000} srcintf="lan" srcintfrole="lan" dstip={server(request.host)}'
    where += f' dstport={80 if request.plain else 443} dstintf="wan" dstintfrole="wan" sessionid={number} proto=6'
    if dice.chance(0.08):
        yield _name_query(request, number, who)
    if not request.nobody:  # programs of the machine go out by a policy that does not look at names
        yield _web_filter(session, f"{who}{where}")
    if request.host in APPLICATIONS and not request.blocked:
        yield _application(request, f"{who}{where}")
    if not request.blocked:
        yield from _traffic(session, f"{who}{where}")


def _head(at: float, logid: str, kind: str, level: str = "notice") -> str:
    stamp = strftime("date=%Y-%m-%d time=%H:%M:%S", gmtime(local(at)))
    zone = "+0100" if local(at) > at else "+0000"
    kind, _, subtype = kind.partition("/")
    return (
        f'{stamp} devname="FR-STUDIO-FW" devid="FGT40FTK00000001" eventtime={int(at * 1000)}000000 tz="{zone}" logid="{logid}"'
        f' type="{kind}" subtype="{subtype}" level="{level}" vd="root"'
    )


def _traffic(session: _Session, who_and_where: str) -> Iterator[tuple[float, str]]:
    start, seconds = session.first.at, session.end - session.first.at
    up, down = session.up + 900, session.down + 4200  # what it takes to open a connection
    sent = received = 0
    reports = int(seconds // STILL_OPEN) if up > LARGE else 0
    for report in range(1, reports + 1):
        part = report * STILL_OPEN / seconds
        so_far_up, so_far_down = int(up * part), int(down * part)
        delta = f" sentdelta={so_far_up - sent} rcvddelta={so_far_down - received}"
        sent, received = so_far_up, so_far_down
        yield _end(start + report * STILL_OPEN, "0000000020", "accept", who_and_where, report * STILL_OPEN, sent, received, delta)
    delta = f" sentdelta={up - sent} rcvddelta={down - received}" if reports else ""
    yield _end(session.end, "0000000013", "close", who_and_where, int(seconds), up, down, delta)


def _end(at: float, logid: str, action: str, who_and_where: str, seconds: int, sent: int, received: int, delta: str) -> tuple[float, str]:
    return at, (
        f'{_head(at, logid, "traffic/forward")} {who_and_where} action="{action}" policyid=3 service="HTTPS" dstcountry="Reserved"'
        f' srccountry="Reserved" trandisp="snat" duration={seconds} sentbyte={sent} rcvdbyte={received}'
        f' sentpkt={sent // 1200 + 6} rcvdpkt={received // 1300 + 6}{delta} appcat="unscanned"'
    )


def _web_filter(session: _Session, who_and_where: str) -> tuple[float, str]:
    request = session.first
    number, title = CATEGORIES.get(request.host, (52, "Information Technology"))
    verdict = 'eventtype="ftgd_blk" action="blocked"' if request.blocked else 'eventtype="ftgd_allow" action="passthrough"'
    logid, level = ("0316013056", "warning") if request.blocked else ("0317013312", "notice")
    return request.at, (
        f'{_head(request.at, logid, "utm/webfilter", level)} policyid=3 {who_and_where} service="HTTPS" hostname="{request.host}" profile="studio"'
        f' {verdict} reqtype="direct" url="https://{request.host}/" sentbyte=517 rcvdbyte=0 direction="outgoing" cat={number} catdesc="{title}"'
    )


def _application(request: Request, who_and_where: str) -> tuple[float, str]:
    name, category = APPLICATIONS[request.host]
    at = request.at + 0.05
    return at, (
        f'{_head(at, "1059028704", "utm/app-ctrl", "information")} eventtype="signature" {who_and_where} service="HTTPS"'
        f' direction="outgoing" policyid=3 applist="studio" appcat="{category}" app="{name}" action="pass"'
        f' hostname="{request.host}" url="/" apprisk="medium"'
    )


def _name_query(request: Request, number: int, who: str) -> tuple[float, str]:
    at = request.at - 0.04
    return at, (
        f'{_head(at, "1500054000", "utm/dns", "information")} eventtype="dns-query" policyid=3 {who}sessionid={number + 50_000_000}'
        f' srcip={request.device.ip} srcport=53111 srcintf="lan" srcintfrole="lan" dstip=10.40.5.1 dstport=53 proto=17'
        f' profile="studio" xid={number % 65536} qname="{request.host}" qtype="A" qtypeval=1 qclass="IN"'
    )


def _statistics(at: float) -> tuple[float, str]:
    said = f'logdesc="System performance statistics" action="perf-stats" cpu=3 mem=41 hostname="fw.{DOMAIN}"'
    return at, f"{_head(at, '0100040704', 'event/system')} {said}"
