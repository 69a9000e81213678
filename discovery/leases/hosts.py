"""A hosts file: names for addresses that never change (hosts(5)). Lists that send names nowhere (0.0.0.0, loopback) name no device."""

import ipaddress

from discovery.leases.base import BEGIN, LeaseFormat, Row, Snapshot
from discovery.times import Reading

_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._")
_HEAD_LINES = 1_000


def _entry(line: str) -> tuple[str, list[str]] | None:
    """Address and names of a line; None where it is neither an entry nor empty nor a comment."""
    parts = line.partition("#")[0].split()
    if not parts:
        return "", []
    try:
        ipaddress.ip_address(parts[0].partition("%")[0])
    except ValueError:
        return None
    good = len(parts) > 1 and all(set(name.lower()) <= _NAME for name in parts[1:])
    return (parts[0], parts[1:]) if good else None


def _names_a_device(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    return not (known.is_loopback or known.is_unspecified or known.is_multicast or known.is_link_local)


def _is_hosts(head: str) -> bool:
    """Every line is an entry, and one of the first names an address that is not this computer's own."""
    entries = [_entry(line) for line in head.lstrip("\ufeff").split("\n")[:_HEAD_LINES]]
    return all(entries) and any(entry and entry[0] and _names_a_device(entry[0]) for entry in entries)


def _rows(text: str, reading: Reading) -> list[Row | None]:  # noqa: ARG001 (no times)
    entries = [_entry(line) for line in text.lstrip("\ufeff").split("\n")]
    rows: dict[str, Row] = {}
    for address, given in filter(None, entries):
        if address and _names_a_device(address):
            rows.setdefault(address, (address, None, given[0], BEGIN, None))  # the first entry for an address counts
    return [*rows.values(), *[None] * entries.count(None)]


FORMAT = LeaseFormat(id="hosts", title="hosts file", carriers=(Snapshot(_is_hosts, _rows),), fields=("source_ip", "host_name"))
