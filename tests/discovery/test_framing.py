"""Lines and fields by their offsets, held against plain Python."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.framing import Lines, count_of, eight, frame, lines_of, next_of, string_column, utf8, words_at
from discovery.kinds.delimited import Delimited
from tests.gate import examples

texts = st.text(alphabet='ab="\\\r\n é\x00\u2028\ufeff😀', max_size=200)


@examples(50, derandomize=True)
@given(text=texts)
def test_a_line_is_a_line_whatever_it_holds(text: str) -> None:
    lines = frame(text.encode(), 5)
    expected = [line.removesuffix("\r").lstrip("\x00\ufeff") for line in text.removesuffix("\n").split("\n")] if text else []
    assert lines.text().to_list() == expected
    assert lines.numbers.to_list() == list(range(5, 5 + len(expected)))
    assert lines.balanced().tolist() == [line.count('"') % 2 == 0 for line in expected]


@examples(50, derandomize=True)
@given(data=st.binary(max_size=80), cuts=st.lists(st.tuples(st.integers(-1, 80), st.integers(0, 40)), max_size=20))
def test_columns_are_slices_of_the_buffer(data: bytes, cuts: list[tuple[int, int]]) -> None:
    data = bytes(byte & 0x7F for byte in data)
    buffer = np.frombuffer(data + bytes(16), np.uint8)
    starts = np.array([min(start, len(data)) for start, _ in cuts], np.int64)
    ends = np.array([min(max(start, 0) + length, len(data)) for start, length in cuts], np.int64)
    expected = [None if start < 0 else data[start:end].decode() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert string_column(buffer, starts, ends).to_list() == expected


@examples(100, derandomize=True)
@given(data=st.binary(max_size=60), byte=st.sampled_from([0, 1, 10, 127, 128, 255]), at=st.integers(0, 60))
def test_a_byte_is_found_where_it_stands(data: bytes, byte: int, at: int) -> None:
    buffer = np.frombuffer(data + bytes(16), np.uint8)
    for stop in (len(data), max(len(data) - 3, 0)):
        place = data.find(byte, at, stop)
        assert next_of(words_at(buffer), at, stop, eight(byte)) == (place if place >= 0 else stop)
    assert count_of(buffer[: len(data)], byte) == data.count(byte)


@examples(50, derandomize=True)
@given(text=texts, cut=st.integers(0, 3), collapse=st.booleans())
def test_separators_in_quotes_end_no_cell_and_no_other_line(text: str, cut: int, collapse: bool) -> None:
    lines = frame(text.encode())
    lines = lines.after(np.full(len(lines), cut)) if cut else lines
    cells = Delimited("=", ("a", "b", "c"), quotes=True, collapse=collapse).fields(_valid(lines), ("a", "b", "c"), None)
    for line, row in zip(_valid(lines).text(), cells.select("a", "b", "c").rows(), strict=True):
        assert list(row) == [*(_unquoted(cell) for cell in _split(line) if cell or not collapse), None, None, None][:3]


def _valid(lines: Lines) -> Lines:
    """Only lines that are not cut in the middle of a character."""
    sound = np.array([bool(start == end) or lines.buffer[start] & 0xC0 != 0x80 for start, end in zip(lines.starts, lines.ends, strict=True)], bool)
    return Lines(lines.buffer, lines.starts[sound], lines.ends[sound], 1)


def _split(line: str) -> list[str]:
    cells = [""]
    for at, sign in enumerate(line):
        if sign == "=" and line[:at].count('"') % 2 == 0:
            cells.append("")
        else:
            cells[-1] += sign
    return cells


def _unquoted(cell: str) -> str:
    inside = cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
    return inside.replace('""', '"')


@examples(50, derandomize=True)
@given(st.lists(texts.map(lambda text: text.replace("\n", "")), max_size=8))
def test_lines_that_were_framed_keep_all_they_hold(lines: list[str]) -> None:
    made = lines_of(pl.Series(lines, dtype=pl.String), 5)
    assert made.text().to_list() == lines
    assert made.numbers.to_list() == list(range(5, 5 + len(lines)))


def test_damaged_bytes_are_replaced_and_told() -> None:
    assert utf8(b"plain") == (b"plain", False)
    assert utf8("é".encode()) == ("é".encode(), False)
    assert utf8(b"a\xffb") == ("a\ufffdb".encode(), True)


def test_no_lines() -> None:
    assert frame(b"").text().to_list() == []
    assert frame(b"").text().dtype == pl.String
