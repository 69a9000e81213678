"""The same table as CSV, workbook and JSON: all rows, equal sums, and no cell that computes."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from conftest import signed_in
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from made_up import Say

from tests.gate import GATE, examples
from webui import csvs, downloads, sheets

PIECES = [*"=+-@\t\r\n\0＝＋－＠", ";", ",", '"', "\ufeff", "=1+1", "{=1+1}", "http://a.b", "\ud800", "\ufffe", "_x0041_", "a", "é", "漢", "😀"]
hostile = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
numbers = st.none() | st.integers(-(2**53), 2**53)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def workbook(*tables: sheets.Table, most: int = sheets.ROWS, made: date | None = date(2026, 11, 13)) -> zipfile.ZipFile:
    file = io.BytesIO()
    sheets.write(file, tables, {"What": "a test"}, made, most=most)
    return zipfile.ZipFile(file)


def cells(book: zipfile.ZipFile, number: int) -> Iterator[list[tuple[str, str]]]:
    """Rows of a sheet as (type, value) of each cell that is there."""
    with book.open(f"xl/worksheets/sheet{number}.xml") as stream:
        for _, row in ET.iterparse(stream):  # noqa: S314 (our own file)
            if row.tag == f"{MAIN}row":
                yield [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]
                row.clear()


@examples(15)
@given(st.lists(st.tuples(hostile, numbers), min_size=1, max_size=6))
def test_no_cell_of_a_workbook_computes(rows: list[tuple[str, int | None]]) -> None:
    book = workbook(sheets.Table("=Table", ["name", "bytes"], rows))
    parts = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert not re.search(r"<f[ >]|<hyperlink|externalLink|ddeLink", parts)
    found = list(cells(book, 2))[1:]
    assert len(found) == len(rows)
    for row, (text, number) in zip(found, rows, strict=True):
        texts = [value for kind, value in row if kind == "inlineStr"]
        assert [float(value) for kind, value in row if kind == "n"] == ([] if number is None else [number])
        assert all(kind in {"inlineStr", "n"} for kind, _ in row)
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "{=")) for value in texts if not value.startswith("{"))
        assert bool(texts) or not text


@examples(15)
@given(st.lists(st.tuples(hostile, numbers.filter(lambda number: number is None or number >= 0)), max_size=12), st.integers(2, 5))
def test_sums_are_equal_in_every_format(rows: list[tuple[str, int | None]], most: int) -> None:
    whole = sum(number or 0 for _, number in rows)
    header = ["name", "bytes"]
    as_csv = list(csv.DictReader(io.StringIO("".join(csvs.lines(header, rows)).removeprefix("\ufeff"), newline="")))
    as_json = json.loads("".join(downloads.as_json({}, header, rows)))["rows"]
    book = workbook(sheets.Table("Table", header, rows), most=most)
    pages = [list(cells(book, number))[1:] for number in range(2, len(book.namelist())) if f"xl/worksheets/sheet{number}.xml" in book.namelist()]
    assert len(as_csv) == len(as_json) == sum(map(len, pages)) == len(rows) or any(not text and number is None for text, number in rows)
    assert sum(int(row["bytes"] or 0) for row in as_csv) == whole
    assert sum(row["bytes"] or 0 for row in as_json) == whole
    assert sum(int(value) for page in pages for row in page for kind, value in row if kind == "n") == whole
    assert all(len(page) < most for page in pages)


#: Rows of a sheet: Excel's own in the long form, fewer elsewhere.
MOST = sheets.ROWS if GATE else 5_000


def test_more_rows_than_a_sheet_holds_are_all_there() -> None:
    many = MOST + 1
    book = workbook(sheets.Table("Findings", ["bytes"], ([number] for number in range(many))), most=MOST)
    found = 0
    for number, last in ((2, MOST - 2), (3, many - 1)):
        text = book.read(f"xl/worksheets/sheet{number}.xml")
        values = re.findall(rb"<v>(\d+)</v>", text)
        found += len(values)
        assert int(values[-1]) == last
    assert found == many
    assert b'name="Findings 2"' in book.read("xl/workbook.xml")


def test_a_text_too_long_for_a_cell_is_cut_where_all_can_see_it() -> None:
    long = "a" * 40_000
    (kind, text), _ = next(row for row in cells(workbook(sheets.Table("T", ["x", "y"], [[long, 1]])), 2) if row[0][1] != "x")
    assert (kind, len(text)) == ("inlineStr", sheets.TEXT)
    assert text.endswith(sheets.CUT)
    assert long in "".join(csvs.lines(["x"], [[long]]))
    assert long in "".join(downloads.as_json({}, ["x"], [[long]]))


def test_numbers_too_large_to_be_exact_stay_text() -> None:
    row = list(cells(workbook(sheets.Table("T", ["x"], [[2**63]])), 2))[1]
    assert row == [("inlineStr", str(2**63))]


def test_sheets_have_names_of_their_own() -> None:
    tables = [sheets.Table(name, ["x"], []) for name in ("a/b", "a:b", "A b", "", "x" * 40, "x" * 41)]
    names = re.findall(r'<sheet name="([^"]+)"', workbook(*tables).read("xl/workbook.xml").decode())
    assert len({name.casefold() for name in names}) == 7
    assert all(len(name) <= 31 for name in names)


def test_the_same_table_gives_the_same_bytes() -> None:
    rows = [["a", 1, None, datetime(2026, 1, 2, tzinfo=UTC)]]
    first, second = (b"".join(downloads.workbook([sheets.Table("T", list("abcd"), rows)], {"What": "x"}, date(2026, 1, 2))) for _ in range(2))
    assert first == second


PATHS = ("", "services/", "services/chatgpt", "people/", "people/{person}", "gaps/", "unknown/", "imports/")


@pytest.mark.parametrize("path", PATHS)
def test_every_table_of_every_page_comes_in_every_format(judged: Callable[[Say], Flask], path: str) -> None:
    app = judged(str)
    browser = signed_in(app)
    with app.test_request_context():
        from webui.crowd import id_of  # noqa: PLC0415

        address = f"/c/example/{path.format(person=id_of('U-001'))}"
    texts = {kind: browser.get(f"{address}?format={kind}&activity=any") for kind in downloads.TYPES}
    for kind, answer in texts.items():
        assert answer.content_type == downloads.TYPES[kind]
        assert re.fullmatch(rf"attachment; filename=[a-z0-9-]+\.{kind}", answer.headers["Content-Disposition"])
    rows = list(csv.DictReader(io.StringIO(texts["csv"].text.removeprefix("\ufeff"), newline="")))
    records = json.loads(texts["json"].text)
    sheet = list(cells(zipfile.ZipFile(io.BytesIO(texts["xlsx"].data)), 2))[1:]
    assert len(rows) == len(records["rows"]) == len(sheet)
    assert records["about"]["Client"] == "Example & Co"
    for name in ("uploaded bytes", "requests", "days"):
        if rows and name in rows[0]:
            assert sum(int(row[name] or 0) for row in rows) == sum(record[name] or 0 for record in records["rows"])


def test_a_column_is_as_wide_as_what_stands_in_it_and_numbers_can_be_read() -> None:
    book = workbook(sheets.Table("T", ["id", "name", "reason"], [[12_345_678, "n" * 20, "r" * 500]]))
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', book.read("xl/worksheets/sheet2.xml").decode())]
    assert widths == sorted(widths)
    assert 20 < widths[1] < 30 < widths[2] < 65
    assert 'numFmtId="3"' in book.read("xl/styles.xml").decode(), "12,345,678"
