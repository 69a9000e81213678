"""The usual headers of syslog, cut by a compiled loop: many times as fast as the expression in `syslog`, which has the last word on all others.

A header is told here only where that expression could not say otherwise: a date as RFC 3164 or ISO 8601 write it, a host and a program's tag, either
alone, or the fields of RFC 5424 without structured data; one blank between them; and behind it nothing that may still belong to it.
"""

from typing import Final

import numpy as np

from discovery.compiled import compiled
from discovery.framing import Bytes, Flags, Lines, Offsets

#: Rows of what `cut` gives: where time, host and tag begin and end (start -1: the header has none), and where the line goes on behind the header.
TIME, HOST, TAG, REST = 0, 2, 4, 6
_PLACES: Final = 7


def _of(signs: str) -> Flags:
    return np.isin(np.arange(256), list(signs.encode()))


_LOWER, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_LETTERS: Final = _LOWER + _LOWER.upper()
_IS_LETTER, _IS_LOWER, _IS_DIGIT = _of(_LETTERS), _of(_LOWER), _of(_DIGITS)
_IS_HOST, _IS_TAG = _of(_LETTERS + _DIGITS + "_.-"), _of(_LETTERS + _DIGITS + "_./()-")
_IS_ADDRESS, _IS_PROCESS = _of(_DIGITS + "abcdefABCDEF.:"), _of(_DIGITS + ":")
_IS_PLAIN: Final = _of("".join(map(chr, range(33, 127))))
_BLANK, _COLON, _OPEN, _CLOSE, _LESS, _MORE, _EQUAL, _BRACE, _AT, _COMMA, _DASH, _PLUS, _POINT, _T, _Z, _E, _F, _PERCENT = map(
    ord, " :[]<>={@,-+.TZEF%"
)
_MARK: Final = 0xEF  # begins the mark of the order of bytes
_PRIORITY, _VERSION, _YEAR = 3, 2, 4  # digits


def cut(lines: Lines) -> tuple[Offsets, Flags]:
    """The places in the header of each line (a row for each of `TIME`, `HOST` and `TAG` and one behind it, and `REST`), and where they are sure."""
    places, sure = np.full((_PLACES, len(lines)), -1, np.int64), np.empty(len(lines), np.bool_)
    _cut(lines.buffer, lines.starts, lines.ends, places, sure)
    return places, sure


@compiled
def _cut(buffer: Bytes, starts: Offsets, ends: Offsets, places: Offsets, sure: Flags) -> None:
    for line in range(len(starts)):
        at, end, found = starts[line], ends[line], places[:, line]
        if at < end and buffer[at] == _LESS:
            digits = _run(buffer, at + 1, end, _IS_DIGIT)
            at = digits + 1 if at + 1 < digits <= at + 1 + _PRIORITY and digits < end and buffer[digits] == _MORE else end
            version = _run(buffer, at, end, _IS_DIGIT)
            if at < version <= at + _VERSION and version < end and buffer[version] == _BLANK:
                sure[line] = _of_5424(buffer, version + 1, end, found) and _is_over(buffer, found[REST], end)
                continue
            at += at < end and buffer[at] == _BLANK
        sure[line] = _of_3164(buffer, at, end, found) and _is_over(buffer, found[REST], end)


@compiled
def _of_5424(buffer: Bytes, at: int, end: int, found: Offsets) -> bool:
    """Time, host, tag, process and kind of message between blanks, and a dash for structured data."""
    for field in range(5):
        stop = _run(buffer, at, end, _IS_PLAIN)
        if stop == at or stop >= end or buffer[stop] != _BLANK:
            return False
        if field < 3:  # noqa: PLR2004 (time, host and tag)
            found[2 * field], found[2 * field + 1] = at, stop
        at = stop + 1
    if at >= end or buffer[at] != _DASH:
        return False
    at += 1
    found[REST] = at + (at < end and buffer[at] == _BLANK)
    return True


@compiled
def _of_3164(buffer: Bytes, at: int, end: int, found: Offsets) -> bool:
    """A date, a blank, and a host, a tag, or both."""
    found[TIME], found[TIME + 1] = at, _date_end(buffer, at, end)
    at = found[TIME + 1]
    colon = at > 0 and buffer[at] == _COLON
    at += colon + 1
    if at <= 0 or at >= end or buffer[at - 1] != _BLANK:
        return False
    if colon or buffer[at] == _PERCENT:  # what Cisco's devices begin their messages with; no host begins so
        found[REST] = at
        return bool(buffer[at] == _PERCENT)
    stop = _run(buffer, at, end, _IS_HOST)
    if stop == at or stop >= end:
        return False
    if buffer[stop] != _BLANK:  # a tag alone; what may be an address is not looked at here
        return _tagged(buffer, at, end, found) and (buffer[found[TAG + 1]] == _OPEN or not _is_address(buffer, at, stop))
    found[HOST], found[HOST + 1] = at, stop
    if _tagged(buffer, stop + 1, end, found):
        return True
    found[TAG] = -1
    found[REST] = stop + 1
    # a host alone: what follows is no tag, and may be none of what only some devices write there
    behind = _run(buffer, stop + 1, end, _IS_TAG)
    return bool(behind < end and buffer[behind] != _BLANK and (behind == stop + 1 or buffer[behind] not in (_COLON, _OPEN, _COMMA)))


