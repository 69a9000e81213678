"""People × days and sources × days: grids that stand as tables in words and as small squares in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import polars as pl

from webui import charts

#: Most rows that are drawn; the table behind holds all.
ROWS = 25
SATURDAY = 5
#: A working day with less than this share of the source's usual requests is thin.
THIN = 0.2


@dataclass(frozen=True, slots=True)
class Cell:
    """One day (or week) of one row: its column, its shade, and what it says."""

    at: int
    day: date
    value: int
    shade: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid."""

    label: str
    cells: Sequence[Cell]
    total: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat map: `by_week` where a day would be too narrow to see."""

    days: Sequence[date]
    lines: Sequence[Line]
    by_week: bool

    @property
    def months(self) -> list[tuple[int, str]]:
        """Column at which each month begins, and its name."""
        starts = [(n, day) for n, day in enumerate(self.days) if n == 0 or day.month != self.days[n - 1].month]
        wide = [(n, f"{day:%b}") for n, day in starts]
        return [mark for at, mark in enumerate(wide) if at + 1 == len(wide) or wide[at + 1][0] - mark[0] >= 3 or at > 0]  # noqa: PLR2004 (room for a name)


def people_by_day(usage: pl.DataFrame, since: date, until: date, *, group: str = "person") -> Grid:
    """Ten-minute slots with use for each value of a column and day; the busiest first, those without a value left out."""
    days, by_week = columns(since, until)
    start = pl.col("day").dt.truncate("1w") if by_week else pl.col("day")
    counted = usage.drop_nulls(group).group_by(group, start.alias("day")).agg(pl.col("slots").sum())
    totals = counted.group_by(group).agg(pl.col("slots").sum().alias("total")).sort(["total", group], descending=[True, False])
    values = {(who, day): slots for who, day, slots in counted.iter_rows()}
    top = max(values.values(), default=0)
    lines = [Line(who, [_cell(at, day, values.get((who, day), 0), top) for at, day in enumerate(days)], total) for who, total in totals.iter_rows()]
    return Grid(days, lines, by_week)


def _cell(at: int, day: date, slots: int, top: int) -> Cell:
    text = f"{slots * 10} min or less" if slots else "no use"
    return Cell(at, day, slots, f"h{charts.shade(slots, top)}", text)


def columns(since: date, until: date) -> tuple[list[date], bool]:
    """Days of the period, or the Mondays of its weeks where there are more than 92 days."""
    days = charts.days_between(since, until)
    if len(days) <= 92:  # noqa: PLR2004 (a quarter still fits)
        return days, False
    monday = since - timedelta(days=since.weekday())
    return [monday + timedelta(weeks=n) for n in range((until - monday).days // 7 + 1)], True


def sources_by_day(usage: pl.DataFrame, since: date, until: date) -> Grid:
    """How well each source covers each day: covered, thin or silent."""
    days, by_week = columns(since, until)
    start = pl.col("day").dt.truncate("1w") if by_week else pl.col("day")
    counted = usage.group_by("source", start.alias("day")).agg(pl.col("hits").sum())
    values = {(source, day): hits for source, day, hits in counted.iter_rows()}
    lines = []
    for source in sorted({source for source, _ in values}):
        usual = median(hits for (other, _), hits in values.items() if other == source)
        cells = [_covered((at, day), values.get((source, day), 0), usual, by_week=by_week) for at, day in enumerate(days)]
        lines.append(Line(source, cells, sum(cell.value for cell in cells)))
    return Grid(days, lines, by_week)


def _covered(where: tuple[int, date], hits: int, usual: float, *, by_week: bool) -> Cell:
    day = where[1]
    weekend = not by_week and day.weekday() >= SATURDAY
    if hits == 0:
        return Cell(*where, 0, "weekend" if weekend else "silent", "nothing, a weekend" if weekend else "silent: no request in the logs")
    if hits < THIN * usual and not weekend:
        return Cell(*where, hits, "thin", f"thin: {hits:,} requests")
    return Cell(*where, hits, "covered", f"covered: {hits:,} requests")
