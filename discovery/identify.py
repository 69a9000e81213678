"""Which format is this? The one that understands the head of the log best; parsing is the only proof.

A vendor's own format goes before a generic one that understands no more lines. A file may hold lines of several devices: then there are
several formats (`Candidate.beside`), and each line goes to the one that understands it. If nothing understands the head, one sentence says what
the file seems to be instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery import formats, leases, mixture, strangers, syslog, wrappers
from discovery.blocks import headed
from discovery.coding import Names, spelled_out
from discovery.errors import UnreadableLog
from discovery.format import Layout, LogFormat
from discovery.framed import Block, Framed, framed
from discovery.framing import Lines, frame, utf8
from discovery.leases import LeaseFormat, beside
from discovery.outcome import BAD_TIME, EMPTY
from discovery.parse import Parsed, fields_of, read_block, times_of, understands
from discovery.times import Reading

#: How much of a log is looked at, bytes and lines.
HEAD: Final = 1 << 18
HEAD_LINES: Final = 1_000
_HEADERS: Final = 8

# With events in the head, a tenth of understood lines is enough: a log may begin with pages of a reboot. Without any, most lines must be known.
_ENOUGH: Final = 0.1
_ENOUGH_WITHOUT_EVENTS: Final = 0.6

# Of several formats in one file each has so many of the first lines that no other has; formats are told apart too well for chance.
_OF_ITS_OWN: Final = 0.002
_MOST_WAYS: Final = 12

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A format, one of its layouts, and how well it understands the head.

    Attributes:
        share: lines understood, of those that are not empty, 0 to 1.
        reading: what is decided for the whole log.
        events: share of lines that became events.
        timeless: share of lines of its layout whose time cannot be read, as where a collector took the header off that held it.
        zoned: whether the times of the head say themselves which zone they are in.
        beside: where the file holds lines of several formats, the others, each with the share that none before it understands.
        times: those of the events of the head, as `reading` has them.
        lines: theirs.
    """

    format: LogFormat
    layout: Layout
    reading: Reading
    share: float
    events: float
    timeless: float = 0.0
    zoned: bool = False
    beside: tuple["Candidate", ...] = ()
    times: tuple[pl.Series, ...] = field(default=(), compare=False, repr=False)
    lines: tuple[pl.Series, ...] = field(default=(), compare=False, repr=False)

    @property
    def ways(self) -> tuple[mixture.Way, ...]:
        """How lines of the file are read, in the order in which they are tried."""
        return tuple((one.layout, one.reading) for one in (self, *self.beside))

    def keyed(self, key: str | None) -> "Candidate":
        """The same, with a key to tell lines apart by (see `Reading`)."""
        return replace(self, reading=replace(self.reading, key=key), beside=tuple(one.keyed(key) for one in self.beside))

    @property
    def enough(self) -> bool:
        """Whether this can be the format."""
        return self.share >= (_ENOUGH if self.events else _ENOUGH_WITHOUT_EVENTS)

    @property
    def rank(self) -> tuple[bool, float, bool, float, int, int]:
        """Order of candidates, best last; of two alike the one that takes more off. A generic format without requests only knows the envelope."""
        telling = bool(self.events) or not self.format.generic
        share, events = round(self.share, 3), round(self.events, 3)
        return (telling, share, not self.format.generic, events, len(self.reading.wrapper), self.reading.syslog)


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
    ranked = _ranked(head, reading, format_id)
    if not ranked or not (format_id or ranked[0].enough):
        ranked = [] if strangers.sentence(head) else _timeless(ranked)
    if not ranked:
        raise UnreadableLog(_sentence(head, format_id))
    block = Block(0, 1, _first_lines(head))
    best, *others = _several(ranked, block)
    if best.format.declines and format_id is None:
        raise UnreadableLog(best.format.declines)
    zoned = all(_zoned(one, block) for one in (best, *others))
    return replace(best, zoned=zoned, beside=tuple(others))


def lease_file(head: bytes, format_id: str | None = None) -> LeaseFormat | None:
    """The lease format of a file that begins so, else None: also where its notices stand in a log of requests, which tells of both."""
    found = leases.recognise(head, format_id)
    if found is None or format_id is not None or not beside.stands_among_others(found.carrier(head)):
        return found
    asked = any(one.events and one.enough and not one.format.generic for one in _ranked(head, Reading()))
    return None if asked else found


def head_events(best: Candidate, head: bytes) -> pl.DataFrame:
    """The events of the first lines: columns of `EVENT` and `TRANSIENT`, names as text."""
    block = Block(0, 1, _first_lines(head))
    parts = mixture.read(best.ways, block, Names()) if best.beside else _parsed(best.layout, block, best.reading)
    return spelled_out(pl.concat(part.events for part in parts)).sort("line")


def candidates(head: bytes, reading: Reading, *, format_id: str | None = None, known: Sequence[LogFormat] | None = None) -> list[Candidate]:
    """Every layout that understands at least one line of the head, best first: of the shipped formats, of one, or of those given."""
    return [one for one in _ranked(head, reading, format_id, known) if one.share]


def _ranked(head: bytes, reading: Reading, format_id: str | None = None, known: Sequence[LogFormat] | None = None) -> list[Candidate]:
    """The same, with those that understand all of a line but its time."""
    if known is None:
        known = [formats.get(format_id)] if format_id else list(formats.all_formats().values())
    block = Block(0, 1, _first_lines(head))
    readings = _readings(block, reading)
    shown = _Shown()
    tried = [_try(format_, layout, how, block, shown) for format_ in known for layout in format_.layouts for how in readings]
    return sorted((found for found in tried if found), key=lambda candidate: candidate.rank, reverse=True)


