"""Text as written becomes a time in UTC: epochs, layouts, offsets, local times, and what a date says about the order of day and month.

A log writes the same second on many lines, in one of several layouts: it is read once, and no layout is tried without need.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Final

import numpy as np
import polars as pl

from discovery.instants import instants
from discovery.months import in_english

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

#: The text that a way of reading looks at, and what that gives.
TEXT: Final = pl.col("_text")
TIME: Final = pl.col("_time")
_FEW: Final = 256  # rows of which no one looks which are equal
_LEAP: Final = 2000

# Names of zones that mean one offset wherever they are written, in minutes (RFC 5322, section 4.3; IANA time zone database). CST is several.
_NAMED: Final = {
    **dict.fromkeys(("Z", "z", "UT", "UTC", "GMT", "WET"), 0),
    "WEST": 60,
    "BST": 60,
    "CET": 60,
    "MEZ": 60,
    "CEST": 120,
    "MESZ": 120,
    "EET": 120,
    "SAST": 120,
    "EEST": 180,
    "MSK": 180,
    "EDT": -240,
    "EST": -300,
    "CDT": -300,
    "MDT": -360,
    "MST": -420,
    "PDT": -420,
    "PST": -480,
    "SGT": 480,
    "HKT": 480,
    "JST": 540,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
}
_OFFSET: Final = rf"(?:{'|'.join(_NAMED)}|(?:GMT|UTC)?[+-]\d\d:?\d\d)"

# A month as a word, whatever stands around it, and where the time stands between it and the year.
_WEEKDAY: Final = r"^(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? +"
_ZONE: Final = rf"(?:{_OFFSET}|[A-Z]{{3,5}})"  # of which a name that means several offsets tells nothing
_YEAR_LAST: Final = rf"^([A-Za-z]{{3}} +\d{{1,2}}) +([\d:.]+)((?: {_ZONE})?) (\d{{4}})"
_MONTH_FIRST: Final = r"^([A-Za-z]{3,9})[ -]+(\d{1,2}),?[ -]+(\d{4}),?[ :]+"
_DAY_FIRST: Final = r"^(\d{1,2})[ /-]([A-Za-z]{3,9})[ /-](\d{4}),?[ :]+"
_USUAL: Final = "%b %d %Y %H:%M:%S%.f"
_CLOCKS: Final = ("%H:%M:%S%.f", "%I:%M:%S%.f %p")

_PLAIN: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,6})?$"
_DATED: Final = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"


def read(text: pl.Expr, ways: Sequence[pl.Expr], places: Sequence[pl.Expr]) -> pl.Expr:
    """Times in UTC.

    Args:
        text: as written.
        ways: expressions over `TEXT`; the first that is not null counts.
        places: expressions over `TIME`, which is what the ways give; the same holds for them.
    """
    return text.map_batches(partial(_once, partial(_placed, ways, places)), return_dtype=UTC_TIME)


def _once(form: Callable[[pl.Series], pl.Series], text: pl.Series) -> pl.Series:
    """A form of each value; of equal values that follow each other only the first is looked at."""
    if len(text) < _FEW:
        return form(text)
    new = text.ne_missing(text.shift())
    new[0] = True
    if new.sum() * 2 > len(text):
        return form(text)
    return form(text.filter(new)).gather(new.cum_sum() - 1)


def _placed(ways: Sequence[pl.Expr], places: Sequence[pl.Expr], text: pl.Series) -> pl.Series:
    return first_of(first_of(text.alias("_text").to_frame(), ways).alias("_time").to_frame(), places)


def first_of(rows: pl.DataFrame, ways: Sequence[pl.Expr]) -> pl.Series:
    """The first of some expressions that is not null; each is only asked about the rows that the ones before it left open."""
    if rows.height < _FEW:
        return rows.select(pl.coalesce(ways)).to_series()
    found = rows.select(ways[0]).to_series()
    for way in ways[1:]:
        if not found.null_count():
            break
        if found.null_count() == len(found):
            found = rows.select(way).to_series()
        else:
            open_ = found.is_null()
            found = found.scatter(open_.arg_true(), rows.filter(open_).select(way).to_series())
    return found


def moment(time: datetime) -> pl.Expr:
    """A time as an expression (Polars works it out anew wherever a plain one stands)."""
    return pl.lit(pl.Series([time], dtype=UTC_TIME)).first()


@cache
def _sensible() -> tuple[pl.Expr, pl.Expr]:
    """The first and the last moment that a log can hold; not worked out before it is needed, as that starts the engine's threads."""
    return moment(EARLIEST), moment(_LATEST)


