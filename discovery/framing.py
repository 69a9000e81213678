"""Lines and fields as offsets into one buffer, found with NumPy: a line is a line whatever it holds.

Nothing here looks at more than one line at a time to decide where a field ends, so a stray quote, a NUL or a huge line
can never hide its neighbour. Columns are Arrow string views over the block itself: no text is copied until somebody needs it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Offsets = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

#: Longer lines are rejected as too long; no log of requests needs them.
LONGEST_LINE: Final = 1_000_000

NEWLINE, RETURN, QUOTE, BACKSLASH = 10, 13, 34, 92

# An Arrow string view is two words: length and first 4 bytes; then 8 more bytes where the text is no longer than 12, else the number
# of the buffer and the offset in it (https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout).
_IN_PLACE: Final = 12
KEEP: Final = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)  # mask of the first n bytes of a word
_HALF: Final = np.uint64(32)
_AT_ONCE: Final = 8_192  # views that are made together: their words stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a block of UTF-8 text.

    Attributes:
        buffer: the bytes, padded by at least 16 zeros.
        starts, ends: offsets of each line, without its line end.
        first: number of the first line in its log, from 1.
        whole: whether the lines follow each other without gaps (no prefix was cut off, none was left out).
    """

    buffer: Bytes
    starts: Offsets
    ends: Offsets
    first: int
    whole: bool = True

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def numbers(self) -> pl.Series:
        """Physical line numbers."""
        return pl.int_range(self.first, self.first + len(self), eager=True).alias("line")

    def raw(self) -> bytes:
        """The lines as they stand in the buffer, with whatever is between them."""
        return self.buffer[self.starts[0] : self.ends[-1]].tobytes() if len(self) else b""

    def text(self) -> pl.Series:
        """The lines as a string column."""
        return self.column(self.starts, self.ends)

    def column(self, starts: Offsets, ends: Offsets) -> pl.Series:
        """A string column of slices of the buffer; null where a start is negative."""
        return string_column(self.buffer, starts, ends)

    def after(self, skip: Offsets) -> "Lines":
        """The same lines without their first `skip` bytes each."""
        return Lines(self.buffer, np.minimum(self.starts + skip, self.ends), self.ends, self.first, whole=False)

    def parts(self, size: int) -> Iterator[tuple[int, "Lines"]]:
        """The same lines, so many at a time, and where they begin: what is worked out for a part stays in the processor's cache."""
        for start in range(0, len(self), size):
            part = slice(start, start + size)
            yield start, Lines(self.buffer, self.starts[part], self.ends[part], self.first + start, self.whole)

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

    def outside_quotes(self, marks: bytes, *, quotes: bool = True, escapes: bool = False) -> tuple[Offsets, Bytes]:
        """Where one of some bytes, or an end of line, stands in the lines, outside double quotes of its own line; and which it is.

        Args:
            marks: the bytes.
            quotes: whether quotes hide what is inside them.
            escapes: whether a backslash before a quote makes it a plain character.
        """
        if not len(self):
            return np.empty(0, np.int64), np.empty(0, np.uint8)
        low, last = int(self.starts[0]), int(self.ends[-1])
        block = self.buffer[low : last + 1 + (self.buffer[last] == RETURN)]
        places = any_of(block, bytes((NEWLINE, *marks, *((QUOTE,) if quotes else ())))) + low
        signs = self.buffer[places]
        wanted = np.ones(len(places), bool)
        if quotes:
            quote = signs == QUOTE
            if escapes:
                quote &= self.buffer[np.maximum(places - 1, 0)] != BACKSLASH
            wanted = ~self._quoted(signs, quote, places) & (signs != QUOTE) | (signs == NEWLINE)
        if not self.whole:
            line = np.cumsum(signs == NEWLINE) - (signs == NEWLINE)
            wanted &= places >= self.starts[np.minimum(line, len(self) - 1)]
        return (places, signs) if wanted.all() else (places[wanted], signs[wanted])

    def _quoted(self, signs: Bytes, quote: npt.NDArray[np.bool_], places: Offsets) -> npt.NDArray[np.bool_]:
        """Which of the places stand behind an odd number of quotes of their own line."""
        before = np.cumsum(quote)
        newline = signs == NEWLINE
        if self.whole and not (before[newline] & 1).any():  # the usual case: no line leaves a quote open
            return np.asarray((before & 1).astype(bool))
        line = np.minimum(np.cumsum(newline) - newline, len(self) - 1)
        open_at = np.searchsorted(places[quote], self.starts)
        return np.asarray(((before - open_at[line]) & 1).astype(bool))


