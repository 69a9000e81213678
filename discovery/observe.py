"""From attributed usage to observations: match each domain once, let one record speak for each visit, and roll hours up to days.

Several logs see one visit: a name is asked for (DNS), a proxy gives a verdict, a firewall counts bytes. Per person, service and hour the
strongest kind of record counts, never a sum over kinds of log (decision 6). Logs of one format do add up: they are rotated files, or two
proxies that share the traffic.

While rows are many, who and where are numbers of the two small tables `who` and `domains`; their words come back at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from discovery.catalogue import Catalogue
from discovery.coverage import cover
from discovery.events import CHANNELS
from discovery.matching import Matcher
from discovery.observations import OBSERVED, Coverage, LogAccount, Observations

#: What usage may carry beside `USAGE` and the columns of attribution, and what holds where it does not. Rows of grain "day" were compacted:
#: their `slots` are a count, not a mask; `people` counts those behind a row whose person is withheld.
_OPTIONAL: Final[dict[str, pl.Expr]] = {
    "grain": pl.lit("hour"),
    "people": pl.lit(None, pl.Int64),
    "sighting": pl.lit("traffic"),
    "account": pl.lit("cannot_be_told"),
}

#: What keeps rows apart, beside domain and day; the rest of what is known of who follows from it.
_WHO: Final = ("person", "device", "source", "sighting", "account")
_OF_WHO: Final = ("person_kind", "basis", "team", "family")
_MEASURES: Final = ("slots", "hits", "blocked_hits", "people", "source_bytes", "destination_bytes", "first", "last", "first_line")

#: One visit: a person at a service (or unknown domain, or background host) in one hour.
_VISIT: Final = ("somebody", "target", "start")

_LINES: Final = 1 << 40  # more lines than a log holds
_MANY: Final = 1 << 33  # more requests than an hour holds
_UNITS: Final = 1 << 16  # more formats than there are


@dataclass(frozen=True, slots=True)
class Part:
    """The usage of one log.

    Attributes:
        usage: columns of `USAGE` and person, person_kind, basis, team, device; from a store also those of `_OPTIONAL`.
        account: of that log.
        source: what it is called in words.
    """

    usage: pl.DataFrame
    account: LogAccount
    source: str


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
    rows = _together(parts, zone)
    who, domains = _who(rows), _domains(rows, catalogue)
    numbers = (
        rows.join(who.select(*_WHO, "who", "somebody"), on=_WHO, how="left", nulls_equal=True)
        .join(domains.filter(pl.col("match") != "private").select("destination_domain", "domain", "target"), on="destination_domain")
        .drop(*_WHO, *_OF_WHO, "destination_domain")
    )
    usage = _named(_by_day(_strongest(numbers)), who, domains, [part.account.path for part in parts])
    coverage = cover(rows, [(part.source, part.account) for part in parts], people, people_expected)
    return Observations(
        usage=usage,
        logs=tuple(part.account for part in parts),
        coverage=coverage,
        zone=zone,
        since=rows["day"].min(),  # type: ignore[arg-type]
        until=rows["day"].max(),  # type: ignore[arg-type]
        people_told_apart=coverage.people_seen is not None,
    )


def _together(parts: Sequence[Part], zone: str) -> pl.DataFrame:
    """All rows in one table, with `part`, `unit`, `day`, and `start`: the hour, or the whole day for rows compacted to it."""
    units = {name: number for number, name in enumerate(sorted({part.account.format for part in parts}))}
    tables = [
        part.usage.with_columns(
            *(value.alias(name) for name, value in _OPTIONAL.items() if name not in part.usage.columns),
            pl.lit(number, pl.Int64).alias("part"),
            pl.lit(units[part.account.format], pl.Int64).alias("unit"),
            pl.lit(part.source).alias("source"),
            pl.lit(part.account.family).alias("family"),
        ).select("part", "unit", "channel", *_WHO, *_OF_WHO, "destination_domain", "hour", "grain", *_MEASURES)
        for number, part in enumerate(parts)
    ]
    ranks = {name: rank for rank, name in enumerate(CHANNELS)}
    day = pl.col("hour").dt.convert_time_zone(zone).dt.date()
    compacted = pl.col("grain") == "day"
    return (
        pl.concat(tables, how="vertical_relaxed")
        .with_columns(
            pl.col("channel").replace_strict(ranks, return_dtype=pl.Int64).alias("rank"),
            day.alias("day"),
            pl.when(compacted).then(day.cast(pl.Datetime("us", "UTC"))).otherwise("hour").alias("start"),
            pl.when(compacted).then(None).otherwise("slots").alias("mask"),
            pl.when(compacted).then(pl.col("slots").cast(pl.Int64)).alias("counted"),
            pl.col(*_WHO, *_OF_WHO).cast(pl.Categorical),
        )
        .drop("channel", "hour", "grain", "slots")
    )


def _who(rows: pl.DataFrame) -> pl.DataFrame:
    """Each distinct who, numbered in alphabetical order; `somebody` is the number of the person."""
    distinct = rows.group_by(_WHO).agg(pl.col(_OF_WHO).sort(nulls_last=True).first())
    ordered = distinct.sort(pl.col(*_WHO).cast(pl.String), nulls_last=True).with_row_index("who")
    return ordered.with_columns(pl.col("who").cast(pl.Int64), pl.col("person").rle_id().cast(pl.Int64).alias("somebody"))


def _domains(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Each distinct domain with its match, numbered by service and name; `target` is what a visit goes to."""
    matches = Matcher(catalogue).match_all(rows["destination_domain"]).rename({"domain": "destination_domain"})
    ordered = matches.sort("service", "destination_domain", nulls_last=True).with_row_index("domain")
    target = pl.coalesce("service", "registrable", "entry", "destination_domain").rank("dense")
    return ordered.select(
        pl.col("domain").cast(pl.Int64), target.cast(pl.Int64).alias("target"), "destination_domain", "match", "service", "role", "registrable"
    )


