"""Numbers of a column read where they stand in the block, so that no text is made of them. Where any cell holds anything else, the column is text."""

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from discovery.compiled import compiled, inlined
from discovery.framing import Bytes, Flags, Lines, Offsets, arrow_column

_DASH, _DOT, _ZERO, _TEN = 45, 46, 48, 10
_DIGITS: Final = 18  # of the longest whole number that is read
_SECONDS: Final = 11  # digits of an epoch that counts seconds: see `dates.from_epoch`
_MICROS: Final = 6  # digits of their fraction


def number_column(lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
    """Whole numbers; null where a cell's start is negative, or it is empty or a dash."""
    return _column(lines, starts, ends, _DIGITS, 0)


def epoch_column(lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
    """Seconds since 1970 in microseconds; null as above."""
    return _column(lines, starts, ends, _SECONDS, _MICROS)


def _column(lines: Lines, starts: Offsets, ends: Offsets, most: int, decimals: int) -> pl.Series:
    numbers, known = np.zeros(len(starts), np.int64), np.empty(len(starts), np.bool_)
    if not _read(lines.buffer, starts, ends, most, decimals, numbers, known):
        return lines.column(starts, ends)
    validity = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little").data)
    return arrow_column(pa.int64(), len(numbers), [validity, pa.py_buffer(numbers.data)])


@compiled
def _read(buffer: Bytes, starts: Offsets, ends: Offsets, most: int, decimals: int, numbers: Offsets, known: Flags) -> bool:
    """Fill in the numbers, times ten for each decimal, and which are known; whether no cell holds anything else."""
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        known[row] = start >= 0 and end > start and not (end == start + 1 and buffer[start] == _DASH)
        if not known[row]:
            continue
        at = behind_digits(buffer, start, end)
        whole, fraction = at, at
        if decimals and at < end and buffer[at] == _DOT:
            fraction = at + 1
            at = behind_digits(buffer, fraction, end)
        if at < end or whole == start or whole - start > most or at - fraction > decimals:
            return False
        number = 0
        for place in range(start, whole):
            number = number * _TEN + buffer[place] - _ZERO
        for place in range(fraction, fraction + decimals):
            number = number * _TEN + (buffer[place] - _ZERO if place < at else 0)
        numbers[row] = number
    return True


@inlined
def behind_digits(buffer: Bytes, at: int, end: int) -> int:
    """Where the digits that begin at a place end."""
    while at < end and _ZERO <= buffer[at] < _ZERO + _TEN:
        at += 1
    return at