def _timeless(ranked: Sequence[Candidate]) -> list[Candidate]:
    """What most lines are of, where they only lack a time: the account can then say so."""
    found = [one for one in ranked if one.share + one.timeless >= _ENOUGH_WITHOUT_EVENTS]
    return [max(found, key=lambda one: (round(one.share + one.timeless, 3), one.rank))] if found else []


def title(best: Candidate) -> str:
    """What the format is called, or the formats of the file."""
    *names, last = dict.fromkeys(one.format.title for one in (best, *best.beside))
    return f"{', '.join(names)} and {last}" if names else last


def _several(ranked: Sequence[Candidate], block: Block) -> list[Candidate]:
    """The best, alone where it understands all; else each further one that understands the most of the lines that are still open.

    Lines below a header are of one format. What is declined takes part in no mixture. A generic format that understands more lines than one
    vendor's keeps them: half of a device's lines are no device. Where there are two vendors, each has its own, with requests among them.
    """
    best = ranked[0]
    others = [one for one in ranked[1:] if one.events and not one.format.declines and not _headed(one, block)]
    if not others or _headed(best, block) or (best.share == 1 and not best.format.generic):
        return [best]
    taking = [(one, _claimed(one, block)) for one in (best, *others) if not one.format.declines]
    vendors = [one for one in taking if not one[0].format.generic]
    found = _cover(vendors, taking)
    if best.format.generic and len({one.format.id for one in found if not one.format.generic}) == 1:
        found = _cover(taking, vendors)
    return found if len(found) > 1 else [best]


def _cover(*turns: Sequence[tuple[Candidate, _Flags]]) -> list[Candidate]:
    """Those that have lines of their own, most lines first, the later turns for what the earlier leave."""
    found: list[Candidate] = []
    open_ = np.ones(max((len(mask) for turn in turns for _, mask in turn), default=0), bool)
    for turn in turns:
        left = list(turn)
        while left and len(found) < _MOST_WAYS:
            at = max(range(len(left)), key=lambda n: int((left[n][1] & open_).sum()))  # of two alike the better ranked
            one, mask = left.pop(at)
            share = int((mask & open_).sum()) / len(open_)
            if share > _OF_ITS_OWN and (not found or _asks(one, open_)):
                found.append(replace(one, share=share))
                open_ &= ~mask
    return found


def _asks(one: Candidate, open_: _Flags) -> bool:
    """Whether one of these lines is a request to it: a device of which nothing but notes would be known is none of the file's."""
    return any(bool(open_[numbers.to_numpy() - 1].any()) for numbers in one.lines)


def _claimed(one: Candidate, block: Block) -> _Flags:
    """Which lines of the head are of its layout."""
    return mixture.claimed(fields_of(one.layout, framed(block, one.reading), None, one.layout.wanted()), one.layout)


def _headed(one: Candidate, block: Block) -> bool:
    return one.layout.kind.header(block.data, None) is not None or getattr(one.layout.kind, "header_mark", None) is not None


def _first_lines(head: bytes) -> bytes:
    head = head.lstrip(b"\r\n")
    rest = head.split(b"\n", HEAD_LINES)[HEAD_LINES:]
    return head.removesuffix(rest[0]) if rest else head


def _readings(block: Block, reading: Reading) -> list[Reading]:
    """Ways to get at the device's own lines: out of a collector's wrapper, behind as many syslog headers as most lines have."""
    lines = frame(utf8(block.data)[0])
    found = []
    for path in (None, *wrappers.layers(lines)):
        lines, reading = (lines, reading) if path is None else (wrappers.unwrap(lines, path), replace(reading, wrapper=(*reading.wrapper, path)))
        if path == wrappers.HEADER:
            continue  # the same as behind one header
        found += [replace(reading, syslog=depth) for depth in _depths(lines)]
        if syslog.prioritised(lines.text()):
            found.append(replace(reading, priority=True))
    return found


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
    timeless = sum(part.rejected.get(BAD_TIME, 0) for part in parsed)
    if lines <= 0 or understood + timeless <= 0:
        return None
    times = tuple(part.events["timestamp"] for part in parsed)
    numbers = tuple(part.events["line"] for part in parsed)
    return Candidate(format_, layout, reading, understood / lines, sum(map(len, times)) / lines, timeless / lines, times=times, lines=numbers)


def _parsed(layout: Layout, block: Block, reading: Reading) -> list[Parsed]:
    coder = Names()
    return [read_block(layout, piece, reading, coder) for piece in _pieces(layout, block)]


def _pieces(layout: Layout, block: Block) -> Iterator[Block]:
    """The head as far as its first few headers go."""
    return islice(headed(layout.kind, block.data), _HEADERS)


def _zoned(best: Candidate, block: Block) -> bool:
    """Whether the times are the same wherever the log is thought to come from."""
    elsewhere = replace(best.reading, zone="Asia/Tokyo" if best.reading.zone != "Asia/Tokyo" else "UTC")
    pieces = zip(_pieces(best.layout, block), best.lines, strict=True)
    there = (times_of(best.layout, piece, elsewhere, lines) for piece, lines in pieces)
    return all(one.equals(other) for one, other in zip(best.times, there, strict=True))


def _sentence(head: bytes, format_id: str | None) -> str:
    if foreign := strangers.no_text(head):
        return foreign
    if format_id:
        return f"Not one of the first lines can be read as “{formats.get(format_id).title}”."
    if known := strangers.sentence(head):
        return known
    shape = re.sub(r"[^\x20-\x7e\u00a0-\u1fff\u2100-\ud7ff]", "·", head.split(b"\n", 1)[0].decode(errors="replace")[:60])
    return f"No format understands this file; it begins “{shape}”. `gnomon formats` lists the logs that can be read."
