"""From usage to observations: say who it was, match each domain once, let one record speak for each visit, and roll hours up to days.

While rows are many, who and where are numbers of the two small tables `who` and `domains`; their words come back at the end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from discovery.catalogue import Catalogue
from discovery.coverage import cover
from discovery.events import CHANNEL
from discovery.matching import Matcher
from discovery.observations import OBSERVED, Coverage, LogAccount, Observations
from discovery.rhythm import EVIDENCE, evidence
from discovery.runs import Runs, distinct
from discovery.usage import NEVER, OPENED, UNTIL
from discovery.visits import by_day, strongest

#: What usage may carry beside `USAGE` and the columns of attribution, and what holds where it does not. Rows of grain "day" were compacted:
#: their `slots` are a count, not a mask; `people` counts those behind a row whose person is withheld.
_OPTIONAL: Final[dict[str, pl.Expr]] = {
    "grain": pl.lit("hour"),
    "people": pl.lit(None, pl.Int64),
    "sighting": pl.lit("traffic"),
    "account": pl.lit("cannot_be_told"),
    **dict.fromkeys(OPENED, pl.lit(NEVER, pl.UInt16)),
    UNTIL: pl.lit(0, pl.UInt16),
}

#: What keeps rows apart, beside domain and day; the rest of what is known of who follows from it.
_WHO: Final = ("person", "device", "source", "sighting", "account")
_OF_WHO: Final = ("person_kind", "basis", "team", "family")
_MEASURES: Final = ("slots", "hits", "blocked_hits", "people", "source_bytes", "destination_bytes", "first", "last", "first_line", *OPENED, UNTIL)

#: Rows that are observed together, so many days and people at a time.
_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """The usage of one log.

    Attributes:
        usage: columns of `USAGE`; from a store also those of `_OPTIONAL`.
        account: of that log.
        source: what it is called in words.
        who: adds person, person_kind, basis, team and device to rows of usage; by default they are there.
    """

    usage: pl.DataFrame
    account: LogAccount
    source: str
    who: Callable[[pl.DataFrame], pl.DataFrame] = lambda usage: usage


def observe(
    parts: Sequence[Part], people: pl.DataFrame | None, catalogue: Catalogue, *, zone: str, people_expected: int | None = None
) -> Observations:
    """What was seen in these logs, whatever their order.

    Args:
        parts: one per log.
        people: the people list; counted where `people_expected` is not given.
        catalogue: what the domains are matched with.
        zone: the client's; a day is a day there.
        people_expected: people in the firm; None: not known.
    """
    if not parts:
        return Observations(pl.DataFrame(schema=OBSERVED), (), Coverage(people_expected=people_expected), zone, people_told_apart=False)
    parts = sorted(parts, key=lambda part: (part.source, part.account.path, part.account.format))
    domains = _domains(parts, catalogue)
    slices = [_slice(rows, domains, parts, zone) for rows in _days(parts, zone)]
    present = pl.concat([one.present for one in slices]).unique()
    asked = pl.concat([one.asked for one in slices])
    coverage = cover(present, asked, [(part.source, part.account) for part in parts], people, people_expected)
    return Observations(
        usage=pl.concat([one.usage for one in slices]),
        logs=tuple(part.account for part in parts),
        coverage=coverage,
        zone=zone,
        since=present["day"].min(),  # type: ignore[arg-type]
        until=present["day"].max(),  # type: ignore[arg-type]
        people_told_apart=coverage.people_seen is not None,
    )


@dataclass(frozen=True, slots=True)
class _Slice:
    """What some days gave: rows of `OBSERVED`, who was there on which day, and what was asked for how often."""

    usage: pl.DataFrame
    present: pl.DataFrame
    asked: pl.DataFrame


def _days(parts: Sequence[Part], zone: str) -> Iterator[list[pl.DataFrame]]:
    """The usage of all parts, some days at a time: days do not depend on each other, so memory stays flat as the period grows."""
    if sum(part.usage.height for part in parts) <= _AT_ONCE:
        yield [part.usage for part in parts]
        return
    dated = [part.usage.with_columns(pl.col("hour").dt.convert_time_zone(zone).dt.date().alias("_day")) for part in parts]
    counts = pl.concat([usage.group_by("_day").agg(pl.len()) for usage in dated]).group_by("_day").agg(pl.col("len").sum()).sort("_day")
    turn = pl.col("len").cum_sum().shift(fill_value=0) // _AT_ONCE
    for _, days in counts.with_columns(turn.alias("turn")).group_by("turn", maintain_order=True):
        since, until = days["_day"][0], days["_day"][-1]
        yield [usage.filter(pl.col("_day").is_between(since, until)).drop("_day") for usage in dated]


def _slice(usage: Sequence[pl.DataFrame], domains: pl.DataFrame, parts: Sequence[Part], zone: str) -> _Slice:
    rows = _together(usage, parts, zone)
    who, numbers = _who(rows)
    rows = rows.with_columns(numbers, who["somebody"].gather(numbers), who["machine"].gather(numbers), _matched(rows, domains))
    first, _ = distinct(rows, ("person", "person_kind", "day"))
    present = rows.select("person", "person_kind", "day")[first].cast({"person": pl.String, "person_kind": pl.String})
    asked = _asked(rows)
    rows = rows.drop(*_WHO, *_OF_WHO, "destination_domain").drop_nulls("domain")
    turns = rows.height // _AT_ONCE + 1  # people do not depend on each other either
    days = pl.concat([_people(rows.filter(pl.col("somebody") % turns == turn), who, domains) for turn in range(turns)])
    return _Slice(_named(days.sort("who", "domain", "day"), who, domains, [part.account.path for part in parts]), present, asked)


def _people(rows: pl.DataFrame, who: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    """The days of some people, with the evidence of when they asked for what."""
    told = strongest(rows.with_columns(domains["target"].gather(rows["domain"])))
    reported = told.filter((domains["match"] != "private").gather(told["domain"]))
    return _with_evidence(by_day(reported), evidence(told, domains), who, domains)


def _asked(rows: pl.DataFrame) -> pl.DataFrame:
    """How often each domain was asked for, and whether it was told how much was sent there."""
    runs = Runs(rows, ("domain",))
    told = runs.reduced(rows["source_bytes"].is_not_null().cast(pl.Int64), np.add) > 0
    return pl.DataFrame([rows["destination_domain"].gather(runs.rows), runs.reduced(rows["hits"], np.add), told.alias("bytes_told")])


def _together(usage: Sequence[pl.DataFrame], parts: Sequence[Part], zone: str) -> pl.DataFrame:
    """All rows in one table, with `part`, `unit`, `day`, and `start`: the hour, or the whole day for rows compacted to it."""
    units = {name: number for number, name in enumerate(sorted({part.account.format for part in parts}))}
    tables = [
        part.who(rows)
        .with_columns(
            *(value.alias(name) for name, value in _OPTIONAL.items() if name not in rows.columns),
            pl.lit(number, pl.Int64).alias("part"),
            pl.lit(units[part.account.format], pl.Int64).alias("unit"),
            pl.lit(part.source).cast(pl.Categorical).alias("source"),
            pl.lit(part.account.family).cast(pl.Categorical).alias("family"),
            pl.col("channel").cast(CHANNEL).to_physical().cast(pl.Int64).alias("rank"),
            pl.col("destination_domain").cast(pl.String),
        )
        .select("part", "unit", "rank", *_WHO, *_OF_WHO, "destination_domain", "hour", "grain", *_MEASURES)
        for number, (part, rows) in enumerate(zip(parts, usage, strict=True))
    ]
    day = pl.col("hour").dt.convert_time_zone(zone).dt.date()
    compacted = pl.col("grain") == "day"
    return (
        pl.concat(tables, how="vertical_relaxed")
        .with_columns(
            day.alias("day"),
            pl.when(compacted).then(day.cast(pl.Datetime("us", "UTC"))).otherwise("hour").alias("start"),
            pl.when(compacted).then(None).otherwise("slots").alias("mask"),
            pl.when(compacted).then(pl.col("slots").cast(pl.Int64)).alias("counted"),
            pl.col(*_WHO, *_OF_WHO).cast(pl.Categorical),
        )
        .drop("hour", "grain", "slots")
    )


def _who(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Each distinct who, numbered in alphabetical order, and the number of each row; `somebody` numbers the person, `machine` also the device."""
    first, which = distinct(rows, (*_WHO, *_OF_WHO))
    stated = rows.select(*_WHO, *_OF_WHO)[first].cast(pl.String)
    one = stated.group_by(_WHO).agg(pl.col(_OF_WHO).sort(nulls_last=True).first()).sort(_WHO, nulls_last=True).with_row_index("who")
    who = one.with_columns(
        pl.col("who").cast(pl.Int64),
        pl.col("person").rle_id().cast(pl.Int64).alias("somebody"),
        pl.struct("person", "device").rle_id().cast(pl.Int64).alias("machine"),
    )
    numbers = stated.join(who.select(*_WHO, "who"), on=_WHO, how="left", nulls_equal=True, maintain_order="left")["who"]
    return who, numbers.gather(which)


