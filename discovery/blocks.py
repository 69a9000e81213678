"""A stream of bytes becomes blocks of whole lines, in one encoding, with a fingerprint of the whole content."""

import codecs
import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, Protocol

import numpy as np

from discovery.errors import UnreadableLog
from discovery.framed import Block
from discovery.framing import LONGEST_LINE, NEWLINE, count_of
from discovery.kinds.base import Kind

#: Bytes of a block: large enough for vectorised work, small enough for flat memory.
BLOCK: Final = 8 << 20
_BOM: Final = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LOOK: Final = 4096
_LAST: Final = 1 << 16  # bytes at the end of a block that are read apart: only they are cut
_BINARY: Final = 32
_MOST_HEADERS: Final = 1_000


class Source(Protocol):
    """Where bytes come from, such as a `decompress.Stream`."""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end."""


class Blocks:
    """Blocks of whole lines of a stream, as UTF-8.

    Attributes:
        encoding: the encoding the log was written in.
        lines: lines handed out so far.
        first: number of the first line of the block handed out last.
        bytes: decompressed bytes read so far.
        size: about how many bytes a block has.
        digest: whether the fingerprint will be asked for.
    """

    def __init__(self, stream: Source, *, size: int = BLOCK, digest: bool = True) -> None:
        self.lines = 0
        self.first = 1
        self.bytes = 0
        self._stream = stream
        self.size = size
        self.digest = digest
        self._hash = hashlib.sha256()
        self._return = b""
        start = stream.read(_LOOK)
        self.encoding, mark = _encoding(start)
        self._decoder = None if self.encoding == "utf-8" else codecs.getincrementaldecoder(self.encoding)(errors="replace")
        self.bytes = len(start)
        self._carry = self._text(start[mark:])

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content so far, as hex; the same for UTF-16 and UTF-8, for CRLF and LF, compressed or not. Empty where none was wanted."""
        if not self.digest:
            return ""
        whole = self._hash.copy()
        whole.update(self._return)
        return whole.hexdigest()

    def head(self, size: int) -> bytes:
        """The first whole lines, up to about `size` bytes, without taking them. Lines that are longer than that are left out."""
        head, at = b"", 0
        while len(head) < size // 2:
            self._ahead(at + size)
            window = self._carry[at : at + size - len(head)]
            if at + len(window) == len(self._carry) < at + size:  # the end of the log
                head += window
                break
            head += whole_lines(window)
            at = self._carry.find(b"\n", at + len(window)) + 1 or self._end_of_line(at + len(window))
            if not at:
                break
        return head or self._carry[:size]

    def _ahead(self, size: int) -> None:
        self._carry = b"".join((self._carry, *self._next(size)))

    def _end_of_line(self, at: int) -> int:
        """Where the line goes on behind a place, 0 where its end is not near."""
        self._ahead(BLOCK)
        return self._carry.find(b"\n", at) + 1

    def __iter__(self) -> Iterator[bytes]:
        """Blocks of whole lines; the last may lack its line end."""
        while (block := self._whole()) or self._carry:
            self._digest(block)
            yield self._counted(block or self._line())

    def _whole(self) -> bytes:
        """The lines that are whole of about a block; none where there is no end of line in so much, or nothing more."""
        *begun, last = self._carry, *self._next(self.size)
        if b"\n" not in last:  # it is the end of the log, or a line that is long
            begun, last = [], b"".join((*begun, last))
        end = last.rfind(b"\n") + 1
        self._carry = last[end:]
        return b"".join((*begun, last[:end]))  # lets other threads run where all are bytes

    def peek(self, size: int) -> bytes:
        """The first bytes of the text, without taking them."""
        self._ahead(size)
        return self._carry[:size]

    def take(self, size: int) -> bytes:
        """Up to `size` bytes of the text, wherever that cuts a line; empty at the end."""
        part = self.peek(size)
        self._carry = self._carry[size:]
        self._digest(part)
        return part

    def raw(self) -> Iterator[bytes]:
        """The bytes as they are, for content that is no text."""
        chunk = self._carry
        while chunk:
            self._hash.update(chunk)
            yield chunk
            chunk = self._stream.read(self.size)
            self.bytes += len(chunk)

    def _next(self, size: int) -> Iterator[bytes]:
        """What follows the carried text, until both have so many bytes or the log ends; the last of it apart, which is cut where a line ends."""
        have, chunk = len(self._carry), b"more"
        while have < size and chunk:
            chunk = self._stream.read(max(size - have - _LAST, min(size - have, _LAST), _LOOK))
            self.bytes += len(chunk)
            yield (text := self._text(chunk, last=not chunk))
            have += len(text)

    def _text(self, chunk: bytes, *, last: bool = False) -> bytes:
        return chunk if self._decoder is None else self._decoder.decode(chunk, last).encode(errors="replace")

    def _line(self) -> bytes:
        """The next line, or the rest without line end. Of a line that is too long only its beginning is kept; memory stays flat."""
        line = b""
        while True:
            end = self._carry.find(b"\n") + 1
            part = self._carry[:end] if end else self._carry
            self._digest(part)
            line, self._carry = (line + part)[: LONGEST_LINE + 2], self._carry[len(part) :]
            if not end:
                self._ahead(self.size)
            if end or not self._carry:
                return line + b"\n" if end and not line.endswith(b"\n") else line

    def _digest(self, part: bytes) -> None:
        """Add to the fingerprint, with LF for CRLF wherever the parts are cut."""
        if not self.digest:
            return
        part = self._return + part
        self._return = b"\r" if part.endswith(b"\r") else b""
        part = part.removesuffix(b"\r")
        self._hash.update(part.replace(b"\r\n", b"\n") if b"\r" in part else part)

    def _counted(self, block: bytes) -> bytes:
        self.first, self.lines = self.lines + 1, self.lines + ends_of_line(block) + (not block.endswith(b"\n"))
        return block


