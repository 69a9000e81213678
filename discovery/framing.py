"""Lines and fields as offsets into one buffer, found by compiled loops: a line is a line whatever it holds.

Nothing here looks at more than one line at a time to decide where a field ends, so a stray quote, a NUL or a huge line
can never hide its neighbour. Columns are Arrow string views over the block itself: no text is copied until somebody needs it.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from discovery.compiled import compiled, is_new

Offsets = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

#: Longer lines are rejected as too long; no log of requests needs them.
LONGEST_LINE: Final = 1_000_000

NEWLINE, RETURN, QUOTE, BACKSLASH = 10, 13, 34, 92

# Before a line: what a file cut to nothing under its writer leaves in place of what was cut, and where files were joined the mark of order of bytes.
_GAP, _MARK = 0, (0xEF, 0xBB, 0xBF)

# An Arrow string view is two words: length and first 4 bytes; then 8 more bytes where the text is no longer than 12, else the number
# of the buffer and the offset in it (https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout).
_IN_PLACE: Final = 12
KEEP: Final = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)  # mask of the first n bytes of a word
_HALF: Final = np.uint64(32)

# To look for a byte in a word: eight times 1, eight times the highest bit, and what tells which of those bits is set.
_ONE, _SEVEN, _TOP, _ONES = np.uint64(1), np.uint64(7), np.uint64(56), np.uint64(0x0101010101010101)
_HIGHEST, _LOWER, _PLACES = np.uint64(0x8080808080808080), np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x0001020304050607)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a block of UTF-8 text.

    Attributes:
        buffer: the bytes, padded by at least 16 zeros.
        starts, ends: offsets of each line, without its line end.
        first: number of the first line in its log, from 1.
    """

    buffer: Bytes
    starts: Offsets
    ends: Offsets
    first: int

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def numbers(self) -> pl.Series:
        """Physical line numbers."""
        return pl.int_range(self.first, self.first + len(self), eager=True).alias("line")

    def text(self) -> pl.Series:
        """The lines as a string column."""
        return self.column(self.starts, self.ends)

    def column(self, starts: Offsets, ends: Offsets) -> pl.Series:
        """A string column of slices of the buffer; null where a start is negative."""
        return string_column(self.buffer, starts, ends)

    def after(self, skip: Offsets) -> "Lines":
        """The same lines without their first `skip` bytes each."""
        return Lines(self.buffer, np.minimum(self.starts + skip, self.ends), self.ends, self.first)

    def positions(self, byte: int) -> Offsets:
        """Where a byte stands, in the lines or between them."""
        if not len(self):
            return np.empty(0, np.int64)
        low, high = int(self.starts[0]), int(self.ends[-1]) + 1
        return np.flatnonzero(self.buffer[low:high] == byte) + low

    def balanced(self) -> npt.NDArray[np.bool_]:
        """Which lines hold an even number of double quotes."""
        quotes = self.positions(QUOTE)
        return np.asarray((np.searchsorted(quotes, self.ends) - np.searchsorted(quotes, self.starts)) % 2 == 0)


def frame(data: bytes, first: int = 1) -> Lines:
    """The lines of a block, without NULs and marks of the order of bytes before each. Ends of line are LF or CRLF; a last line without one counts."""
    end = b"\n" if data and not data.endswith(b"\n") else b""
    buffer = np.frombuffer(b"".join((data, end, bytes(16))), np.uint8)  # unlike `+`, lets other threads run meanwhile
    starts, ends = np.empty((2, count_of(buffer, NEWLINE)), np.int64)
    _bounds(buffer, words_at(buffer), len(data) + len(end), eight(NEWLINE), starts, ends)
    return Lines(buffer, starts, ends, first)


@compiled
def _bounds(buffer: Bytes, words: Words, size: int, feeds: np.uint64, starts: Offsets, ends: Offsets) -> None:
    """Where each line begins and ends; a carriage return before its line feed is no part of it."""
    start = 0
    for line in range(len(ends)):
        end = next_of(words, start, size, feeds)
        starts[line], ends[line] = _text(buffer, start, end), end - (end > start and buffer[end - 1] == RETURN)
        start = end + 1


@compiled
def _text(buffer: Bytes, start: int, end: int) -> int:
    """Where the text of a line begins."""
    while start < end:
        if buffer[start] == _GAP:
            start += 1
        elif buffer[start] == _MARK[0] and buffer[start + 1] == _MARK[1] and buffer[start + 2] == _MARK[2]:
            start += len(_MARK)
        else:
            break
    return start


@compiled
def count_of(buffer: Bytes, byte: int) -> int:
    """How often a byte occurs (several times as fast as `bytes.count`)."""
    found = 0
    for one in buffer:
        found += one == byte
    return found


def eight(byte: int) -> np.uint64:
    """A word of eight times the same byte."""
    return np.uint64(byte * int(_ONES))


