"""Clocks: how a format writes the time, and how that becomes UTC.

A clock gives an expression over the format's text fields; null means that the time cannot be read. What a line leaves out
(the zone, the year, the order of day and month) comes from the `Reading`, decided once per log and told in its account.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Protocol

import polars as pl

from discovery.dates import (
    BEGIN,
    EARLIEST,
    TEXT,
    TIME,
    UTC_TIME,
    between,
    from_epoch,
    in_year,
    iso,
    joined,
    moment,
    parsed,
    plausible,
    read,
    spoken,
    to_utc,
    worded,
    yearless,
    zoned,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is decided once per log.

    Attributes:
        zone: IANA name, for times without one.
        reference: the latest time the log can hold (when it was last written); dates without a year lie in the twelve months before.
        day_first: 3/4 is the third of April; None while nothing has decided it.
        wrapper: JSON paths under which collectors kept the device's own line, outermost first (see `wrappers`).
        syslog: how many headers of syslog relays stand before each line.
        priority: whether only a relay's priority stands before each line, and the date behind it is the device's own.
        key: what lines are told apart with, where the log is compared with others (see `overlap`); None: it is not.
    """

    zone: str = "UTC"
    reference: datetime = datetime(2100, 1, 1, tzinfo=UTC)
    day_first: bool | None = None
    syslog: int = 0
    priority: bool = False
    wrapper: tuple[str, ...] = ()
    key: str | None = None


