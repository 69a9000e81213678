"""Which format is this? The one that understands the head of the log best; parsing is the only proof.

A vendor's own format goes before a generic one that understands no more lines. If nothing understands the head, one sentence says
what the file seems to be instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import polars as pl

from discovery import formats, syslog, wrappers
from discovery.blocks import headed
from discovery.coding import Names, spelled_out
from discovery.errors import UnreadableLog
from discovery.format import Layout, LogFormat
from discovery.framing import Lines, frame, utf8
from discovery.outcome import EMPTY
from discovery.parse import Block, Framed, Parsed, framed, read_block, understands
from discovery.times import Reading

#: How much of a log is looked at, bytes and lines.
HEAD: Final = 1 << 18
HEAD_LINES: Final = 1_000
_HEADERS: Final = 8

# With events in the head, a tenth of understood lines is enough: a log may begin with pages of a reboot. Without any, most lines must be known.
_ENOUGH: Final = 0.1
_ENOUGH_WITHOUT_EVENTS: Final = 0.6

_CONTROL: Final = bytes(n for n in range(32) if n not in b"\t\n\r\x1b")
_FOREIGN: Final = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"ElfFile": "a Windows event log in binary form (export it as text or CSV)",
    b"PAR1": "a Parquet file",
    b"ID3": "a sound file",
    b"PK\x03\x04": "an archive inside an archive (unpack the outer one)",
    b"\x1f\x8b": "a file that was compressed twice (unpack it once)",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A format, one of its layouts, and how well it understands the head.

    Attributes:
        share: lines understood, of those that are not empty, 0 to 1.
        reading: what is decided for the whole log.
        events: share of lines that became events.
        zoned: whether the times of the head say themselves which zone they are in.
    """

    format: LogFormat
    layout: Layout
    reading: Reading
    share: float
    events: float
    zoned: bool = False

    @property
    def enough(self) -> bool:
        """Whether this can be the format."""
        return self.share >= (_ENOUGH if self.events else _ENOUGH_WITHOUT_EVENTS)

    @property
    def rank(self) -> tuple[float, bool, float, int]:
        """Order of candidates, best last."""
        return (round(self.share, 3), not self.format.generic, round(self.events, 3), self.reading.syslog)


def identify(head: bytes, reading: Reading, *, format_id: str | None = None) -> Candidate:
    """The best candidate for the head of a log.

    Args:
        head: the first whole lines, UTF-8.
        reading: zone and reference time, as for the whole log.
        format_id: a format the caller insists on.

    Raises:
        UnreadableLog: no format understands it, or the one that does says that such a log is of no use here.
    """
    if not head.strip():
        raise UnreadableLog("The file is empty.")
    ranked = candidates(head, reading, format_id=format_id)
    if not ranked or not (format_id or ranked[0].enough):
        raise UnreadableLog(_sentence(head, format_id))
    best = ranked[0]
    if best.format.declines and format_id is None:
        raise UnreadableLog(best.format.declines)
    return replace(best, zoned=_zoned(best, Block(0, 1, _first_lines(head))))


def head_events(best: Candidate, head: bytes) -> pl.DataFrame:
    """The events of the first lines: columns of `EVENT` and `TRANSIENT`, names as text."""
    return spelled_out(pl.concat(part.events for part in _parsed(best.layout, Block(0, 1, _first_lines(head)), best.reading)))


def candidates(head: bytes, reading: Reading, *, format_id: str | None = None, known: Sequence[LogFormat] | None = None) -> list[Candidate]:
    """Every layout that understands at least one line of the head, best first: of the shipped formats, of one, or of those given."""
    if known is None:
        known = [formats.get(format_id)] if format_id else list(formats.all_formats().values())
    block = Block(0, 1, _first_lines(head))
    readings = _readings(block, reading)
    shown = _Shown()
    tried = [_try(format_, layout, how, block, shown) for format_ in known for layout in format_.layouts for how in readings]
    return sorted((found for found in tried if found), key=lambda candidate: candidate.rank, reverse=True)


