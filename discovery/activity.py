"""Was it a person, a program or a page? The activity of each person on each service, and the rule that decided it, in words.

Evidence are the roles of the hosts, the distinct ten-minute slots, the days and the bytes sent. A log of names (DNS) tells no bytes:
there slots and days decide. The first rule that fits wins:

1. sent more to hosts people work with than headers explain: active
2. there from early to late on most of its days: background
3. hosts people work with, in several slots: active; but not where every slot holds a lone request, the trace of somebody else's page
4. hosts that synchronise by themselves: background
5. hosts people work with, once or twice: visit
6. every request refused: visit
7. public pages: visit
8. what is left are parts of other people's pages: embedded
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from discovery import shipped

#: Strongest first (decision 18).
ACTIVITIES: Final = ("active", "background", "visit", "embedded")

#: Columns of `judge`.
JUDGED: Final[dict[str, pl.DataType]] = {
    "person": pl.String(),
    "service": pl.String(),
    "activity": pl.String(),
    "rule": pl.String(),  # why, in words
    "use_days": pl.Int64(),  # days on which hosts people work with answered
}

_SLOTS_A_DAY: Final = 144


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of `activity.toml`; their meaning and reason stand there."""

    slots_of_use: int
    machine_slots: int
    machine_days_share: float
    upload_bytes: int
    upload_bytes_per_request: int


@cache
def thresholds() -> Thresholds:
    """The shipped thresholds."""
    return Thresholds(**tomllib.loads(shipped.beside("discovery", "activity.toml").read_text(encoding="utf-8")))


def judge(observed: pl.DataFrame, limits: Thresholds | None = None) -> pl.DataFrame:
    """Columns of `JUDGED`, one row per person (null: nobody can be told) and service, from rows of `OBSERVED` that match a service."""
    limits = limits or thresholds()
    counted = _per_person(_per_day(_per_domain(observed), limits), limits)
    return counted.with_columns(_verdict(limits)).select(pl.col(name).cast(kind) for name, kind in JUDGED.items())


def _per_domain(observed: pl.DataFrame) -> pl.LazyFrame:
    """Add up sources: each hour was counted by one kind of log only, so the slots of one domain on one device add."""
    sums = (
        observed.lazy()
        .with_columns(pl.col("role").fill_null("use"))
        .group_by("person", "service", "day", "domain", "device", "role")
        .agg(pl.col("slots", "hits", "blocked_hits", "uploaded_bytes").sum(), pl.col("first").min())
    )
    of = {role: pl.when(pl.col("role") == role) for role in ("use", "sync", "visit")}
    return sums.select(
        *("person", "service", "day"),
        of["use"].then("slots").alias("slots"),
        of["use"].then(pl.col("first").dt.truncate("10m")).alias("first_slot"),
        of["use"].then("hits").alias("requests"),
        of["use"].then("blocked_hits").alias("refused"),
        of["use"].then("uploaded_bytes").alias("sent"),
        of["sync"].then("hits").alias("sync"),
        of["visit"].then("hits").alias("visit"),
    )


def _per_day(domains: pl.LazyFrame, limits: Thresholds) -> pl.LazyFrame:
    """One row per person, service and day.

    The slots of several hosts and devices overlap, and only their counts are kept: the day has at least as many as the busiest of them, and at
    least as many as there are different first slots.
    """
    firsts = pl.col("first_slot").drop_nulls().n_unique().cast(pl.Int64)
    sums = domains.group_by("person", "service", "day").agg(
        pl.min_horizontal(pl.max_horizontal(pl.col("slots").max(), firsts), _SLOTS_A_DAY).alias("slots"),
        pl.col("requests", "refused", "sent", "sync", "visit").sum(),
    )
    much = (pl.col("sent") >= limits.upload_bytes) & (pl.col("sent") >= limits.upload_bytes_per_request * pl.col("requests"))
    return sums.with_columns(pl.min_horizontal("refused", "requests"), pl.when(much).then("sent").otherwise(0).alias("handed_over"))


def _per_person(days: pl.LazyFrame, limits: Thresholds) -> pl.DataFrame:
    answered = pl.col("requests") > pl.col("refused")
    slots = pl.col("slots").filter(answered)
    return (
        days.group_by("person", "service")
        .agg(
            slots.sum().alias("slots"),
            slots.max().fill_null(0).alias("most_slots"),
            (slots >= limits.machine_slots).sum().cast(pl.Int64).alias("machine_days"),
            answered.sum().cast(pl.Int64).alias("use_days"),
            pl.col("requests", "refused", "handed_over", "sync", "visit").sum(),
        )
        .sort("person", "service")
        .collect()
    )


def _verdict(limits: Thresholds) -> list[pl.Expr]:
    used = pl.col("use_days") > 0
    lone = (pl.col("most_slots") == 1) & (pl.col("requests") <= pl.col("slots"))
    seen = pl.format("{} on {}", _counted("slots", "ten-minute slot"), _counted("use_days", "day"))
    rules: list[tuple[pl.Expr, str, pl.Expr]] = [
        (pl.col("handed_over") > 0, "active", pl.format("sent {} MB to hosts people work with", (pl.col("handed_over") / 1e6).round(1))),
        (
            (pl.col("machine_days") > 0) & (pl.col("machine_days") >= limits.machine_days_share * pl.col("use_days")),
            "background",
            pl.format(
                f"{limits.machine_slots} or more of the day's {_SLOTS_A_DAY} ten-minute slots on {{}}, longer than anybody works",
                _counted("machine_days", "day"),
            ),
        ),
        (used & (pl.col("slots") >= limits.slots_of_use) & ~lone, "active", pl.format("hosts people work with, in {}", seen)),
        (pl.col("sync") > 0, "background", pl.format("{} to hosts that synchronise by themselves, no sign of a person", _counted("sync", "request"))),
        (used & lone, "visit", pl.format("lone requests only, as pages of others make them: {}", seen)),
        (used, "visit", pl.format("no more than {}, and nothing of size was sent", seen)),
        (pl.col("requests") > 0, "visit", pl.format("tried only: {}, all refused", _counted("requests", "request"))),
        (pl.col("visit") > 0, "visit", pl.lit("only its public pages")),
    ]
    activity: pl.Expr = pl.lit("embedded")
    rule: pl.Expr = pl.lit("only as a part of other people's pages")
    for fits, name, words in reversed(rules):
        activity = pl.when(fits).then(pl.lit(name)).otherwise(activity)
        rule = pl.when(fits).then(words).otherwise(rule)
    return [activity.alias("activity"), rule.alias("rule")]


def _counted(column: str, noun: str) -> pl.Expr:
    """A number with its noun: "1 day", "3 days"."""
    return pl.when(pl.col(column) == 1).then(pl.lit(f"1 {noun}")).otherwise(pl.format(f"{{}} {noun}s", column))
