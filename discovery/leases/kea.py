"""Kea's lease files, kea-leases4.csv and kea-leases6.csv (https://kea.readthedocs.io/en/latest/arm/dhcp4-srv.html, "memfile").

A line tells of one change; `expire` less `valid_lifetime` is when the client was last heard. A lease that was reclaimed (state 2) ran its
time; a lifetime of zero, or another state, takes the lease away: the client is not known to have held the address any longer than that.
Nothing is quoted: a comma within a value is written `&#x2c`. Its log says the same as it happens (Kea Messages Manual, DHCP4_LEASE_ALLOC and others).
"""

import re
from datetime import datetime, timedelta

import polars as pl

from discovery.kinds.pattern import Pattern
from discovery.leases.base import LeaseFormat, Row, Snapshot, mac_of, mac_within, moment
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import SYSLOG, FirstOf, Reading, Stamp

_SIGN = re.compile(r"\A\ufeff?address,(?:hwaddr,client_id|duid),valid_lifetime,expire,")
_FOR_EVER = str(2**32 - 1)
_RECLAIMED = "2"
_HELD = ("", "0", _RECLAIMED)


def _rows(text: str, reading: Reading) -> list[Row | None]:  # noqa: ARG001 (times are UTC)
    held: dict[str, list[Row]] = {}
    over: list[Row | None] = []
    lines = text.lstrip("\ufeff").split("\n")
    names = lines[0].strip().split(",")
    for line in filter(str.strip, lines[1:]):
        said = dict(zip(names, line.strip().split(","), strict=False))
        since = _since(said)
        if since is None:
            over.append(None)
            continue
        rows = held.setdefault(said["address"], [])
        _change(rows, said, since)
        if said.get("state") == _RECLAIMED and rows and rows[-1][3] == since:
            over.append(rows.pop())  # nothing that comes later can take it away
    return [*(row for rows in held.values() for row in rows), *over]


def _since(said: dict[str, str]) -> datetime | None:
    expire, lifetime = moment(said.get("expire", "")), said.get("valid_lifetime", "")
    if expire is None or not lifetime.isascii() or not lifetime.isdigit():
        return None
    try:
        return expire - timedelta(seconds=int(lifetime))
    except OverflowError:
        return None


def _change(rows: list[Row], said: dict[str, str], since: datetime) -> None:
    """Add the lease, or end the one it takes away; what came before ends with it or goes over into it."""
    mac, host = said.get("hwaddr") or mac_of(said.get("duid", "")) or None, said.get("hostname", "").replace("&#x2c", ",") or None
    gone = said["valid_lifetime"] == "0" or said.get("state", "") not in _HELD
    while rows and rows[-1][3] >= since:
        _, holder, name, _, _ = rows.pop()
        host = host or (name if holder == mac else None)
    if rows and (gone or rows[-1][1] != mac):
        address, holder, name, begun, until = rows[-1]
        rows[-1] = (address, holder, name, begun, since if until is None else min(until, since))
    if not gone:
        rows.append((said["address"], mac, host, since, None if said["valid_lifetime"] == _FOR_EVER else moment(said["expire"])))


_LINE = (
    r"(?:(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) )?(?:[A-Z]+ +)?(?:\[kea-dhcp\S+\] )?"
    r"(?P<what>[A-Z][A-Z0-9]*_[A-Z0-9_]+)(?: (?P<rest>.*))?$"
)
_WHAT, _REST = pl.col("what"), pl.col("rest")
_MAC = r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"
_LOG = Notices(
    sign=r"\bDHCP[46]_(?:LEASE_(?:ALLOC|RENEW|REUSE)|RELEASE|DECLINE_LEASE)",
    kind=Pattern(_LINE),
    clock=FirstOf((Stamp(("time",), ("%Y-%m-%d %H:%M:%S%.f",)), SYSLOG)),
    act=pl.when(_WHAT.str.contains("^DHCP[46]_LEASE_(?:ALLOC|RENEW|REUSE)$"))
    .then(pl.lit(HELD))
    .when(_WHAT.str.contains(r"^DHCP4_RELEASE(?:_EXPIRED|_DELETED)?$|^DHCP6_RELEASE_NA(?:_EXPIRED|_DELETED)?$|^DHCP4_DECLINE_LEASE$"))
    .then(pl.lit(ENDED)),
    said={
        "source_ip": _REST.str.extract(r"\b(?:lease|address|addr) ([0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*[0-9A-Fa-f:])"),
        "source_mac": pl.coalesce(  # the hardware address, else the one within the client's identifier (RFC 2132, option 61; DUID)
            _REST.str.extract(rf"hwtype=1 ({_MAC})\]"),
            _REST.str.extract(rf"cid=\[01:({_MAC})\]"),
            mac_within(_REST.str.extract(r"duid=\[([0-9A-Fa-f:]+)\]")),
        ),
        "seconds": _REST.str.extract(r" for (\d+) seconds"),
    },
)

FORMAT = LeaseFormat(id="kea-leases", title="Kea leases or log", carriers=(Snapshot(lambda head: _SIGN.search(head) is not None, _rows), _LOG))
