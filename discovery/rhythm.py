"""When and beside what a host was asked: the evidence of time that the verdict on activity rests on.

Requests to a service that follow each other closely are one **sitting**. A sitting begins of its own accord, or within seconds of another site's
page, as the parts of that page do. Hosts asked evenly from hour to hour, more evenly than chance would have it, tell of a program or an open
window and are left out of sittings; so is what opens within minutes of the machine itself. All of it is counted per machine, service and day,
so days may be observed in any slices.
"""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

import polars as pl

from discovery import shipped
from discovery.events import CHANNELS
from discovery.usage import NEVER, OPENED, UNTIL

#: The evidence, one row per machine, target and day; columns of `OBSERVED`.
EVIDENCE: Final = ("sittings", "sat_seconds", "moments", "openings", "led", "steady_hosts")

_DAY: Final = ("machine", "target", "day")
_HOST: Final = ("machine", "domain", "day")
_TEN_MINUTES: Final = 600_000_000  # microseconds
_HUNDREDTH: Final = 10_000
_TENTH: Final = 100_000
_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The numbers under `[rhythm]` of `activity.toml`; their meaning and reason stand there."""

    sitting_ends_after: int
    sitting_lasts: int
    sitting_lasts_at_most: int
    page_seconds: int
    own_hosts: int
    machine_starts_seconds: int
    machine_starts_targets: int
    steady_hours_share: float
    steady_hours: int
    steady_dispersion: float
    queries_a_name: float
    touches_by_name: int


@cache
def rhythm() -> Rhythm:
    """The shipped numbers."""
    return Rhythm(**tomllib.loads(shipped.beside("discovery", "activity.toml").read_text(encoding="utf-8"))["rhythm"])


def evidence(rows: pl.DataFrame, domains: pl.DataFrame, limits: Rhythm | None = None) -> pl.DataFrame:
    """Evidence per `machine`, `target` and `day`; no row where the time within hours is not known.

    Args:
        rows: machine, domain, target, day, start (the hour), rank (of the channel), hits, first, `OPENED` and `UNTIL`.
        domains: domain, match and role.
        limits: other numbers than the shipped ones.
    """
    limits = limits or rhythm()
    role = pl.col("role").fill_null("use")
    kinds = domains.select(
        "domain",
        (pl.col("match").eq("service") & role.eq("use")).alias("working"),
        (pl.col("match").ne("background") & role.is_in(["use", "visit"])).alias("page"),
    )
    known = rows.filter((pl.col("hits") > 0) & (pl.min_horizontal(OPENED) < NEVER)).join(kinds, on="domain")
    hours = _near(known).lazy()
    worked = hours.filter("working").select(_DAY).unique()
    of_day = known.lazy().join(worked, on=["machine", "day"], how="semi").group_by("machine", "day")
    machines = of_day.agg(
        pl.col("start").n_unique().alias("present"),
        pl.col("first").min().alias("on"),
        pl.col("target").filter(pl.col("first") - pl.col("first").min() <= timedelta(seconds=limits.machine_starts_seconds)).n_unique().alias("woke"),
    )
    steady = _steady(hours.filter("working").join(machines, on=["machine", "day"]), limits)
    touches = _touches(hours.filter("page").join(steady, on=_HOST, how="left"))
    sittings = _led(_sittings(touches, limits), limits).filter("working").join(machines, on=["machine", "day"])
    counted = _counted(sittings, limits)
    even = steady.filter("steady").group_by(_DAY).agg(pl.len().cast(pl.Int64).alias("steady_hosts"))
    found = worked.join(counted, on=_DAY, how="left").join(even, on=_DAY, how="left")
    return found.select(*_DAY, pl.col(EVIDENCE).cast(pl.Int64).fill_null(0)).collect()


def _near(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the hours in which, or beside which, the machine asked for something that people work with; nothing else can be told from."""
    hours = rows.filter("working").select("machine", "start")
    beside = pl.concat([hours.with_columns(pl.col("start").dt.offset_by(by)) for by in ("-1h", "0h", "1h")]).unique()
    return rows.join(beside, on=["machine", "start"], how="semi")