def _domains(parts: Sequence[Part], catalogue: Catalogue) -> pl.DataFrame:
    """Each distinct domain with its match, numbered by service and name; `target` is what a visit goes to."""
    asked = pl.concat([part.usage["destination_domain"].unique().cast(pl.String) for part in parts])
    matches = Matcher(catalogue).match_all(asked).rename({"domain": "destination_domain"})
    ordered = matches.sort("service", "destination_domain", nulls_last=True).with_row_index("domain")
    target = pl.coalesce("service", "registrable", "entry", "destination_domain").rank("dense")
    return ordered.select(
        pl.col("domain").cast(pl.Int64), target.cast(pl.Int64).alias("target"), "destination_domain", "match", "service", "role", "registrable"
    )


def _matched(rows: pl.DataFrame, domains: pl.DataFrame) -> pl.Series:
    """The number of each row's domain; null where it has none."""
    first, which = distinct(rows, ("destination_domain",))
    asked = rows.select("destination_domain")[first].join(domains, on="destination_domain", how="left", maintain_order="left")
    return asked["domain"].gather(which)


def _with_evidence(days: pl.DataFrame, found: pl.DataFrame, who: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    """Rows with the evidence of the machine's day with the service; null for hosts that nobody works with."""
    working = pl.col("match").eq("service") & pl.col("role").fill_null("use").eq("use")
    keyed = days.join(who.select("who", "machine"), on="who", how="left").join(
        domains.filter(working).select("domain", "target"), on="domain", how="left"
    )
    joined = keyed.join(found, on=["machine", "target", "day"], how="left", maintain_order="left")
    return joined.select(*days.columns, *EVIDENCE)


def _named(days: pl.DataFrame, who: pl.DataFrame, domains: pl.DataFrame, logs: Sequence[str]) -> pl.DataFrame:
    """Rows of `OBSERVED`, with the words behind the numbers."""
    wide = pl.concat([days.drop("domain"), who[days["who"]].drop("who"), domains[days["domain"]].drop("domain")], how="horizontal")
    renamed = {"destination_domain": "domain", "sighting": "kind", "source_bytes": "uploaded_bytes", "destination_bytes": "downloaded_bytes"}
    log = pl.Series("log", logs, dtype=pl.String)[days["part"]]
    return wide.with_columns(log).rename(renamed).select(pl.col(name).cast(kind) for name, kind in OBSERVED.items())
