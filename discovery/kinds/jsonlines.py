"""One JSON object a line. Keys may be dotted or nested, values of any type: all become text."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from discovery.framing import Lines, joined
from discovery.kinds.base import SKIPPED, UNDERSTOOD, nulls

# halves of surrogate pairs and numbers beyond a double: one parser takes them, the other does not
_PARSERS_DIFFER = r"\\u[dD][89a-fA-F]|[0-9][eE]\+?[0-9]{3}[0-9]*[\s,\]}]"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """JSON objects, one a line.

    Attributes:
        must: a line is understood only if one of these fields is there.
        paths: field -> other spellings of it, as dotted paths; the field's own name is always tried first, flat and nested.
    """

    must: tuple[str, ...] = ()
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
        objects, valid = _objects(lines, list(dict.fromkeys(path for paths in spellings.values() for path in paths)))
        there = pl.any_horizontal(pl.col(path).is_not_null() for name in self.must for path in spellings[name]) if self.must else pl.lit(value=True)
        return objects.select(
            *(pl.coalesce(spellings[name]).alias(name) for name in dict.fromkeys(wanted)),
            (there & valid).alias(UNDERSTOOD),
            pl.lit(None, pl.String).alias(SKIPPED),
        )


def _without_nul(text: pl.Series) -> pl.Series:
    """Lines without the NULs that some devices leave in a value, where JSON allows none."""
    return text.str.replace_all("\x00", "", literal=True) if text.str.contains("\x00", literal=True).any() else text


def _objects(lines: Lines, paths: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
    """A column per path, and which lines are JSON objects.

    One parser reads all lines at once where all are sound; else those that another finds sound, so that no line depends on its neighbours.
    """
    written = lines.text()
    text = _without_nul(written)
    looks = _looks(text)
    if not looks.any():
        return pl.DataFrame(dict.fromkeys(paths, nulls(len(text)))), looks
    odd = text.str.contains(_PARSERS_DIFFER).arg_true()
    if len(odd):
        looks = looks.scatter(odd, looks.gather(odd) & _sound(text.gather(odd), paths))
    if looks.all() and lines.whole and text is written and (whole := _decoded(lines.raw(), len(text), paths)) is not None:
        return whole, looks
    rows, found = _readable(text, looks.arg_true(), paths, sound=False)
    valid = pl.int_range(len(text), eager=True).is_in(rows.implode())
    return found.select(pl.all().gather(pl.when(valid).then(valid.cum_sum() - 1))), valid


def _looks(text: pl.Series) -> pl.Series:
    """Lines that stand in braces."""
    looks = text.str.starts_with("{") & text.str.ends_with("}")
    return looks if looks.all() else text.str.contains(r"^\s*\{") & text.str.contains(r"\}\s*$")


def _sound(text: pl.Series, paths: Sequence[str]) -> pl.Series:
    """Lines that are JSON, with objects where paths go through objects."""
    sound = text.str.json_path_match("$").is_not_null()
    for head in dict.fromkeys(path.split(".")[0] for path in paths if "." in path):
        doubtful = text.str.contains(rf'"{re.escape(head)}"\s*:\s*[^\s{{]|\\u').arg_true()
        objects = text.gather(doubtful).str.json_path_match(f"$['{head}']").str.starts_with("{").fill_null(value=True)
        sound = sound.scatter(doubtful, sound.gather(doubtful) & objects)
    return sound


def _readable(text: pl.Series, rows: pl.Series, paths: Sequence[str], *, sound: bool) -> tuple[pl.Series, pl.DataFrame]:
    """These rows without the ones that cannot be read, which are found by halving once all are sound."""
    if not len(rows):
        return rows, pl.DataFrame(schema=dict.fromkeys(paths, pl.String))
    found = _decoded(joined(text.gather(rows)), len(rows), paths)
    if found is not None:
        return rows, found
    if not sound:
        return _readable(text, rows.filter(_sound(text.gather(rows), paths)), paths, sound=True)
    middle = len(rows) // 2
    halves = [_readable(text, half, paths, sound=True) for half in ((rows[:middle], rows[middle:]) if middle else (rows.clear(),))]
    return pl.concat([half for half, _ in halves]), pl.concat([found for _, found in halves])


def _decoded(lines: bytes, count: int, paths: Sequence[str]) -> pl.DataFrame | None:
    """All lines at once, only where the rows that come back are provably the lines that went in."""
    try:
        rows = pl.read_ndjson(io.BytesIO(lines), schema=_schema(paths))
    except (pl.exceptions.PolarsError, OSError):
        return None
    if rows.height != count:
        return None
    return rows.select(_reach(path, rows.columns).alias(path) for path in paths).rechunk()


def _schema(paths: Sequence[str]) -> dict[str, pl.DataType]:
    """Flat names for all paths and nested structs for the dotted ones."""
    schema: dict[str, pl.DataType] = dict.fromkeys(paths, pl.String())
    nested: dict[str, dict[str, object]] = {}
    for path in paths:
        head, *rest = path.split(".")
        level: dict[str, object] = nested.setdefault(head, {}) if rest else {}
        for part in rest[:-1]:
            level = level.setdefault(part, {})  # type: ignore[assignment]
        if rest:
            level[rest[-1]] = pl.String()
    return schema | {head: _struct(inner) for head, inner in nested.items() if head not in schema}


def _struct(level: Mapping[str, object]) -> pl.DataType:
    return pl.Struct({name: inner if isinstance(inner, pl.DataType) else _struct(inner) for name, inner in level.items()})  # type: ignore[arg-type]


def _reach(path: str, columns: Sequence[str]) -> pl.Expr:
    head, *rest = path.split(".")
    if not rest or head not in columns or head == path:
        return pl.col(path)
    nested = pl.col(head)
    for part in rest:
        nested = nested.struct.field(part)
    return pl.coalesce(pl.col(path), nested)
