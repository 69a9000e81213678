"""A long table of which little stands in memory at once: what is more than some pieces is laid aside on disk.

What is laid aside holds no names, only their numbers (see `coding`), in a file that has no name itself and is gone with the process.
"""

import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from io import SEEK_END, BytesIO
from typing import IO, Final

import polars as pl
from polars import selectors

from discovery.runs import distinct
from discovery.turns import Turn

#: Rows that stand in memory before some are laid aside.
_HELD: Final = 1_500_000

#: Rows of so much time are laid aside together; more are parted by days, so that for one day nobody has to read them all.
_TOGETHER: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Where in the file some rows lie, and the first and the last hour of them."""

    since: datetime
    until: datetime
    begin: int
    length: int


class Shelf:
    """A table with an `hour`, in pieces that all have the same columns.

    Attributes:
        nothing: its columns, without rows. The types of names live as long as a column of theirs.
        height: its rows.
    """

    def __init__(self, pieces: Iterable[pl.DataFrame]) -> None:
        """A shelf with some rows; one table at least says what columns it has."""
        self.nothing = pl.DataFrame()
        self.height = 0
        self._held: list[pl.DataFrame] = []
        self._laid: list[_Laid] = []
        for piece in pieces:
            self.add(piece)

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return self.nothing.columns

    def add(self, piece: pl.DataFrame) -> None:
        """Add some rows."""
        if not self.height:
            self.nothing = piece.clear()
        if not piece.height:
            return
        self.height += piece.height
        self._held.append(piece)
        while len(self._held) > 1 and sum(one.height for one in self._held) > _HELD:
            self._lay_aside(self._held.pop(0))

    def tidy(self) -> None:
        """Lay all rows aside where some are: what stands in memory is room for what comes next."""
        while self._laid and self._held:
            self._lay_aside(self._held.pop(0))

    def pieces(self, *columns: str) -> Iterator[pl.DataFrame]:
        """All rows, or these columns of them; one table at least."""
        wanted = list(columns or self.columns)
        for laid in self._laid:
            yield self._taken_up(laid, wanted)
        yield from (piece.select(wanted) for piece in self._held or [self.nothing])

    def whole(self) -> pl.DataFrame:
        """All rows in one table."""
        return pl.concat(self.pieces())

    def each(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> "Shelf":
        """What becomes of the rows, some at a time; whatever is done to them has the same columns for all."""
        return Shelf(map(change, self.pieces()))

    def distinct(self, *columns: str) -> pl.DataFrame:
        """The different values of some columns."""
        found = pl.concat([piece[distinct(piece, columns)[0]] for piece in self.pieces(*columns)])
        return found[distinct(found, columns)[0]]

    def during(self, turn: Turn) -> pl.DataFrame:
        """The rows of a turn."""
        laid = (self._taken_up(one) for one in self._laid if turn.meets(one.since, one.until))
        return pl.concat([self.nothing, *(turn.of(piece, "hour") for piece in (*laid, *self._held))])

    def parted(self, turns: Sequence[Turn]) -> Iterator[pl.DataFrame]:
        """The rows of each of some turns that follow each other, which are taken off the shelf: none is left in the end."""
        held = self._cut(turns)
        for turn in turns:
            yield pl.concat([self.during(turn), *held.pop(0)])
        self._laid, self.height = [], 0

    def _cut(self, turns: Sequence[Turn]) -> list[list[pl.DataFrame]]:
        """What stands in memory, by turn; of it no more than a piece stands there twice."""
        cut: list[list[pl.DataFrame]] = [[] for _ in turns]
        while self._held:
            piece = self._held.pop(0)
            for turn, rows in zip(turns, cut, strict=True):
                rows.append(turn.of(piece, "hour"))
        return cut

    def _lay_aside(self, piece: pl.DataFrame) -> None:
        since, until = _span(piece)
        for part in [piece] if until - since < _TOGETHER else [day for _, day in piece.group_by(pl.col("hour").dt.date(), maintain_order=True)]:
            with BytesIO() as packed:
                part.with_columns(selectors.categorical().to_physical()).write_ipc(packed)
                begin = self._file.seek(0, SEEK_END)
                self._laid.append(_Laid(*_span(part), begin, self._file.write(packed.getbuffer())))

    def _taken_up(self, laid: _Laid, columns: list[str] | None = None) -> pl.DataFrame:
        self._file.seek(laid.begin)
        rows = pl.read_ipc(self._file.read(laid.length), columns=columns)
        kinds = {name: self.nothing.schema[name] for name in rows.columns}
        return rows.with_columns(pl.col(name).cat.to(kind) for name, kind in kinds.items() if isinstance(kind, pl.Categorical))

    @cached_property
    def _file(self) -> IO[bytes]:
        file = tempfile.TemporaryFile(prefix="gnomon-")  # noqa: SIM115 (it is closed with the shelf)
        weakref.finalize(self, file.close)
        return file


def _span(rows: pl.DataFrame) -> tuple[datetime, datetime]:
    return rows.select(pl.col("hour").min().alias("since"), pl.col("hour").max().alias("until")).row(0)
