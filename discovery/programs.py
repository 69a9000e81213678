"""Which openings are a program's: what one device opens of one service, seen over all its days.

Each device is looked at by itself: a telephone that looks in every hour says nothing against the work at a computer.
"""

from typing import Final

import polars as pl

from discovery.rhythm import EVIDENCE
from discovery.thresholds import Thresholds

_SLOTS_AN_HOUR: Final = 6
_NEVER_SURE: Final = 0.9  # the chance of a slot to be asked, at most: of what is asked all the time, hours would not differ at all
_DEVICE: Final = "of_device"  # one number for person, service and device: grouping by it takes half as long
_OPENED: Final = ("sittings", "moments", "joint", "openings", "started")
#: What may seem so by chance, and which count tells.
_SEEMING: Final = {"sittings": "sittings", "sat_seconds": "sittings", "moments": "moments", "started": "started"}


def per_device(domains: pl.LazyFrame, limits: Thresholds) -> pl.LazyFrame:
    """Rows of domains with the evidence of time of their device's day, without what a program opened.

    That evidence is the same beside each domain of the service: here it is kept once. What a device opens at equal intervals, on that day or always,
    or as often in one hour as in the next, or one host as often on one day as on the next, or on a day on which a program that runs day and night
    falters, counts as asked evenly and not as opened.
    """
    day = (_DEVICE, "day")
    told = pl.col("sittings").cum_count().over(day, order_by="requests", descending=True)
    once = domains.with_columns(pl.struct("person", "service", "device").hash().alias(_DEVICE)).with_columns(
        *(pl.when(told == 1).then(name).alias(name) for name in EVIDENCE),
        pl.col("sittings").count().over(day).cast(pl.Int64).alias("asked"),
        pl.col("slots").max().over(day).alias("busiest"),
    )
    program = _at_intervals(limits) | _level(limits) | _day_by_day(limits) | _day_and_night(limits)
    at_least_one = pl.max_horizontal("steady_hosts", (pl.col("openings") > 0).cast(pl.Int64))
    nobodys = dict.fromkeys(_OPENED, program) | {name: program | _by_chance(of, limits) for name, of in _SEEMING.items()}
    return once.with_columns(
        pl.when(program).then(at_least_one).otherwise("steady_hosts").alias("steady_hosts"),
        *(pl.when(nobody & pl.col(name).is_not_null()).then(0).otherwise(name).alias(name) for name, nobody in nobodys.items()),
    )


def _sum(name: str) -> pl.Expr:
    return pl.col(name).sum().over(_DEVICE)


def _by_chance(name: str, limits: Thresholds) -> pl.Expr:
    """Whether so many openings follow each other closely by chance, as seldom or as often as its calls would meet anyway."""
    hours = _sum("whole_hours")
    met = _sum("openings") * _sum("asked_slots") / (hours * _SLOTS_AN_HOUR)
    no_page = (_sum("parts") * limits.requests_a_part <= _sum("requests")) & (_sum("moments") == 0)
    calls = (hours >= limits.calls_hours) & (_sum(name) <= limits.calls_for_sitting * met)
    return (_sum(name) * limits.openings_for_sitting < _sum("openings")) | (no_page & calls).fill_null(value=False)


def _at_intervals(limits: Thresholds) -> pl.Expr:
    """Whether what a device opens, on that day or always, is opened at equal intervals."""
    gaps, even = pl.col("gaps"), pl.col("even_gaps")
    steady = (pl.col("steady_hosts") > 0).sum().over(_DEVICE)
    always = (steady == 0) & (_sum("even_gaps") >= limits.even_gaps_share * _sum("gaps"))
    this_day = (gaps > 0) & (even >= limits.even_gaps_share * gaps)
    return (_sum("even_gaps") + steady * limits.steady_day_gaps >= limits.even_gaps) & (always | this_day)


def _level(limits: Thresholds) -> pl.Expr:
    """Whether a device asks for a service as often in one hour as in the next, over all its days: in less spread than chance would bring."""
    hours, slots, squared = (_sum(name) for name in ("whole_hours", "asked_slots", "asked_slots_squared"))
    mean = slots / hours
    variance = squared / hours - mean**2
    by_chance = mean * (1 - pl.min_horizontal(mean / _SLOTS_AN_HOUR, _NEVER_SURE))
    enough = (hours >= limits.even_hours) & (mean >= limits.even_slots_an_hour)
    most = pl.when(_lone()).then(limits.lone_dispersion).otherwise(limits.even_dispersion)
    return (enough & (variance <= most * by_chance)).fill_null(value=False)


def _day_by_day(limits: Thresholds) -> pl.Expr:
    """Whether a device opens one host as often on one day as on the next, and never for longer than chance makes it seem."""
    days = (pl.col("openings") > 0).sum().over(_DEVICE)
    mean = _sum("openings") / days
    variance = (pl.col("openings") ** 2).sum().over(_DEVICE) / days - mean**2
    often = (days >= limits.alike_days) & (mean >= limits.alike_openings_a_day)
    return (often & _lone() & _by_chance("sittings", limits) & (variance <= limits.alike_dispersion * mean)).fill_null(value=False)


def _lone() -> pl.Expr:
    """Whether a device asks for one host of the service a day, and never opened a page of it."""
    return (pl.col("asked").max().over(_DEVICE) <= 1) & (pl.sum_horizontal("joint", "moments").sum().over(_DEVICE) == 0)


def _day_and_night(limits: Thresholds) -> pl.Expr:
    """Whether a day is one of a program that runs day and night, on which no more hosts are asked than it asks evenly on others."""
    told = pl.col("sittings").is_not_null()
    runs = (told & (pl.col("busiest") >= limits.machine_slots)).sum().over(_DEVICE) >= limits.machine_days_share * told.sum().over(_DEVICE)
    return runs & (pl.col("asked") <= pl.col("steady_hosts").max().over(_DEVICE))
