"""How far a log has been read, for the one who waits, and whether to go on."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from discovery.decompress import Stream
from discovery.errors import UnreadableLog


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a log has been read: bytes as stored (total None: not known), lines, seconds since the start."""

    bytes_done: int
    bytes_total: int | None
    lines: int
    seconds: float


class Cancelled(UnreadableLog):
    """The user stopped the work."""


class Watch:
    """Tells the caller how far a log has been read, and hears whether to go on."""

    def __init__(self, stream: Stream, progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool] | None) -> None:
        self._stream, self._progress, self._cancelled = stream, progress, cancelled
        self._started = time.monotonic()

    def done(self, lines: int) -> None:
        """So many lines are read. Raises `Cancelled` where the user stopped the work."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled("Stopped; nothing was kept.")
        if self._progress is not None:
            self._progress(Progress(self._stream.done, self._stream.size, lines, time.monotonic() - self._started))
