"""The first lines of a log that no format understands, as a table: CSV in any of its notations, pairs of key and value, or JSON."""

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from discovery import syslog
from discovery.framing import frame, utf8
from discovery.kinds.named import plain
from discovery.own_formats import RELAYED
from discovery.redact_invent import is_address

#: Lines that are looked at.
LOOKED_AT: Final = 200
_MOST_COLUMNS: Final = 60
_NEARLY_ALL: Final = 0.8
_MOST: Final = 0.5
_FEWEST_PAIRS: Final = 3
_SEPARATORS: Final = ",;\t|"
_DEPTH: Final = 4
_CELL: Final = 300
_VALUE: Final = re.compile(r"\d|://|^\s*$|^(?:true|false|null|-|n/a|none|allow(?:ed)?|block(?:ed)?|deny|denied|pass(?:ed)?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """First lines with columns.

    Attributes:
        kind: csv, keyvalue or json, as in `OwnFormat`.
        separator: between columns or pairs.
        header: whether the first line of a CSV names its columns.
        names: the columns; numbers from 1 where nothing names them.
        rows: cells as text, None where a line has no such cell.
    """

    kind: str
    separator: str
    header: bool
    names: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def column(self, name: str) -> list[str]:
        """The filled cells of a column."""
        at = self.names.index(name)
        return [cell for row in self.rows if (cell := row[at])]

    def examples(self, name: str, most: int = 3) -> list[str]:
        """A few different values."""
        return list(dict.fromkeys(self.column(name)))[:most]


def table(head: bytes) -> Table | None:
    """The first lines as a table, None where they have no columns.

    Args:
        head: whole lines, as `Blocks.head` gives them.
    """
    lines = frame(utf8(head)[0])
    relayed: list[dict[str, Any]] = []
    if syslog.headed(lines.text()) > _MOST:
        lines, said = syslog.strip(lines)
        relayed = said.select(*RELAYED).to_dicts()
    text = lines.text().to_list()
    kept = [at for at, line in enumerate(text) if line.strip()][:LOOKED_AT]
    shown = [text[at] for at in kept]
    found = _json(shown) or _pairs(shown) or _columns(shown)
    if found is None or len(found.names) < 2:  # noqa: PLR2004 (one column is no table)
        return None
    return _with_relayed(found, [relayed[at] for at in kept]) if relayed and not found.header else found


def _with_relayed(found: Table, said: Sequence[dict[str, Any]]) -> Table:
    """What the relay's header says, as columns of its own."""
    given = [name for name in RELAYED if any(line[name] for line in said)]
    rows = tuple((*row, *(line[name] for name in given)) for row, line in zip(found.rows, said, strict=True))
    return Table(found.kind, found.separator, found.header, (*found.names, *given), rows)


def _json(lines: Sequence[str]) -> Table | None:
    objects = [_object(line) for line in lines]
    if sum(one is not None for one in objects) < max(_NEARLY_ALL * len(lines), 1):
        return None
    flat = [dict(_flat(one or {}, "", _DEPTH)) for one in objects]
    return _by_name("json", "", flat)


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line) if line.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(value: dict[str, Any], path: str, depth: int) -> list[tuple[str, str]]:
    """Values by their dotted paths; arrays are left out."""
    told: list[tuple[str, str]] = []
    for key, inner in value.items():
        if isinstance(inner, dict) and depth:
            told += _flat(inner, f"{path}{key}.", depth - 1)
        elif inner is not None and not isinstance(inner, dict | list):
            told.append((path + key, str(inner).lower() if isinstance(inner, bool) else str(inner)))
    return told


def _pairs(lines: Sequence[str]) -> Table | None:
    best: tuple[float, str, list[dict[str, str]]] = (0, "", [])
    for separator in (" ", "\t", ";", ",", "|"):
        ends = re.escape(separator)
        pair = re.compile(rf'(?:^|{ends})\s?([^\s={ends}"]{{1,60}})=("(?:[^"\\]|\\.)*"|[^{ends}]*)')
        found = [{key: value.strip('"') for key, value in reversed(pair.findall(line))} for line in lines]
        if sum(len(pairs) >= _FEWEST_PAIRS for pairs in found) >= max(_NEARLY_ALL * len(lines), 1):
            best = max(best, (sum(map(len, found)) / len(found), separator, found), key=lambda one: one[0])
    return _by_name("keyvalue", best[1], [dict(reversed(pairs.items())) for pairs in best[2]]) if best[2] else None


def _by_name(kind: str, separator: str, rows: Sequence[dict[str, str]]) -> Table:
    names = tuple(Counter(name for row in rows for name in row))[:_MOST_COLUMNS]
    return Table(kind, separator, False, names, tuple(tuple(_cell(row.get(name)) for name in names) for row in rows))


def _columns(lines: Sequence[str]) -> Table | None:
    for separator in sorted(_SEPARATORS, key=lambda one: -sum(line.count(one) for line in lines)):
        rows = list(_cells(lines, separator))
        (width, often), *_ = Counter(len(row) for row in rows).most_common(1) or [(0, 0)]
        if width > 1 and often >= max(_NEARLY_ALL * len(rows), 1):
            return _csv(rows, separator, width)
    return None


def _cells(lines: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return [row for line in lines for row in csv.reader([line], delimiter=separator, skipinitialspace=True)]
    except csv.Error:
        return []


def _csv(rows: Sequence[list[str]], separator: str, width: int) -> Table:
    first = [cell.strip() for cell in rows[0]]
    header = len(rows) > 1 and len(first) == width and _names_columns(first)
    names = tuple(first if header else (str(place) for place in range(1, width + 1)))[:_MOST_COLUMNS]
    body = rows[1:] if header else rows
    cells = tuple(tuple(_cell(row[at] if at < len(row) else None) for at in range(len(names))) for row in body)
    return Table("csv", separator, header, names, cells)


def _names_columns(cells: Sequence[str]) -> bool:
    """Whether a first line holds names, all different, and no values."""
    names = [plain(cell) for cell in cells if cell]
    values = sum(bool(_VALUE.search(cell)) or is_address(cell) for cell in cells if cell)
    return len(set(names)) == len(names) > len(cells) / 2 and values <= len(cells) / 4


def _cell(value: str | None) -> str | None:
    return None if value is None else value[:_CELL]
