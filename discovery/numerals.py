"""Numbers of a column read where they stand in the block, so that no text is made of them. Where any cell holds anything else, the column is text."""

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from discovery.compiled import compiled, inlined
from discovery.framing import Bytes, Flags, Lines, Offsets, Words, arrow_column, lowest, words_at

_DASH, _DOT, _ZERO, _TEN = 45, 46, 48, 10
_DIGITS: Final = 18  # of the longest whole number that is read
_SECONDS: Final = 11  # digits of an epoch that counts seconds: see `dates.from_epoch`
_MICROS: Final = 6  # digits of their fraction
_POWERS: Final = np.array([10**digits for digits in range(9)], np.int64)

# Eight digits at once: made numbers from 0 to 9 by _ZEROS; _ABOVE lifts the highest bit of a byte that is more. The factors add up neighbours, then
# pairs of these, then fours (Lemire 2018, "Quickly parsing eight digits").
_ZEROS, _ABOVE, _HIGHEST = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_PAIRS, _FIRST, _SECOND = np.uint64(0x000000FF000000FF), np.uint64(100 + (1_000_000 << 32)), np.uint64(1 + (10_000 << 32))
_WORD, _BYTE, _TWO, _FOUR, _LEFT = np.uint64(10), np.uint64(8), np.uint64(16), np.uint64(32), np.uint64(64)


def number_column(lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
    """Whole numbers; null where a cell's start is negative, or it is empty or a dash."""
    return _column(lines, starts, ends, _DIGITS, 0)


def epoch_column(lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
    """Seconds since 1970 in microseconds; null as above."""
    return _column(lines, starts, ends, _SECONDS, _MICROS)


def _column(lines: Lines, starts: Offsets, ends: Offsets, most: int, decimals: int) -> pl.Series:
    numbers, known = np.zeros(len(starts), np.int64), np.empty(len(starts), np.bool_)
    if not _read(words_at(lines.buffer), lines.buffer, starts, ends, most, decimals, numbers, known):
        return lines.column(starts, ends)
    validity = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little").data)
    return arrow_column(pa.int64(), len(numbers), [validity, pa.py_buffer(numbers.data)])


@compiled
def _read(words: Words, buffer: Bytes, starts: Offsets, ends: Offsets, most: int, decimals: int, numbers: Offsets, known: Flags) -> bool:
    """Fill in the numbers, times ten for each decimal, and which are known; whether no cell holds anything else."""
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        known[row] = start >= 0 and end > start and not (end == start + 1 and buffer[start] == _DASH)
        if not known[row]:
            continue
        whole = _dot(words, buffer, start, end) if decimals else end
        fraction = max(end - whole - 1, 0)
        if whole == start or whole - start > most or fraction > decimals:
            return False
        number, part = _number(words, start, whole), _number(words, whole + 1, end)
        if number < 0 or part < 0:
            return False
        numbers[row] = number * _POWERS[decimals] + part * _POWERS[decimals - fraction]
    return True


@compiled
def _dot(words: Words, buffer: Bytes, start: int, end: int) -> int:
    """Where the digits of a cell are followed by a dot; its end where they are not."""
    at = start
    while at < end:
        digits = words[at] ^ _ZEROS
        other = ((digits + _ABOVE) | digits) & _HIGHEST
        if other:
            at += lowest(other)
            return at if at < end and buffer[at] == _DOT else end
        at += 8
    return end


@compiled
def _number(words: Words, start: int, end: int) -> int:
    """The number that some digits make, 0 without any; -1 where another sign is among them."""
    number = 0
    while start < end:
        size = min(end - start, 8)
        digits = (words[start] ^ _ZEROS) << (_LEFT - _BYTE * np.uint64(size))
        if ((digits + _ABOVE) | digits) & _HIGHEST:
            return -1
        pairs = digits * _WORD + (digits >> _BYTE)
        eight = ((pairs & _PAIRS) * _FIRST + ((pairs >> _TWO) & _PAIRS) * _SECOND) >> _FOUR
        number = number * _POWERS[size] + np.int64(eight)
        start += size
    return number


@inlined
def behind_digits(buffer: Bytes, at: int, end: int) -> int:
    """Where the digits that begin at a place end."""
    while at < end and _ZERO <= buffer[at] < _ZERO + _TEN:
        at += 1
    return at
