"""Where the host stands in a URL or `host:port`: found as offsets in the block, so that no URL is ever copied (or kept)."""

from typing import Final

import numpy as np
import polars as pl

from discovery.framing import Lines, Offsets, words_at
from discovery.names import host_of

_HTTP: Final = np.uint64(int.from_bytes(b"http://", "little"))
_HTTPS: Final = np.uint64(int.from_bytes(b"https://", "little"))
_SEVEN: Final = np.uint64((1 << 56) - 1)

#: What ends a host, and what shows that there is more to it than a plain name (user information, an IPv6 address, another scheme).
_MARKS: Final = b"/:?#@["


def host_places(lines: Lines, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
    """Start and end of the host in cells that hold a URL or a `host:port`; the end is -1 where a closer look is needed."""
    at = np.maximum(starts, 0)
    word = words_at(lines.buffer, "<u8")[at]
    begins = at + 7 * ((word & _SEVEN) == _HTTP) + 8 * (word == _HTTPS)
    marks = _marks(lines)
    first = np.searchsorted(marks, begins)
    stops = np.minimum(marks[first], ends)
    special = (starts >= 0) & (stops < ends) & _special(lines, marks, first, stops, ends)
    return np.where(starts < 0, -1, begins), np.where(special, -1, np.maximum(stops, begins))


def host_column(lines: Lines, starts: Offsets, ends: Offsets, hosts: tuple[Offsets, Offsets]) -> pl.Series:
    """The hosts of cells, found by `host_places`; null where a start is negative."""
    begins, stops = hosts
    special = stops < 0
    column = lines.column(np.where(special, -1, begins), stops)
    if not special.any():
        return column
    whole = lines.column(np.where(special, starts, -1), ends).alias("_url")
    careful = whole.to_frame().select(host_of(pl.col("_url"))).to_series()
    return column.zip_with(pl.Series(~special), careful)


def _marks(lines: Lines) -> Offsets:
    """Where one of the marks stands, and twice the end of the block."""
    low, high = (int(lines.starts[0]), int(lines.ends[-1]) + 1) if len(lines) else (0, 0)
    block = lines.buffer[low:high]
    found, one = np.zeros(len(block), bool), np.empty(len(block), bool)
    for mark in _MARKS:
        found |= np.equal(block, mark, out=one)
    return np.append(np.flatnonzero(found) + low, [high, high])


def _special(lines: Lines, marks: Offsets, first: Offsets, stops: Offsets, ends: Offsets) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Cells whose host is not simply what stands before the first mark."""
    sign, behind = lines.buffer[stops], lines.buffer[stops + 1]
    next_mark = np.minimum(marks[first + 1], ends)
    port = (sign == ord(":")) & (behind >= ord("0")) & (behind <= ord("9")) & (lines.buffer[next_mark] != ord("@"))
    return np.asarray(~port & ((sign == ord(":")) | (sign == ord("@")) | (sign == ord("["))))
