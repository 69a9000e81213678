"""A page's table as a file: CSV, workbook or JSON of the same rows, all of them, with the filter in words."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from flask import Response, g, request

from webui import csvs, sheets
from webui.csvs import Cell

#: Format in the address of a page -> its type.
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_PIECE: Final = 1 << 20


def wanted() -> str | None:
    """The format that this request asks for a table in; None: it asks for the page."""
    chosen = request.args.get("format")
    return chosen if chosen in TYPES else None


def table(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table as a download in the wanted format (CSV where none is named)."""
    kind = wanted() or "csv"
    body: Iterator[str] | Iterator[bytes]
    if kind == "json":
        body = as_json(about(), header, rows)
    elif kind == "xlsx":
        body = workbook([sheets.Table("Table", header, rows)], about())
    else:
        body = csvs.lines(header, rows)
    return attachment(body, name, kind)


def attachment(body: Iterable[str] | Iterable[bytes], name: str, kind: str, mimetype: str = "") -> Response:
    """A download; its name is made of letters, digits and dashes only."""
    answer = Response(body, content_type=mimetype or TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{file_name(name)}.{kind}")
    return answer


def file_name(name: str) -> str:
    """A name of letters, digits and dashes."""
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-") or "gnomon"


def about() -> dict[str, str]:
    """What a file holds, in words: whose, and which choice of the page it shows."""
    said = {"Made by": "Gnomon"}
    if "client" in g:
        said = {"Client": g.client.name, **said}
    if "picture" in g:
        from webui.desk import desk  # noqa: PLC0415 (commands write tables without the web's desk)

        said["Shown"] = g.filter.sentence(desk().catalogue.capabilities)
        said["First day"], said["Last day"] = (day.isoformat() if day else "not known" for day in (g.picture.since, g.picture.until))
    return said


def workbook(tables: Iterable[sheets.Table], said: Mapping[str, str], made: date | None = None) -> Iterator[bytes]:
    """The bytes of a workbook, written to a file on the way so that memory stays small."""
    with tempfile.TemporaryFile() as file:
        sheets.write(file, tables, said, made)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def as_json(said: Mapping[str, str], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """One object: what it is, and `rows`, each an object by the names of the columns. Values are as they are; other programs do not compute text."""
    yield '{"about": ' + json.dumps(said, ensure_ascii=False) + ',\n"rows": ['
    for at, row in enumerate(rows):
        record = dict(zip(header, map(_plain, row), strict=True))
        yield (",\n" if at else "\n") + json.dumps(record, ensure_ascii=False)
    yield "\n]}\n"


def _plain(cell: Cell) -> Any:  # noqa: ANN401
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell.isoformat() if isinstance(cell, date) else _whole(cell) if isinstance(cell, str) else cell


def _whole(text: str) -> str:
    """A text that UTF-8 can carry."""
    return text.encode("utf-8", "replace").decode()
