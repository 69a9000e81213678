"""Which device had which address when: lease files of DHCP servers, read whole."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

import polars as pl

from discovery import names
from discovery.times import Reading

#: One row per time a device held an address. `until` is null while the lease has no end.
LEASES: Final[dict[str, pl.DataType]] = {
    "source_ip": pl.String(),
    "source_mac": pl.String(),
    "host_name": pl.String(),
    "since": pl.Datetime("us", "UTC"),
    "until": pl.Datetime("us", "UTC"),
}

Row = tuple[str, str | None, str | None, datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class LeaseFormat:
    """A format of lease files.

    Attributes:
        sign: an expression that the head of such a file must hold.
        rows: address, MAC, host name, begin and end (UTC) of every lease in a text.
    """

    id: str
    title: str
    sign: str
    rows: Callable[[str], list[Row]]
    family: str = "identity"
    fields: tuple[str, ...] = ("timestamp", "source_ip", "source_mac", "host_name")

    def read(self, data: bytes, reading: Reading) -> pl.DataFrame:  # noqa: ARG002 (leases carry UTC)
        """The leases (columns of `LEASES`) of a whole file, in canonical names; what has no address is left out."""
        table = pl.DataFrame(self.rows(data.decode(errors="replace")), schema=LEASES, orient="row")
        return table.with_columns(
            names.addresses(table["source_ip"]).alias("source_ip"),
            names.macs(table["source_mac"]).alias("source_mac"),
            names.hosts(table["host_name"]).alias("host_name"),
        ).filter(pl.col("source_ip").is_not_null() & (pl.col("source_mac").is_not_null() | pl.col("host_name").is_not_null()))


def none() -> pl.DataFrame:
    """No leases."""
    return pl.DataFrame(schema=LEASES)


def recognise(head: bytes, format_id: str | None = None) -> LeaseFormat | None:
    """The lease format of a file that begins so, else None."""
    text = head.decode(errors="replace")
    if format_id is not None:
        return lease_formats().get(format_id)
    return next((known for known in lease_formats().values() if re.search(known.sign, text, re.MULTILINE)), None)


_DHCPD_LEASE: Final = re.compile(r"^lease\s+(\S+)\s*\{(.*?)^\}", re.MULTILINE | re.DOTALL)
_DHCPD_TIME: Final = r"(?:\d\s+(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)|epoch\s+(\d+)|never)"


def _dhcpd(text: str) -> list[Row]:
    """ISC dhcpd.leases: times are UTC (dhcpd.leases(5)); a device that releases early ends its lease then."""
    rows = [row for address, body in _DHCPD_LEASE.findall(text) if (row := _dhcpd_row(address, body))]
    return rows


def _dhcpd_row(address: str, body: str) -> Row | None:
    since = _dhcpd_time("starts", body)
    if since is None:
        return None
    mac = re.search(r"hardware\s+ethernet\s+([0-9A-Fa-f:]+)", body)
    host = re.search(r'client-hostname\s+"((?:[^"\\]|\\.)*)"', body)
    return (address, mac and mac.group(1), host and host.group(1), since, _dhcpd_time("ends", body))


def _dhcpd_time(key: str, body: str) -> datetime | None:
    found = re.search(rf"^\s*{key}\s+{_DHCPD_TIME}", body, re.MULTILINE)
    if not found or not (found.group(1) or found.group(2)):
        return None
    if found.group(2):
        return datetime.fromtimestamp(int(found.group(2)), UTC)
    return datetime.strptime(found.group(1), "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)


def _dnsmasq(text: str) -> list[Row]:
    """dnsmasq.leases: expiry (epoch, 0 = never), MAC, address, host or *, client id. The begin is not kept: valid up to the expiry."""
    rows: list[Row] = []
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 4 and parts[0].isdigit():  # noqa: PLR2004
            expiry = int(parts[0])
            until = datetime.fromtimestamp(expiry, UTC) if expiry else None
            rows.append((parts[2], parts[1], None if parts[3] == "*" else parts[3], datetime(1990, 1, 1, tzinfo=UTC), until))
    return rows


@cache
def lease_formats() -> dict[str, LeaseFormat]:
    """Every lease format by its id."""
    known = (
        LeaseFormat("dhcpd-leases", "ISC dhcpd leases", r"^lease\s+[0-9A-Fa-f.:]+\s*\{", _dhcpd),
        LeaseFormat("dnsmasq-leases", "dnsmasq leases", r"\A(?:duid .*\n)?\d{9,11} [0-9A-Fa-f:]{17} [0-9A-Fa-f.:]+ \S+ \S+\s*$", _dnsmasq),
    )
    return {lease.id: lease for lease in known}
