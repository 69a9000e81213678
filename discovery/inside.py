"""Whether the address in a cell can only be inside: what `kinds.reach.own` says of text, read where it stands in the block, many times as quick."""

from typing import Final

import numpy as np
import polars as pl

from discovery.compiled import compiled
from discovery.framing import Bytes, Flags, Lines, Offsets, Words, eight, next_of, words_at

_STROKE, _DOT, _ZERO, _TEN = 47, 46, 48, 10
_DIGITS: Final = 3  # of a part of an address
_MAPPED: Final = np.frombuffer(b"::ffff:", np.uint8)
_LOOPBACK: Final = np.frombuffer(b"::1", np.uint8)

#: First part of an own address -> the least and the most that the second may be; -1 where there is none.
_SECOND: Final = np.full((2, 1000), -2, np.int64)
for _first, _least, _most in ((10, -1, 999), (127, -1, 999), (192, 168, 168), (172, 16, 31), (169, 254, 254), (100, 64, 127)):
    _SECOND[:, _first] = _least, _most

_HEX = "0123456789abcdefABCDEF"
#: What an own address of version 6 begins with, sign by sign.
_BEGINS: Final = np.array(
    [[np.isin(np.arange(256), [*map(ord, one)]) for one in six] for six in (("fF", "cdCD", _HEX, _HEX, ":"), ("fF", "eE", "89abAB", _HEX, ":"))]
)


def inside_column(lines: Lines, starts: Offsets, ends: Offsets) -> pl.Series:
    """Which cells hold an own address, or have one behind a stroke; false where a cell's start is negative."""
    inside = np.empty(len(starts), np.bool_)
    _read(words_at(lines.buffer), lines.buffer, starts, ends, eight(_STROKE), inside)
    return pl.Series(inside)


@compiled
def _read(words: Words, buffer: Bytes, starts: Offsets, ends: Offsets, sought: np.uint64, inside: Flags) -> None:
    for row in range(len(starts)):
        start, end = max(starts[row], 0), ends[row]
        stroke = next_of(words, start, end, sought)
        at = stroke + 1 if stroke < end else start
        mapped = _behind(buffer, at, end, _MAPPED)
        first, behind = _part(buffer, mapped, end)
        if starts[row] < 0:
            inside[row] = False
        elif first < 0:  # no address of version 4
            inside[row] = mapped == at and _is_six(buffer, at, end)
        else:
            second, _ = _part(buffer, behind, end)
            inside[row] = _SECOND[0, first] <= second <= _SECOND[1, first]


@compiled
def _is_six(buffer: Bytes, at: int, end: int) -> bool:
    if _behind(buffer, at, end, _LOOPBACK) == end > at:
        return True
    for signs in _BEGINS:
        same = 0
        while same < len(signs) and at + same < end and signs[same, buffer[at + same]]:
            same += 1
        if same == len(signs):
            return True
    return False


@compiled
def _behind(buffer: Bytes, at: int, end: int, text: Bytes) -> int:
    """Where a text that stands at a place ends; the place where it does not."""
    same = 0
    while same < len(text) and at + same < end and buffer[at + same] == text[same]:
        same += 1
    return at + same if same == len(text) else at


@compiled
def _part(buffer: Bytes, at: int, end: int) -> tuple[int, int]:
    """The number that a dot ends here, and where what follows begins; -1 where there is none, or it begins with a zero."""
    number, place = 0, at
    while place < end and _ZERO <= buffer[place] < _ZERO + _TEN and place < at + _DIGITS:
        number = number * _TEN + buffer[place] - _ZERO
        place += 1
    plain = at < place < end and buffer[place] == _DOT and (buffer[at] != _ZERO or place == at + 1)
    return (number if plain else -1), place + 1
