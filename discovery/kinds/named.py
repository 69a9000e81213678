"""CSV of unknown origin: columns are found by what their header calls them, whatever the separator."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from discovery.framing import Lines
from discovery.kinds.base import nulls, table
from discovery.kinds.delimited import Delimited, header_cells
from discovery.portal import in_iso, untyped

_SEPARATORS = ",;\t|"

#: What a program writes before the header: the type of the rows (Export-Csv of Windows PowerShell), what stands between cells (for Excel).
_NOTE = r"^(?:#TYPE |sep=)"
#: Stands behind the names of columns with times that a console writes in its own manner (see `discovery.portal`).
_IN_UTC = " [UTC]"
_DAMAGED = "\ufffd"
_NOTES = rb"^(?:(?:\xef\xbb\xbf)?(?:[\r\n]+|(?:#TYPE |sep=)[^\n]*\n))+"


@dataclass(frozen=True, slots=True)
class Named:
    """CSV with a header. A line with an odd number of quotes is damaged: nobody can tell where its fields end.

    Attributes:
        spellings: field -> names that headers use for it, in small letters with `_` for what is no letter or digit; the first found counts.
        must: groups of fields; the header must have one of each group.
        separators: what may stand between cells; the one the header has most of counts.
        comment: lines that match this are known and no records; reason -> expression.
        never: names of columns, as in `spellings`; a header that has one is none of this kind.
        above: how many lines may stand above the header: a title, the account, the period.
        spread: fields that a row may have in any of their columns, as in tables of several kinds of record: the first that is not empty counts.
    """

    spellings: Mapping[str, tuple[str, ...]]
    must: tuple[tuple[str, ...], ...]
    separators: str = _SEPARATORS
    comment: tuple[tuple[str, str], ...] = ()
    never: tuple[str, ...] = ()
    above: int = 0
    spread: tuple[str, ...] = ()

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        """The first line that is not empty, behind a note of PowerShell or Excel; where lines may stand above it, the first that is such a header."""
        if before is not None:
            return before
        lines = [line.rstrip(b"\r") for line in re.sub(_NOTES, b"", head).split(b"\n", self.above + 1)[: self.above + 1]]
        return next((line for line in lines if self.above and self._fits(*self.columns(line)[1:])), lines[0]) or None

    def columns(self, header: bytes | None) -> tuple[str, dict[str, int], int]:
        """Separator, place of each field that the header has, and the number of columns."""
        separator, places, width = self._places(header)
        return separator, {field: first for field, (first, *_) in places.items()}, width

    def _places(self, header: bytes | None) -> tuple[str, dict[str, list[int]], int]:
        """The same, with all places that a field has, best first."""
        text = (header or b"").decode(errors="replace")
        separator = max(self.separators, key=text.count)
        names = untyped([plain(name) for name in header_cells(text, separator)])
        known = {} if set(self.never) & set(names) else self.spellings
        if _DAMAGED in text:  # of letters that are no UTF-8 only the place is left
            known = {field: tuple(re.sub(r"[^a-z0-9]+", "_", name).strip("_") for name in given) for field, given in known.items()}
        places = {field: [names.index(name) for name in dict.fromkeys(given) if name in names] for field, given in known.items()}
        return separator, {field: found for field, found in places.items() if found}, len(names)

    def refuses(self, data: bytes) -> bool:
        """The first line is no such header."""
        return not self._fits(*self.columns(self.header(data, None))[1:])

    def _fits(self, places: Mapping[str, object], width: int) -> bool:
        return width > 1 and all(any(field in places for field in group) for group in self.must)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted fields; see `Kind.fields`."""
        separator, places, width = self._places(header)
        if not self._fits(places, width):
            return table(dict.fromkeys(wanted, nulls(len(lines))), pl.repeat(value=False, n=len(lines), dtype=pl.Boolean, eager=True))
        inner = Delimited(separator, tuple(str(n) for n in range(width)), quotes=True, lead=True, least=max(width // 2, 2))
        places = {field: found if field in self.spread else found[:1] for field, found in places.items()}
        rows = inner.fields(lines, list(dict.fromkeys(str(place) for found in places.values() for place in found)), None)
        consoles = [str(n) for n, name in enumerate(header_cells((header or b"").decode(errors="replace"), separator)) if name.endswith(_IN_UTC)]
        rows = rows.with_columns(in_iso(pl.col(name)) for name in consoles if name in rows.columns)
        columns = {field: _first([rows[str(place)] for place in places[field]]) if field in places else nulls(len(lines)) for field in wanted}
        return table(columns, rows["_understood"] & pl.Series(lines.balanced()), self._skipped(lines, header or b""))

    def _skipped(self, lines: Lines, header: bytes) -> pl.Series:
        """Why a line is no record: the header itself, what stands above it, or a comment."""
        text = lines.text()
        names = text == header.decode(errors="replace")
        head = names | text.str.contains(_NOTE)
        if self.above and lines.first == 1 and len(lines):
            head |= pl.int_range(len(text), eager=True) < names.arg_max()
        first = pl.when(head).then(pl.lit("header"))
        comments = (pl.when(text.str.contains(pattern)).then(pl.lit(reason)) for reason, pattern in self.comment)
        return pl.select(pl.coalesce(first, *comments)).to_series()


def _first(columns: Sequence[pl.Series]) -> pl.Series:
    """The first of these that is not empty, in each row."""
    return columns[0] if len(columns) == 1 else pl.select(pl.coalesce(*(column.replace("", None) for column in columns), columns[0])).to_series()


def spelt(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Spellings of fields, each given as words."""
    return {field: tuple(words.split()) for field, words in names.items()}


def plain(name: str) -> str:
    """The name of a column in small letters, with `_` for whatever is no letter or digit."""
    return re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")
