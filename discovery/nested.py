"""Records within records, taken out line by line: each flow of a list of flows (Azure), the source of a search hit (Elasticsearch).

CEF that was taken apart into an object is put together again. Lines of a log whose columns are named by a directive are taken out of a
collector's objects too, as the directive must be seen before them.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from discovery.exported import TAKEN_APART, rebuilt
from discovery.framing import frame, joined, utf8
from discovery.wrappers import layers, unwrap

#: The member that holds a list of flows, each a text of its own, however deep; and the one that holds a hit's own document.
FLOWS, SOURCE = b'"flowTuples"', b'"_source"'

#: The member that holds a directive.
_DIRECTIVE: Final = re.compile(rb'"#[Ff]ields\b')
_LONGEST: Final = 16 << 20  # bytes of a line; a longer one stays as it is


def changes(start: bytes, lines: bytes) -> list[Callable[[bytes], bytes]]:
    """What is to be done with the lines of a log that begins so and whose first whole lines are these, in this order."""
    found = [change for sign, change in ((FLOWS, spread), (SOURCE, lift), (TAKEN_APART, rebuilt)) if sign in start]
    paths = layers(frame(utf8(lines)[0])) if _DIRECTIVE.search(lines) else ()
    return [*found, *(partial(take_out, path=path) for path in paths)]


def by_lines(parts: Iterator[bytes], change: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """The same text with its whole lines changed."""
    carry = b""
    for part in parts:
        whole = carry + part
        end = whole.rfind(b"\n") + 1 if len(whole) < _LONGEST else len(whole)
        carry = whole[end:]
        yield change(whole[:end])
    yield change(carry)


def spread(lines: bytes) -> bytes:
    """One line for each flow of each line, which keeps what the objects around it say."""
    return b"".join(_spread(line) for line in lines.splitlines(keepends=True)) if FLOWS in lines else lines


def lift(lines: bytes) -> bytes:
    """The documents of search hits instead of the hits."""
    if SOURCE not in lines:
        return lines
    return take_out(lines, "_source")


def take_out(lines: bytes, path: str) -> bytes:
    """What stands at a path of each line, instead of the line."""
    return joined(unwrap(frame(utf8(lines)[0]), path).text()) + (b"\n" if lines.endswith(b"\n") else b"")


def _spread(line: bytes) -> bytes:
    try:
        return "".join(_each(json.loads(line), {})).encode(errors="replace") or line
    except (ValueError, RecursionError):
        return line


def _each(value: object, around: dict[str, object]) -> Iterator[str]:
    if isinstance(value, list):
        for element in value:
            yield from _each(element, around)
    elif isinstance(value, dict):
        inner = around | {key: plain for key, plain in value.items() if not isinstance(plain, dict | list)}
        begin = json.dumps(inner)[:-1] + (", " if inner else "")
        flows = value.get("flowTuples")
        yield from (f'{begin}"flowTuples": [{json.dumps(flow)}]}}\n' for flow in (flows if isinstance(flows, list) else ()))
        for key, child in value.items():
            if key != "flowTuples":
                yield from _each(child, inner)
