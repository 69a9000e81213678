"""Pairs of key and value whose values may hold blanks: what CEF, LEEF and `Key: value, Key: value` have in common.

A key is a word directly before its mark and directly behind a separator; so text in a value that merely holds a mark is no key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.framing import BACKSLASH, Bytes, Lines, Offsets
from discovery.kinds.base import nulls, table

Flags = npt.NDArray[np.bool_]

_BLANK: Final = ord(" ")
_KEY: Final = np.zeros(256, bool)
_KEY[np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.", np.uint8)] = True


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every pair of a block: where the key begins and ends, where the value begins and stops, and its line."""

    lines: Lines
    begins: Offsets
    ends: Offsets
    values: Offsets
    stops: Offsets
    line: Offsets

    def place(self, key: str) -> tuple[Offsets, Offsets]:
        """Start and end of a key's value in every line, start -1 where a line does not have it; of a key given twice the first counts."""
        return self.places(np.flatnonzero(self._named(key.encode())))

    def places(self, hits: Offsets) -> tuple[Offsets, Offsets]:
        """The same for the values of some pairs."""
        starts, ends = np.full(len(self.lines), -1, np.int64), np.zeros(len(self.lines), np.int64)
        last_first = hits[::-1]
        starts[self.line[last_first]], ends[self.line[last_first]] = self.values[last_first], self.stops[last_first]
        return starts, ends

    def labelled(self, label: str) -> tuple[Offsets, Offsets]:
        """Place of the value that a pair `<key>Label=label` names."""
        buffer, wanted = self.lines.buffer, b"Label"
        long = np.flatnonzero((self.stops - self.values == len(label.encode())) & (self.ends - self.begins > len(wanted)))
        labels = long[_same(buffer, self.ends[long] - len(wanted), wanted) & _same(buffer, self.values[long], label.encode())]
        starts, ends = np.full(len(self.lines), -1, np.int64), np.zeros(len(self.lines), np.int64)
        names = self.lines.column(self.begins[labels], self.ends[labels] - len(wanted))
        for key in names.unique(maintain_order=True):
            begin, end = self.place(key)
            here = np.zeros(len(self.lines), bool)
            here[self.line[labels[(names == key).to_numpy()]]] = True
            here &= starts < 0
            starts, ends = np.where(here, begin, starts), np.where(here, end, ends)
        return starts, ends

    def _named(self, key: bytes) -> Flags:
        same = self.ends - self.begins == len(key)
        at = np.flatnonzero(same)
        same[at] = _same(self.lines.buffer, self.begins[at], key)
        return np.asarray(same)


def find_pairs(lines: Lines, zones: Offsets, *, mark: bytes, separator: bytes, until: bytes = b"", opening: bytes = b"") -> Pairs:
    """The pairs of each line from its zone on.

    Args:
        lines: the lines.
        zones: where the pairs of each line begin; its end where it has none.
        mark: what stands between key and value, of one or more bytes.
        separator: what stands before a key; its last byte is none of a key's.
        until: the character that a value ends at where it is not escaped; none: it ends at the next key.
        opening: what may stand before a key instead of a separator.
    """
    buffer = lines.buffer
    if not len(lines):
        none = np.empty(0, np.int64)
        return Pairs(lines, none, none, none, none, none)
    low, high = int(lines.starts[0]), int(lines.ends[-1]) + 1
    breaks = np.flatnonzero(~_KEY[buffer[low:high]]) + low  # bytes that no key holds
    at = np.flatnonzero(buffer[breaks] == mark[0])
    ends = breaks[at]
    line = np.maximum(np.searchsorted(lines.starts, ends, side="right") - 1, 0)
    begins = np.maximum(np.where(at > 0, breaks[np.maximum(at - 1, 0)] + 1, low), zones[line])
    good = (begins < ends) & (ends >= zones[line]) & (ends + len(mark) <= lines.ends[line]) & _same(buffer, ends, mark)
    good &= (
        (begins == zones[line]) | _behind(buffer, begins, zones[line], separator) | (bool(opening) & _behind(buffer, begins, zones[line], opening))
    )
    begins, ends, line = begins[good], ends[good], line[good]
    values = ends + len(mark)
    if until:
        marks = breaks[buffer[breaks] == until[0]]
        cuts = unescaped(lines, marks[_same(buffer, np.minimum(marks, len(buffer) - len(until)), until)])
        stops = np.append(cuts, high)[np.searchsorted(cuts, values)]
    else:
        stops = np.append(np.where(line[1:] == line[:-1], begins[1:] - len(separator), high), high)
    return Pairs(lines, begins, ends, values, np.maximum(np.minimum(stops, lines.ends[line]), values), line)


def unescaped(lines: Lines, places: Offsets) -> Offsets:
    """The places without those behind a backslash that is not itself behind one."""
    slashed = lines.buffer[np.maximum(places - 1, 0)] == BACKSLASH
    if not slashed.any():
        return places
    slashes = lines.positions(BACKSLASH)
    first_of_run = np.concatenate([[True], np.diff(slashes) > 1])
    run = np.flatnonzero(first_of_run)[np.cumsum(first_of_run) - 1]
    length = np.arange(len(slashes)) - run + 1  # of the run of backslashes up to each
    odd = length[np.searchsorted(slashes, places[slashed] - 1)] % 2 == 1
    return np.delete(places, np.flatnonzero(slashed)[odd])


def plain(lines: Lines, place: tuple[Offsets, Offsets], escapes: str = "") -> pl.Series:
    """Values, given where they stand, without blanks around them, and with these escaped characters as they are."""
    starts, ends = place
    known = starts >= 0
    if not known.any():
        return nulls(len(starts))
    column, first, last = lines.column(starts, ends), lines.buffer[starts[known]], lines.buffer[ends[known] - 1]
    if (first == _BLANK).any() or (last == _BLANK).any():
        column = column.str.strip_chars(" ")
    if escapes and column.str.contains("\\", literal=True).any():
        return column.str.replace_all(rf"\\([{escapes}])", "$1")
    return column


def nothing(wanted: Sequence[str], height: int) -> pl.DataFrame:
    """The table of lines of which none is understood."""
    return table({name: nulls(height) for name in wanted}, pl.repeat(value=False, n=height, dtype=pl.Boolean, eager=True))


def _behind(buffer: Bytes, begins: Offsets, zones: Offsets, text: bytes) -> Flags:
    """Which begin directly behind this text of their own zone."""
    return (begins - zones >= len(text)) & _same(buffer, np.maximum(begins - len(text), 0), text)


def _same(buffer: Bytes, begins: Offsets, text: bytes) -> Flags:
    """Where the buffer holds this text."""
    same = np.ones(len(begins), bool)
    for place, byte in enumerate(text):
        same &= buffer[begins + place] == byte
    return same
