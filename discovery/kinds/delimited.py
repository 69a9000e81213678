"""Fields between separators: CSV, tabs, blanks; named by position or by a header line in the log."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from discovery.framing import NEWLINE, QUOTE, Lines, Offsets, StringColumn
from discovery.hosts import HostColumn
from discovery.kinds.base import HOST, table

_AT_ONCE = 4_096  # lines: what is worked out for them stays in the processor's cache
_NOWHERE = 1 << 40  # the place of a column that no line has


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
        places = {name: names.index(name) if name in names else _NOWHERE for name in (cell.removesuffix(HOST) for cell in wanted)}
        columns = {name: HostColumn(lines) if name.endswith(HOST) else StringColumn(lines.buffer, len(lines)) for name in wanted}
        count = np.zeros(len(lines), np.int64)
        for at, part in lines.parts(_AT_ONCE):
            cells = self._cells(part)
            count[at : at + len(part)] = cells.count
            found = {name: cells.at(place) for name, place in places.items()}
            for name, column in columns.items():
                if isinstance(column, HostColumn):
                    column.put(at, part, *found[name.removesuffix(HOST)])
                else:
                    column.put(at, *self._unquoted(lines, *found[name]))
        series = {name: self._plain(column.series()) for name, column in columns.items()}
        return table(series, pl.Series(count >= self.least), self._skipped(lines, header))

    def _cells(self, lines: Lines) -> "_Cells":
        """Every cell of some lines."""
        stops, signs = lines.outside_quotes(self.separator.encode(), quotes=self.quotes)
        begins = np.empty(len(stops), np.int64)
        begins[1:] = stops[:-1] + 1
        last = np.flatnonzero(signs == NEWLINE)
        if not lines.whole:
            begins[last[:-1] + 1] = lines.starts[1:]
        begins[:1] = lines.starts[:1]
        stops[last] = lines.ends
        first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
        if not self.collapse or (filled := begins < stops).all():
            return _Cells(begins, stops, first, last - first + 1)
        begins, stops = begins[filled], stops[filled]
        each = len(stops) // max(len(lines), 1)
        if each and each * len(lines) == len(stops) and np.array_equal(stops[each - 1 :: each], lines.ends):  # as many in every line
            return _Cells(begins, stops, np.arange(0, len(stops), each), np.full(len(lines), each))
        kept = np.cumsum(filled)
        end = kept[last]
        begin = np.concatenate([[0], end[:-1]])
        return _Cells(begins, stops, begin, end - begin)

    def _unquoted(self, lines: Lines, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
        """Cells without the quotes around them."""
        if not self.quotes:
            return starts, ends
        buffer, at = lines.buffer, np.maximum(starts, 0)
        if self.lead:
            blank = (buffer[at] == ord(" ")) & (ends > starts + 1)
            starts, at = starts + blank, at + blank
        quoted = (starts >= 0) & (ends - starts > 1) & (buffer[at] == QUOTE) & (buffer[np.maximum(ends - 1, 0)] == QUOTE)
        return starts + quoted, ends - quoted

    def _plain(self, column: pl.Series) -> pl.Series:
        """Text in which a doubled quote stands for one."""
        doubled = self.quotes and column.str.contains('""', literal=True).any()
        return column.str.replace_all('""', '"', literal=True) if doubled else column

    def _skipped(self, lines: Lines, header: bytes | None) -> pl.Series | None:
        if not len(lines) or (self.comment is None and (self.columns is not None or header is None)):
            return None
        text = lines.text()
        if self.columns is None and header is not None:
            skip = pl.when(text == header.decode(errors="replace")).then(pl.lit("header"))
        else:
            skip = pl.when(text.str.starts_with(self.comment or "#")).then(pl.lit("comment"))
        return pl.select(skip).to_series()


def header_cells(header: str, separator: str) -> list[str]:
    """The cells of a header line; none where it is no such line."""
    try:
        return next(csv.reader([header], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


@dataclass(frozen=True, slots=True)
class _Cells:
    """Start and end of every cell of some lines, the first cell of each line and how many it has."""

    begins: Offsets
    stops: Offsets
    first: Offsets
    count: Offsets

    def at(self, place: int) -> tuple[Offsets, Offsets]:
        """Start and end of the cell at a place of each line; start -1 where the line has no such cell."""
        if not len(self.begins):
            return np.full(len(self.first), -1, np.int64), np.zeros(len(self.first), np.int64)
        cell = np.minimum(self.first + place, len(self.begins) - 1)
        starts = self.begins[cell]
        if (self.count <= place).any():
            starts[self.count <= place] = -1
        return starts, self.stops[cell]