def plausible(time: pl.Expr) -> pl.Expr:
    """The time, null outside 1990–2100: a counter is no date."""
    return pl.when(time.is_between(*_sensible())).then(time)


def to_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """Local times in UTC. An hour that occurs twice is read as its first; one that a change to summer time skips, as an hour later."""
    placed = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = local.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(placed, later).dt.convert_time_zone("UTC")


def day_orders(text: pl.Series) -> tuple[set[bool], bool]:
    """What dates such as 22/12/2021 say. Where dots stand between the numbers the day comes first, in every language that writes so (Unicode CLDR).

    Returns:
        true among the orders where some begin with the day, false where some begin with the month; and whether some could be read both ways.
    """
    parts = text.str.extract_groups(r"^(\d{1,2})[./-] ?(\d{1,2})[./-] ?(?:\d{4}|\d\d)(?:\D|$)").struct.unnest()
    first, second = (parts[name].cast(pl.Int64, strict=False) for name in ("1", "2"))
    other_day = second > _MONTHS
    day = (first > _MONTHS) | (text.str.contains(r"^\d{1,2}\. ?\d{1,2}\.") & ~other_day)
    return {order for order, said in ((True, day), (False, other_day)) if said.any()}, (~day & ~other_day).any()


def from_epoch(text: pl.Series) -> pl.Series:
    """Seconds, milli-, micro- or nanoseconds since 1970 as times; numbers are microseconds."""
    if text.dtype == pl.Int64:
        return text.cast(UTC_TIME)
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


def zoned(text: pl.Expr, layout: str) -> pl.Expr:
    """The same in UTC, by a layout that ends in an offset."""
    return text.str.to_datetime(layout, time_unit="us", time_zone="UTC", strict=False)


def iso(text: pl.Series, zone: str) -> pl.Series:
    """ISO 8601 or RFC 3339 in UTC: the offset of the text if it has one, else local time of the zone."""
    micros, known = instants(text)
    if known.all():
        return between(pl.Series(micros).cast(UTC_TIME), EARLIEST)
    if not known.any():
        return _otherwise(text, zone)
    rest = np.flatnonzero(~known)
    return between(pl.Series(micros).cast(UTC_TIME), EARLIEST).scatter(rest, _otherwise(text.gather(rest), zone))


def _otherwise(text: pl.Series, zone: str) -> pl.Series:
    """The same for what says no offset, or not in the usual way."""
    rows = text.alias("_text").to_frame()
    if not text.str.contains(_DATED).any():
        return pl.Series([None], dtype=UTC_TIME).new_from_index(0, len(text))
    rows = rows.select(TEXT.str.replace(" ", "T", literal=True))
    if rows["_text"].str.contains(_PLAIN).all():
        return rows.select(plausible(to_utc(parsed(TEXT, "%Y-%m-%dT%H:%M:%S%.f"), zone))).to_series()
    return rows.select(_iso(TEXT, zone)).to_series()


def _iso(text: pl.Expr, zone: str) -> pl.Expr:
    """All that may be written: an hour and minute alone, a comma, more digits than microseconds, an offset behind a blank."""
    local = parsed(text.str.slice(0, 26), "%Y-%m-%dT%H:%M:%S%.f")
    clock = text.str.extract(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)", 1)
    fraction = text.str.extract(r"^[^.,]*[.,](\d{1,6})", 1)
    shift = text.str.extract(rf"T[\d:.,]*(?: ?)({_OFFSET})$", 1)
    base = pl.coalesce(parsed(clock, "%Y-%m-%dT%H:%M:%S"), parsed(clock, "%Y-%m-%dT%H:%M"))
    base = base + pl.duration(microseconds=fraction.str.pad_end(6, "0").cast(pl.Int64, strict=False).fill_null(0))
    shifted = (base - offset(shift)).dt.replace_time_zone("UTC")
    return plausible(pl.when(shift.is_null()).then(to_utc(pl.coalesce(base, local), zone)).otherwise(shifted))


