"""Count observations over all rows at once: what each service, person, domain and day adds up to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from discovery import activity

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of the matched usage: `services` one row each, the others by service id."""

    services: Sequence[Row]
    people: Mapping[str, Sequence[Row]]
    domains: Mapping[str, Sequence[Row]]
    days: Mapping[str, Sequence[Row]]
    active_days: Mapping[str, Sequence[Row]]


def count(usage: pl.DataFrame) -> Counts:
    """Count the rows of `OBSERVED` that match a service."""
    rows = usage.filter(pl.col("match") == "service").with_columns(pl.col("person", "service", "domain", "device", "role").cast(pl.Categorical))
    judged = activity.judge(rows)
    return Counts(
        services=_services(rows).to_dicts(),
        people=_by_service(_people(rows, judged)),
        domains=_by_service(_domains(rows)),
        days=_by_service(_days(rows)),
        active_days=_by_service(_active_days(rows, judged)),
    )


def _by_service(table: pl.DataFrame) -> Mapping[str, Sequence[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table.iter_rows(named=True):
        groups[row["service"]].append(row)
    return groups


def _services(rows: pl.DataFrame) -> pl.DataFrame:
    """Devices known by name or address, and the sums."""
    lone = pl.when(pl.col("person_kind") == "device").then(pl.col("person").cast(pl.String))
    device = pl.coalesce(pl.col("device").cast(pl.String), lone)
    sums = rows.group_by("service").agg(device.drop_nulls().n_unique().alias("devices"), *_sums())
    return sums.with_columns(pl.col("service").cast(pl.String)).sort("service")


def _people(rows: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Each person's use of each service: the most active first."""
    first = pl.col("basis", "person_kind", "team", "account").first()
    sums = rows.group_by("person", "service").agg(first, *_sums()).with_columns(pl.col("person", "service").cast(pl.String))
    rank = pl.col("activity").replace_strict({name: number for number, name in enumerate(activity.ACTIVITIES)}, return_dtype=pl.Int64)
    known = sums.join(judged, on=["person", "service"], nulls_equal=True)
    return known.sort(rank, "days", "person", descending=[False, True, False], nulls_last=True)


def _domains(rows: pl.DataFrame) -> pl.DataFrame:
    """Each domain with how it was found and its first line, most requests first."""
    place = pl.col("log", "first_line").sort_by("first", "log", "first_line").first()
    domains = rows.group_by("service", "domain", "naming").agg(pl.col("role").first(), pl.col("hits").sum(), place)
    texts = domains.with_columns(pl.col("service", "domain", "role").cast(pl.String))
    return texts.sort("hits", "domain", "naming", descending=[True, False, False])


def _days(rows: pl.DataFrame) -> pl.DataFrame:
    """People per day; devices where nobody is known by name; no rows where neither can be told."""
    known = rows.filter(pl.col("person").is_not_null())
    named = (pl.col("person_kind") == "person").any().over("service")
    told = known.filter(pl.col("person_kind") == pl.when(named).then(pl.lit("person")).otherwise(pl.lit("device")))
    return (
        told.group_by("service", "day").agg(pl.col("person").n_unique().alias("people")).with_columns(pl.col("service").cast(pl.String)).sort("day")
    )


def _active_days(rows: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Days on which somebody who uses a service actively reached a host people work with."""
    active = judged.filter(pl.col("activity") == "active").select(pl.col("person", "service").cast(pl.Categorical))
    used = rows.filter((pl.col("role") == "use") & ((pl.col("hits") > pl.col("blocked_hits")) | (pl.col("hits") == 0)))
    days = used.join(active, on=["person", "service"], how="semi", nulls_equal=True).select("service", "day").unique()
    return days.with_columns(pl.col("service").cast(pl.String))


def _sums() -> list[pl.Expr]:
    """The measures of rows that become one; bytes are null where no row tells them."""
    return [
        pl.col("day").n_unique().cast(pl.Int64).alias("days"),
        pl.col("hits", "blocked_hits").sum(),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("uploaded_bytes", "downloaded_bytes")),
        pl.col("first").min().alias("first_seen"),
        pl.col("last").max().alias("last_seen"),
    ]
