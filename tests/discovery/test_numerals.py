"""Numbers read out of a block are those that their text gives."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.dates import from_epoch
from discovery.framing import frame
from discovery.numerals import epoch_column, number_column
from tests.gate import examples

whole = st.one_of(st.integers(0, 10**19).map(str), st.integers(0, 10**6).map(str), st.sampled_from(["", "-", "007"]))
strange = st.sampled_from(["-5", "+5", "1.5", "1e3", "12a", " 7", "--", ".", "1."])
epochs = st.one_of(
    st.tuples(st.integers(0, 4 * 10**9), st.integers(0, 6)).flatmap(lambda one: _fraction(*one)),
    st.sampled_from(["", "-", "1760000000.1234567", "1760000000000", "1760000000123456", "1.76e9", "x", ".5", "1760000000."]),
)


def _fraction(seconds: int, digits: int) -> st.SearchStrategy[str]:
    return st.integers(0, 10**digits - 1).map(lambda rest: f"{seconds}.{rest:0{digits}}" if digits else str(seconds))


@examples(100, derandomize=True)
@given(cells=st.one_of(st.lists(whole, max_size=9), st.lists(st.one_of(whole, strange), max_size=9)))
def test_whole_numbers(cells: list[str]) -> None:
    lines = frame("".join(f"{cell}\n" for cell in cells).encode())
    found = number_column(lines, lines.starts, lines.ends)
    assert found.cast(pl.Int64, strict=False).to_list() == pl.Series(cells, dtype=pl.String).cast(pl.Int64, strict=False).to_list()
    plain = all(cell in ("", "-") or (cell.isdigit() and len(cell) <= 18) for cell in cells)
    assert found.dtype == (pl.Int64 if plain else pl.String)


@examples(100, derandomize=True)
@given(cells=st.lists(epochs, max_size=9))
def test_epochs(cells: list[str]) -> None:
    lines = frame("".join(f"{cell}\n" for cell in cells).encode())
    found = from_epoch(epoch_column(lines, lines.starts, lines.ends))
    assert found.to_list() == from_epoch(pl.Series(cells, dtype=pl.String)).to_list()


def test_a_line_without_the_cell_has_no_number() -> None:
    lines = frame(b"12\n34\n")
    starts = lines.starts.copy()
    starts[0] = -1
    assert number_column(lines, starts, lines.ends).to_list() == [None, 34]
    assert epoch_column(lines, starts, lines.ends).to_list() == [None, 34_000_000]