@compiled
def _tagged(buffer: Bytes, at: int, end: int, found: Offsets) -> bool:
    """A program's tag, perhaps with its number in brackets, a colon and blanks."""
    stop = _run(buffer, at, end, _IS_TAG)
    found[TAG], found[TAG + 1] = at, stop
    behind = stop
    if stop < end and buffer[stop] == _OPEN:
        behind = _run(buffer, stop + 1, end, _IS_PROCESS)
        if behind == stop + 1 or behind >= end or buffer[behind] != _CLOSE:
            return False
        behind += 1
    if stop == at or behind + 1 >= end or buffer[behind] != _COLON or buffer[behind + 1] != _BLANK or _is_mark(buffer, at, stop):
        return False
    behind += 1
    while behind < end and buffer[behind] == _BLANK:
        behind += 1
    found[REST] = behind
    return True


@compiled
def _date_end(buffer: Bytes, at: int, end: int) -> int:
    """Where the date and time of RFC 3164, perhaps with a year, or of ISO 8601 ends; -2 where there is none."""
    if at + 15 > end:  # the shortest of them
        return -2
    if _IS_LETTER[buffer[at]] and not _IS_LOWER[buffer[at]] and _IS_LOWER[buffer[at + 1]] and _IS_LOWER[buffer[at + 2]] and buffer[at + 3] == _BLANK:
        at += 4
        at += buffer[at] == _BLANK
        day = _run(buffer, at, end, _IS_DIGIT)
        year = _run(buffer, day + 1, end, _IS_DIGIT)
        time = year + 1 if year == day + 1 + _YEAR and buffer[year] == _BLANK else day + 1
        return _time_end(buffer, time, end, False) if at < day <= at + 2 and buffer[day] == _BLANK else -2
    year = at + _YEAR
    if _run(buffer, at, end, _IS_DIGIT) != year or not _pairs(buffer, year, end, _DASH) or buffer[year + 6] not in (_BLANK, _T):
        return -2
    return _time_end(buffer, year + 7, end, True)


@compiled
def _pairs(buffer: Bytes, at: int, end: int, sign: int) -> bool:
    """A sign, two digits, the sign, two digits, and one more byte."""
    return bool(
        at + 6 < end
        and buffer[at] == sign == buffer[at + 3]
        and _IS_DIGIT[buffer[at + 1]]
        and _IS_DIGIT[buffer[at + 2]]
        and _IS_DIGIT[buffer[at + 4]]
        and _IS_DIGIT[buffer[at + 5]]
    )


@compiled
def _time_end(buffer: Bytes, at: int, end: int, iso: bool) -> int:
    """Where `hh:mm:ss` ends, with its fraction, and the zone that only an ISO time has; -2 where there is no time."""
    if at + 2 > end or not (_IS_DIGIT[buffer[at]] and _IS_DIGIT[buffer[at + 1]] and _pairs(buffer, at + 2, end, _COLON)):
        return -2
    at += 8
    if buffer[at] == _POINT or (iso and buffer[at] == _COMMA):
        stop = _run(buffer, at + 1, end, _IS_DIGIT)
        at = stop if stop > at + 1 else at
    return _zone_end(buffer, at, end) if iso else at


@compiled
def _zone_end(buffer: Bytes, at: int, end: int) -> int:
    """Where the zone behind a time ends: the place itself where there is none."""
    if at < end and buffer[at] == _Z:
        return at + 1
    if at + 6 >= end or buffer[at] not in (_PLUS, _DASH) or _run(buffer, at + 1, at + 3, _IS_DIGIT) != at + 3:
        return at
    minutes = at + 3 + (buffer[at + 3] == _COLON)
    return minutes + 2 if _run(buffer, minutes, minutes + 2, _IS_DIGIT) == minutes + 2 else at


@compiled
def _is_over(buffer: Bytes, at: int, end: int) -> bool:
    """Whether what follows cannot belong to the header: no mark of JSON, of the order of bytes, or name of an object."""
    if at < end and buffer[at] in (_AT, _MARK):
        return False
    name = _run(buffer, at, end, _IS_LETTER)
    return not (name > at and name + 1 < end and buffer[name] == _EQUAL and buffer[name + 1] == _BRACE)


@compiled
def _is_address(buffer: Bytes, at: int, stop: int) -> bool:
    return _run(buffer, at, stop, _IS_ADDRESS) == stop


@compiled
def _is_mark(buffer: Bytes, at: int, stop: int) -> bool:
    """CEF or LEEF, with which the device's own line begins."""
    return bool(stop - at > 2 and buffer[stop - 2] == _E and buffer[stop - 1] == _F)  # noqa: PLR2004 (others that end so are cut by the expression)


@compiled
def _run(buffer: Bytes, at: int, end: int, signs: Flags) -> int:
    """Where the signs of a kind that begin at a place end."""
    while at < end and signs[buffer[at]]:
        at += 1
    return at
