"""Writes what the network saw in the formats of real devices, and beside it leases and a people list."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import gmtime, strftime

from tests.simulator.network import Connection, Query, address, connections, queries
from tests.simulator.staff import Device, Person
from tests.simulator.traffic import Day

NAT = "198.51.100.200"
Timed = tuple[float, str]


def squid(days: Iterable[Day], *, nat: bool = False) -> list[Timed]:
    """Squid's native format: a line at the end of each tunnel; everybody signs in, machines' own calls too."""
    return [_squid(connection, "-" if nat else connection.day.person.name, nat=nat) for day in days for connection in connections(day)]


def _squid(tunnel: Connection, user: str, *, nat: bool) -> Timed:
    source = NAT if nat else tunnel.day.device.ip(tunnel.day.date)
    milliseconds = (tunnel.end - tunnel.start) * 1000
    asked = f"TCP_TUNNEL/200 {tunnel.down} CONNECT {tunnel.host}:443 {user} HIER_DIRECT/{address(tunnel.host)} -"
    return tunnel.end, f"{tunnel.end:.3f} {milliseconds:6.0f} {source} {asked}"


def zeek_ssl(days: Iterable[Day], *, nat: bool = False) -> list[Timed]:
    """Zeek's ssl.log: the name of each TLS connection."""
    head = "#separator \\x09\n#path\tssl\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tversion\tcipher\tserver_name\testablished"
    found = [(0.0, head)]
    for number, one in enumerate(connection for day in days for connection in connections(day)):
        source = NAT if nat else one.day.device.ip(one.day.date)
        where = f"{source}\t{49152 + number % 16000}\t{address(one.host)}\t443"
        found.append((one.start, f"{one.start:.6f}\tC{number:x}\t{where}\tTLSv13\tTLS_AES_128_GCM_SHA256\t{one.host}\tT"))
    return found


def fortigate(days: Iterable[Day], *, nat: bool = False) -> list[Timed]:
    """FortiGate: the web filter names the site, the traffic log tells bytes when the session ends; no user names, but the device's MAC."""
    found = []
    for number, one in enumerate(connection for day in days for connection in connections(day)):
        source = NAT if nat else one.day.device.ip(one.day.date)
        mac = "" if nat else f' srcmac="{one.day.device.mac(one.day.date)}"'
        where = f'srcip={source}{mac} dstip={address(one.host)} dstport=443 sessionid={number} proto=6 service="HTTPS"'
        found.append(
            (one.start, f'{_fortigate(one.start, "utm", "webfilter")} hostname="{one.host}" action="passthrough" {where} sentbyte=517 rcvdbyte=0')
        )
        seconds = int(one.end - one.start)
        found.append(
            (one.end, f'{_fortigate(one.end, "traffic", "forward")} action="close" {where} duration={seconds} sentbyte={one.up} rcvdbyte={one.down}')
        )
    return found


def _fortigate(at: float, kind: str, subtype: str) -> str:
    stamp = strftime("date=%Y-%m-%d time=%H:%M:%S", gmtime(at + 3600))
    logid = "0317013312" if kind == "utm" else "0000000013"
    return (
        f'{stamp} devname="fw" eventtime={int(at * 1000)}000000 tz="+0100" logid="{logid}" type="{kind}" subtype="{subtype}" level="notice" vd="root"'
    )


def dnsmasq(days: Iterable[Day], *, nat: bool = False) -> list[Timed]:
    """dnsmasq's query log: a question, and what became of it, in whole seconds of local time."""
    found = []
    for query in _queries(days):
        stamp = strftime("%b %e %H:%M:%S", gmtime(query.at + 3600))
        source = NAT if nat else query.day.device.ip(query.day.date)
        found.append((query.at, f"{stamp} dnsmasq[812]: query[{query.kind}] {query.host} from {source}"))
        found.append((query.at + 0.001, f"{stamp} dnsmasq[812]: forwarded {query.host} to 192.0.2.53"))
    return found


def bind9(days: Iterable[Day], *, nat: bool = False) -> list[Timed]:
    """BIND's query log, in local time with milliseconds."""
    found = []
    for query in _queries(days):
        moment = datetime.fromtimestamp(query.at, UTC) + timedelta(hours=1)
        source = NAT if nat else query.day.device.ip(query.day.date)
        stamp = f"{moment:%d-%b-%Y %H:%M:%S}.{moment.microsecond // 1000:03d}"
        said = f"queries: info: client @0x7f0a1c0 {source}#51234 ({query.host}): query: {query.host} IN {query.kind} +E(0)K (192.0.2.53)"
        found.append((query.at, f"{stamp} {said}"))
    return found


def _queries(days: Iterable[Day]) -> Iterable[Query]:
    return (query for day in days for query in queries(day))


#: What writes each family's log.
FAMILIES = {"squid": squid, "fortigate": fortigate, "zeek-ssl": zeek_ssl, "dnsmasq": dnsmasq, "bind9": bind9}


def write(path: Path, lines: list[Timed]) -> None:
    """In the order in which the device wrote them."""
    path.write_text("".join(f"{line}\n" for _, line in sorted(lines)), encoding="utf-8")


def write_leases(path: Path, days: Iterable[Day]) -> None:
    """ISC dhcpd.leases: one lease per device and week."""
    leases = {(day.device.ip(day.date), day.device.mac(day.date), day.device.name): _monday(day.date) for day in days}
    path.write_text("# dhcpd.leases(5)\nauthoring-byte-order little-endian;\n\n" + "".join(map(_lease, leases, leases.values())), encoding="utf-8")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _lease(held: tuple[str, str, str], monday: date) -> str:
    start = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - timedelta(hours=1)
    since, until = (f"{moment.isoweekday() % 7} {moment:%Y/%m/%d %H:%M:%S}" for moment in (start, start + timedelta(days=7)))
    return (
        f"lease {held[0]} {{\n  starts {since};\n  ends {until};\n  binding state active;\n"
        f'  hardware ethernet {held[1]};\n  client-hostname "{held[2]}";\n}}\n'
    )


def write_people(path: Path, people: Iterable[Person]) -> None:
    """The people list: users, and the devices that the firm knows."""
    rows = ["person,user,host,mac,team"]
    for person in people:
        rows.append(f"{person.name},{person.name},,,{person.job}")
        rows.extend(f"{person.name},,{device.name},,{person.job}" for device in _known(person))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _known(person: Person) -> list[Device]:
    return [device for device in (person.computer, person.phone) if device and device.listed]