def in_year(local: pl.Expr, year: int) -> pl.Expr:
    """A local time of the leap year in which `dated` reads it, in another year; null where that has no such day."""
    moved = local.dt.offset_by(f"{year - _LEAP}y")
    return pl.when(moved.dt.day() == local.dt.day()).then(moved)


def yearless(text: pl.Expr, layout: str) -> list[pl.Expr]:
    """Local time of a date without year, in a leap year: as it stands, and with the month that another language calls so."""
    return [parsed(pl.concat_str(pl.lit(f"{_LEAP} "), each), f"%Y {layout}") for each in (text, in_english(text))]


def offset(text: pl.Expr) -> pl.Expr:
    """What `+02:00`, `-0230` or `CEST` adds to UTC; nothing where there is no offset."""
    number = text.str.extract(r"([+-]\d\d:?\d\d)$", 1)
    sign = pl.when(number.str.starts_with("-")).then(-1).otherwise(1)
    minutes = number.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + number.str.slice(-2).cast(pl.Int64, strict=False)
    return pl.duration(minutes=pl.coalesce(sign * minutes, text.replace_strict(_NAMED, default=0, return_dtype=pl.Int64)))


def worded(text: pl.Series, zone: str) -> pl.Series:
    """Dates whose month is a word, in UTC: by the zone behind the time, a number or a name, if there is one, else local time of the zone."""
    return _once(partial(_worded, zone), text)


def _worded(zone: str, text: pl.Series) -> pl.Series:
    found = text.alias("_text").to_frame().select(plausible(to_utc(parsed(TEXT, _USUAL), zone))).to_series()
    rest = (found.is_null() & text.str.contains("[A-Za-z]{3}")).arg_true()
    return found.scatter(rest, _taken_apart(zone, text.gather(rest))) if len(rest) else found


def _taken_apart(zone: str, text: pl.Series) -> pl.Series:
    """The same for what is not written in the usual way."""
    whole = TEXT.str.strip_chars().str.replace(_WEEKDAY, "").str.replace(_YEAR_LAST, "$1 $4 $2$3").str.replace(_MONTH_FIRST, "$2 $1 $3 ")
    parts = text.alias("_text").to_frame().select(whole.str.replace(_DAY_FIRST, "$1 $2 $3 ").alias("_text"))
    parts = parts.select(
        TEXT.str.replace(rf" ?{_ZONE}(?: \([A-Z]+\))?$", ""), TEXT.str.extract(rf"\d ?({_OFFSET})(?: \([A-Z]+\))?$", 1).alias("_shift")
    )
    local = first_of(parts.select("_text"), [parsed(TEXT, f"%d %B %Y {clock}") for clock in _CLOCKS]).alias("_time")
    placed = pl.when(pl.col("_shift").is_null()).then(to_utc(TIME, zone)).otherwise((TIME - offset(pl.col("_shift"))).dt.replace_time_zone("UTC"))
    return parts.hstack([local]).select(plausible(placed)).to_series()


def spoken(text: pl.Expr) -> pl.Expr:
    """Dates with blanks between their parts and clocks with dots, which only some locales write, in the usual form."""
    return (
        text.str.replace(r"^(\d{1,4})- ?(\d{1,2})- ?(\d{1,4})-?,? +", "$1-$2-$3 ")
        .str.replace(r" (\d{1,2})-(\d\d)-(\d\d)", " $1:$2:$3")
        .str.replace(r"(?i)[ \x{a0}\x{202f}]([ap])-?[ \x{a0}\x{202f}]?m-?$", " ${1}M")
    )
