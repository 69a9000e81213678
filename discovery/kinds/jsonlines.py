"""One JSON object a line. Keys may be dotted or nested, values of any type: all become text.

A number is written without exponent and without zeros that say nothing; an array or object stays JSON, as it stands where that is plain.
Of a key given twice the first counts.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl

from discovery.framing import Lines, count_of, lines_of
from discovery.jsonscan import NESTED, NUMBER, TEXT, Scanned, scan
from discovery.kinds.base import nulls, table


@dataclass(frozen=True, slots=True)
class JsonLines:
    """JSON objects, one a line.

    Attributes:
        must: a line is understood only if one of these fields is there.
        paths: field -> other spellings of it, as dotted paths; the field's own name is always tried first, flat and nested.
        before: an expression of what may stand before an object, in logs whose objects follow a text.
    """

    must: tuple[str, ...] = ()
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    before: str = ""

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none."""
        return None

    def refuses(self, data: bytes) -> bool:
        """No object, or no key that must be there."""
        keys = [path.rsplit(".", 1)[-1].encode() for name in self.must for path in (name, *self.paths.get(name, ()))]
        return b"{" not in data or (bool(keys) and not any(b'%s"' % key in data for key in keys))

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted fields; see `Kind.fields`."""
        spellings = {name: (name, *self.paths.get(name, ())) for name in (*wanted, *self.must)}
        paths = list(dict.fromkeys(path for names in spellings.values() for path in names))
        lines = _without_nul(self._objects(lines))
        scanned = scan(lines, paths)
        there = [scanned.starts[paths.index(path)] >= 0 for name in self.must for path in spellings[name]]
        understood = np.logical_or.reduce(there) & scanned.sound if there else scanned.sound
        columns = {path: _column(lines, scanned, slot) for slot, path in enumerate(paths) if scanned.known[slot]}
        return table(
            {name: _first([columns[path] for path in spellings[name] if path in columns], len(lines)) for name in wanted}, pl.Series(understood)
        )

    def _objects(self, lines: Lines) -> Lines:
        """The lines without what stands before their objects."""
        if not self.before or not len(lines):
            return lines
        length = lines.text().str.extract(rf"^({self.before})\{{", 1).str.len_bytes().fill_null(0)
        return lines.after(length.to_numpy().astype(np.int64))


def _without_nul(lines: Lines) -> Lines:
    """Lines without the NULs that some devices leave in a value, where JSON allows none."""
    if not len(lines) or not count_of(lines.buffer[lines.starts[0] : lines.ends[-1]], 0):
        return lines
    return lines_of(lines.text().str.replace_all("\x00", "", literal=True), lines.first)


def _first(columns: Sequence[pl.Series], height: int) -> pl.Series:
    """The first of these that each line has."""
    if len(columns) > 1:
        return pl.select(pl.coalesce(columns)).to_series()
    return columns[0] if columns else nulls(height)


def _column(lines: Lines, found: Scanned, slot: int) -> pl.Series:
    """The values of a path as text."""
    starts, ends, ways = found.starts[slot], found.ends[slot], found.ways[slot]
    column = lines.column(starts, ends)
    if ways.any():
        for way, text in _TEXTS.items():
            rows = np.flatnonzero((ways == way) & (starts >= 0))
            if len(rows):
                column = column.scatter(rows, pl.Series(text(lines.column(starts[rows], ends[rows])), dtype=pl.String))
    return column


def _strings(values: pl.Series) -> list[str]:
    """What strings with escapes say, all read at once."""
    said: list[str] = json.loads('["' + values.str.join('","').item() + '"]')
    return said


def _numbers(values: pl.Series) -> list[str]:
    return [_number(value) for value in values]


def _number(value: str) -> str:
    if value.removeprefix("-").isdecimal():
        return value.removeprefix("-0") or "0"
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _nested(values: pl.Series) -> list[str]:
    return [_respelt(value) for value in values]


def _respelt(value: str) -> str:
    """JSON without escapes that it can do without, a blank behind commas and colons; as it is where Python finds it too deep."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False)
    except RecursionError:
        return value


_TEXTS: Final[Mapping[int, Callable[[pl.Series], list[str]]]] = {TEXT: _strings, NUMBER: _numbers, NESTED: _nested}
