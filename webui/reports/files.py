"""The files that a report can become: documents as HTML, PDF or Word, tables as a workbook, CSV or JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from rules import export
from rules.findings import Assessment
from webui import csvs, downloads, sheets, words
from webui.reports.documents import BY_ID, PACK
from webui.reports.pack import Pack
from webui.reports.pdf import pdf
from webui.reports.render import html
from webui.reports.word import word

if TYPE_CHECKING:
    import pandas as pd

#: Format -> its type.
TYPES: Final[Mapping[str, str]] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    **downloads.TYPES,
}
#: Between the ids of several documents in one name.
BETWEEN: Final = "+"
#: Formats of documents; the others are tables.
DOCUMENTS: Final = ("html", "pdf", "docx")
TABLES: Final[Mapping[str, Callable[[Assessment], "pd.DataFrame"]]] = {
    "services": export.findings_frame,
    "people": export.people_frame,
    "gaps": export.gaps_frame,
    "unknown": export.unknown_frame,
}


def chosen(document: str) -> tuple[str, ...]:
    """The documents behind a name: `pack` is all of them; several are joined by a plus.

    Raises:
        GnomonError: there is none of that name.
    """
    if document == "pack":
        return PACK
    found = tuple(document.split(BETWEEN))
    if unknown := [one for one in found if one not in BY_ID]:
        raise GnomonError(f"There is no document “{unknown[0]}”. It can be: pack, {', '.join(BY_ID)}.")
    return found


def document(pack: Pack, kind: str, documents: tuple[str, ...]) -> bytes:
    """Documents as one file. A Word document is always agenda and clauses: what people go on writing in."""
    if kind == "docx":
        return word(pack)
    text = html(pack, documents)
    return pdf(text) if kind == "pdf" else text.encode("utf-8", "replace")


def as_table(frame: "pd.DataFrame", title: str) -> sheets.Table:
    """A table of an assessment as exports take it; what is not known is an empty cell."""
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return sheets.Table(title, [str(name) for name in frame.columns], rows)


def tables(assessment: Assessment) -> list[sheets.Table]:
    """Every table of an assessment."""
    return [as_table(make(assessment), name.capitalize()) for name, make in TABLES.items()]


def data(assessment: Assessment, kind: str, *, client: str, version: str, catalogue: Catalogue, table: str = "services") -> Iterator[bytes]:
    """An assessment for programs and spreadsheets: JSON as the contract has it, a workbook of every table, or one table as CSV.

    Raises:
        GnomonError: there is no such table.
    """
    if table not in TABLES:
        raise GnomonError(f"There is no table “{table}”. It can be: {', '.join(TABLES)}.")
    if kind == "json":
        made = export.to_json(assessment, version=version, catalogue=catalogue)
        yield (json.dumps(made, ensure_ascii=False, indent=1, default=str) + "\n").encode("utf-8", "replace")
    elif kind == "csv":
        found = as_table(TABLES[table](assessment), table)
        yield from (line.encode("utf-8", "replace") for line in csvs.lines(found.header, found.rows))
    else:
        said = {"Client": client, "What": f"Findings of {client}", "Period": words.span(assessment.since, assessment.until), "Made by": "Gnomon"}
        yield from downloads.workbook(tables(assessment), said, assessment.until)
