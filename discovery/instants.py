"""Times that say their offset (RFC 3339), read by a compiled loop: most logs write one on every line, no two of them alike."""

from typing import Final

import numpy as np
import polars as pl

from discovery.compiled import compiled
from discovery.framing import Bytes, Flags, Offsets, letters_of

_BLANK, _PLUS, _DASH, _DOT, _ZERO, _COLON, _T, _Z = 32, 43, 45, 46, 48, 58, 84, 90
_SHAPE: Final = np.frombuffer(b"0000-00-00T00:00:00", np.uint8)  # a 0 stands for any digit
_LEAST: Final = len(_SHAPE) + 1  # with the letter Z
_MICROS: Final = 6  # digits of a fraction
_MONTHS, _HOURS, _SIXTY, _FEBRUARY = 12, 24, 60, 2


def instants(text: pl.Series) -> tuple[Offsets, Flags]:
    """Microseconds since 1970 of each text, and which are known: a date and time to the second, with any fraction of it, and Z or an offset."""
    letters, places = letters_of(text)
    micros, known = np.zeros(len(text), np.int64), np.empty(len(text), np.bool_)
    _read(letters, places, micros, known)
    return micros, known


@compiled
def _read(letters: Bytes, places: Offsets, micros: Offsets, known: Flags) -> None:
    for row in range(len(known)):
        start, end = places[row], places[row + 1]
        known[row] = end - start >= _LEAST and _shaped(letters, start)
        if not known[row]:
            continue
        year, month, day = _number(letters, start, 4), _number(letters, start + 5, 2), _number(letters, start + 8, 2)
        hour, minute, second = _number(letters, start + 11, 2), _number(letters, start + 14, 2), _number(letters, start + 17, 2)
        at, fraction = _fraction(letters, start + len(_SHAPE), end)
        shift = _shift(letters, at, end)
        real = 1 <= month <= _MONTHS and 1 <= day <= _days_in(year, month) and hour < _HOURS and minute < _SIXTY and second < _SIXTY
        known[row] = real and -_HOURS * _SIXTY < shift < _HOURS * _SIXTY
        if known[row]:
            minutes = (_days(year, month, day) * _HOURS + hour) * _SIXTY + minute - shift
            micros[row] = (minutes * _SIXTY + second) * 10**_MICROS + fraction


@compiled
def _shaped(letters: Bytes, start: int) -> bool:
    for at in range(len(_SHAPE)):
        sign, shape = letters[start + at], _SHAPE[at]
        digit = shape == _ZERO and _ZERO <= sign <= _ZERO + 9
        if not (digit or (shape != _ZERO and sign == shape) or (shape == _T and sign == _BLANK)):
            return False
    return True


@compiled
def _number(letters: Bytes, at: int, digits: int) -> int:
    number = 0
    for place in range(at, at + digits):
        number = number * 10 + int(letters[place]) - _ZERO
    return number


@compiled
def _fraction(letters: Bytes, at: int, end: int) -> tuple[int, int]:
    """Where the fraction ends that may stand at a place, and its whole microseconds: some clocks write nine digits."""
    micros, digits = 0, 0
    if at < end and letters[at] == _DOT:
        while at + 1 + digits < end and _ZERO <= letters[at + 1 + digits] <= _ZERO + 9:
            micros = micros * 10 + int(letters[at + 1 + digits]) - _ZERO if digits < _MICROS else micros
            digits += 1
        at += 1 + digits if digits else 0
    return at, micros * 10 ** (_MICROS - min(digits, _MICROS))


@compiled
def _shift(letters: Bytes, at: int, end: int) -> int:
    """Minutes of the offset that is all from a place on, a day where it is none."""
    if at + 1 == end and letters[at] == _Z:
        return 0
    colon = at + 6 == end and letters[at + 3] == _COLON
    if not (colon or at + 5 == end) or letters[at] not in (_PLUS, _DASH):
        return _HOURS * _SIXTY
    for place in (at + 1, at + 2, end - 2, end - 1):
        if not _ZERO <= letters[place] <= _ZERO + 9:
            return _HOURS * _SIXTY
    minutes = _number(letters, end - 2, 2)
    shift = _number(letters, at + 1, 2) * _SIXTY + minutes
    return _HOURS * _SIXTY if minutes >= _SIXTY else -shift if letters[at] == _DASH else shift


@compiled
def _days_in(year: int, month: int) -> int:
    """Days of a month of the Gregorian calendar."""
    if month == _FEBRUARY:
        return 28 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return 30 + (month + month // 8) % 2


@compiled
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970, counted in years that begin in March (E. G. Richards, Calendars, in the Explanatory Supplement, 3rd edition, 15.11)."""
    year -= month <= _FEBRUARY
    since_march = (153 * ((month + 9) % _MONTHS) + 2) // 5
    return year * 365 + year // 4 - year // 100 + year // 400 + since_march + day - 719_469
