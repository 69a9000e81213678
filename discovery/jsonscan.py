"""JSON objects, one a line, read in one walk over their bytes: whether a line is one, and where the values of some paths stand in it.

The grammar is that of RFC 8259, and nothing of a line is looked at twice or behind its end. Beyond the grammar a line is refused where an escape
is half of a surrogate pair, a number is 1e308 or more, brackets stand too deep, or a path goes through a value that is no object.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from discovery.compiled import compiled, inlined
from discovery.framing import NEWLINE, QUOTE, RETURN, Bytes, Flags, Lines, Offsets, Words, words_at
from discovery.jsonkeys import Keys, edge_of, edge_of_escaped, keys_of
from discovery.jsontokens import literal_end, number_end, plain_number, string_end, well_spaced

#: What has to be done to a value before it is its text: nothing, or to take it as that part of JSON.
PLAIN, TEXT, NUMBER, NESTED = range(4)

_DEEPEST: Final = 1024  # brackets within brackets
_LIST, _NOBODY = -2, -1  # in place of a node: an array, an object of which nobody wants anything
_BLANK, _TAB, _COMMA, _DASH, _ZERO, _NINE, _COLON, _N = 32, 9, 44, 45, 48, 57, 58, 110
_ARRAY, _ARRAY_END, _OBJECT, _OBJECT_END = 91, 93, 123, 125

#: What `Scanned` has of values, and of each edge the line that had it last.
_Noted = tuple[Offsets, Offsets, Bytes, Flags, Offsets]
#: Of each open bracket: the node it is of, the edge that leads to it, where it opened; and room for a key without its escapes, as bytes and words.
_Room = tuple[Offsets, Offsets, Offsets, Bytes, Words]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What lines hold at some paths.

    Attributes:
        sound: which lines are objects.
        starts, ends: of each path and line where the value stands, a string's without its quotes; start -1 where there is none, or null.
        ways: what has to be done to it.
        known: which paths any line may have.
    """

    sound: Flags
    starts: Offsets
    ends: Offsets
    ways: Bytes
    known: Flags


def scan(lines: Lines, paths: Sequence[str]) -> Scanned:
    """Where the values of some different paths stand."""
    keys, size = keys_of(paths), (len(paths), len(lines))
    plain = np.zeros(keys.longest + 24, np.uint8)
    brackets = np.empty((3, _DEEPEST + 1), np.int64)
    starts, ends, ways = np.full(size, -1, np.int64), np.empty(size, np.int64), np.zeros(size, np.uint8)
    found = Scanned(np.empty(len(lines), np.bool_), starts, ends, ways, np.zeros(len(paths), np.bool_))
    room = (brackets[0], brackets[1], brackets[2], plain, words_at(plain))
    noted = (starts, ends, ways, found.known, np.full(len(keys.places), -1, np.int64))
    _scan(lines.buffer, words_at(lines.buffer), lines.starts, lines.ends, keys, room, noted, found.sound)
    return found


@compiled
def _scan(buffer: Bytes, words: Words, begins: Offsets, stops: Offsets, keys: Keys, room: _Room, noted: _Noted, sound: Flags) -> None:
    """Fill in what stands in each line; nothing of a line that is no object."""
    starts = noted[0]
    for line in range(len(begins)):
        sound[line] = _object(buffer, words, begins[line], stops[line], line, keys, room, noted)
        for slot in range(0 if sound[line] else len(starts)):
            starts[slot, line] = -1


@inlined
def _object(buffer: Bytes, words: Words, at: int, stop: int, line: int, keys: Keys, room: _Room, noted: _Noted) -> bool:
    """Whether a line is an object; its values are noted on the way."""
    nodes, edges, opened, _, _ = room
    at = _behind(buffer, _behind_blanks(buffer, at, stop), stop, _OBJECT)
    depth, first = 0, True
    nodes[0], edges[0] = 0, -1
    while depth >= 0 and 0 <= at < stop:
        ended, start, end, way = -1, -1, -1, PLAIN
        if buffer[at] == (_ARRAY_END if nodes[depth] == _LIST else _OBJECT_END):
            at += 1
            ended, start, end, way = edges[depth], opened[depth], at, NESTED
            depth, first = depth - 1, False
        else:
            edge, at = _next(buffer, words, at, stop, line, nodes[depth], first, keys, room, noted)
            first = at >= 0 and buffer[at] in (_OBJECT, _ARRAY)
            if first and depth + 1 < _DEEPEST:
                depth += 1
                nodes[depth] = _LIST if buffer[at] == _ARRAY else _NOBODY if edge < 0 else keys.nodes[edge]
                edges[depth], opened[depth] = edge, at
                at += 1
            elif first:
                at = -1
            elif at >= 0:
                ended = edge
                start, end, way, at = _value(buffer, words, at, stop)
        if ended >= 0 and start >= 0 and at >= 0:
            _note(buffer, ended, line, start, end, way, keys, noted)
        if at >= 0:
            at = _behind_blanks(buffer, at, stop)
    return depth < 0 and at == stop