class Clock(Protocol):
    """Reads the time of a line."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields it looks at."""

    @property
    def zoned(self) -> bool:
        """Whether the line itself says which zone."""

    def expr(self, reading: Reading) -> pl.Expr:
        """UTC time, null where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Seconds, milli-, micro- or nanoseconds since 1970, told apart by magnitude.

    `relative`: whether seconds may count from the start of a capture instead (they then lie in January 1970).
    """

    field: str
    relative: bool = False
    zoned: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return (self.field,)

    def expr(self, reading: Reading) -> pl.Expr:  # noqa: ARG002
        """See `Clock`."""
        earliest = BEGIN if self.relative else EARLIEST
        return pl.col(self.field).map_batches(lambda text: between(from_epoch(text), earliest), return_dtype=UTC_TIME)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date and time in one of some layouts (chrono's strftime), without zone. Several fields are joined by a blank."""

    fields: tuple[str, ...]
    layouts: tuple[str, ...]
    zoned: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return self.fields

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        return read(joined(self.fields), [parsed(TEXT, layout) for layout in self.layouts], [plausible(to_utc(TIME, reading.zone))])


@dataclass(frozen=True, slots=True)
class Iso:
    """ISO 8601 or RFC 3339: the zone of the line if it has one, else the log's; blank or T, any fraction. A blank joins the `rest` to it."""

    field: str
    rest: tuple[str, ...] = ()
    zoned: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return (self.field, *self.rest)

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        return joined(self.needs).map_batches(partial(iso, zone=reading.zone), return_dtype=UTC_TIME)


@dataclass(frozen=True, slots=True)
class InUtc:
    """A layout that is always UTC, whether it says so or not."""

    field: str
    layout: str
    zoned: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return (self.field,)

    def expr(self, reading: Reading) -> pl.Expr:  # noqa: ARG002
        """See `Clock`."""
        return read(pl.col(self.field), [parsed(TEXT, self.layout)], [plausible(TIME.dt.replace_time_zone("UTC"))])


@dataclass(frozen=True, slots=True)
class Zoned:
    """A layout whose last part is a numeric offset (%z). Several fields are joined by a blank."""

    fields: tuple[str, ...]
    layouts: tuple[str, ...]
    zoned: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return self.fields

    def expr(self, reading: Reading) -> pl.Expr:  # noqa: ARG002
        """See `Clock`."""
        return read(joined(self.fields), [zoned(TEXT, layout) for layout in self.layouts], [plausible(TIME)])


@dataclass(frozen=True, slots=True)
class Yearless:
    """A syslog date without year, as `Oct  9 13:05:59` (RFC 3164). The year is the last in which it is not after the reference."""

    field: str
    layout: str = "%b %e %H:%M:%S%.f"
    zoned: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return (self.field,)

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        horizon = moment((reading.reference + timedelta(days=1)).astimezone(UTC))
        years = [to_utc(in_year(TIME, reading.reference.year - back), reading.zone) for back in range(-1, 5)]
        text = TEXT.str.replace_all(r"\s+", " ")
        return read(pl.col(self.field), yearless(text, self.layout), [pl.when(time <= horizon).then(time) for time in years])


@dataclass(frozen=True, slots=True)
class Worded:
    """Dates whose month is a word: `Nov 26 2018 22:17:32.000 UTC`, `14 May 2024 09:15:22 +0200`, `May 14, 2024 9:15:22 AM`, `14-May-2024 09:15:22`.

    Also `Mon Oct 16 22:55:48 2023`, as C's ctime() writes it, and `Mon Oct 16 22:55:48 CEST 2023`. The day of the week is not looked at. Fields are
    joined by a blank; the last may hold the zone. The zone may be missing, then it is the log's.
    """

    fields: tuple[str, ...]
    zoned: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return self.fields

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        whole = pl.concat_str(*self.fields, separator=" ", ignore_nulls=True)
        return whole.map_batches(partial(worded, zone=reading.zone), return_dtype=UTC_TIME)


@dataclass(frozen=True, slots=True)
class DayMonth:
    """Dates as a server's locale writes them: 3/14/2023 1:13:10 AM, 22/12/2021 21:46:04, 14. 3. 2023, 03/14/23, 20140816, 2023. 03. 14.

    Clocks too: 9.05.07, 9:05:07 p. m.

    Whether the day or the month comes first is decided once per log (`Reading.day_first`).
    """

    fields: tuple[str, ...]
    zoned: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return self.fields

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        usual = TEXT.str.replace_all(r"[./]", "-").str.strip_chars().str.replace(r"^(\d{1,2}-\d{1,2}-)(\d\d )", "${1}20$2")
        order = "%d-%m-%Y" if reading.day_first else "%m-%d-%Y"
        layouts = [f"{day} {clock}" for day in (order, "%Y-%m-%d", "%Y%m%d") for clock in ("%H:%M:%S", "%I:%M:%S %p")]
        ways = [parsed(text, layout) for text in (usual, spoken(usual)) for layout in layouts]
        return read(joined(self.fields), ways, [plausible(to_utc(TIME, reading.zone))])


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first clock that reads the line."""

    clocks: Sequence[Clock]

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return tuple(dict.fromkeys(name for clock in self.clocks for name in clock.needs))

    @property
    def zoned(self) -> bool:
        """See `Clock`."""
        return all(clock.zoned for clock in self.clocks)

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        return pl.struct(self.needs).map_batches(partial(self._read, reading), return_dtype=UTC_TIME)

    def _read(self, reading: Reading, fields: pl.Series) -> pl.Series:
        rest, open_ = fields.struct.unnest(), pl.int_range(len(fields), eager=True)
        found = pl.Series([None], dtype=UTC_TIME).new_from_index(0, len(fields))
        for clock in self.clocks:
            if all(rest[name].null_count() == rest.height for name in clock.needs):
                continue
            times = rest.select(clock.expr(reading)).to_series()
            if not times.count():
                continue
            found = times if len(times) == len(found) else found.scatter(open_, times)
            if not times.null_count():
                break
            rest, open_ = rest.filter(times.is_null()), open_.filter(times.is_null())
        return found


@dataclass(frozen=True, slots=True)
class AlwaysUtc:
    """A clock without zone whose times are UTC by the format's definition."""

    clock: Clock
    zoned: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """See `Clock`."""
        return self.clock.needs

    def expr(self, reading: Reading) -> pl.Expr:
        """See `Clock`."""
        return self.clock.expr(replace(reading, zone="UTC"))


def day_month(clock: Clock) -> list[DayMonth]:
    """The clocks within a clock that must know whether day or month comes first."""
    if isinstance(clock, FirstOf):
        return [found for part in clock.clocks for found in day_month(part)]
    return [clock] if isinstance(clock, DayMonth) else []


#: The time of the innermost syslog header, or of what kept the line.
SYSLOG: Final = FirstOf((Iso("syslog_time"), Yearless("syslog_time"), Worded(("syslog_time",)), Epoch("syslog_time")))