def _steady(hours: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Hosts with whether they were asked evenly all day: in most hours of the machine, and varying less than requests by chance would.

    The variance of counts by chance is their mean (Poisson); a poll varies less, a person more. The first and the last hour are only partly
    filled and do not count. A name is asked for by several queries at once, which vary together.
    """
    whole = (pl.col("start") > pl.col("start").min()) & (pl.col("start") < pl.col("start").max())
    asked = pl.col("hits").filter(whole)
    chance = pl.when(pl.col("rank").min() == CHANNELS.index("dns")).then(limits.queries_a_name).otherwise(1) * limits.steady_dispersion
    often = (pl.len() >= limits.steady_hours_share * pl.col("present").first()) & (pl.len() >= limits.steady_hours)
    even = (asked.var() / asked.mean()).fill_null(0) <= chance
    return hours.group_by(*_HOST, "target").agg((often & even).alias("steady"))


def _touches(hours: pl.LazyFrame) -> pl.LazyFrame:
    """One row per host and ten minutes with requests, of hosts that are not steady: when it was first asked, and until when as far as is known."""
    columns = ("machine", "target", "domain", "day", "working", "rank")
    parts = []
    for slot, opened in enumerate(OPENED):
        begin = pl.col("start").cast(pl.Int64) + slot * _TEN_MINUTES
        at = begin + pl.col(opened).cast(pl.Int64) * _HUNDREDTH
        last = pl.col("start").cast(pl.Int64) + pl.col(UNTIL).cast(pl.Int64) * _TENTH
        end = pl.when(last.is_between(begin, begin + _TEN_MINUTES)).then(pl.max_horizontal(last, at)).otherwise(at)
        asked = hours.filter((pl.col(opened) < NEVER) & ~pl.col("steady").fill_null(value=False))
        parts.append(asked.select(*columns, at.alias("at"), end.alias("end")))
    return pl.concat(parts)


def _sittings(touches: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Touches of one target that follow each other closely; those of its public pages apart from those of hosts people work with."""
    ordered = touches.sort("machine", "target", "working", "at", "end")
    before = pl.col("end").cum_max().shift().over("machine", "target", "working")
    begins = ((pl.col("at") - before) > limits.sitting_ends_after * _SECOND).fill_null(value=True)
    return (
        ordered.with_columns(begins.cum_sum().alias("sitting"))
        .group_by("machine", "target", "working", "sitting")
        .agg(
            pl.col("day").first(),
            pl.col("at").min(),
            pl.col("end").max(),
            pl.col("domain").n_unique().alias("hosts"),
            pl.len().alias("touches"),
            pl.col("rank").max(),
        )
    )


def _led(sittings: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Sittings with whether they began within seconds of another site's page.

    What begins within the same seconds is one page, named after what was asked first; in the same instant, hosts nobody works with come first.
    """
    ordered = sittings.sort("machine", "at", "working", "target")
    pause = (pl.col("at") - pl.col("at").shift()).over("machine")
    page = (pause.fill_null(limits.page_seconds * _SECOND + 1) > limits.page_seconds * _SECOND).cum_sum().alias("page")
    leader = pl.col("target").first().over("page")
    return ordered.with_columns(page).with_columns((leader != pl.col("target")).alias("led"))


def _counted(sittings: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    seconds = (pl.col("end") - pl.col("at")) // _SECOND
    free = ~pl.col("led")
    early = pl.col("at") - pl.col("on").cast(pl.Int64) <= limits.machine_starts_seconds * _SECOND
    started = early & (pl.col("woke") >= limits.machine_starts_targets)
    own = pl.col("hosts") >= limits.own_hosts
    sure = (pl.col("rank") > CHANNELS.index("dns")) | own | (pl.col("touches") >= limits.touches_by_name)
    sat = free & sure & ~started & seconds.is_between(limits.sitting_lasts, limits.sitting_lasts_at_most)
    return sittings.group_by(_DAY).agg(
        sat.sum().alias("sittings"),
        seconds.filter(sat).sum().alias("sat_seconds"),
        (free & own & ~started & ~sat).sum().alias("moments"),
        (free & ~started).sum().alias("openings"),
        pl.col("led").sum().alias("led"),
    )