def _first_lines(head: bytes) -> bytes:
    head = head.lstrip(b"\r\n")
    rest = head.split(b"\n", HEAD_LINES)[HEAD_LINES:]
    return head.removesuffix(rest[0]) if rest else head


def _readings(block: Block, reading: Reading) -> list[Reading]:
    """Ways to get at the device's own lines: out of a collector's wrapper, behind as many syslog headers as most lines have."""
    lines = frame(utf8(block.data)[0])
    paths = [None, *([path] if (path := wrappers.wrapper(lines.text())) else [])]
    return [
        replace(reading, syslog=depth, wrapper=path) for path in paths for depth in _depths(lines if path is None else wrappers.unwrap(lines, path))
    ]


def _depths(lines: Lines) -> list[int]:
    depths = [0]
    while depths[-1] < syslog.DEEPEST and syslog.headed(lines.text()) > _ENOUGH:
        lines, _ = syslog.strip(lines)
        depths.append(depths[-1] + 1)
    return depths


class _Shown:
    """Pieces of the head, framed once for all layouts."""

    def __init__(self) -> None:
        self._framed: dict[tuple[int, int, Reading], Framed] = {}

    def framed(self, piece: Block, reading: Reading) -> Framed:
        key = (piece.first, len(piece.data), reading)
        if key not in self._framed:
            self._framed[key] = framed(piece, reading)
        return self._framed[key]


def _try(format_: LogFormat, layout: Layout, reading: Reading, block: Block, shown: _Shown) -> Candidate | None:
    if not any(understands(layout, shown.framed(piece, reading), piece.header) for piece in _pieces(layout, block)):
        return None
    parsed = _parsed(layout, block, reading)
    orders = frozenset[bool]().union(*(part.orders for part in parsed))
    if len(orders) == 1 and orders != {reading.day_first}:
        reading = replace(reading, day_first=next(iter(orders)))
        parsed = _parsed(layout, block, reading)
    lines = sum(part.lines - part.skipped.get(EMPTY, 0) for part in parsed)
    understood = lines - sum(sum(part.rejected.values()) for part in parsed)
    if lines <= 0 or understood <= 0:
        return None
    return Candidate(format_, layout, reading, understood / lines, sum(part.events.height for part in parsed) / lines)


def _parsed(layout: Layout, block: Block, reading: Reading) -> list[Parsed]:
    coder = Names()
    return [read_block(layout, piece, reading, coder) for piece in _pieces(layout, block)]


def _pieces(layout: Layout, block: Block) -> Iterator[Block]:
    """The head as far as its first few headers go."""
    return islice(headed(layout.kind, block.data), _HEADERS)


def _zoned(best: Candidate, block: Block) -> bool:
    """Whether the times are the same wherever the log is thought to come from."""
    here, there = (
        [part.events["timestamp"] for part in _parsed(best.layout, block, replace(best.reading, zone=zone))] for zone in ("UTC", "Asia/Tokyo")
    )
    return all(one.equals(other) for one, other in zip(here, there, strict=True))


def _sentence(head: bytes, format_id: str | None) -> str:
    foreign = next((what for magic, what in _FOREIGN.items() if head.startswith(magic)), None)
    if foreign:
        return f"This is {foreign}, not a log."
    if len(head) - len(head.translate(None, _CONTROL)) > len(head) // 100:
        return "This is a binary file, not a log in text form."
    if format_id:
        return f"Not one of the first lines can be read as “{formats.get(format_id).title}”."
    shape = re.sub(r"[^\x20-\x7e\u00a0-\u1fff\u2100-\ud7ff]", "·", head.split(b"\n", 1)[0].decode(errors="replace")[:60])
    return f"No format understands this file; it begins “{shape}”. `gnomon formats` lists the logs that can be read."
