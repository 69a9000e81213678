"""Layers off a packet: link, IPv4 or IPv6, UDP or TCP. Of a fragment only the first is looked at; anything odd is no segment."""

import struct
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Final

_IPV4, _IPV6, _PPPOE = 0x0800, 0x86DD, 0x8864
_VLAN: Final = (0x8100, 0x88A8, 0x9100)
_PPP: Final = {0x0021: _IPV4, 0x0057: _IPV6}
_MOST_TAGS: Final = 3
_RAW: Final = (12, 14, 101, 228, 229)
_LOOPBACK: Final = (0, 108)
_ETHERNET, _COOKED, _COOKED_2 = 1, 113, 276
_TCP, _UDP = 6, 17
_SYN: Final = 2
# hop by hop, routing, fragment, authentication, destination, mobility (https://www.iana.org/assignments/ipv6-parameters)
_EXTENSIONS: Final = (0, 43, 44, 51, 60, 135)
_FRAGMENT, _AUTHENTICATION = 44, 51
_MOST_EXTENSIONS: Final = 8

#: Link layers that can be read.
LINKS: Final = (*_RAW, *_LOOPBACK, _ETHERNET, _COOKED, _COOKED_2)


@dataclass(frozen=True, slots=True)
class Segment:
    """What a packet carries.

    Attributes:
        sequence: number of the first byte, of TCP; None for UDP.
    """

    source: bytes
    source_port: int
    destination: bytes
    destination_port: int
    sequence: int | None
    data: bytes

    @property
    def flow(self) -> tuple[bytes, int, bytes, int]:
        """One direction of a connection."""
        return self.source, self.source_port, self.destination, self.destination_port


@lru_cache(maxsize=10_000)
def address(packed: bytes) -> str:
    """The text of an address."""
    return str(IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed))  # noqa: PLR2004


def segment(link: int, data: bytes) -> Segment | None:
    """What a packet carries, None where that is neither UDP nor TCP."""
    try:
        found = _network(link, data)
        return None if found is None else _transport(*found)
    except (struct.error, IndexError):  # shorter than its own headers say
        return None


def _network(link: int, data: bytes) -> tuple[bytes, bytes, int, bytes] | None:
    """Addresses, protocol and payload."""
    if link in _RAW:
        at = 0
    elif link in _LOOPBACK:
        at = 4
    elif link in (_ETHERNET, _COOKED, _COOKED_2):
        kind, at = _framed(link, data)
        if kind not in (_IPV4, _IPV6):
            return None
    else:
        return None
    version = data[at] >> 4
    return _ipv4(data[at:]) if version == 4 else _ipv6(data[at:]) if version == 6 else None  # noqa: PLR2004


def _framed(link: int, data: bytes) -> tuple[int, int]:
    """The type of what a frame carries, behind tags, and where that begins."""
    place, at = {_ETHERNET: (12, 14), _COOKED: (14, 16), _COOKED_2: (0, 20)}[link]
    kind = int(struct.unpack_from(">H", data, place)[0])
    for _ in range(_MOST_TAGS):
        if kind not in _VLAN:
            break
        kind, at = int(struct.unpack_from(">H", data, at + 2)[0]), at + 4
    if kind == _PPPOE:
        return _PPP.get(int(struct.unpack_from(">H", data, at + 6)[0]), 0), at + 8
    return kind, at


def _ipv4(data: bytes) -> tuple[bytes, bytes, int, bytes] | None:
    header, total, offset = (data[0] & 15) * 4, *struct.unpack_from(">2xH2xH", data)
    if header < 20 or offset & 0x1FFF:  # noqa: PLR2004 (five words; a later fragment)
        return None
    end = total if total >= header else len(data)  # zero where the card cuts large packets itself
    return data[12:16], data[16:20], data[9], data[header:end]


def _ipv6(data: bytes) -> tuple[bytes, bytes, int, bytes] | None:
    length, following = struct.unpack_from(">4xHB", data)
    at, end = 40, 40 + length if length else len(data)
    for _ in range(_MOST_EXTENSIONS):
        if following not in _EXTENSIONS:
            return data[8:24], data[24:40], following, data[at:end]
        if following == _FRAGMENT and struct.unpack_from(">H", data, at + 2)[0] & 0xFFF8:
            return None
        size = 8 if following == _FRAGMENT else (data[at + 1] + 2) * 4 if following == _AUTHENTICATION else (data[at + 1] + 1) * 8
        following, at = data[at], at + size
    return None


def _transport(source: bytes, destination: bytes, protocol: int, data: bytes) -> Segment | None:
    if protocol == _UDP:
        source_port, destination_port, length = struct.unpack_from(">HHH", data)
        return Segment(source, source_port, destination, destination_port, None, data[8 : length or None])
    if protocol == _TCP:
        source_port, destination_port, sequence, words, flags = struct.unpack_from(">HHI4xBB", data)
        begin = (sequence + 1) % 2**32 if flags & _SYN else sequence
        return Segment(source, source_port, destination, destination_port, begin, data[(words >> 4) * 4 :])
    return None
