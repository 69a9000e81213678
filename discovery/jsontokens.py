"""The tokens of JSON as compiled loops: where a string, a number or a word that begins at a place ends, negative where it is none.

A loop reads no byte at or behind `stop`, words of eight bytes but those that begin before it: buffers are padded for them (see `framing.Lines`).
"""

from typing import Final

import numpy as np

from discovery.compiled import compiled, inlined
from discovery.framing import BACKSLASH, KEEP, QUOTE, Bytes, Words, eight, lowest
from discovery.numerals import behind_digits

_QUOTES, _BACKSLASHES, _BLANKS = eight(QUOTE), eight(BACKSLASH), eight(32)
_ONES, _TOP = eight(1), eight(128)
_BLANK, _COMMA, _PLUS, _DASH, _DOT, _SLASH, _ZERO, _COLON, _E, _U = 32, 44, 43, 45, 46, 47, 48, 58, 101, 117
_TEN: Final = 10
_TRUE, _FALSE, _NULL = (np.uint64(int.from_bytes(word, "little")) for word in (b"true", b"false", b"null"))

#: What a letter behind a backslash stands for, 0: nothing (RFC 8259, section 7).
_ESCAPES: Final = np.zeros(256, np.int64)
_ESCAPES[list(b'"\\/bfnrt')] = list(b'"\\/\b\f\n\r\t')
#: What a hexadecimal digit counts.
_NO_HEX: Final = 16
_HEX: Final = np.full(256, _NO_HEX, np.int64)
_HEX[list(b"0123456789abcdefABCDEF")] = [*range(16), *range(10, 16)]

_TWO, _THREE, _FOUR = 0x80, 0x800, 0x10000  # the first characters that take so many bytes of UTF-8 (RFC 3629, section 3)
_HIGH, _LOW, _BEYOND = 0xD800, 0xDC00, 0xE000  # halves of surrogate pairs (Unicode, section 3.8)

_MAGNITUDE: Final = 308  # a double is less than 10 to this and a little more
_MOST: Final = 10**6  # an exponent that says enough
_EXACT: Final = 1 << 52  # decimals of up to so many units are the shortest that give their double
_DIGITS: Final = 18  # that a word can hold


@inlined
def string_end(words: Words, buffer: Bytes, at: int, stop: int) -> tuple[int, bool]:
    """The closing quote of a string whose opening one stands before a place, and whether it has escapes."""
    escaped = False
    while at < stop:
        word = words[at]
        quotes, slashes = word ^ _QUOTES, word ^ _BACKSLASHES
        found = (((quotes - _ONES) & ~quotes) | ((slashes - _ONES) & ~slashes) | ((word - _BLANKS) & ~word)) & _TOP
        if not found:
            at += 8
            continue
        at += lowest(found)
        if at >= stop or buffer[at] < _BLANK:
            return -1, escaped
        if buffer[at] == QUOTE:
            return at, escaped
        escaped = True
        _, at = _escape(buffer, at, stop)
        if at < 0:
            return -1, escaped
    return -1, escaped


@compiled
def _escape(buffer: Bytes, at: int, stop: int) -> tuple[int, int]:
    """The character that an escape stands for, and what comes behind the escape; negative where it is none."""
    if at + 1 >= stop:
        return 0, -1
    if buffer[at + 1] != _U:
        code = _ESCAPES[buffer[at + 1]]
        return code, at + 2 if code else -1
    code = _unit(buffer, at, stop)
    if _HIGH <= code < _LOW:
        low = _unit(buffer, at + 6, stop)
        return (((code - _HIGH) << 10) + low - _LOW + _FOUR, at + 12) if _LOW <= low < _BEYOND else (0, -1)
    return code, -1 if code < 0 or _LOW <= code < _BEYOND else at + 6


@compiled
def _unit(buffer: Bytes, at: int, stop: int) -> int:
    """The number in an escape of four hexadecimal digits."""
    if at + 6 > stop or buffer[at] != BACKSLASH or buffer[at + 1] != _U:
        return -1
    code = 0
    for place in range(at + 2, at + 6):
        digit = _HEX[buffer[place]]
        if digit >= _NO_HEX:
            return -1
        code = code << 4 | digit
    return code


