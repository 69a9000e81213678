"""Tables as a workbook in which nothing computes: text is text, numbers are numbers, and no row is lost to the size of a sheet.

A workbook's limits are Excel's own (support.microsoft.com, "Excel specifications and limits"): 1,048,576 rows on a sheet, 32,767 signs in a cell,
numbers exact to 2^53. XlsxWriter answers what does not fit with a number and goes on, so every answer is looked at.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain, islice
from math import isfinite
from typing import IO, Any, Final, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from webui.csvs import Cell, text_of

ROWS: Final = 1_048_576
TEXT: Final = 32_767
EXACT: Final = 2**53
CUT: Final = " … (cut here; the CSV and JSON exports hold the whole text)"
#: Signs that a sheet's name may not hold, and its length.
_NAME: Final = re.compile(r"[\[\]:*?/\\']+")
_NAME_LENGTH: Final = 31
#: What XML 1.0 cannot carry, or carries as an end of line.
_UNFIT: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: The narrowest and the widest column, in signs; a longer text is read in the line above the sheet.
_NARROW, _WIDE = 8, 60
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: its title, the names of its columns, and its rows, which may come one by one."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write(target: IO[bytes], tables: Iterable[Table], about: Mapping[str, str], made: date | None, *, most: int = ROWS) -> None:
    """Write a workbook: a first sheet that says what it holds, then every table, on as many sheets as it needs.

    Args:
        target: where to.
        about: what the first sheet says, by name.
        made: the day it tells of, kept as the day it was made, so that the same data give the same bytes.
        most: rows of a sheet, its heading included.
    """
    book = xlsxwriter.Workbook(target, _OPTIONS)
    created = datetime.combine(made or date(2000, 1, 1), time(), UTC)
    book.set_properties({"title": about.get("What", ""), "author": "Gnomon", "created": created})
    styles = _Styles(book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": 3}))  # 12,345
    _fill(_sheet(book, "About"), chain([("What it is", "")], about.items()), styles)
    for table in tables:
        _write_table(book, table, styles, most)
    book.close()


class _Styles(NamedTuple):
    """How headings and whole numbers look."""

    heading: Format
    count: Format

    def of(self, row: int, cell: Cell) -> Format | None:
        """The look of a cell."""
        if row == 0:
            return self.heading
        return self.count if isinstance(cell, int) and not isinstance(cell, bool) else None


def _write_table(book: xlsxwriter.Workbook, table: Table, styles: _Styles, most: int) -> None:
    rows, number = iter(table.rows), 1
    while True:
        sheet = _sheet(book, table.title if number == 1 else f"{table.title} {number}")
        written = _fill(sheet, chain([table.header], islice(rows, most - 1)), styles)
        following = next(rows, None)
        if following is None:
            sheet.autofilter(0, 0, max(written - 1, 0), max(len(table.header) - 1, 0))
            return
        rows, number = chain([following], rows), number + 1


def _sheet(book: xlsxwriter.Workbook, title: str) -> Worksheet:
    """A new sheet; its name is cut to what a sheet may be called and differs from the others."""
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    plain = _NAME.sub(" ", _UNFIT.sub(" ", title)).strip() or "Table"
    for number in range(1, len(taken) + 2):
        tail = "" if number == 1 else f" ({number})"
        name = plain[: _NAME_LENGTH - len(tail)] + tail
        if name.casefold() not in taken:
            break
    sheet: Worksheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    return sheet


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Cell]], styles: _Styles) -> int:
    """Write rows from the top, the first as heading, in columns as wide as what stands in them; returns how many."""
    at, widths = -1, dict[int, int]()
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            _put(sheet, at, column, cell, styles.of(at, cell))
            widths[column] = max(widths.get(column, _NARROW), min(_WIDE, len(str(cell)) + 3))  # room for the arrow of the filter
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    return at + 1


def _put(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format | None) -> None:
    if cell is None:
        return
    failed: Any
    if isinstance(cell, int | float) and not isinstance(cell, bool) and isfinite(cell) and abs(cell) <= EXACT:
        failed = sheet.write_number(row, column, cell, style)
    else:
        failed = sheet.write_string(row, column, fitting(cell), style)
    if failed:
        raise OverflowError(f"Row {row + 1} does not fit a sheet.")  # a mistake of ours: sheets and texts are cut before


def fitting(cell: Cell) -> str:
    """The text of a cell as a workbook can hold it; what is too long is cut where all can see it."""
    text = _UNFIT.sub("\ufffd", text_of(cell))
    return text if len(text) <= TEXT else text[: TEXT - len(CUT)] + CUT