def numbered(blocks: Blocks, kind: Kind) -> Iterator[Block]:
    """Blocks with their ordinal, first line and the header in force.

    Raises:
        UnreadableLog: so many headers that it is no log.
    """
    header: bytes | None = None
    ordinal = 0
    for number, data in enumerate(blocks):
        for block in headed(kind, data, first=blocks.first, header=header, ordinal=ordinal):
            if block.ordinal - number > _MOST_HEADERS:
                raise UnreadableLog(f"The columns change more than {_MOST_HEADERS} times, as in no log. It was not read.")
            yield block
            header, ordinal = block.header, block.ordinal + 1


def headed(kind: Kind, data: bytes, *, first: int = 1, header: bytes | None = None, ordinal: int = 0) -> Iterator[Block]:
    """Blocks of these lines that each have one header, given the one in force before."""
    pieces = split_at_headers(kind, data)
    if len(pieces) == 1:
        yield Block(ordinal, first, data, kind.header(data, header))
        return
    marked = [(piece, header := kind.header(piece, header)) for piece in pieces]
    for columns, group in groupby(marked, key=itemgetter(1)):
        whole = b"".join(piece for piece, _ in group)
        yield Block(ordinal, first, whole, columns)
        ordinal += 1
        first += ends_of_line(whole)


def split_at_headers(kind: Kind, data: bytes) -> list[bytes]:
    """Pieces of a block that each have one header: a new header may come in the middle of a log."""
    mark: bytes | None = getattr(kind, "header_mark", None)
    if mark is None:
        return [data]
    pieces, start = [], 0
    at = data.find(b"\n" + mark)
    while at >= 0:
        pieces.append(data[start : at + 1])
        start = at + 1
        at = data.find(b"\n" + mark, start)
    pieces.append(data[start:])
    return [piece for piece in pieces if piece]


def whole_lines(data: bytes) -> bytes:
    """The bytes up to the last line end."""
    return data[: data.rfind(b"\n") + 1]


def ends_of_line(data: bytes) -> int:
    """How many line ends there are."""
    return count_of(np.frombuffer(data, np.uint8), NEWLINE)


def _encoding(start: bytes) -> tuple[str, int]:
    """The encoding and the length of its mark. UTF-16 without a mark shows in its zeros, also beside every end of line."""
    if bytes(3) in start[:_BINARY]:  # a database or a capture, where any pattern of zeros may follow
        return "utf-8", 0
    for mark, encoding in _BOM.items():
        if start.startswith(mark):
            return encoding, len(mark)
    even, odd, ends = start[0::2].count(0), start[1::2].count(0), start.count(b"\n")
    if odd > len(start) // 4 and even < odd // 8 and start.count(b"\n\0") == ends > 0:
        return "utf-16-le", 0
    if even > len(start) // 4 and odd < even // 8 and start.count(b"\0\n") == ends > 0:
        return "utf-16-be", 0
    return "utf-8", 0
