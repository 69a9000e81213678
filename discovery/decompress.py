"""A stream of decompressed bytes that stops a bomb early and reads a damaged file as far as it is whole."""

import bz2
import lzma
import tarfile
import zipfile
import zlib
from contextlib import suppress
from typing import IO, Final, Protocol

import zstandard
from zlib_ng import zlib_ng

from discovery.errors import UnreadableLog

_MAGIC: Final = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
}
_LONGEST_MAGIC: Final = max(map(len, _MAGIC))
_FOREIGN: Final = {"7z": "a 7z archive", "rar": "a RAR archive"}
_READ: Final = 1 << 18  # packed bytes at once

# Logs shrink to a tenth, at the very best to a fiftieth. DEFLATE cannot exceed 1,032:1, zstd reaches 32,000:1, bzip2 a million.
_FREE: Final = 64 << 20
_RATIO: Final = 500
_WINDOW: Final = 128 << 20
_AT_ONCE: Final = 16 << 20  # bytes that one step may unpack
_PIECE: Final = 8 << 10  # bytes handed in at once where damage costs the whole step
_ZSTD_PIECE: Final = 2 << 10  # its binding cannot bound a step, but this much unpacks to 64 MB at most

#: What reading a damaged file or archive may raise.
DAMAGE: Final = (
    *(OSError, EOFError, ValueError, zlib.error, zlib_ng.error, lzma.LZMAError, zstandard.ZstdError),
    *(zipfile.BadZipFile, tarfile.TarError),
)


class _Engine(Protocol):
    """One compressed member: bytes in, a bounded number of bytes out."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was handed in and lies behind its end."""

    def step(self, data: bytes) -> tuple[bytes, bytes]:
        """Some unpacked bytes, and what of the data is to be handed in again."""

    @property
    def hungry(self) -> bool:
        """Whether it needs more data to go on."""


def magic_of(head: bytes) -> str | None:
    """The compression or archive that the first bytes tell of, else None."""
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)


def refuse_bomb(unpacked: int, packed: int) -> None:
    """Raise UnreadableLog where so many bytes out of so few are no log."""
    if unpacked > _FREE and unpacked > _RATIO * packed:
        raise UnreadableLog(f"This file unpacks to more than {_RATIO} times its size, as no log does. It was not read.")


