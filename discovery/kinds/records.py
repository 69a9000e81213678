"""Files whose records are no lines: a database, a packet capture. Each such kind opens a file and hands out rows of fields."""

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from discovery.framing import Lines
from discovery.kinds.base import SKIPPED, UNDERSTOOD

Row = Sequence[str | None]


class Content:
    """The content of a file: its bytes, to be taken once, or a path where it lies unpacked.

    Args:
        chunks: the bytes.
        path: where the file lies, if as it is; else it is unpacked to a temporary place when somebody needs a path.
    """

    def __init__(self, chunks: Iterator[bytes], path: Path | None) -> None:
        self.chunks = chunks
        self._path = path
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def path(self) -> Path:
        """Where it lies unpacked."""
        if self._path is None:
            self._folder = tempfile.TemporaryDirectory(prefix="gnomon-")
            self._path = Path(self._folder.name, "unpacked")
            with self._path.open("wb") as copy:
                copy.writelines(self.chunks)
        return self._path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take what is left, and clean up."""
        if error is None:
            for _ in self.chunks:
                pass
        if self._folder is not None:
            with suppress(OSError):
                self._folder.cleanup()


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file.

    Attributes:
        names: the fields of a record.
        batches: the records in the order of the file, some at a time; None in place of a record: what could not be read.
        leases: what the file says beside them of who had which address (columns of `leases.LEASES`), None: nothing.
    """

    names: tuple[str, ...]
    batches: Iterator[Sequence[Row | None]]
    leases: pl.DataFrame | None = None


def batches(rows: Iterator[Row | None], size: int = 50_000) -> Iterator[list[Row | None]]:
    """The rows, so many at a time."""
    while batch := list(islice(rows, size)):
        yield batch


class Records(ABC):
    """Records that are no lines. Text is never understood as such."""

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """See `Kind`: none."""
        return None

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """See `Kind`: text lines are never understood."""
        nothing = {name: [None] * len(lines) for name in (*wanted, SKIPPED)}
        return pl.DataFrame({**nothing, UNDERSTOOD: [False] * len(lines)}, schema_overrides=dict.fromkeys(nothing, pl.String))

    @abstractmethod
    def begins(self, start: bytes) -> bool:
        """Whether a file that begins so may hold such records."""

    @abstractmethod
    def open(self, content: Content) -> Opened | None:
        """The file, None where it holds others after all.

        Raises:
            UnreadableLog: damaged.
        """