def frame(data: bytes, first: int = 1) -> Lines:
    """The lines of a block. Ends of line are LF or CRLF; a last line without one counts."""
    if data and not data.endswith(b"\n"):
        data += b"\n"
    size = len(data)
    buffer = np.frombuffer(data + bytes(16), np.uint8)
    ends = np.flatnonzero(buffer[:size] == NEWLINE)
    starts = np.empty(len(ends), np.int64)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
        crlf = (ends > starts) & (buffer[np.maximum(ends - 1, 0)] == RETURN)
        ends = ends - crlf
    return Lines(buffer, starts, ends, first)


def utf8(data: bytes) -> tuple[bytes, bool]:
    """The block as valid UTF-8, and whether damage had to be replaced by U+FFFD."""
    if data.isascii():
        return data, False
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode(), True
    return data, False


def any_of(block: Bytes, marks: bytes) -> Offsets:
    """Where any of some bytes stands."""
    found = block == marks[0]
    one = np.empty(len(block), bool)
    for mark in marks[1:]:
        found |= np.equal(block, mark, out=one)
    return np.flatnonzero(found)


def string_column(buffer: Bytes, starts: Offsets, ends: Offsets) -> pl.Series:
    """A string column of slices of a padded UTF-8 buffer, without copying; null where a start is negative."""
    column = StringColumn(buffer, len(starts))
    for at in range(0, len(starts), _AT_ONCE):
        column.put(at, starts[at : at + _AT_ONCE], ends[at : at + _AT_ONCE])
    return column.series()


class StringColumn:
    """A string column of slices of a padded UTF-8 buffer, without copying, filled part by part."""

    def __init__(self, buffer: Bytes, height: int) -> None:
        self._buffer = buffer
        self._words = words_at(buffer, "<u8")
        self._views = np.empty((height, 2), np.uint64)
        self._known: npt.NDArray[np.bool_] | None = None  # all

    def put(self, at: int, starts: Offsets, ends: Offsets) -> None:
        """Set the rows from `at` on; null where a start is negative."""
        known = starts >= 0
        if not known.all():
            if self._known is None:
                self._known = np.ones(len(self._views), bool)
            self._known[at : at + len(starts)] = known
            if not known.any():
                self._views[at : at + len(starts)] = 0
                return
            starts, ends = np.where(known, starts, 0), np.where(known, ends, 0)
        rows, words = self._views[at : at + len(starts)], self._words
        lengths = ends - starts
        rows[:, 0] = lengths.view(np.uint64) | ((words[starts] & KEEP[np.minimum(lengths, 4)]) << _HALF)
        next8 = words[starts + 4] & KEEP[np.clip(lengths - 4, 0, 8)]
        rows[:, 1] = np.where(lengths > _IN_PLACE, starts.view(np.uint64) << _HALF, next8)

    def series(self) -> pl.Series:
        """The column."""
        validity = None if self._known is None else pa.py_buffer(np.packbits(self._known, bitorder="little").data)
        buffers = [validity, pa.py_buffer(self._views.view(np.uint8).data), pa.py_buffer(self._buffer.data)]
        return pl.Series(values=pa.Array.from_buffers(pa.string_view(), len(self._views), buffers))


def words_at(buffer: Bytes, dtype: str) -> npt.NDArray[np.uint64]:
    """The word that begins at each byte of the buffer."""
    size = np.dtype(dtype).itemsize
    return np.ndarray((len(buffer) - size + 1,), dtype, buffer, strides=(1,))
