"""Text as written becomes a time in UTC: epochs, layouts, offsets, local times, and what a date says about the order of day and month."""

from datetime import UTC, datetime
from typing import Final

import polars as pl

#: The type of a time, to the microsecond.
UTC_TIME: Final = pl.Datetime("us", "UTC")
_LOCAL_TIME: Final = pl.Datetime("us")

# Epochs are told apart by magnitude: seconds until the year 5138 stay below 10¹¹, milliseconds below 10¹⁴, microseconds below 10¹⁷.
_SECONDS: Final = 1e11
#: Where epochs begin.
BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = 12

#: What a log can hold.
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


def plausible(time: pl.Expr) -> pl.Expr:
    """The time, null outside 1990–2100: a counter is no date."""
    return pl.when(time.is_between(EARLIEST, _LATEST)).then(time)


def to_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """Local times in UTC. An hour that occurs twice is read as its first; one that a change to summer time skips, as an hour later."""
    placed = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = local.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(placed, later).dt.convert_time_zone("UTC")


def day_orders(text: pl.Series) -> tuple[set[bool], bool]:
    """What dates such as 22/12/2021 say.

    Returns:
        true among the orders where some begin with the day, false where some begin with the month; and whether some could be read both ways.
    """
    parts = text.str.extract_groups(r"^(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d\d)(?:\D|$)").struct.unnest()
    first, second = (parts[name].cast(pl.Int64, strict=False) for name in ("1", "2"))
    day, other_day = first > _MONTHS, second > _MONTHS
    return {order for order, said in ((True, day), (False, other_day)) if said.any()}, (~day & ~other_day).any()


def from_epoch(text: pl.Series) -> pl.Series:
    """Seconds, milli-, micro- or nanoseconds since 1970 as times."""
    seconds = text.cast(pl.Float64, strict=False)
    lowest, highest = seconds.min(), seconds.max()
    if isinstance(lowest, float) and isinstance(highest, float) and lowest >= 0 and highest < _SECONDS and not seconds.is_nan().any():
        return (seconds * 1e6).round().cast(pl.Int64).cast(UTC_TIME)  # the usual case: all are seconds, exact to the microsecond
    whole = text.cast(pl.Int64, strict=False)
    micros = pl.Series([], dtype=pl.Int64)
    if whole.null_count() < len(whole):
        size = pl.select(pl.when(whole >= 0).then(whole)).to_series()
        scales = ((10**11, whole * 1_000_000), (10**14, whole * 1_000), (10**17, whole), (2**63 - 1, whole // 1_000))
        micros = pl.select(pl.coalesce(*(pl.when(size < limit).then(scaled) for limit, scaled in scales))).to_series()
    if whole.null_count():
        fraction = pl.select(pl.when(seconds.is_between(0, _SECONDS)).then((seconds * 1e6).round())).to_series().cast(pl.Int64, strict=False)
        micros = micros.zip_with(micros.is_not_null(), fraction) if len(micros) else fraction
    return micros.cast(UTC_TIME)


def between(times: pl.Series, earliest: datetime) -> pl.Series:
    """The times, null outside of what a log can hold."""
    inside = times.is_between(earliest, _LATEST)
    return times if inside.all() else pl.select(pl.when(inside).then(times)).to_series()


def joined(fields: tuple[str, ...]) -> pl.Expr:
    """The fields with a blank between them."""
    return pl.col(fields[0]) if len(fields) == 1 else pl.concat_str(*fields, separator=" ")


def parsed(text: pl.Expr, layout: str) -> pl.Expr:
    """Local time by a layout of chrono's strftime, null where the text has another."""
    return text.str.to_datetime(layout, time_unit="us", strict=False).cast(_LOCAL_TIME)


def offset(text: pl.Expr) -> pl.Expr:
    """What `+02:00` or `-0230` adds to UTC; nothing where there is no offset."""
    sign = pl.when(text.str.starts_with("-")).then(-1).otherwise(1)
    minutes = text.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + text.str.slice(-2).cast(pl.Int64, strict=False)
    return pl.duration(minutes=(sign * minutes).fill_null(0))
