"""Records within records, taken out line by line: each flow or record of a list, and the document or the fields of a search hit (Elasticsearch).

CEF that was taken apart into an object is put together again. Lines of a log whose columns are named by a directive are taken out of a
collector's objects too, as the directive must be seen before them.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from discovery.exported import TAKEN_APART, Change, rebuilt
from discovery.framing import frame, joined, utf8
from discovery.wrappers import layers, unwrap

#: The members that hold a list, however deep, and what shows that it is one: of flows, each a text of its own (Azure), of records (OpenTelemetry),
#: of pairs of time and line (Loki), of events that are pushed (Bitdefender).
_LISTS: Final = {"flowTuples": b'"flowTuples"', "logRecords": b'"resourceLogs"', "values": b'"stream"', "events": b'"addEvents"'}

#: The member that holds a hit's own document; what shows that it has only fields, each a list; and such a list of one value.
SOURCE, FIELDS = b'"_source"', re.compile(rb'"_index"[^\n]*"fields"\s*:\s*\{')
_ONE: Final = r'":\s*\[\s*("(?:[^"\\]|\\.)*"|[^\[\],{}"]+)\s*\]'

#: The member that holds a directive.
_DIRECTIVE: Final = re.compile(rb'"#[Ff]ields\b')
_LONGEST: Final = 16 << 20  # bytes of a line; a longer one stays as it is


def changes(start: bytes, lines: bytes) -> list[Change]:
    """What is to be done with the lines of a log that begins so and whose first whole lines are these, in this order."""
    found: list[Change] = [partial(spread, member=member) for member, sign in _LISTS.items() if sign in start and b'"%s"' % member.encode() in start]
    found += [change for sign, change in ((SOURCE, lift), (TAKEN_APART, rebuilt)) if sign in start]
    if SOURCE not in start and FIELDS.search(start):
        found.append(flattened)
    paths = layers(frame(utf8(lines)[0])) if _DIRECTIVE.search(lines) else ()
    return [*found, *(partial(take_out, path=path) for path in paths)]


def by_lines(parts: Iterator[bytes], change: Change) -> Iterator[bytes]:
    """The same text with its whole lines changed."""
    carry = b""
    for part in parts:
        whole = carry + part
        end = whole.rfind(b"\n") + 1 if len(whole) < _LONGEST else len(whole)
        carry = whole[end:]
        yield change(whole[:end])
    yield change(carry)


def spread(lines: bytes, member: str) -> bytes:
    """One line for each element of the lists that a member of each line holds, which keeps what the objects around it say."""
    return b"".join(_spread(line, member) for line in lines.splitlines(keepends=True)) if member.encode() in lines else lines


def lift(lines: bytes) -> bytes:
    """The documents of search hits instead of the hits."""
    if SOURCE not in lines:
        return lines
    return take_out(lines, "_source")


def flattened(lines: bytes) -> bytes:
    """The fields of search hits instead of the hits, a list of one value as the value."""
    fields = frame(take_out(lines, "fields{}")).text().str.replace_all(_ONE, '":$1')
    return joined(fields) + (b"\n" if lines.endswith(b"\n") else b"")


def take_out(lines: bytes, path: str) -> bytes:
    """What stands at a path of each line, instead of the line."""
    return joined(unwrap(frame(utf8(lines)[0]), path).text()) + (b"\n" if lines.endswith(b"\n") else b"")


def _spread(line: bytes, member: str) -> bytes:
    try:
        return "".join(_each(json.loads(line), {}, member)).encode(errors="replace") or line
    except (ValueError, RecursionError):
        return line


def _each(value: object, around: dict[str, object], member: str) -> Iterator[str]:
    if isinstance(value, list):
        for element in value:
            yield from _each(element, around, member)
    elif isinstance(value, dict):
        inner = around | {key: plain for key, plain in value.items() if not isinstance(plain, dict | list)}
        elements = value.get(member)
        yield from (json.dumps(inner | _element(element, member)) + "\n" for element in (elements if isinstance(elements, list) else ()))
        for key, child in value.items():
            if key != member:
                yield from _each(child, inner, member)


def _element(element: object, member: str) -> dict[str, object]:
    """An element as the members of an object: a record as it is, a pair by what its parts are."""
    if isinstance(element, dict):
        return element
    if isinstance(element, list) and member == "values":
        return dict(zip(("timestamp", "line"), map(str, element), strict=False))
    return {member: [element]}
