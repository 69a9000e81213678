"""Files of JSON that are not one object a line become such lines before anybody reads them: a line is then a record. So do tables of lines.

What a document is shows in its beginning: an array of objects; an object around such an array, as services export it; objects that are
printed over several lines or follow each other on one. Anything else is read as the lines it has.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from discovery import exported
from discovery.blocks import Blocks
from discovery.jsonsplit import Splitter
from discovery.nested import by_lines, changes

#: How much of a document is looked at.
_START: Final = 1 << 20
_CHUNK: Final = 1 << 20
_LITTLE: Final = 1 << 14  # enough to see an array within an array

#: Arrays that hold nothing but records, whatever stands beside them.
_RECORDS: Final = frozenset({"records", "Records", "logEvents", "Browser History", "leases", "dhcp_leases"})

#: Arrays that hold records where only words about the answer stand beside them.
_PERHAPS: Final = frozenset({"value", "data", "events", "entries", "items", "logs", "result", "results", "hits", "rows", "messages", "queries"})
_ABOUT: Final = re.compile(
    r"@?odata\..*|_shards|_scroll_id|aggregations|browser|code|comment|count|creator|current.*|cursor|draw|earliest.*|encodingFlags|"
    r"error(?:s|Code)?|etag|fields|has_?more|highlighted|init_offset|kind|limit|links?|max_score|meta|metadata|messages|msg|next.*|offset|ok|oldest|"
    r"pages?|pagination|per_page|preview|previous|query|records(?:Total|Filtered)|request_?id|result_info|resultType|rowCount|schema|"
    r"searchedLogStreams|size|stats|status|success|timed_out|took|total.*|version|warnings",
    re.IGNORECASE,
)

_ARCHIVE: Final = ["log", "entries"]  # of an HTTP archive

#: Objects around the array.
_AROUND: Final = frozenset({"log", "hits", "data", "response", "result"})

_TOKEN: Final = re.compile(r'("(?:[^"\\]|\\.)*")(?:\s*(:))?|([{}\[\]])', re.DOTALL)


def unfolded(blocks: Blocks) -> Blocks:
    """The blocks of a log, or those of the lines its document becomes."""
    start = blocks.peek(_START)
    document = start.lstrip().startswith((b"{", b"["))
    splitter = _splitter(start) if document else None
    inner = changes(start, blocks.head(_START)) if document else []
    if splitter is None and (rows := exported.table(start)) is not None:
        inner = [rows]
    if splitter is None and not inner:
        return blocks
    parts = _text(blocks) if splitter is None else _cut(blocks, splitter)
    for change in inner:
        parts = by_lines(parts, change)
    digest, blocks.digest = blocks.digest, False  # the fingerprint is that of the lines
    return Blocks(_Stream(parts), size=blocks.size, digest=digest)


class _Stream:
    """Parts of a text as a stream of bytes."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end."""
        while len(self._ready) < size and (part := next(self._parts, None)) is not None:
            self._ready += part
        ready, self._ready = self._ready[:size], self._ready[size:]
        return ready


def _text(blocks: Blocks) -> Iterator[bytes]:
    while chunk := blocks.take(_CHUNK):
        yield chunk


def _cut(blocks: Blocks, splitter: Splitter) -> Iterator[bytes]:
    for chunk in _text(blocks):
        yield splitter.feed(chunk)
    yield splitter.feed(b"", last=True)


def _splitter(start: bytes) -> Splitter | None:
    """How a document that begins so is cut; None: it has its lines already, or is no JSON."""
    text = start.decode(errors="replace")
    if re.match(r"\s*\[\s*\{\s*[\"}]", text):
        inner = _First()
        inner.read(text[:_LITTLE])
        return Splitter(len(inner.array) + 2, inner.array[-1].encode()) if inner.array and _sure(inner.array) else Splitter(1)
    if not re.match(r"\s*\{\s*\"", text):
        return None
    first = _First()
    end = first.read(text)
    if (path := first.path()) is not None:
        return Splitter(len(path) + 1, path[-1].encode())
    return Splitter(0) if _runs_on(text, end) else None


def _runs_on(text: str, end: int | None) -> bool:
    """Whether the first object goes over the end of its line, or another follows on the same line."""
    if end is None:
        return "\n" in text.strip()
    whole, rest = text[:end].strip(), text[end:].lstrip(" \t,")
    try:
        return isinstance(json.loads(whole), dict) and ("\n" in whole or rest.startswith("{"))
    except (ValueError, RecursionError):
        return False


@dataclass(slots=True)
class _First:
    """The first object of a document, as far as it is in sight.

    Attributes:
        names: the name of each bracket that is open, None for an element of an array.
        beside: names of the members of the objects around the array of records, by how deep they stand.
        array: the way to the first array of objects that may be that of the records.
    """

    names: list[str | None] = field(default_factory=list)
    beside: dict[int, set[str]] = field(default_factory=dict)
    array: list[str] | None = None

    def read(self, text: str) -> int | None:
        """Look through it; where it ends, None if that is out of sight."""
        key: str | None = None
        before = ""
        for token in _TOKEN.finditer(text):
            name, colon, bracket = token.groups()
            if bracket in ("{", "["):
                if before == "[" and bracket == "{":
                    self._array()
                self.names.append(key)
            elif bracket:
                self.names.pop()
                if not self.names:
                    return token.end()
            elif colon:
                self._member(name[1:-1])
            key, before = name[1:-1] if colon else None, bracket or ""
        return None

    def _member(self, name: str) -> None:
        if len(self.names) <= len(_AROUND) and None not in self.names[1:]:
            self.beside.setdefault(len(self.names), set()).add(name)

    def _array(self) -> None:
        """An array of objects begins, whose bracket was opened last."""
        way = [name for name in self.names[1:] if name is not None]
        fits = len(way) == len(self.names) - 1 > 0 and set(way[:-1]) <= _AROUND and way[-1] in _RECORDS | _PERHAPS
        if (fits or _sure(way)) and (self.array is None or (_sure(way) and not _sure(self.array))):
            self.array = way

    def path(self) -> list[str] | None:
        """The names on the way to the records, None where there is no array of them."""
        if self.array is None or _sure(self.array):
            return self.array
        others = {name for depth, name in enumerate(self.array, 1) for name in self.beside.get(depth, set()) - {name}}
        return self.array if all(_ABOUT.fullmatch(name) for name in others) else None


def _sure(way: list[str]) -> bool:
    """Whether an array at the end of this way holds records, whatever stands beside it."""
    return bool(way) and (way[-1] in _RECORDS or way[-2:] == _ARCHIVE)