@compiled
def next_of(words: Words, at: int, stop: int, sought: np.uint64) -> int:
    """The next place of the byte that `sought` is eight times, or `stop`; eight bytes at once (Warren, Hacker's Delight, 2nd edition, 6-1)."""
    while at < stop:
        other = words[at] ^ sought
        found = (other - _ONES) & ~other & _HIGHEST  # the lowest of its bits is that of the first byte that is equal
        if found:
            return min(at + lowest(found), stop)
        at += 8
    return stop


@compiled
def equal(word: np.uint64, sought: np.uint64) -> np.uint64:
    """The bytes of a word that are equal to that of which `sought` is eight: of each of these the highest bit (ibid.)."""
    other = word ^ sought
    return ~((other & _LOWER) + _LOWER | other | _LOWER)


@compiled
def lowest(found: np.uint64) -> int:
    """The first byte of a word whose highest bit is set, where only such bits are."""
    return int(((found & (~found + _ONE)) >> _SEVEN) * _PLACES >> _TOP)


def must_compile() -> bool:
    """Whether no earlier run on this computer left the loops that read logs as machine code: then they are compiled now."""
    return is_new(lowest, _HIGHEST)


def utf8(data: bytes) -> tuple[bytes, bool]:
    """The block as valid UTF-8, and whether damage had to be replaced by U+FFFD."""
    if data.isascii():
        return data, False
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode(), True
    return data, False


def joined(text: pl.Series) -> bytes:
    """Lines as bytes, a line feed between them; none of them is null."""
    whole: str = text.str.join("\n", ignore_nulls=False).item()
    return whole.encode()


def lines_of(texts: pl.Series, first: int) -> Lines:
    """Lines of texts without line feeds, none of them null, as they are: what framed lines became is not framed again, or would lose its end."""
    sizes = texts.str.len_bytes().to_numpy().astype(np.int64)
    ends = np.cumsum(sizes + 1) - 1
    return Lines(np.frombuffer((joined(texts) if len(texts) else b"") + bytes(17), np.uint8), ends - sizes, ends, first)


def letters_of(texts: pl.Series) -> tuple[Bytes, Offsets]:
    """The bytes of all texts, and where each begins; one place more tells where the last ends. A null has none."""
    array = pa.array(texts.to_arrow(compat_level=pl.CompatLevel.oldest()), pa.large_string())
    _, places, letters = array.buffers()
    whole = np.frombuffer(memoryview(places), np.int64)[array.offset : array.offset + len(array) + 1] if places else np.zeros(1, np.int64)
    return np.frombuffer(memoryview(letters), np.uint8) if letters else np.zeros(0, np.uint8), whole


def arrow_column(type_: pa.DataType, length: int, buffers: list[pa.Buffer | None]) -> pl.Series:
    """A column of Arrow buffers, the first of which tells what is not null, without copying."""
    return pl.Series(values=_Exported(pa.Array.from_buffers(type_, length, buffers)))


class _Exported:
    """An array by the C interface alone: of a PyArrow array as such Polars would ask what takes a tenth of a second to load."""

    def __init__(self, array: "pa.Array[Any]") -> None:
        self._array = array

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        exported: tuple[object, object] = self._array.__arrow_c_array__(requested_schema)
        return exported


def string_column(buffer: Bytes, starts: Offsets, ends: Offsets) -> pl.Series:
    """A string column of slices of a padded UTF-8 buffer, without copying; null where a start is negative."""
    views = np.empty((len(starts), 2), np.uint64)
    known = np.empty(len(starts), np.bool_)
    whole = _views(words_at(buffer), starts, ends, views, known)
    validity = None if whole else pa.py_buffer(np.packbits(known, bitorder="little").data)
    return arrow_column(pa.string_view(), len(views), [validity, pa.py_buffer(views.view(np.uint8).data), pa.py_buffer(buffer.data)])


@compiled
def _views(words: Words, starts: Offsets, ends: Offsets, views: Words, known: Flags) -> bool:
    """Fill in the views and which are known; whether all are."""
    whole = True
    for row in range(len(starts)):
        start = starts[row]
        known[row] = start >= 0
        if start < 0:
            whole = False
            views[row, 0] = views[row, 1] = 0
            continue
        length = ends[row] - start
        views[row, 0] = np.uint64(length) | (words[start] & KEEP[min(length, 4)]) << _HALF
        views[row, 1] = np.uint64(start) << _HALF if length > _IN_PLACE else words[start + 4] & KEEP[max(length - 4, 0)]
    return whole


def words_at(buffer: Bytes) -> Words:
    """The word of eight bytes, little-endian, that begins at each byte of the buffer."""
    return np.ndarray((len(buffer) - 7,), "<u8", buffer, strides=(1,))
