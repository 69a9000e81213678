"""`key=value` pairs in any order: values bare or in double quotes, as firewalls write them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.framing import NEWLINE, QUOTE, RETURN, Lines, Offsets
from discovery.kinds.base import table

_WORD = 16  # bytes of a key that are compared at once; longer keys are told apart by length and beginning


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

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted keys; see `Kind.fields`."""
        pairs = self._pairs(lines)
        found = {key: pairs.value_of(key, len(lines)) for key in dict.fromkeys((*wanted, *self.must))}
        understood = np.ones(len(lines), bool)
        for key in self.must:
            understood &= found[key][0] >= 0
        columns = {key: self._column(lines, *found[key]) for key in wanted}
        return table(columns, pl.Series(understood))

    def _pairs(self, lines: Lines) -> "_Pairs":
        if not len(lines):
            none = np.empty(0, np.int64)
            return _Pairs(lines.buffer, none, none, none, none)
        equals = lines.positions(ord("="))
        equals = equals[lines.outside_quotes(equals, escapes=self.escapes)]
        gaps = self._gaps(lines)
        # the pair that an equals sign belongs to: from the gap before it to the gap behind it
        before = np.searchsorted(gaps, equals) - 1
        first_of_pair = np.concatenate([[True], before[1:] != before[:-1]]) if len(equals) else np.empty(0, bool)
        equals, before = equals[first_of_pair], before[first_of_pair]
        line = np.searchsorted(lines.starts, equals, side="right") - 1
        begins = np.maximum(np.where(before >= 0, gaps[np.maximum(before, 0)] + 1, 0), lines.starts[np.maximum(line, 0)])
        behind = np.minimum(before + 1, max(len(gaps) - 1, 0))
        stops = np.where(before + 1 < len(gaps), gaps[behind], lines.ends[-1]) if len(gaps) else np.full(len(equals), lines.ends[-1])
        stops = np.minimum(stops, lines.ends[np.maximum(line, 0)])
        whole = (line >= 0) & (equals < stops)
        return _Pairs(lines.buffer, begins[whole], equals[whole], stops[whole], line[whole])

    def _gaps(self, lines: Lines) -> Offsets:
        """Separators outside quotes, and ends of line."""
        low, high = int(lines.starts[0]), int(lines.ends[-1]) + 1
        block = lines.buffer[low:high]
        gap = (block == ord(self.separator)) | (block == NEWLINE) | (block == RETURN)
        if self.separator != " ":
            gap |= block == ord(" ")
        places = np.flatnonzero(gap) + low
        breaks = lines.buffer[places]
        keep = lines.outside_quotes(places, escapes=self.escapes) | (breaks == NEWLINE)
        return np.asarray(places[keep])

    def _column(self, lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
        buffer = lines.buffer
        quoted = (starts >= 0) & (ends - starts >= 1) & (buffer[np.maximum(starts, 0)] == QUOTE)
        closed = quoted & (ends - starts > 1) & (buffer[np.maximum(ends - 1, 0)] == QUOTE)
        return lines.column(starts + quoted, ends - closed)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Every pair of a block: where the key begins, the equals sign, where the value stops, and its line."""

    buffer: npt.NDArray[np.uint8]
    begins: Offsets
    equals: Offsets
    stops: Offsets
    line: Offsets

    def value_of(self, key: str, lines: int) -> tuple[Offsets, Offsets]:
        """Start and end of a key's value in every line; start -1 where the line does not have it."""
        starts, ends = np.full(lines, -1, np.int64), np.zeros(lines, np.int64)
        hits = np.flatnonzero(self._named(key.encode()))[::-1]  # backwards, so that the first of a line stays
        starts[self.line[hits]] = self.equals[hits] + 1
        ends[self.line[hits]] = self.stops[hits]
        return starts, ends

    def _named(self, key: bytes) -> npt.NDArray[np.bool_]:
        same = self.equals - self.begins == len(key)
        at = np.flatnonzero(same)
        window = np.lib.stride_tricks.as_strided(self.buffer, (len(self.buffer) - _WORD + 1, _WORD), (1, 1), writeable=False)
        length = min(len(key), _WORD)
        begin = self.begins[at]
        equal = (window[begin][:, :length] == np.frombuffer(key[:length], np.uint8)).all(axis=1)
        same[at] = equal
        return np.asarray(same)
