"""What a lease format is: the carriers it comes in, each of which turns a file into times during which a device held an address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

import polars as pl

from discovery import names
from discovery.blocks import Blocks
from discovery.coding import Names, spelled_out
from discovery.errors import UnreadableLog
from discovery.observations import LogAccount
from discovery.times import Reading

#: One row per time a device held an address. `until` is null while the lease has no end.
LEASES: Final[dict[str, pl.DataType]] = {
    "source_ip": pl.String(),
    "source_mac": pl.String(),
    "host_name": pl.String(),
    "since": pl.Datetime("us", "UTC"),
    "until": pl.Datetime("us", "UTC"),
}

#: Address, MAC, host name, begin and end (UTC; None: no end) of a lease.
Row = tuple[str, str | None, str | None, datetime, datetime | None]

#: The begin of what holds at any time, or of a lease whose begin nobody wrote down.
BEGIN: Final = datetime(1990, 1, 1, tzinfo=UTC)

#: A server writes a few hundred bytes for each device; ten thousand devices stay far below this.
_LARGEST: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """What a lease file became.

    Attributes:
        leases: columns of `LEASES`, in canonical names; what has no address or no device is left out.
        skipped, rejected: lines by reason in words.
        zoned: whether the file itself says which zone its times are in.
    """

    leases: pl.DataFrame
    skipped: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    zoned: bool = True


class Carrier(Protocol):
    """One way in which leases are written."""

    def claims(self, head: bytes) -> bool:
        """Whether a file that begins so is written in this way."""

    def read(self, blocks: Blocks, reading: Reading) -> Found:
        """Everything in a file."""


@dataclass(frozen=True, slots=True)
class LeaseFormat:
    """A format of leases.

    Attributes:
        carriers: the ways it is written, most telling first.
        generic: whether a format of a server's own goes first.
    """

    id: str
    title: str
    carriers: tuple[Carrier, ...]
    generic: bool = False
    family: str = "identity"
    fields: tuple[str, ...] = ("timestamp", "source_ip", "source_mac", "host_name")

    def carrier(self, head: bytes) -> Carrier | None:
        """The carrier of a file that begins so, else None."""
        return next((carrier for carrier in self.carriers if carrier.claims(head)), None)

    def read(self, head: bytes, blocks: Blocks, reading: Reading) -> Found:
        """The leases of a whole file that begins with `head`.

        Raises:
            UnreadableLog: larger than such a file can be.
        """
        return (self.carrier(head) or self.carriers[0]).read(blocks, reading)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file that a server keeps up to date, read as a whole.

    Attributes:
        sign: whether a text begins as such a file does.
        rows: the leases of a text, with None for each entry that cannot be read.
        zoned: whether the file itself says which zone its times are in.
    """

    sign: Callable[[str], bool]
    rows: Callable[[str, Reading], Iterable[Row | None]]
    zoned: bool = True

    def claims(self, head: bytes) -> bool:
        """See `Carrier`."""
        return self.sign(head.decode(errors="replace"))

    def read(self, blocks: Blocks, reading: Reading) -> Found:
        """See `Carrier`."""
        text = _whole(blocks)
        rows = list(self.rows(text, reading))
        table = pl.DataFrame([row for row in rows if row], schema=LEASES, orient="row")
        lost = min(rows.count(None), blocks.lines)
        counts = {"lease or comment": blocks.lines - lost}, {"lease that cannot be read": lost}
        skipped, rejected = ({reason: n for reason, n in count.items() if n} for count in counts)
        return Found(canonical(table), skipped, rejected, self.zoned)


def account(name: str, format_: LeaseFormat, found: Found, blocks: Blocks, zone: str | None, partial: str | None) -> LogAccount:
    """The honest account of a lease file that was read to its end."""
    times = found.leases["since"].filter(found.leases["since"] > BEGIN)
    assumed = () if found.zoned or zone is not None else ("The times in this log carry no time zone; they were read as UTC.",)
    return LogAccount(
        path=name,
        format=format_.id,
        family="identity",
        bytes=blocks.bytes,
        lines=blocks.lines,
        events=0,
        skipped=found.skipped,
        rejected=found.rejected,
        first=times.min(),  # type: ignore[arg-type]
        last=times.max(),  # type: ignore[arg-type]
        timezone=zone or "UTC",
        timezone_basis="written in the log" if found.zoned else "as given" if zone else "assumed: the log does not say",
        warnings=(*((partial,) if partial else ()), *assumed),
        partial=partial is not None,
    )


def canonical(table: pl.DataFrame) -> pl.DataFrame:
    """Leases in canonical names, without those that say nothing: no address, no device, an end before the begin."""
    someone = pl.col("source_mac").is_not_null() | pl.col("host_name").is_not_null()
    lasting = pl.col("until").is_null() | (pl.col("until") > pl.col("since"))
    known = named(table).filter(pl.col("source_ip").is_not_null() & someone & lasting)
    return known.select(pl.col(name).cast(kind) for name, kind in LEASES.items())


def named(table: pl.DataFrame) -> pl.DataFrame:
    """The table with its addresses, MACs and host names in their one form."""
    forms = {"source_ip": names.addresses, "source_mac": names.macs, "host_name": names.hosts}
    coder = Names()
    return spelled_out(table.with_columns(coder.formed(table[column], ((column, form),))[0].alias(column) for column, form in forms.items()))


def moment(seconds: str) -> datetime | None:
    """A UTC time from an epoch in seconds, None where it is none."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def mac_of(duid: str) -> str | None:
    """The link-layer address in a DHCP unique identifier of type 1 or 3 for Ethernet (RFC 8415, section 11), as twelve digits."""
    digits = "".join(mark for mark in duid.lower() if mark not in ":-. ")
    if digits.startswith("00010001") and len(digits) == 28:  # noqa: PLR2004 (type, hardware, time, address)
        return digits[16:]
    if digits.startswith("00030001") and len(digits) == 20:  # noqa: PLR2004 (type, hardware, address)
        return digits[8:]
    return None


def mac_within(duid: pl.Expr) -> pl.Expr:
    """The same of a column."""
    return duid.str.replace_all(r"[^0-9A-Fa-f]", "").str.to_lowercase().str.extract(r"^(?:00010001.{8}|00030001)([0-9a-f]{12})$", 1)


def _whole(blocks: Blocks) -> str:
    parts, size = [], 0
    for block in blocks:
        size += len(block)
        if size > _LARGEST:
            raise UnreadableLog(f"This lease file is larger than {_LARGEST >> 20} MB, as no DHCP server's is. It was not read.")
        parts.append(block)
    return b"".join(parts).decode(errors="replace")
