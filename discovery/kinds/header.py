r"""What CEF and LEEF share: a header of a mark and parts between pipes (a pipe within a part is written `\|`), and how they write times."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from discovery.framing import Lines, Offsets
from discovery.kinds.pairs import Flags, plain, unescaped
from discovery.times import SYSLOG, Clock, DayMonth, Epoch, FirstOf, Iso, Worded, Yearless

_BEFORE = np.frombuffer(b" \t>", np.uint8)
_DIGITS = np.frombuffer(b"0123456789", np.uint8)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of each line begins and its pipes stand, -1 where a line has none; and which lines have one at all."""

    lines: Lines
    begins: Offsets
    pipes: tuple[Offsets, ...]
    found: Flags

    def place(self, part: int) -> tuple[Offsets, Offsets]:
        """Start and end of a part; the last may lack its pipe."""
        starts = self.begins if part == 0 else np.where(self.pipes[part - 1] >= 0, self.pipes[part - 1] + 1, -1)
        ends = np.where(self.pipes[part] >= 0, self.pipes[part], self.lines.ends)
        return np.where(self.found, starts, -1), ends

    def behind(self, parts: int) -> Offsets:
        """What comes behind so many parts, the end of the line where nothing does."""
        pipe = self.pipes[parts - 1]
        return np.where(self.found & (pipe >= 0), pipe + 1, self.lines.ends)

    def part(self, part: int) -> pl.Series:
        """The text of a part."""
        return plain(self.lines, self.place(part), r"\\|")

    def one_of(self, part: int, names: tuple[str, ...]) -> Flags:
        """Lines with a header whose part is one of these names in small letters; no names: any."""
        if not names or not self.found.any():
            return self.found
        return np.asarray(self.found & self.part(part).str.to_lowercase().is_in(names).fill_null(value=False).to_numpy())


@dataclass(frozen=True, slots=True)
class Marked:
    """A kind whose lines have such a header.

    Attributes:
        vendors: a line is understood only if its vendor is one of these, in small letters; none: any.
        products: the same for its product.
    """

    mark: ClassVar[bytes]

    vendors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none that holds for all lines."""
        return None

    def refuses(self, data: bytes) -> bool:
        """None of the vendors is named; where any will do, the mark is missing."""
        if not self.vendors:
            return self.mark not in data
        small = data.lower()
        return not any(vendor.encode() in small for vendor in self.vendors)

    def of_these(self, head: Header) -> Flags:
        """Lines with a header that names one of the vendors and products."""
        return np.asarray(head.one_of(1, self.vendors) & head.one_of(2, self.products))


def find_header(lines: Lines, mark: bytes, *, least: int, most: int, cut: bool = False) -> Header:
    """The header of each line.

    Args:
        lines: the lines.
        mark: how it begins.
        least: fewest pipes.
        most: most pipes.
        cut: whether a collector may have cut off the mark, so that the line begins with the version, such as `0|` or `1.0|`.
    """
    begins = _begins(lines, mark, cut=cut)
    pipes = unescaped(lines, lines.positions(ord("|")))
    first = np.searchsorted(pipes, np.maximum(begins, 0))
    padded = np.append(pipes, np.full(most, np.iinfo(np.int64).max))
    each = tuple(np.where((begins >= 0) & (padded[first + n] < lines.ends), padded[first + n], -1) for n in range(most))
    return Header(lines, begins, each, each[least - 1] >= 0)


def _begins(lines: Lines, mark: bytes, *, cut: bool) -> Offsets:
    """Where the version stands in each line, -1 where no header begins; the mark stands first or behind a blank."""
    marks = lines.positions(mark[0])
    for place, byte in enumerate(mark[1:], 1):
        marks = marks[lines.buffer[marks + place] == byte]
    marks = marks[np.isin(lines.buffer[np.maximum(marks - 1, 0)], _BEFORE) | np.isin(marks, lines.starts)]
    at = np.append(marks, np.iinfo(np.int64).max)[np.searchsorted(marks, lines.starts)]
    opening = lines.buffer[lines.starts]
    own = (at < lines.ends) & (opening != ord("{"))
    first = lines.starts + (opening == ord(" "))
    return np.where(own, at + len(mark), np.where(_version(lines, first) & cut, first, -1))


def _version(lines: Lines, at: Offsets) -> Flags:
    """Where a version and its pipe stand: `0|`, `1.0|`."""
    digit, second, third, fourth = (lines.buffer[at + place] for place in range(4))
    short, long = second == ord("|"), (second == ord(".")) & np.isin(third, _DIGITS) & (fourth == ord("|"))
    return np.asarray(np.isin(digit, _DIGITS) & (short | long))


def times(*keys: str) -> Clock:
    """The clock of keys that hold a time as CEF and LEEF write it, then of the syslog header.

    It is written as milliseconds, or as `Nov 26 2018 22:17:32.000 UTC`, of which the fraction, the zone or the year may be left out.
    """
    return FirstOf((*(clock for key in keys for clock in _written(key)), SYSLOG))


def _written(key: str) -> tuple[Clock, ...]:
    return (
        Epoch(key),
        Worded((key,)),
        Iso(key),
        DayMonth((key,)),
        Yearless(key),
    )
