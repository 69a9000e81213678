"""One JSON object a line. Keys may be dotted or nested, values of any type: all become text."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from discovery.framing import Lines
from discovery.kinds.base import nulls, table

_ROW = "_row"
# halves of surrogate pairs and numbers beyond a double: one parser takes them, the other does not
_PARSERS_DIFFER = r"\\u[dD][89a-fA-F]|[eE]\+?\d{3}"


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
        names = list(dict.fromkeys((*wanted, *self.must)))
        text = _without_nul(lines.text())
        spellings = {name: (name, *self.paths.get(name, ())) for name in names}
        objects, valid = _objects(text, [path for paths in spellings.values() for path in paths])
        columns = {name: objects.select(pl.coalesce(paths)).to_series() for name, paths in spellings.items()}
        understood = valid
        if self.must:
            understood = valid & pl.DataFrame(columns).select(pl.any_horizontal(pl.col(self.must).is_not_null())).to_series()
        return table({name: columns[name] for name in wanted}, understood)


def _without_nul(text: pl.Series) -> pl.Series:
    """Lines without the NULs that some devices leave in a value, where JSON allows none."""
    return text.str.replace_all("\x00", "", literal=True) if text.str.contains("\x00", literal=True).any() else text


def _objects(text: pl.Series, paths: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
    """A column per path, and which lines are JSON objects.

    One parser reads all lines at once where all are sound; else those that another finds sound, so that no line depends on its neighbours.
    """
    looks = (text.str.contains(r"^\s*\{") & text.str.contains(r"\}\s*$")).fill_null(value=False)
    if not looks.any():
        return pl.DataFrame(dict.fromkeys(paths, nulls(len(text)))), looks
    odd = text.str.contains(_PARSERS_DIFFER)
    if odd.any():
        looks &= ~odd | _sound(text, paths)
    if looks.all() and (whole := _decoded(text, paths)) is not None:
        return whole, looks
    found = _halved(text, (looks & _sound(text, paths)).arg_true(), paths)
    rows = pl.int_range(len(text), eager=True).alias(_ROW).to_frame().join(found, on=_ROW, how="left", maintain_order="left")
    return rows.select(paths), rows[_ROW].is_in(found[_ROW].implode())


def _sound(text: pl.Series, paths: Sequence[str]) -> pl.Series:
    """Lines that are JSON, with objects where paths go through objects."""
    sound = text.str.json_path_match("$").is_not_null()
    for head in dict.fromkeys(path.split(".")[0] for path in paths if "." in path):
        sound &= text.str.json_path_match(f"$['{head}']").str.starts_with("{").fill_null(value=True)
    return sound


def _halved(text: pl.Series, rows: pl.Series, paths: Sequence[str]) -> pl.DataFrame:
    """These rows without the ones that cannot be read, which are found by halving."""
    if not len(rows):
        return _nothing(paths)
    found = _decoded(text.gather(rows), paths)
    if found is not None:
        return found.with_columns(rows.cast(pl.Int64).alias(_ROW))
    if len(rows) == 1:
        return _nothing(paths)
    middle = len(rows) // 2
    return pl.concat([_halved(text, rows[:middle], paths), _halved(text, rows[middle:], paths)])


def _nothing(paths: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema={**dict.fromkeys(paths, pl.String), _ROW: pl.Int64})


def _decoded(text: pl.Series, paths: Sequence[str]) -> pl.DataFrame | None:
    """All lines at once, only where the rows that come back are provably the lines that went in."""
    if not len(text):
        return _nothing(paths).drop(_ROW)
    try:
        rows = pl.read_ndjson(io.BytesIO("\n".join(text).encode()), schema=_schema(paths))
    except (pl.exceptions.PolarsError, OSError):
        return None
    if rows.height != len(text):
        return None
    return rows.select(_reach(path, rows.columns).alias(path) for path in paths)


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
