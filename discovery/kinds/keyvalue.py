"""`key=value` pairs in any order: values bare or in double quotes, as firewalls write them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from discovery.compiled import compiled
from discovery.framing import BACKSLASH, QUOTE, Bytes, Lines, Offsets
from discovery.kinds.base import table

_BLANK, _EQUALS = 32, 61

#: Wanted keys, shortest first: their bytes without anything between, where each begins, for each length which is the first, and in which
#: row of the result each is noted.
Keys = tuple[Bytes, Offsets, Offsets, Offsets]


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
        text = np.frombuffer(b"".join(written[row] for row in order) + b"\0", np.uint8)
        wanted = (text, np.cumsum(lengths) - lengths, first, np.array(order, np.int64))
        _find(lines.buffer, lines.starts, lines.ends, ord(self.separator), self.escapes, wanted, starts, ends)
        return starts, ends


@compiled
def _find(
    buffer: Bytes,
    begins: Offsets,
    stops: Offsets,
    separator: int,
    escapes: bool,
    keys: Keys,
    starts: Offsets,
    ends: Offsets,
) -> None:
    """Note where the value of each wanted key stands in each line.

    Args:
        buffer: the bytes of all lines.
        begins, stops: of each line.
        separator: what stands between pairs, beside blanks.
        escapes: whether a backslash before a quote makes it a plain character.
        keys: those wanted.
        starts, ends: where their values begin and end.
    """
    for line in range(len(begins)):
        begin, stop = begins[line], stops[line]
        equals, quoted = -1, False
        for at in range(begin, stop + 1):
            sign = _BLANK if at == stop else buffer[at]
            if at < stop and sign == QUOTE and not (escapes and at > begins[line] and buffer[at - 1] == BACKSLASH):
                quoted = not quoted
            elif quoted and at < stop:
                continue
            elif sign == _EQUALS:
                if equals < 0:  # of several equals signs in a pair the first ends the key
                    equals = at
            elif sign in (_BLANK, separator):
                if equals >= 0:
                    row = _wanted(buffer, begin, equals - begin, keys)
                    if row >= 0 and starts[row, line] < 0:
                        starts[row, line], ends[row, line] = _unquoted(buffer, equals + 1, at)
                begin, equals = at + 1, -1


@compiled
def _wanted(buffer: Bytes, begin: int, length: int, keys: Keys) -> int:
    """The row of a key, -1 where nobody wants it."""
    text, places, first, rows = keys
    if length + 1 >= len(first):
        return -1
    for key in range(first[length], first[length + 1]):
        at = 0
        while at < length and text[places[key] + at] == buffer[begin + at]:
            at += 1
        if at == length:
            return int(rows[key])
    return -1


@compiled
def _unquoted(buffer: Bytes, start: int, end: int) -> tuple[int, int]:
    """A value without the quotes around it; one cut off before its closing quote loses the opening one."""
    if end > start and buffer[start] == QUOTE:
        closed = end - start > 1 and buffer[end - 1] == QUOTE
        return start + 1, end - closed
    return start, end
