"""Bytes of a binary file, taken as they are needed."""

from collections.abc import Iterator


class ByteSource:
    """Takes so many bytes at a time from chunks of any size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._ready = b""
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next bytes; fewer only at the end."""
        while len(self._ready) - self._at < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._ready, self._at = self._ready[self._at :] + chunk, 0
        taken = self._ready[self._at : self._at + size]
        self._at += len(taken)
        return taken
