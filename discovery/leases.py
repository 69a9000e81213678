"""Which device had which address when: lease files of DHCP servers, read whole."""

import re
from collections.abc import Callable, Iterator
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


def _dhcpd(text: str) -> list[Row]:
    """ISC dhcpd.leases: times are UTC, and of two entries for the same lease the later one holds (dhcpd.leases(5))."""
    found: dict[tuple[str, str | None, datetime], Row] = {}
    for address, said in _dhcpd_entries(text):
        since, until = (_dhcpd_time(said.get(key, "")) for key in ("starts", "ends"))
        if since is None or (until is None and said.get("ends", "never") != "never"):
            continue  # a lease that nobody can say when is no evidence
        mac, host = said.get("hardware", "").removeprefix("ethernet").strip() or None, said.get("client-hostname", "").strip('"') or None
        found[address, mac, since] = (address, mac, host, since, until)
    return list(found.values())


def _dhcpd_entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and statements (keyword -> rest) of every whole entry."""
    address, said = "", dict[str, str]()
    for line in text.split("\n"):
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "lease":
            address, said = rest.partition(" ")[0], {}
        elif keyword == "}" and address:
            yield address, said
            address = ""
        else:
            said[keyword] = rest.strip().removesuffix(";")


def _dhcpd_time(text: str) -> datetime | None:
    """`4 2026/11/19 08:00:00`, `epoch 1763539200; # …` or `never`."""
    weekday, _, rest = text.partition(" ")
    if weekday == "epoch":
        return _moment(rest.partition(";")[0])
    try:
        return datetime.strptime(rest, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _dnsmasq(text: str) -> list[Row]:
    """dnsmasq.leases: expiry (epoch, 0 = never), MAC, address, host or *, client id. The begin is not kept: valid up to the expiry."""
    rows: list[Row] = []
    for line in text.split("\n"):
        parts = line.split()
        until = _moment(parts[0]) if len(parts) >= 4 else None  # noqa: PLR2004 (the fields up to the host)
        if until is not None:
            host = None if parts[3] == "*" else parts[3]
            rows.append((parts[2], parts[1], host, datetime(1990, 1, 1, tzinfo=UTC), None if parts[0] == "0" else until))
    return rows


@cache
def lease_formats() -> dict[str, LeaseFormat]:
    """Every lease format by its id."""
    known = (
        LeaseFormat("dhcpd-leases", "ISC dhcpd leases", r"^lease\s+[0-9A-Fa-f.:]+\s*\{", _dhcpd),
        LeaseFormat("dnsmasq-leases", "dnsmasq leases", r"\A(?:duid .*\n)?\d{9,11} [0-9A-Fa-f:]{17} [0-9A-Fa-f.:]+ \S+ \S+\s*$", _dnsmasq),
    )
    return {lease.id: lease for lease in known}
