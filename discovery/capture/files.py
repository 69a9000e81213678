"""Packets out of capture files: classic pcap (microseconds and nanoseconds, either byte order) and pcapng.

Layouts after draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. Lengths in a file are checked before anything is taken: a file cut short
or damaged yields the packets before the damage and then `DAMAGED`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from discovery.capture.source import ByteSource

_CLASSIC: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 10**6),
    b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9),
    b"\xa1\xb2\x3c\x4d": (">", 10**9),
}
_SECTION: Final = b"\x0a\x0d\x0d\x0a"
MAGICS: Final = (*_CLASSIC, _SECTION)

#: No link carries a larger packet (the largest snapshot length that libpcap takes).
_LARGEST_PACKET: Final = 1 << 18
_LARGEST_BLOCK: Final = 1 << 24
_MOST_INTERFACES: Final = 1_000
_INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET = 1, 2, 3, 6
_RESOLUTION, _OFFSET = 9, 14  # options of an interface
_FINEST: Final = 18  # digits of a second


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet.

    Attributes:
        link: number of the link layer (https://www.tcpdump.org/linktypes.html).
        time: microseconds since 1970; None where the file does not say.
    """

    link: int
    time: int | None
    data: bytes


#: Stands for what could not be read behind the last whole packet.
DAMAGED: Final = Packet(-1, None, b"")


@dataclass(frozen=True, slots=True)
class _Interface:
    link: int
    ticks: int = 10**6  # of a second
    offset: int = 0  # seconds

    def micros(self, ticks: int) -> int:
        return ticks * 10**6 // self.ticks + self.offset * 10**6


def packets(source: ByteSource) -> Iterator[Packet]:
    """Every packet of a capture, in the order of the file."""
    magic = source.take(4)
    if magic == _SECTION:
        yield from _blocks(source)
    elif magic in _CLASSIC:
        yield from _classic(source, *_CLASSIC[magic])
    else:
        yield DAMAGED


def _classic(source: ByteSource, order: str, ticks: int) -> Iterator[Packet]:
    header, record = source.take(20), struct.Struct(f"{order}IIII")
    if len(header) < 20:  # noqa: PLR2004 (what is left of the file header)
        yield DAMAGED
        return
    link = int(struct.unpack(f"{order}I", header[16:])[0]) & 0xFFFF
    while head := source.take(record.size):
        if len(head) < record.size:
            yield DAMAGED
            return
        seconds, parts, length, _ = record.unpack(head)
        data = source.take(length) if length <= _LARGEST_PACKET else b""
        if len(data) < length:
            yield DAMAGED
            return
        yield Packet(link, seconds * 10**6 + parts * 10**6 // ticks, data)


def _blocks(source: ByteSource) -> Iterator[Packet]:
    """Blocks of a pcapng file; each section has its own byte order and interfaces."""
    order, interfaces, kind = "<", list[_Interface](), _SECTION
    while kind:
        length = source.take(4)
        if kind == _SECTION:
            mark = source.take(4)
            order, interfaces = (">" if mark == b"\x1a\x2b\x3c\x4d" else "<"), []
        rest = 12 if kind == _SECTION else 8
        size = struct.unpack(f"{order}I", length)[0] if len(length) == 4 else 0  # noqa: PLR2004
        body = source.take(size - rest) if rest <= size <= _LARGEST_BLOCK else b""
        if len(body) < size - rest or size < rest + 4:
            yield DAMAGED
            return
        number = struct.unpack(f"{order}I", kind)[0]
        if number == _INTERFACE and len(interfaces) < _MOST_INTERFACES:
            interfaces.append(_interface(order, body))
        elif number in (_PACKET, _SIMPLE, _OLD_PACKET):
            yield _packet(order, number, body, interfaces) or DAMAGED
        kind = source.take(4)


def _interface(order: str, body: bytes) -> _Interface:
    link = struct.unpack(f"{order}H", body[:2])[0] if len(body) >= 2 else -1  # noqa: PLR2004
    found = _options(order, body[8:-4])
    base = found.get(_RESOLUTION, b"\x06")[:1] or b"\x06"
    digits = base[0] & 0x7F
    ticks = 2 ** min(digits, 63) if base[0] & 0x80 else 10 ** min(digits, _FINEST)
    offset = found.get(_OFFSET, b"")
    return _Interface(link, ticks, struct.unpack(f"{order}q", offset)[0] if len(offset) == 8 else 0)  # noqa: PLR2004


def _options(order: str, data: bytes) -> dict[int, bytes]:
    """The options of a block, by their codes."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(f"{order}HH", data, at)
        if code == 0:
            break
        found.setdefault(code, data[at + 4 : at + 4 + length])
        at += 4 + (length + 3) // 4 * 4
    return found


def _packet(order: str, number: int, body: bytes, interfaces: list[_Interface]) -> Packet | None:
    """The packet of a block, None where its lengths make no sense."""
    if number == _SIMPLE:
        return Packet(interfaces[0].link, None, body[4:-4]) if interfaces else None
    if len(body) < 24:  # noqa: PLR2004 (five words and the trailing length)
        return None
    name, high, low, length, _ = struct.unpack_from(f"{order}IIIII", body)
    index = name if number == _PACKET else struct.unpack_from(f"{order}H", body)[0]
    if index >= len(interfaces) or length > len(body) - 24:
        return None
    return Packet(interfaces[index].link, interfaces[index].micros(high << 32 | low), body[20 : 20 + length])
