"""Where the host stands in a URL or `host:port`: found as offsets in the block, so that no URL is ever copied (or kept)."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.framing import Lines, Offsets, StringColumn, any_of, words_at
from discovery.names import host_of

_HTTP: Final = np.uint64(int.from_bytes(b"http://", "little"))
_HTTPS: Final = np.uint64(int.from_bytes(b"https://", "little"))
_SEVEN: Final = np.uint64((1 << 56) - 1)

#: What ends a host, and what shows that there is more to it than a plain name (user information, an IPv6 address, another scheme).
_MARKS: Final = b"/:?#@["


class HostColumn:
    """The hosts of cells that hold a URL or a `host:port`, filled part by part; null where a cell's start is negative."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._plain = StringColumn(lines.buffer, len(lines))
        self._special: list[tuple[Offsets, Offsets, Offsets]] = []  # rows that need a closer look, and where their cells are

    def put(self, at: int, lines: Lines, starts: Offsets, ends: Offsets) -> None:
        """Set the rows from `at` on to the hosts of cells in these lines."""
        begins, stops, special = _places(lines, starts, ends)
        if special.any():
            rows = np.flatnonzero(special)
            self._special.append((rows + at, starts[rows], ends[rows]))
            begins = np.where(special, -1, begins)
        self._plain.put(at, begins, stops)

    def series(self) -> pl.Series:
        """The column."""
        column = self._plain.series()
        if not self._special:
            return column
        rows, starts, ends = (np.concatenate(parts) for parts in zip(*self._special, strict=True))
        whole = self._lines.column(starts, ends).alias("_url")
        return column.scatter(rows, whole.to_frame().select(host_of(pl.col("_url"))).to_series())


def _places(lines: Lines, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets, npt.NDArray[np.bool_]]:
    """Start and end of the host in cells that hold a URL or a `host:port`, and which cells need a closer look."""
    at = np.maximum(starts, 0)
    word = words_at(lines.buffer, "<u8")[at]
    begins = at + 7 * ((word & _SEVEN) == _HTTP) + 8 * (word == _HTTPS)
    marks = _marks(lines)
    first = np.searchsorted(marks, begins)
    stops = np.minimum(marks[first], ends)
    special = (starts >= 0) & (stops < ends) & _special(lines, marks, first, stops, ends)
    return np.where(starts < 0, -1, begins), np.maximum(stops, begins), special


def _marks(lines: Lines) -> Offsets:
    """Where one of the marks stands, and twice the end of the block."""
    low, high = (int(lines.starts[0]), int(lines.ends[-1]) + 1) if len(lines) else (0, 0)
    return np.append(any_of(lines.buffer[low:high], _MARKS) + low, [high, high])


def _special(lines: Lines, marks: Offsets, first: Offsets, stops: Offsets, ends: Offsets) -> npt.NDArray[np.bool_]:
    """Cells whose host is not simply what stands before the first mark."""
    sign, behind = lines.buffer[stops], lines.buffer[stops + 1]
    next_mark = np.minimum(marks[first + 1], ends)
    port = (sign == ord(":")) & (behind >= ord("0")) & (behind <= ord("9")) & (lines.buffer[next_mark] != ord("@"))
    return np.asarray(~port & ((sign == ord(":")) | (sign == ord("@")) | (sign == ord("["))))
