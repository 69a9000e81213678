r"""ISC dhcpd: its file dhcpd.leases (dhcpd.leases(5); times are UTC) and what it writes to syslog, IPv4 and IPv6.

In the file an IPv6 lease stands in an `ia-na` whose name is the association's number and the client's identifier, with `\ooo` for bytes.
The log says how long a lease holds only where it was told to (`lease-duration`, `valid for`, seconds in brackets). Appliances built on it write
what became of a lease on a line of its own: `r-l-e:address,Issued,host,mac,begin,end,,`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import polars as pl

from discovery.kinds.pattern import Pattern
from discovery.leases.base import LeaseFormat, Row, Snapshot, mac_of, mac_within, moment
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import SYSLOG, Epoch, FirstOf, Reading

_SIGN = re.compile(r"^(?:lease\s+[0-9A-Fa-f.:]+\s*\{|ia-[nt]a\s+.*\{$)", re.MULTILINE)
_BYTE = re.compile(r"\\([0-3][0-7]{2})|\\?([^\n])")
_IAID = 4  # bytes
_MAC = r"(?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}"
_LINE = (
    r"(?:(?P<act>DHCPACK|DHCPRELEASE|DHCPEXPIRE|DHCPDECLINE|RELEASE|BOOTREPLY) (?:on|of|to|for) (?P<ip>[0-9A-Fa-f.:]+) "
    rf"(?:(?:to|from) )?(?:(?P<mac>{_MAC})(?: \((?P<host>[^)]*)\))?|\((?P<informed>{_MAC})\))?"
    r"(?:.* (?:lease-duration (?P<seconds>\d+)|\[(?P<bracket>\d+)\]))?.*"
    r"|r-l-e:(?P<ip_e>[0-9A-Fa-f.:]+),(?P<act_e>\w+),(?P<host_e>[^,]*),(?P<mac_e>[0-9A-Fa-f:]*),(?P<begin>\d+),(?P<end>\d+),.*"
    r"|Reply NA: address (?P<ip6>\S+) to client with duid (?P<duid>\S+) .*?(?:valid for (?P<seconds6>\d+) seconds)?$"
    r"|Released? (?:NA: )?address (?P<gone6>\S+).*|(?P<note>.*))"
)


def _rows(text: str, reading: Reading) -> list[Row | None]:  # noqa: ARG001 (times are UTC)
    """Of two entries for the same lease the later one holds (dhcpd.leases(5))."""
    found: dict[tuple[str, str | None, datetime], Row] = {}
    lost = 0
    for address, said in _entries(text):
        since, until = (_time(said.get(key, "")) for key in ("starts", "ends"))
        if since is None or (until is None and said.get("ends", "never") != "never"):
            lost += 1  # a lease that nobody can say when is no evidence
            continue
        mac, host = said.get("hardware", "").removeprefix("ethernet").strip() or None, said.get("client-hostname", "").strip('"') or None
        found[address, mac, since] = (address, mac, host, since, until)
    return [*found.values(), *[None] * lost]


def _entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and statements (keyword -> rest) of every whole entry."""
    address, said = "", dict[str, str]()
    for line in text.split("\n"):
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "lease":
            address, said = rest.partition(" ")[0], {}
        elif keyword in ("ia-na", "ia-ta"):
            address, said = "", {"hardware": _mac_of_client(rest.removesuffix("{").strip().strip('"'))}
        elif keyword == "iaaddr":
            address, said = rest.partition(" ")[0], {"starts": said.get("cltt", ""), "hardware": said.get("hardware", "")}
        elif keyword == "}" and address:
            yield address, said
            address, said = "", {"cltt": said.get("starts", ""), "hardware": said.get("hardware", "")}
        else:
            said[keyword] = rest.strip().removesuffix(";")


def _mac_of_client(name: str) -> str:
    """The link-layer address in the name of an association, else nothing."""
    octets = [int(octal, 8) if octal else ord(plain) & 0xFF for octal, plain in _BYTE.findall(name)]
    return mac_of(bytes(octets[_IAID:]).hex()) or ""


def _time(text: str) -> datetime | None:
    """`4 2026/11/19 08:00:00`, `epoch 1763539200; # …` or `never`."""
    weekday, _, rest = text.partition(" ")
    if weekday == "epoch":
        return moment(rest.partition(";")[0])
    try:
        return datetime.strptime(rest, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


_OVER = pl.col("act_e").str.contains("^(?:Freed|Expired|Released|Abandoned|Backup|Reset)")
_HELD = pl.col("act").is_in(["DHCPACK", "BOOTREPLY"]) | pl.col("ip6").is_not_null() | ~_OVER
_ENDED = pl.col("act").is_in(["DHCPRELEASE", "RELEASE", "DHCPEXPIRE", "DHCPDECLINE"]) | pl.col("gone6").is_not_null() | _OVER
_LASTS_E = (pl.col("end").cast(pl.Int64, strict=False) - pl.col("begin").cast(pl.Int64, strict=False)).cast(pl.String)

FORMAT = LeaseFormat(
    id="dhcpd-leases",
    title="ISC dhcpd leases",
    carriers=(
        Snapshot(lambda head: _SIGN.search(head) is not None, _rows),
        Notices(
            sign=r"\bDHCP[A-Z]{3,8} |\bRELEASE on |BOOTREPLY|Reply NA: |\bReleased? (?:NA: )?address |\br-l-e:",
            kind=Pattern(_LINE),
            clock=FirstOf((Epoch("begin"), SYSLOG)),
            only=pl.col("note").is_null() | pl.col("note").str.contains("^DHCP[A-Z]{4,9} ") | pl.col("syslog_tag").str.starts_with("dhcpd"),
            act=pl.when(_HELD).then(pl.lit(HELD)).when(_ENDED).then(pl.lit(ENDED)),
            said={
                "source_ip": pl.coalesce("ip", "ip6", "gone6", "ip_e"),
                "source_mac": pl.coalesce("mac", "informed", "mac_e", mac_within(pl.col("duid"))),
                "host_name": pl.coalesce("host", "host_e"),
                "seconds": pl.coalesce("seconds", "bracket", "seconds6", _LASTS_E),
            },
        ),
    ),
)
