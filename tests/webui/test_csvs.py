"""Exported tables are text in every program: no separator turns a cell into a formula, and nothing is lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gate import examples
from webui import csvs

TRIGGERS = tuple("=+-@\t\r\n\0＝＋－＠")
PIECES = [*TRIGGERS, ";", ",", '"', "'", "|", "\ufeff", " ", "=1+1", '";=cmd', '",=cmd', "a", "é", "x,y"]
hostile = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=20)


@examples(200)
@given(st.lists(st.lists(hostile, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_of_any_reading_starts_a_formula(rows: list[list[str]]) -> None:
    text = "".join(csvs.lines(["name"], rows))
    for separator in ",;\t|":
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator):
            for cell in row:
                read = cell.lstrip("\r\n")  # the end of our own line, where another separator leaves a quote open
                assert not read.startswith(TRIGGERS), (separator, cell)
                assert not read.lstrip(' \ufeff"\r\n').startswith(TRIGGERS), (separator, cell)


@given(st.lists(st.text(alphabet="abc ,;\"'é漢\u202e", min_size=0, max_size=12), min_size=2, max_size=5))
def test_harmless_text_comes_back_as_it_was(row: list[str]) -> None:
    text = "".join(csvs.lines(["a"] * len(row), [row])).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == row


@pytest.mark.parametrize(
    ("cell", "text"), [(None, ""), (0, "0"), (12345, "12345"), (True, "yes"), (False, "no"), (-5, "'-5"), ("=1", "'=1"), ("a;=1", "a;'=1")]
)
def test_cells(cell: csvs.Cell, text: str) -> None:
    assert csvs.text_of(cell) == text


def test_absent_is_empty_and_zero_is_zero() -> None:
    assert "".join(csvs.lines(["a", "b"], [[None, 0]])) == "\ufeffa,b\r\n,0\r\n"
