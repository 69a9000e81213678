"""`key=value` pairs in any order: values bare or in double quotes, as firewalls write them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from discovery.compiled import compiled, inlined
from discovery.framing import BACKSLASH, KEEP, QUOTE, Bytes, Lines, Offsets, Words, eight, equal, lowest, words_at
from discovery.kinds.base import table

_BLANKS, _EQUALS, _QUOTES = eight(32), eight(61), eight(QUOTE)
_ONE = np.uint64(1)

#: Wanted keys, shortest first: the words of their bytes without anything between, where each begins, for each length which is the first, and in which
#: row of the result each is noted.
Keys = tuple[Words, Offsets, Offsets, Offsets]


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
        keys = list(dict.fromkeys((*wanted, *self.must)))
        starts, ends = self._values(lines, keys)
        understood = np.ones(len(lines), bool)
        for key in self.must:
            understood &= starts[keys.index(key)] >= 0
        columns = {key: lines.column(starts[keys.index(key)], ends[keys.index(key)]) for key in wanted}
        return table(columns, pl.Series(understood))

    def _values(self, lines: Lines, keys: Sequence[str]) -> tuple[Offsets, Offsets]:
        """Start and end of the value of each key, a row per key, start -1 where a line does not have it."""
        starts, ends = np.full((len(keys), len(lines)), -1, np.int64), np.zeros((len(keys), len(lines)), np.int64)
        written = [key.encode() for key in keys]
        order = sorted(range(len(keys)), key=lambda row: len(written[row]))
        lengths = np.array([len(written[row]) for row in order], np.int64)
        first = np.searchsorted(lengths, np.arange(int(lengths[-1]) + 2 if len(keys) else 1))  # of the keys of a length
        text = np.frombuffer(b"".join(written[row] for row in order) + bytes(8), np.uint8)
        wanted = (words_at(text), np.cumsum(lengths) - lengths, first, np.array(order, np.int64))
        _find(words_at(lines.buffer), lines.buffer, lines.starts, lines.ends, eight(ord(self.separator)), self.escapes, wanted, starts, ends)
        return starts, ends


@compiled
def _find(
    words: Words,
    buffer: Bytes,
    begins: Offsets,
    stops: Offsets,
    separator: np.uint64,
    escapes: bool,
    keys: Keys,
    starts: Offsets,
    ends: Offsets,
) -> None:
    """Note where the value of each wanted key stands in each line.

    Args:
        words: those that begin at each byte of all lines.
        buffer: the bytes.
        begins, stops: of each line.
        separator: what stands between pairs, beside blanks; eight times.
        escapes: whether a backslash before a quote makes it a plain character.
        keys: those wanted.
        starts, ends: where their values begin and end.
    """
    for line in range(len(begins)):
        begin, stop = begins[line], stops[line]
        equals, quoted = -1, False
        for at in range(begin, stop, 8):
            word = words[at]
            quotes, gaps = equal(word, _QUOTES), equal(word, _BLANKS) | equal(word, separator)
            found = quotes | gaps | equal(word, _EQUALS)
            while found:
                first = found & (~found + _ONE)
                place = at + lowest(found)
                if place >= stop:
                    break
                found ^= first
                if first & quotes:
                    quoted ^= not (escapes and place > begins[line] and buffer[place - 1] == BACKSLASH)
                elif quoted:
                    continue
                elif first & gaps:
                    _note(words, buffer, begin, equals, place, line, keys, starts, ends)
                    begin, equals = place + 1, -1
                elif equals < 0:  # of several equals signs in a pair the first ends the key
                    equals = place
        _note(words, buffer, begin, equals, stop, line, keys, starts, ends)


@inlined
def _note(words: Words, buffer: Bytes, begin: int, equals: int, end: int, line: int, keys: Keys, starts: Offsets, ends: Offsets) -> None:
    """The value of a pair, where there is an equals sign, its key is wanted and the line had none of it before."""
    row = _wanted(words, begin, equals - begin, keys) if equals >= 0 else -1
    if row >= 0 and starts[row, line] < 0:
        starts[row, line], ends[row, line] = _unquoted(buffer, equals + 1, end)


@inlined
def _wanted(words: Words, begin: int, length: int, keys: Keys) -> int:
    """The row of a key, -1 where nobody wants it."""
    written, places, first, rows = keys
    for key in range(first[length], first[length + 1]) if length + 1 < len(first) else range(0):
        at, place = 0, places[key]
        while at < length and not (words[begin + at] ^ written[place + at]) & KEEP[min(length - at, 8)]:
            at += 8
        if at >= length:
            return int(rows[key])
    return -1


@compiled
def _unquoted(buffer: Bytes, start: int, end: int) -> tuple[int, int]:
    """A value without the quotes around it; one cut off before its closing quote loses the opening one."""
    if end > start and buffer[start] == QUOTE:
        closed = end - start > 1 and buffer[end - 1] == QUOTE
        return start + 1, end - closed
    return start, end