class Stream:
    """Decompressed bytes of a file (gzip, zstd, xz, bzip2 or plain), told by content, not by name.

    Attributes:
        size: bytes of the file as it is stored, None if not known.
        done: bytes of it read so far.
        partial: why the file could not be read to its end, as a sentence; None while all is well.
    """

    def __init__(self, raw: IO[bytes], *, size: int | None) -> None:
        self.size = size
        self.done = 0
        self.partial: str | None = None
        self._raw: IO[bytes] | None = raw
        self._out = 0
        self._ready = b""
        self._ahead = self._take()
        self.kind = magic_of(self._ahead)
        if self.kind in _FOREIGN:
            raise UnreadableLog(f"This is {_FOREIGN[self.kind]}, which is not read here. Save it as zip or gz and try again.")
        self._engine = _engine(self.kind)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end."""
        parts: list[bytes] = []
        have = 0
        while have < size:
            part = self._ready or self._more(size - have)
            self._ready = b""
            if not part:
                break
            parts.append(part)
            have += len(part)
        whole = parts[0] if len(parts) == 1 else b"".join(parts)
        if have <= size:
            return whole
        self._ready = whole[size:]
        return whole[:size]

    def _more(self, size: int) -> bytes:
        while self._engine is not None:
            out = self._step(self._engine)
            if out:
                self._out += len(out)
                refuse_bomb(self._out, self.done)
                return out
        chunk, self._ahead = self._ahead, b""
        return chunk or self._take(size)

    def _step(self, engine: _Engine) -> bytes:
        if engine.eof:
            self._next_member(engine.unused_data + self._ahead)
            return b""
        if engine.hungry and not self._ahead:
            self._ahead = self._take()
            if not self._ahead:
                self._stop(self.partial or "The file ends in the middle; what came before is counted.")
                return b""
        try:
            out, self._ahead = engine.step(self._ahead)
        except DAMAGE:
            self._stop("The file is damaged; what came before the damage is counted.")
            return b""
        return out

    def _next_member(self, rest: bytes) -> None:
        """Files are often several compressed members one after the other; zeros and junk behind the last are left out."""
        while len(rest) < _LONGEST_MAGIC and (more := self._take()):
            rest += more
        if magic_of(rest) == self.kind:
            self._engine, self._ahead = _engine(self.kind), rest
        else:
            self._stop("Something that is not part of the log follows its end; it was left out." if rest.strip(b"\x00") else self.partial)

    def _stop(self, partial: str | None) -> None:
        """Nothing more comes."""
        self.partial, self._engine, self._ahead, self._raw = partial, None, b"", None

    def _take(self, size: int = 0) -> bytes:
        """The next bytes as they are stored, of a plain file so many."""
        if self._raw is None:
            return b""
        try:
            chunk = self._raw.read(size if size and self.done and self.kind is None else _READ)
        except DAMAGE as error:
            if not self.done:
                raise UnreadableLog("The file is damaged; nothing of it could be read.") from error
            self.partial = "The file is damaged; what came before the damage is counted."
            return b""
        self.done += len(chunk)
        return chunk


class _Gzip:
    def __init__(self) -> None:
        self._member = zlib_ng.decompressobj(wbits=31)
        self._broken = False

    @property
    def hungry(self) -> bool:
        return not self._broken

    @property
    def eof(self) -> bool:
        return bool(self._member.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._member.unused_data)

    def step(self, data: bytes) -> tuple[bytes, bytes]:
        if self._broken:
            raise zlib_ng.error
        before = self._member.copy()
        try:
            return self._member.decompress(data, _AT_ONCE), self._member.unconsumed_tail
        except zlib_ng.error:  # which keeps back what it had unpacked before the damage
            self._broken = True
            return _salvaged(before, data), b""


def _salvaged(member: "zlib_ng._Decompress", data: bytes) -> bytes:
    """What can be unpacked before the damage, byte by byte."""
    found: list[bytes] = []
    with suppress(zlib_ng.error):
        found.extend(member.decompress(data[at : at + 1]) for at in range(len(data)))
    return b"".join(found)


class _Zstd:
    hungry = True

    def __init__(self) -> None:
        self._member = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()

    @property
    def eof(self) -> bool:
        return self._member.eof

    @property
    def unused_data(self) -> bytes:
        return self._member.unused_data

    def step(self, data: bytes) -> tuple[bytes, bytes]:
        return self._member.decompress(data[:_ZSTD_PIECE]), data[_ZSTD_PIECE:]


class _Blockwise:
    """Xz and bzip2, which keep what they have not unpacked yet."""

    def __init__(self, member: lzma.LZMADecompressor | bz2.BZ2Decompressor) -> None:
        self._member = member

    @property
    def eof(self) -> bool:
        return self._member.eof

    @property
    def unused_data(self) -> bytes:
        return self._member.unused_data

    @property
    def hungry(self) -> bool:
        return self._member.needs_input

    def step(self, data: bytes) -> tuple[bytes, bytes]:
        return self._member.decompress(data[:_PIECE], _AT_ONCE), data[_PIECE:]


def _engine(kind: str | None) -> _Engine | None:
    if kind == "gzip":
        return _Gzip()
    if kind == "zstd":
        return _Zstd()
    if kind == "xz":
        return _Blockwise(lzma.LZMADecompressor(memlimit=_WINDOW))
    if kind == "bzip2":
        return _Blockwise(bz2.BZ2Decompressor())
    return None
