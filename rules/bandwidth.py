"""Which service the line is busy with, and when: bytes by hour of the week, of the firm as a whole, so that a slow line has a suspect.

Several logs may tell of the same bytes. Of each service and hour only the kind of log that tells most counts, never their sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS: Final = 24

#: An hour is slow where it carries at least so many times what the hours with traffic usually do.
BUSY: Final = 2.0


@dataclass(frozen=True, slots=True)
class Spender:
    """A service, or a need, with its bytes in a usual week and the hour that carries most of them.

    `id` None: what no name stands for; bytes None: no log tells them.
    """

    id: str | None
    capability: str | None
    uploaded: int | None
    downloaded: int | None
    busiest: int

    @property
    def total(self) -> int:
        """Both ways, as far as they are known."""
        return (self.uploaded or 0) + (self.downloaded or 0)


@dataclass(frozen=True, slots=True)
class Peak:
    """The busiest hour of a day, if it stands out: what it carries, and how much of that is due to which need and service."""

    day: int
    hour: int
    total: int
    capability: str | None
    service: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Line:
    """What a line carries in a usual week; all bytes are those of a week.

    Attributes:
        uploaded, downloaded: bytes of each hour, 0 is Monday from midnight.
        services, capabilities: those that use it, most bytes first.
        peaks: the hour that stands out on each day where one does.
        weeks: how many weeks the numbers rest on.
        half_told: kinds of log that tell only one way; what went the other way is not known and not in the numbers.
    """

    uploaded: tuple[int, ...]
    downloaded: tuple[int, ...]
    services: tuple[Spender, ...]
    capabilities: tuple[Spender, ...]
    peaks: tuple[Peak, ...]
    weeks: float
    half_told: tuple[str, ...] = ()

    @property
    def total(self) -> tuple[int, ...]:
        """Both ways, by hour."""
        return tuple(up + down for up, down in zip(self.uploaded, self.downloaded, strict=True))


def line(spent: pl.DataFrame, weeks: float) -> Line | None:
    """The line in a usual week; None where no log tells how much was moved.

    Args:
        spent: rows of `spent.SPENT`.
        weeks: how many weeks of logs they hold.
    """
    once = _once(spent)
    if not once.height or weeks <= 0:
        return None
    rows = once.with_columns((pl.col(name) / weeks).round().cast(pl.Int64) for name in _WAYS)
    up, down = (_by_hour(rows, name) for name in _WAYS)
    peaks = [peak for day in range(len(DAYS)) if (peak := _peak(rows, [a + b for a, b in zip(up, down, strict=True)], day))]
    return Line(up, down, _spenders(rows, "service"), _spenders(rows, "capability"), tuple(peaks), weeks, _half_told(spent))


_WAYS: Final = ("uploaded_bytes", "downloaded_bytes")
#: Both ways, as far as they are known.
_TOTAL: Final = pl.sum_horizontal(_WAYS)
#: What rows that become one add up to; what no row tells stays unknown.
_ADDED: Final = tuple(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in _WAYS)


def _half_told(spent: pl.DataFrame) -> tuple[str, ...]:
    told = spent.group_by("format").agg(pl.col(name).count() for name in _WAYS)
    return tuple(told.filter(pl.any_horizontal(pl.col(name) == 0 for name in _WAYS))["format"].sort())


def _once(spent: pl.DataFrame) -> pl.DataFrame:
    """Each service and hour once: bytes of one kind of log add up, of several the most counts."""
    by_log = spent.group_by("service", "capability", "format", "month", "hour").agg(_ADDED)
    most = _TOTAL.rank("ordinal", descending=True).over("service", "month", "hour")
    best = by_log.sort("format").filter(most == 1)
    return best.group_by("service", "capability", "hour").agg(_ADDED).sort("service", "hour", nulls_last=True)


def _by_hour(rows: pl.DataFrame, way: str) -> tuple[int, ...]:
    found = dict(rows.group_by("hour").agg(pl.col(way).sum()).iter_rows())
    return tuple(found.get(hour, 0) for hour in range(len(DAYS) * HOURS))


def _spenders(rows: pl.DataFrame, by: str) -> tuple[Spender, ...]:
    """What uses the line, by service or by need."""
    hours = rows.group_by(by, "hour").agg(pl.col("capability").first().alias("need"), *_ADDED)
    table = hours.sort(_TOTAL, "hour", descending=[True, False]).group_by(by).agg(pl.col("need").first(), *_ADDED, pl.col("hour").first())
    ordered = table.sort(_TOTAL, by, descending=[True, False], nulls_last=True)
    return tuple(Spender(id_, need, up, down, hour) for id_, need, up, down, hour in ordered.iter_rows())


def _peak(rows: pl.DataFrame, totals: Sequence[int], day: int) -> Peak | None:
    """The hour of a day that carries far more than hours with traffic usually do."""
    busy = sorted(total for total in totals if total)
    usual = busy[len(busy) // 2] if busy else 0
    hour = max(range(day * HOURS, (day + 1) * HOURS), key=lambda at: totals[at])
    if not usual or totals[hour] < BUSY * usual:
        return None
    then = rows.filter(pl.col("hour") == hour).with_columns(_TOTAL.alias("total"))
    needs = then.drop_nulls("capability").group_by("capability").agg(pl.col("total").sum()).sort("total", "capability", descending=[True, False])
    if not needs.height:
        return Peak(day, hour % HOURS, totals[hour], None, None, 0.0)
    capability, moved = needs.row(0)
    service = then.filter(pl.col("capability") == capability).sort("total", "service", descending=[True, False])["service"][0]
    return Peak(day, hour % HOURS, totals[hour], capability, service, moved / totals[hour])
