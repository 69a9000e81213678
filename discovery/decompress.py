"""A stream of decompressed bytes that stops a bomb early and reads a damaged file as far as it is whole."""

import bz2
import lzma
import zlib
from typing import IO, Any, Final, Protocol

import zstandard

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
_FOREIGN: Final = {"7z": "a 7z archive", "rar": "a RAR archive"}
_READ: Final = 1 << 18

# Logs shrink to a tenth, at the very best to a fiftieth. DEFLATE cannot exceed 1,032:1, zstd reaches 32,000:1.
_FREE: Final = 64 << 20
_RATIO: Final = 500
_WINDOW: Final = 128 << 20


class _Engine(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, /) -> bytes: ...


def magic_of(head: bytes) -> str | None:
    """The compression or archive that the first bytes tell of, else None."""
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)


class Stream:
    """Decompressed bytes of a file (gzip, zstd, xz, bzip2, once or twice wrapped; or plain), told by content, not by name.

    Attributes:
        size: bytes of the file as it is stored, None if not known.
        done: bytes of it read so far.
        partial: why the file could not be read to its end, as a sentence; None while all is well.
    """

    def __init__(self, raw: IO[bytes], *, size: int | None) -> None:
        self.size = size
        self.done = 0
        self.partial: str | None = None
        self._raw = raw
        self._out = 0
        self._ready = b""
        self._ahead = self._take(_READ)
        self.kind = magic_of(self._ahead)
        if self.kind in _FOREIGN:
            raise UnreadableLog(f"This is {_FOREIGN[self.kind]}, which is not read here. Save it as zip or gz and try again.")
        self._engine = _engine(self.kind)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end."""
        parts: list[bytes] = []
        have = 0
        while have < size:
            part = self._ready or self._more()
            self._ready = b""
            if not part:
                break
            parts.append(part)
            have += len(part)
        whole = b"".join(parts)
        self._ready = whole[size:]
        return whole[:size]

    def _more(self) -> bytes:
        if self._engine is None:
            chunk, self._ahead = self._ahead, b""
            return chunk or self._take(_READ)
        while True:
            out = self._step()
            if out:
                self._out += len(out)
                if self._out > _FREE and self._out > _RATIO * self.done:
                    raise UnreadableLog(f"This file unpacks to more than {_RATIO} times its size, as no log does. It was not read.")
                return out
            if not self._ahead and self._engine is None:
                return b""

    def _step(self) -> bytes:
        engine = self._engine
        assert engine is not None  # noqa: S101 (callers look)
        if engine.eof:
            return self._next_member(engine.unused_data + self._ahead)
        chunk = self._ahead or self._take(_READ)
        self._ahead = b""
        if not chunk:
            self.partial = "The file ends in the middle; what came before is counted."
            self._engine = None
            return b""
        try:
            return engine.decompress(chunk)
        except (zlib.error, OSError, lzma.LZMAError, zstandard.ZstdError, EOFError, ValueError):
            self.partial = "The file is damaged; what came before the damage is counted."
            self._engine, self._ahead = None, b""
            self._raw = _Empty()
            return b""

    def _next_member(self, rest: bytes) -> bytes:
        """Files are often several compressed members one after the other; zeros and junk behind the last are left out."""
        rest = rest or self._take(_READ)
        if magic_of(rest) == self.kind:
            self._engine, self._ahead = _engine(self.kind), rest
            return b""
        if rest.strip(b"\x00"):
            self.partial = "Something that is not part of the log follows its end; it was left out."
        self._engine, self._ahead, self._raw = None, b"", _Empty()
        return b""

    def _take(self, size: int) -> bytes:
        chunk = self._raw.read(size)
        self.done += len(chunk)
        return chunk


class _Empty:
    """Nothing more to read."""

    def read(self, _size: int = -1) -> bytes:
        return b""


def _engine(kind: str | None) -> Any:  # noqa: ANN401 (four libraries, one shape)
    if kind == "gzip":
        return zlib.decompressobj(wbits=31)
    if kind == "zstd":
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    if kind == "xz":
        return lzma.LZMADecompressor(memlimit=_WINDOW)
    if kind == "bzip2":
        return bz2.BZ2Decompressor()
    return None
