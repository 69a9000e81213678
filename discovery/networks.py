"""Which part of the firm's network an address is of: staff, guests, VPN or servers, as the firm says.

Guests are not the firm's people, and a server is nobody: what it fetches by itself is no person's use.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from discovery.errors import GnomonError

STAFF, GUEST, VPN, SERVER = KINDS = ("staff", "guest", "vpn", "server")

#: `person_kind` and `basis` of an address in a range of servers.
SERVER_BASIS: Final = "address of a server"

#: More ranges than any firm has; each is looked at for each address.
MOST: Final = 500

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses of one kind, such as 192.168.20.0/24 of guests."""

    network: Network
    kind: str


def read_ranges(texts: Mapping[str, str]) -> list[Range]:
    """Ranges from lines of addresses in CIDR notation (RFC 4632), by kind; an address without a length is that one.

    Raises:
        GnomonError: a line is no range, a range has two kinds, or there are too many.
    """
    ranges: dict[Network, Range] = {}
    for kind in KINDS:
        for line in texts.get(kind, "").replace(",", "\n").split("\n"):
            if not line.strip():
                continue
            found = Range(_network(line.strip()), kind)
            if ranges.setdefault(found.network, found).kind != kind:
                raise GnomonError(f"{found.network} is entered twice, as {ranges[found.network].kind} and as {kind}. Leave it in one place.")
    if len(ranges) > MOST:
        raise GnomonError(f"{len(ranges)} ranges are more than the {MOST} that can be kept. Join neighbours into larger ranges.")
    return list(ranges.values())


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise GnomonError(f"“{text[:60]}” is no range of addresses. A range looks like 192.168.20.0/24 or 2001:db8:20::/48.") from None


def in_words(ranges: Iterable[Range]) -> dict[str, str]:
    """The ranges of each kind as lines again."""
    ordered = sorted(ranges, key=lambda one: (one.network.version, one.network))
    return {kind: "\n".join(str(one.network) for one in ordered if one.kind == kind) for kind in KINDS}


def kinds_of(addresses: pl.Series, ranges: Sequence[Range]) -> pl.Series:
    """The kind of each address (canonical text); null where no range holds it. Of several ranges the narrowest decides."""
    narrow = sorted(ranges, key=lambda one: one.network.prefixlen, reverse=True)
    distinct = addresses.cast(pl.String).drop_nulls().unique().to_list() if ranges else []
    known = {address: kind for address in distinct if (kind := _kind(address, narrow)) is not None}
    replaced = addresses.cast(pl.String).replace_strict(known, default=None, return_dtype=pl.String) if known else None
    return (pl.Series([None], dtype=pl.String).new_from_index(0, len(addresses)) if replaced is None else replaced).alias("network")


def _kind(text: str, narrow: Sequence[Range]) -> str | None:
    address = ipaddress.ip_address(text)
    return next((one.kind for one in narrow if address.version == one.network.version and address in one.network), None)


def without_guests(rows: pl.DataFrame, ranges: Sequence[Range]) -> pl.DataFrame:
    """Rows with `source_ip` that are not of guests."""
    return rows.filter((kinds_of(rows["source_ip"], ranges) != GUEST).fill_null(value=True))


def servers_apart(rows: pl.DataFrame, basis_of_user: str) -> pl.DataFrame:
    """Attributed rows with `network`, in which a server is nobody; who is named at a server (a terminal server) is still a person."""
    nobody = ((pl.col("network") == SERVER) & pl.col("person").is_not_null() & (pl.col("basis") != basis_of_user)).fill_null(value=False)
    told = {"person_kind": SERVER, "basis": SERVER_BASIS}
    return rows.with_columns(pl.when(nobody).then(pl.lit(text)).otherwise(pl.col(name).cast(pl.String)).alias(name) for name, text in told.items())
