"""Usage as it is added up, while a log is read: hours that lie behind are done with, and laid aside."""

from datetime import datetime
from typing import Final

import polars as pl

from discovery.shelf import Shelf
from discovery.turns import turns
from discovery.usage import USAGE, add_up, merge

#: Usage rows that may wait before they are merged.
_PENDING: Final = 100_000


class Hours:
    """Usage of many blocks. Logs go forward in time, so hours that lie behind are added up once; where one comes again, it is added up at the end."""

    def __init__(self) -> None:
        self._done = Shelf([pl.DataFrame(schema=USAGE)])
        self._waiting: list[pl.DataFrame] = []
        self._until: datetime | None = None  # the latest hour among the done
        self._again = False

    def add(self, part: pl.DataFrame) -> None:
        """Add the usage of a block."""
        if not part.height:
            return
        self._again |= self._until is not None and bool(part["hour"].min() <= self._until)  # type: ignore[operator]
        self._waiting.append(part)
        if sum(table.height for table in self._waiting) > _PENDING:
            reached = min(table["hour"].max() for table in self._waiting)  # type: ignore[type-var] # by each: several workers read the same hours
            rows = merge(self._waiting)
            behind = rows["hour"] < reached
            done = rows.filter(behind)
            self._done.add(done)
            self._waiting = [rows.filter(~behind)]
            self._until = done["hour"].max() or self._until  # type: ignore[assignment]

    def whole(self) -> Shelf:
        """All of it."""
        self._done.add(merge(self._waiting))
        self._waiting = []
        found = self._once() if self._again else self._done
        found.tidy()
        return found

    def _once(self) -> Shelf:
        """The rows of each hour that came again as one."""
        days = turns([piece["hour"] for piece in self._done.pieces("hour")], "UTC")
        return Shelf(map(add_up, self._done.parted(days)))
