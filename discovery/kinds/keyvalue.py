"""`key=value` pairs in any order: values bare or in double quotes, as firewalls write them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from discovery.framing import KEEP, NEWLINE, QUOTE, Bytes, Lines, Offsets, StringColumn, words_at
from discovery.kinds.base import table

EQUALS = ord("=")
_AT_ONCE = 2_048  # lines


@dataclass(frozen=True, slots=True)
class KeyValue:
    """Pairs of key and value.

    A key inside a quoted value is text, never a key. Of a key given twice the first counts, so that text a client sends
    late in the line cannot overrule what the device wrote.

    Attributes:
        separator: what stands between pairs.
        must: a line is understood only if it has these keys.
        escapes: whether a backslash before a quote makes it a plain character.
    """

    separator: str = " "
    must: tuple[str, ...] = ()
    escapes: bool = True

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none."""
        return None

    def refuses(self, data: bytes) -> bool:
        """A key that must be there is not."""
        return not all(key.encode() + b"=" in data for key in self.must)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted keys; see `Kind.fields`."""
        columns = {key: StringColumn(lines.buffer, len(lines)) for key in wanted}
        understood = np.ones(len(lines), bool)
        for at, part in lines.parts(_AT_ONCE):
            pairs = self._pairs(part)
            found = {key: pairs.value_of(key, len(part)) for key in dict.fromkeys((*wanted, *self.must))}
            for key in self.must:
                understood[at : at + len(part)] &= found[key][0] >= 0
            for key, column in columns.items():
                column.put(at, *_unquoted(lines.buffer, *found[key]))
        return table({key: column.series() for key, column in columns.items()}, pl.Series(understood))

    def _pairs(self, lines: Lines) -> "_Pairs":
        marks = b" =" + self.separator.encode().replace(b" ", b"")
        places, signs = lines.outside_quotes(marks, escapes=self.escapes)
        equal, newline = signs == EQUALS, signs == NEWLINE
        after_gap = np.concatenate([[True], ~equal[:-1]])  # of several equals signs in a pair the first ends the key
        at = np.flatnonzero(equal & after_gap)
        gaps = np.flatnonzero(~equal)
        line = np.cumsum(newline)[at]
        begins = np.where(at > 0, places[at - 1] + 1, 0)
        begins = np.maximum(begins, lines.starts[line])
        stops = np.minimum(places[gaps[np.cumsum(~equal)[at]]], lines.ends[line])
        return _Pairs(lines.buffer, begins, places[at], stops, line)


def _unquoted(buffer: Bytes, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
    """Values without the quotes around them; a value cut off before its closing quote loses the opening one."""
    quoted = (ends > starts) & (starts >= 0) & (buffer[starts] == QUOTE)
    closed = quoted & (ends - starts > 1) & (buffer[ends - 1] == QUOTE)
    return starts + quoted, ends - closed


class _Pairs:
    """Every pair of some lines: where the key begins, the equals sign, where the value stops, and its line."""

    def __init__(self, buffer: Bytes, begins: Offsets, equals: Offsets, stops: Offsets, line: Offsets) -> None:
        self._buffer, self._begins, self._equals, self._stops, self._line = buffer, begins, equals, stops, line
        self._lengths = equals - begins
        self._words = words_at(buffer, "<u8")[begins] & KEEP[np.minimum(self._lengths, 8)]

    def value_of(self, key: str, lines: int) -> tuple[Offsets, Offsets]:
        """Start and end of a key's value in every line; start -1 where the line does not have it."""
        starts, ends = np.full(lines, -1, np.int64), np.zeros(lines, np.int64)
        hits = self._named(key.encode())[::-1]  # backwards, so that the first of a line stays
        starts[self._line[hits]] = self._equals[hits] + 1
        ends[self._line[hits]] = self._stops[hits]
        return starts, ends

    def _named(self, key: bytes) -> Offsets:
        """The pairs of a key, compared by words of eight bytes."""
        word = np.frombuffer(key[:8].ljust(8, b"\0"), "<u8")[0]
        hits = np.flatnonzero((self._words == word) & (self._lengths == len(key)))
        for at in range(8, len(key), 8):
            part = key[at : at + 8]
            words = words_at(self._buffer, "<u8")[self._begins[hits] + at] & KEEP[len(part)]
            hits = hits[words == np.frombuffer(part.ljust(8, b"\0"), "<u8")[0]]
        return hits