@compiled
def unescaped(buffer: Bytes, at: int, stop: int, plain: Bytes) -> int:
    """Write down what a sound string says, as UTF-8, as far as there is room; how many bytes it has."""
    length = 0
    while at < stop and length + 4 <= len(plain):
        if buffer[at] != BACKSLASH:
            plain[length] = buffer[at]
            at, length = at + 1, length + 1
            continue
        code, at = _escape(buffer, at, stop)
        more = (code >= _TWO) + (code >= _THREE) + (code >= _FOUR)  # bytes behind the first
        plain[length] = (code >> 6 * more) | (0xF0 << (3 - more) & 0xFF if more else 0)
        for place in range(1, more + 1):
            plain[length + place] = 0x80 | (code >> 6 * (more - place) & 0x3F)
        length += 1 + more
    return length


@inlined
def literal_end(words: Words, at: int, stop: int) -> int:
    """The end of true, false or null."""
    word = words[at]
    end = at + 4 if word & KEEP[4] in (_TRUE, _NULL) else at + 5 if word & KEEP[5] == _FALSE else -1
    return end if end <= stop else -1


@compiled
def number_end(buffer: Bytes, at: int, stop: int) -> int:
    """The end of a number that is less than 1e308."""
    whole = at + (buffer[at] == _DASH)
    at = behind_digits(buffer, whole, stop)
    point = at
    if at == whole or (buffer[whole] == _ZERO and at > whole + 1):
        return -1
    if at < stop and buffer[at] == _DOT:
        at = behind_digits(buffer, at + 1, stop)
        if at == point + 1:
            return -1
    end, exponent = at, 0
    if at < stop and buffer[at] | 32 == _E:
        at += 1
        minus = at < stop and buffer[at] == _DASH
        at += at < stop and buffer[at] in (_PLUS, _DASH)
        begin, at = at, behind_digits(buffer, at, stop)
        if at == begin:
            return -1
        for place in range(begin, at):
            exponent = min(exponent * _TEN + int(buffer[place]) - _ZERO, _MOST)
        exponent = -exponent if minus else exponent
    if exponent + point - whole <= _MAGNITUDE:
        return at
    return at if _magnitude(buffer, whole, point, end) + exponent <= _MAGNITUDE else -1


@compiled
def _magnitude(buffer: Bytes, whole: int, point: int, end: int) -> int:
    """How many digits a number has before its point; less than none where zeros stand behind it."""
    for place in range(whole, end):
        if _ZERO < buffer[place] <= _ZERO + 9:
            return point - place if place < point else point - place + 1
    return -_MOST - _MOST


@compiled
def plain_number(buffer: Bytes, start: int, end: int) -> int:
    """The end of a number without zeros that say nothing, where the rest is the shortest text that gives its double; else negative."""
    first = start + (buffer[start] == _DASH)
    point = behind_digits(buffer, first, end)
    if point == end:
        return -1 if first > start and buffer[first] == _ZERO else end
    if buffer[point] != _DOT or behind_digits(buffer, point + 1, end) < end:
        return -1
    while buffer[end - 1] == _ZERO:
        end -= 1
    end -= end == point + 1
    units = 0
    for place in range(first, end):
        if place != point:
            units = units * _TEN + int(buffer[place]) - _ZERO
    return end if end - first <= _DIGITS and units < _EXACT and (units or first == start) else -1


@compiled
def well_spaced(buffer: Bytes, start: int, end: int) -> bool:
    """Whether an array or object has no escapes, and blanks but one behind a comma or a colon."""
    quoted = False
    for at in range(start, end):
        sign = buffer[at]
        quoted ^= sign == QUOTE
        blank = sign <= _BLANK and not quoted
        if sign == BACKSLASH or (blank and (sign < _BLANK or buffer[at - 1] not in (_COMMA, _COLON))):
            return False
    return True
