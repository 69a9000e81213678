"""Lines and fields by their offsets, held against plain Python."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.framing import NEWLINE, frame, string_column, utf8

texts = st.text(alphabet='ab="\\\r\n é\x00\u2028😀', max_size=200)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=texts)
def test_a_line_is_a_line_whatever_it_holds(text: str) -> None:
    lines = frame(text.encode(), 5)
    expected = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
    assert lines.text().to_list() == expected
    assert lines.numbers.to_list() == list(range(5, 5 + len(expected)))
    assert lines.balanced().tolist() == [line.count('"') % 2 == 0 for line in expected]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.binary(max_size=80), cuts=st.lists(st.tuples(st.integers(-1, 80), st.integers(0, 40)), max_size=20))
def test_columns_are_slices_of_the_buffer(data: bytes, cuts: list[tuple[int, int]]) -> None:
    data = bytes(byte & 0x7F for byte in data)
    buffer = np.frombuffer(data + bytes(16), np.uint8)
    starts = np.array([min(start, len(data)) for start, _ in cuts], np.int64)
    ends = np.array([min(max(start, 0) + length, len(data)) for start, length in cuts], np.int64)
    expected = [None if start < 0 else data[start:end].decode() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert string_column(buffer, starts, ends).to_list() == expected


@given(text=texts, cut=st.integers(0, 3))
def test_marks_outside_quotes_are_told_line_by_line(text: str, cut: int) -> None:
    lines = frame(text.encode())
    lines = lines.after(np.full(len(lines), cut)) if cut else lines
    expected = []
    for start, end in zip(lines.starts.tolist(), lines.ends.tolist(), strict=True):
        line = lines.buffer[start:end].tobytes()
        expected += [start + at for at, byte in enumerate(line) if byte in b" =" and line[:at].count(b'"') % 2 == 0]
    places, signs = lines.outside_quotes(b" =")
    assert places[signs != NEWLINE].tolist() == expected
    assert (signs == lines.buffer[places]).all()
    assert (signs == NEWLINE).sum() == len(lines)


def test_damaged_bytes_are_replaced_and_told() -> None:
    assert utf8(b"plain") == (b"plain", False)
    assert utf8("é".encode()) == ("é".encode(), False)
    assert utf8(b"a\xffb") == ("a\ufffdb".encode(), True)


def test_no_lines() -> None:
    assert frame(b"").text().to_list() == []
    assert frame(b"").text().dtype == pl.String