def _strongest(rows: pl.DataFrame) -> pl.DataFrame:
    """For each visit, only the rows of the strongest kind of record.

    A kind of record is a format and a channel (bytes > name with verdict > name); where two are equally strong, the one with more requests
    speaks. Rows without requests complete one counted elsewhere (the end of a session): they stay if their format speaks, or if they are
    stronger than what speaks, from one format at most.
    """
    if rows.select("unit", "rank").n_unique() <= 1:
        return rows
    marked = rows.join(_speaking(rows.filter(pl.col("hits") > 0)), on=_VISIT, how="left")
    requests = marked.filter((pl.col("hits") > 0) & (pl.col("rank") == pl.col("best_rank")) & (pl.col("unit") == pl.col("best_unit")))
    return pl.concat([requests, _completing(marked.filter(pl.col("hits") == 0))])


def _speaking(requests: pl.DataFrame) -> pl.DataFrame:
    """For each visit, the rank and unit of the record that speaks."""
    records = requests.group_by(*_VISIT, "rank", "unit").agg(pl.col("hits").sum())
    hits = pl.min_horizontal("hits", _MANY - 1)
    strength = (pl.col("rank") * _MANY + hits) * _UNITS + pl.col("unit")  # one number whose greatest is the strongest
    best = records.with_columns(strength.alias("strength")).group_by(_VISIT).agg(pl.col("strength").max())
    return best.select(*_VISIT, (pl.col("strength") // (_MANY * _UNITS)).alias("best_rank"), (pl.col("strength") % _UNITS).alias("best_unit"))


def _completing(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without requests that may add their bytes and verdicts: of the format that speaks, else of the strongest that is stronger."""
    same = (pl.col("unit") == pl.col("best_unit")).fill_null(value=False)
    stronger = pl.col("rank") > pl.col("best_rank").fill_null(-1)
    strength = pl.when(same).then(_MANY).otherwise(pl.col("rank") * _UNITS + pl.col("unit"))
    return rows.filter(same | stronger).filter(strength == strength.max().over(_VISIT))


def _by_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows added up to days: masks of one hour are joined by OR and counted, then added up over the day."""
    hour = ("who", "domain", "day", "start")
    late = (pl.col("hits") == 0).cast(pl.Int64) * (1 << 62)  # a completing record is nobody's first request
    in_order = pl.arg_sort_by(pl.col("first").cast(pl.Int64) + late, pl.col("part") * _LINES + pl.col("first_line").fill_null(_LINES - 1))
    order = rows.select(in_order).to_series()
    ordered = rows.with_columns(order.arg_sort().alias("place"))
    slots = pl.col("mask").bitwise_count_ones().cast(pl.Int64).fill_null(0) + pl.col("counted").fill_null(0)
    single = pl.struct(hour).is_unique()
    joined = ordered.filter(~single).group_by(hour).agg(pl.col("mask").bitwise_or(), pl.col("counted").max(), *_added())
    columns = (*hour, slots.alias("slots"), "hits", "blocked_hits", "source_bytes", "destination_bytes", "first", "last", "people", "place")
    hours = pl.concat([ordered.filter(single).select(columns), joined.select(columns)])
    days = hours.group_by("who", "domain", "day").agg(pl.col("slots").sum(), *_added()).sort("who", "domain", "day")
    return pl.concat([days.drop("place"), rows.select("part", "first_line")[order[days["place"]]]], how="horizontal")


def _added() -> list[pl.Expr]:
    """How rows become one: counts add; bytes add where any were told; the place is that of the first request."""
    return [
        pl.col("hits", "blocked_hits").sum(),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("source_bytes", "destination_bytes")),
        pl.col("first", "place").min(),
        pl.col("last", "people").max(),
    ]


def _named(days: pl.DataFrame, who: pl.DataFrame, domains: pl.DataFrame, logs: Sequence[str]) -> pl.DataFrame:
    """Rows of `OBSERVED`, with the words behind the numbers."""
    wide = pl.concat([days.drop("domain"), who[days["who"]].drop("who"), domains[days["domain"]].drop("domain")], how="horizontal")
    renamed = {"destination_domain": "domain", "sighting": "kind", "source_bytes": "uploaded_bytes", "destination_bytes": "downloaded_bytes"}
    log = pl.Series("log", logs, dtype=pl.String)[days["part"]]
    return wide.with_columns(log).rename(renamed).select(pl.col(name).cast(kind) for name, kind in OBSERVED.items())
