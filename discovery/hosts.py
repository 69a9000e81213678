"""Where the host stands in a URL or `host:port`: found as offsets in the block, so that no URL is ever copied (or kept)."""

from typing import Final

import numpy as np
import polars as pl

from discovery.compiled import compiled
from discovery.framing import Bytes, Flags, Lines, Offsets
from discovery.names import host_of

_SCHEMES: Final = (b"http://", b"https://")
_COLON, _AT, _BRACKET, _ZERO, _NINE = 58, 64, 91, 48, 57
#: What ends a host, and what shows that there is more to it than a plain name (user information, an IPv6 address, another scheme).
_MARKS: Final = np.isin(np.arange(256), list(b"/:?#@["))


def host_column(lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
    """The hosts of cells that hold a URL or a `host:port`; null where a cell's start is negative."""
    begins, stops, special = np.empty_like(starts), np.empty_like(ends), np.empty(len(starts), np.bool_)
    _places(lines.buffer, starts, ends, begins, stops, special)
    column = lines.column(begins, stops)
    rows = np.flatnonzero(special)
    if not len(rows):
        return column
    whole = lines.column(starts[rows], ends[rows]).alias("_url")
    return column.scatter(rows, whole.to_frame().select(host_of(pl.col("_url"))).to_series())


@compiled
def _places(buffer: Bytes, starts: Offsets, ends: Offsets, begins: Offsets, stops: Offsets, special: Flags) -> None:
    """Start and end of each cell's host, start -1 where it is null or needs a closer look."""
    for row in range(len(starts)):
        begins[row], stops[row], special[row] = -1, 0, False
        if starts[row] < 0:
            continue
        begin, end = _behind_scheme(buffer, starts[row], ends[row]), ends[row]
        stop = _next_mark(buffer, begin, end)
        special[row] = stop < end and _is_special(buffer, stop, end)
        if not special[row]:
            begins[row], stops[row] = begin, stop


@compiled
def _behind_scheme(buffer: Bytes, start: int, end: int) -> int:
    """Where the host of a URL begins."""
    for scheme in _SCHEMES:
        at = 0
        while at < len(scheme) and start + at < end and buffer[start + at] == scheme[at]:
            at += 1
        if at == len(scheme):
            return start + at
    return start


@compiled
def _next_mark(buffer: Bytes, at: int, end: int) -> int:
    while at < end and not _MARKS[buffer[at]]:
        at += 1
    return at


@compiled
def _is_special(buffer: Bytes, stop: int, end: int) -> bool:
    """Whether the host is not simply what stands before the first mark."""
    sign, behind = buffer[stop], buffer[stop + 1]
    if sign == _COLON and _ZERO <= behind <= _NINE:  # a port, or a password of digits
        return bool(buffer[_next_mark(buffer, stop + 1, end)] == _AT)
    return bool(sign in (_COLON, _AT, _BRACKET))
