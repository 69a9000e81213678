"""Fields between separators: CSV, tabs, blanks; named by position or by a header line in the log."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from discovery.compiled import compiled, inlined
from discovery.framing import QUOTE, Bytes, Lines, Offsets, Words, eight, equal, lowest, words_at
from discovery.hosts import host_column
from discovery.inside import inside_column
from discovery.kinds.base import BEGINS, ENDS, HOLDS, HOST, INSIDE, NUMBER, SECONDS, table
from discovery.numerals import epoch_column, number_column
from discovery.search import begun_column, ended_column, held_column

_BLANK: Final = 32
_QUOTES: Final = eight(QUOTE)
_NONE, _ONE = np.uint64(0), np.uint64(1)
_SEARCHES: Final = {HOLDS: held_column, BEGINS: begun_column, ENDS: ended_column}
_WAYS: Final = {HOST: host_column, NUMBER: number_column, SECONDS: epoch_column, INSIDE: inside_column}


@dataclass(frozen=True, slots=True)
class Delimited:
    """Fields between separators.

    Attributes:
        separator: one ASCII character.
        columns: names by position; None: the first line of the log names them.
        collapse: whether a run of separators counts as one (columns padded with blanks).
        quotes: whether a separator inside double quotes belongs to the field.
        lead: blanks allowed between a separator and an opening quote.
        least: fewest fields a line must have to be understood.
        comment: lines that begin so are no records.
    """

    separator: str
    columns: tuple[str, ...] | None = None
    collapse: bool = False
    quotes: bool = False
    lead: bool = False
    least: int = 1
    comment: str | None = None

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        """The first line, where columns are named by it."""
        if self.columns is not None or before is not None:
            return before
        return head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].rstrip(b"\r") or None

    def names(self, header: bytes | None) -> tuple[str, ...]:
        """The column names in force."""
        if self.columns is not None:
            return self.columns
        text = (header or b"").decode(errors="replace")
        return tuple(name.strip() for name in header_cells(text, self.separator))

    def refuses(self, data: bytes) -> bool:
        """Too few separators for one line."""
        return data.count(self.separator.encode()) < self.least - 1

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted columns; see `Kind.fields`."""
        names = self.names(header)
        ways = {name: _way(name) for name in wanted}
        cells = list(dict.fromkeys(field for field, _ in ways.values()))
        starts, ends, count = self._cells(lines, [names.index(name) if name in names else -1 for name in cells])
        doubled = [self.quotes and _unquote(lines.buffer, *cell, self.lead) for cell in zip(starts, ends, strict=True)]
        series = {}
        for name, (field, column) in ways.items():
            cell = cells.index(field)
            found = column(lines, starts[cell], ends[cell])
            series[name] = found.str.replace_all('""', '"', literal=True) if doubled[cell] and found.dtype == pl.String else found
        return table(series, pl.Series(count >= self.least), self._skipped(lines, header))

    def _cells(self, lines: Lines, places: Sequence[int]) -> tuple[Offsets, Offsets, Offsets]:
        """Start and end of the cells at some places of each line, a row per place, start -1 where a line has no such cell; and its cells."""
        starts, ends = np.full((len(places), len(lines)), -1, np.int64), np.zeros((len(places), len(lines)), np.int64)
        rows = np.full(max(places, default=0) + 1, -1, np.int64)
        for row, place in enumerate(places):
            if place >= 0:
                rows[place] = row
        count = np.zeros(len(lines), np.int64)
        _cut(words_at(lines.buffer), lines.starts, lines.ends, eight(ord(self.separator)), self.quotes, self.collapse, rows, starts, ends, count)
        return starts, ends, count

    def _skipped(self, lines: Lines, header: bytes | None) -> pl.Series | None:
        if not len(lines) or (self.comment is None and (self.columns is not None or header is None)):
            return None
        text = lines.text()
        if self.columns is None and header is not None:
            skip = pl.when(text == header.decode(errors="replace")).then(pl.lit("header"))
        else:
            skip = pl.when(text.str.starts_with(self.comment or "#")).then(pl.lit("comment"))
        return pl.select(skip).to_series()


def _way(name: str) -> tuple[str, Callable[[Lines, Offsets, Offsets], pl.Series]]:
    """The field that is asked for, and what makes a column of its cells."""
    for ending, search in _SEARCHES.items():
        field, found, text = name.partition(ending)
        if found:
            return field, partial(search, text=text)
    return next(((name.removesuffix(ending), column) for ending, column in _WAYS.items() if name.endswith(ending)), (name, Lines.column))


def header_cells(header: str, separator: str) -> list[str]:
    """The cells of a header line; none where it is no such line."""
    try:
        return next(csv.reader([header], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


@compiled
def _cut(
    words: Words,
    begins: Offsets,
    stops: Offsets,
    separator: np.uint64,
    quotes: bool,
    collapse: bool,
    rows: Offsets,
    starts: Offsets,
    ends: Offsets,
    count: Offsets,
) -> None:
    """Cut lines into cells at separators outside quotes; `rows[place]` says in which row of `starts` and `ends` a cell is noted, -1 in none."""
    for line in range(len(begins)):
        start, stop, place, quoted = begins[line], stops[line], 0, False
        for at in range(start, stop, 8):
            found = equal(words[at], separator)
            quote = equal(words[at], _QUOTES) if quotes else _NONE
            found |= quote
            while found:
                first = found & (~found + _ONE)
                end = at + lowest(found)
                if end >= stop:
                    break
                if first & quote:
                    quoted = not quoted
                elif not quoted:
                    place = _noted(start, end, line, place, collapse, rows, starts, ends)
                    start = end + 1
                found ^= first
        count[line] = _noted(start, stop, line, place, collapse, rows, starts, ends)


@inlined
def _noted(start: int, end: int, line: int, place: int, collapse: bool, rows: Offsets, starts: Offsets, ends: Offsets) -> int:
    """Note a cell, unless it is a gap between two separators that count as one; the place of the next."""
    if collapse and start == end:
        return place
    row = rows[place] if place < len(rows) else -1
    if row >= 0:
        starts[row, line], ends[row, line] = start, end
    return place + 1


@compiled
def _unquote(buffer: Bytes, starts: Offsets, ends: Offsets, lead: bool) -> bool:
    """Take the quotes around cells away, and a blank before them; whether quotes that stand inside are doubled."""
    doubled = False
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        if start < 0:
            continue
        start += lead and end > start + 1 and buffer[start] == _BLANK
        if end - start > 1 and buffer[start] == QUOTE and buffer[end - 1] == QUOTE:
            start, end = start + 1, end - 1
        for at in range(start + 1, end):
            doubled |= buffer[at] == QUOTE and buffer[at - 1] == QUOTE
        starts[row], ends[row] = start, end
    return bool(doubled)
