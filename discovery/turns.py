"""A long table of usage taken some whole days at a time, so that what is worked out from it never stands in memory all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

#: Rows that are worked on together; a day that has more is a turn of its own.
_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Turn:
    """Some days, from one midnight to another; both None: all of time.

    Attributes:
        since, until: `until` is no longer part of it.
        shares: into how many its rows are to be parted where they can be, for a day may have many.
    """

    since: datetime | None
    until: datetime | None
    shares: int

    def of(self, table: pl.DataFrame, hour: str) -> pl.DataFrame:
        """The rows of a table whose `hour` lies in it; the table itself where all of them do."""
        if self.since is None or self.until is None:
            return table
        return table.filter((pl.col(hour) >= self.since) & (pl.col(hour) < self.until))

    def meets(self, first: datetime, last: datetime) -> bool:
        """Whether any of it lies from one moment to another."""
        return self.since is None or self.until is None or (self.since <= last and first < self.until)


def turns(hours: Sequence[pl.Series], zone: str) -> list[Turn]:
    """The days of a zone that these hours lie in, in their order and as many at a time as `_AT_ONCE` allows; one turn where there is nothing."""
    asked = pl.concat([hour.alias("hour").to_frame().group_by("hour").agg(pl.len()) for hour in hours])
    if asked.is_empty():
        return [Turn(None, None, 1)]
    day = pl.col("hour").dt.convert_time_zone(zone).dt.date().alias("day")
    counts = asked.group_by(day).agg(pl.col("len").sum()).sort("day")
    number = (pl.col("len").cum_sum().shift(fill_value=0) // _AT_ONCE).alias("turn")
    found = counts.group_by(number, maintain_order=True).agg(pl.col("day").min(), pl.col("day").max().alias("last"), pl.col("len").sum())
    if found.height == 1:
        return [Turn(None, None, _shares(found["len"][0]))]
    return [Turn(midnight(first, zone), midnight(last + timedelta(days=1), zone), _shares(rows)) for _, first, last, rows in found.iter_rows()]


def _shares(rows: int) -> int:
    return rows // _AT_ONCE + 1


def midnight(day: date, zone: str) -> datetime:
    """When a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
