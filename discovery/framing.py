"""Lines and fields as offsets into one buffer, found with NumPy: a line is a line whatever it holds.

Nothing here looks at more than one line at a time to decide where a field ends, so a stray quote, a NUL or a huge line
can never hide its neighbour. Columns are Arrow string views over the block itself: no text is copied until somebody needs it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
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

# An Arrow string view: length, then up to 12 bytes in place, or 4 bytes, number of the buffer and offset in it
# (https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout).
_VIEW: Final = np.dtype(
    {"names": ["length", "first8", "next4", "buffer", "offset"], "formats": ["<i4", "<u8", "<u4", "<i4", "<i4"], "offsets": [0, 4, 12, 8, 12]}
)
_IN_PLACE: Final = 12
_KEEP8: Final = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)  # mask of the first n bytes
_KEEP4: Final = np.array([(1 << 8 * n) - 1 for n in range(5)], np.uint32)


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
    _quotes: dict[bool, Offsets] = field(default_factory=dict)

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
        return Lines(self.buffer, np.minimum(self.starts + skip, self.ends), self.ends, self.first, whole=False)

    def parts(self, size: int) -> Iterator["Lines"]:
        """The same lines, so many at a time: what is worked out for a part stays in the processor's cache."""
        for start in range(0, max(len(self), 1), size):
            part = slice(start, start + size)
            yield Lines(self.buffer, self.starts[part], self.ends[part], self.first + start, self.whole)

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

    def outside_quotes(self, places: Offsets, *, escapes: bool = False) -> npt.NDArray[np.bool_]:
        """Which places stand outside double quotes of their own line.

        Args:
            places: ascending offsets.
            escapes: whether a backslash before a quote makes it a plain character.
        """
        quotes = self._quotes.get(escapes)
        if quotes is None:
            quotes = self.positions(QUOTE)
            if escapes and len(quotes):
                quotes = quotes[self.buffer[np.maximum(quotes - 1, 0)] != BACKSLASH]
            self._quotes[escapes] = quotes
        if not len(quotes):
            return np.ones(len(places), bool)
        before_line = np.searchsorted(quotes, self.starts)
        line = np.searchsorted(self.starts, places, side="right") - 1
        return np.asarray((np.searchsorted(quotes, places) - before_line[np.maximum(line, 0)]) % 2 == 0)


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


def string_column(buffer: Bytes, starts: Offsets, ends: Offsets) -> pl.Series:
    """A string column of slices of a padded UTF-8 buffer, without copying; null where a start is negative."""
    known = starts >= 0
    everywhere = bool(known.all())
    begin = starts if everywhere else np.where(known, starts, 0)
    lengths = ends - begin if everywhere else np.where(known, ends - starts, 0)
    raw = np.empty(len(begin) * _VIEW.itemsize, np.uint8)
    views = raw.view(_VIEW)
    views["length"] = lengths
    views["first8"] = words_at(buffer, "<u8")[begin] & _KEEP8[np.minimum(lengths, 8)]
    views["next4"] = words_at(buffer, "<u4")[begin + 8] & _KEEP4[np.clip(lengths - 8, 0, 4)]
    long = lengths > _IN_PLACE
    views["buffer"][long] = 0
    views["offset"][long] = begin[long]
    validity = None if everywhere else pa.py_buffer(np.packbits(known, bitorder="little").data)
    array = pa.Array.from_buffers(pa.string_view(), len(begin), [validity, pa.py_buffer(views.view(np.uint8).data), pa.py_buffer(buffer.data)])
    return pl.Series(values=array)


def words_at(buffer: Bytes, dtype: str) -> npt.NDArray[np.unsignedinteger]:
    """The word that begins at each byte of the buffer."""
    size = np.dtype(dtype).itemsize
    return np.ndarray((len(buffer) - size + 1,), dtype, buffer, strides=(1,))