@inlined
def _next(
    buffer: Bytes, words: Words, at: int, stop: int, line: int, node: int, first: bool, keys: Keys, room: _Room, noted: _Noted
) -> tuple[int, int]:
    """Of the next element or member of a bracket the edge (see `_member`) and where its value begins, negative: there is none."""
    edge = -1
    if not first:
        at = _behind(buffer, at, stop, _COMMA)
    if at >= 0 and node != _LIST:
        edge, at = _member(buffer, words, at, stop, line, node, keys, room, noted)
    if at >= 0 and edge >= 0 and keys.slots[edge] < 0 and buffer[at] not in (_OBJECT, _N):
        at = -1  # paths go on from here
    return edge, at


@inlined
def _behind_blanks(buffer: Bytes, at: int, stop: int) -> int:
    return at if at >= stop or buffer[at] > _BLANK else _behind_all_blanks(buffer, at, stop)


@compiled
def _behind_all_blanks(buffer: Bytes, at: int, stop: int) -> int:
    while at < stop and buffer[at] in (_BLANK, _TAB, RETURN, NEWLINE):
        at += 1
    return at


@inlined
def _behind(buffer: Bytes, at: int, stop: int, mark: int) -> int:
    """What comes behind a mark and blanks, negative where there is no such mark, or nothing."""
    if at >= stop or buffer[at] != mark:
        return -1
    at = _behind_blanks(buffer, at + 1, stop)
    return at if at < stop else -1


@inlined
def _member(buffer: Bytes, words: Words, at: int, stop: int, line: int, node: int, keys: Keys, room: _Room, noted: _Noted) -> tuple[int, int]:
    """The edge of a member, negative where nobody wants it or the object had it before; and where its value begins, negative: nowhere."""
    if buffer[at] != QUOTE:
        return -1, -1
    begin = at + 1
    end, escapes = string_end(words, buffer, begin, stop)
    if end < 0:
        return -1, -1
    edge = -1
    if node >= 0 and escapes:
        edge = edge_of_escaped(buffer, begin, end, room[3], room[4], keys, node)
    elif node >= 0:
        edge = edge_of(words, begin, end - begin, keys, node)
    if edge >= 0:
        last, seen = noted[4], edge
        edge = -1 if last[seen] == line else edge
        last[seen] = line
    return edge, _behind(buffer, _behind_blanks(buffer, end + 1, stop), stop, _COLON)


@inlined
def _value(buffer: Bytes, words: Words, at: int, stop: int) -> tuple[int, int, int, int]:
    """Of a string, number or word: where it begins (negative: it is null) and ends, its way, and what comes behind it, negative: it is none."""
    if buffer[at] == QUOTE:
        end, escapes = string_end(words, buffer, at + 1, stop)
        return at + 1, end, TEXT if escapes else PLAIN, -1 if end < 0 else end + 1
    if buffer[at] == _DASH or _ZERO <= buffer[at] <= _NINE:
        end = number_end(buffer, at, stop)
        return at, end, NUMBER, end
    end = literal_end(words, at, stop)
    return -1 if buffer[at] == _N else at, end, PLAIN, end


@inlined
def _note(buffer: Bytes, edge: int, line: int, start: int, end: int, way: int, keys: Keys, noted: _Noted) -> None:
    """A value, unless nobody wants it or the path has one that counts before it."""
    starts, ends, ways, known, _ = noted
    slot = keys.slots[edge]
    if slot >= 0 and (starts[slot, line] < 0 or keys.flat[edge]):
        plain = -1
        if way == NUMBER:
            plain = plain_number(buffer, start, end)
        elif way == NESTED and well_spaced(buffer, start, end):
            plain = end
        starts[slot, line], ends[slot, line], ways[slot, line] = start, end if plain < 0 else plain, way if plain < 0 else PLAIN
        known[slot] = True
