"""Fields between separators: CSV, tabs, blanks; named by position or by a header line in the log."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from discovery.framing import NEWLINE, QUOTE, Lines, Offsets
from discovery.hosts import host_column, host_places
from discovery.kinds.base import HOST, table

_AT_ONCE = 2_048  # lines, a few hundred kilobytes


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

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted columns; see `Kind.fields`."""
        names = self.names(header)
        cells = [name.removesuffix(HOST) for name in wanted]
        places = {cell: names.index(cell) if cell in names else len(names) + 1 for cell in cells}
        hosts = [name.removesuffix(HOST) for name in wanted if name.endswith(HOST)]
        found = [self._places(part, places, hosts) for part in lines.parts(_AT_ONCE)]
        whole = {key: tuple(np.concatenate(parts) for parts in zip(*(part[key] for part in found), strict=True)) for key in found[0]}
        columns = {}
        for name, cell in zip(wanted, cells, strict=True):
            starts, ends = whole[cell]
            if name.endswith(HOST):
                begins, stops = whole[name]
                columns[name] = host_column(lines, starts, ends, (begins, stops))
            else:
                columns[name] = self._column(lines, starts, ends)
        (count,) = whole[""]
        return table(columns, pl.Series(count >= self.least), self._skipped(lines, header))

    def _places(self, lines: Lines, places: Mapping[str, int], hosts: Sequence[str]) -> dict[str, tuple[Offsets, ...]]:
        """Start and end of each cell asked for, of hosts within cells, and (under no name) how many cells each line has."""
        begins, stops, first, count = self._cells(lines)
        found: dict[str, tuple[Offsets, ...]] = {cell: _pick(begins, stops, first, count, place) for cell, place in places.items()}
        return {**found, **{name + HOST: host_places(lines, *found[name]) for name in hosts}, "": (count,)}

    def _cells(self, lines: Lines) -> tuple[Offsets, Offsets, Offsets, Offsets]:
        """Start and end of every cell, the first cell of each line and how many it has."""
        if not len(lines):
            none = np.empty(0, np.int64)
            return none, none, none, none
        stops = self._boundaries(lines)
        begins = np.empty(len(stops), np.int64)
        begins[1:] = stops[:-1] + 1
        last = np.searchsorted(stops, lines.ends)
        begins[0], begins[last[:-1] + 1] = lines.starts[0], lines.starts[1:]
        stops[last] = lines.ends
        first = np.concatenate([[0], last[:-1] + 1])
        if not self.collapse:
            return begins, stops, first, last - first + 1
        filled = begins < stops
        if filled.all():
            return begins, stops, first, last - first + 1
        empty = np.flatnonzero(~filled)
        begin, end = first - np.searchsorted(empty, first), last + 1 - np.searchsorted(empty, last + 1)
        return begins[filled], stops[filled], begin, end - begin

    def _boundaries(self, lines: Lines) -> Offsets:
        """Separators and ends of line, outside quotes and inside lines, ascending."""
        low, high = int(lines.starts[0]), int(lines.ends[-1]) + 1
        block = lines.buffer[low:high]
        if lines.whole and not self.quotes:
            places = np.flatnonzero((block == ord(self.separator)) | (block == NEWLINE)) + low
            return places if len(places) and places[-1] >= lines.ends[-1] else np.append(places, lines.ends[-1])
        cuts = lines.positions(ord(self.separator))
        if self.quotes:
            cuts = cuts[lines.outside_quotes(cuts)]
        return np.sort(np.concatenate([cuts[_within(lines, cuts)], lines.ends]), kind="stable")

    def _column(self, lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
        if not self.quotes:
            return lines.column(starts, ends)
        buffer, at = lines.buffer, np.maximum(starts, 0)
        if self.lead:
            blank = (buffer[at] == ord(" ")) & (ends > starts + 1)
            starts, at = starts + blank, at + blank
        quoted = (starts >= 0) & (ends - starts > 1) & (buffer[at] == QUOTE) & (buffer[np.maximum(ends - 1, 0)] == QUOTE)
        column = lines.column(np.where(quoted, starts + 1, starts), np.where(quoted, ends - 1, ends))
        return column.str.replace_all('""', '"', literal=True) if quoted.any() else column

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


def _within(lines: Lines, places: Offsets) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which places stand inside a line (not in a cut-off prefix)."""
    if lines.whole:
        return np.ones(len(places), bool)
    line = np.searchsorted(lines.starts, places, side="right") - 1
    return (line >= 0) & (places < lines.ends[np.maximum(line, 0)])


def _pick(begins: Offsets, stops: Offsets, first: Offsets, count: Offsets, place: int) -> tuple[Offsets, Offsets]:
    """Start and end of the cell at a place of each line; start -1 where the line has no such cell."""
    if not len(begins):
        return np.full(len(first), -1, np.int64), np.zeros(len(first), np.int64)
    at = np.minimum(first + place, len(begins) - 1)
    return np.where(count > place, begins[at], -1), stops[at]
