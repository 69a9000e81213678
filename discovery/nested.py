"""Records within records, taken out line by line: each flow of a list of flows (Azure), the source of a search hit (Elasticsearch)."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from discovery.framing import frame, utf8
from discovery.wrappers import unwrap

#: The member that holds a list of flows, each a text of its own, however deep; and the one that holds a hit's own document.
FLOWS, SOURCE = b'"flowTuples"', b'"_source"'
_LONGEST: Final = 16 << 20  # bytes of a line; a longer one stays as it is


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
    text = "\n".join(unwrap(frame(utf8(lines)[0]), "$._source").text())
    return text.encode() + (b"\n" if lines.endswith(b"\n") else b"")


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
