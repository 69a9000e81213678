"""Bytes by hour of week, kept for the client as a whole (decision 1): what a slow line is busy with, and never who.

One row is one domain × month × hour of the week, from Monday 00:00 on the client's clock. A service that fewer than three people reached in a log
gives its bytes to nobody's name: the hours of one person would be that person's hours.
"""

from io import BytesIO
from typing import Final

import polars as pl

from discovery.store.blocks import HOUR, TRAFFIC
from discovery.store.minimise import ENOUGH_PEOPLE

#: As kept. `domain` null: reached by too few people, private, or not named; bytes null: the log does not tell.
WEEK: Final[dict[str, pl.DataType]] = {
    "domain": pl.Int32(),
    "segment": pl.Int32(),  # as of `blocks.BLOCK`
    "month": pl.Date(),  # its first day
    "hour": pl.Int16(),  # 0 to 167; 0 is Monday from midnight to one o'clock
    "source_bytes": pl.Int64(),
    "destination_bytes": pl.Int64(),
}
_BYTES: Final = ("source_bytes", "destination_bytes")


def spent_in(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Rows of `WEEK` of some rows of `blocks.BLOCK` in hours, whoever reached what; `zone` is the client's."""
    local = pl.col("start").dt.convert_time_zone(zone)
    hour = (local.dt.weekday().cast(pl.Int16) - 1) * 24 + local.dt.hour().cast(pl.Int16)
    return added(rows.filter(moved()).select("domain", "segment", local.dt.date().dt.month_start().alias("month"), hour.alias("hour"), *_BYTES))


def moved() -> pl.Expr:
    """Whether a row of `blocks.BLOCK` in hours tells bytes of traffic."""
    return (pl.col("sighting") == TRAFFIC) & (pl.col("grain") == HOUR) & pl.any_horizontal(pl.col(_BYTES).is_not_null())


def week_of(spent: pl.DataFrame, reached: pl.DataFrame, domains: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Rows of `WEEK`.

    Args:
        spent: what `spent_in` gave for each part of a log.
        reached: domain (number) and `who`, one value per person as far as they can be told apart, of all rows that tell bytes.
        domains: domain (number) and destination_domain.
        matches: as `Matcher.match_all` gives them for these names.
    """
    targets = _targets(domains, matches)
    people = reached.join(targets, on="domain").group_by("target").agg(pl.col("who").drop_nulls().n_unique().alias("people"))
    may = (pl.col("match").fill_null("private") != "private") & ((pl.col("people") == 0) | (pl.col("people") >= ENOUGH_PEOPLE))
    named = targets.join(people, on="target").filter(may)["domain"]
    by_name = spent.with_columns(pl.when(pl.col("domain").is_in(named.implode())).then("domain").alias("domain"))
    return added(by_name).sort("month", "hour", "domain", "segment")


def added(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each domain, month and hour of the week; bytes add where any were told."""
    told = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in _BYTES]
    return rows.group_by("domain", "segment", "month", "hour").agg(told).select(pl.col(name).cast(kind) for name, kind in WEEK.items())


def packed(rows: pl.DataFrame) -> bytes:
    """Rows of `WEEK` as they lie in the database."""
    buffer = BytesIO()
    rows.select(WEEK.keys()).write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _targets(domains: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Each domain with what a visit to it goes to."""
    named = matches.rename({"domain": "destination_domain"})
    known = domains.join(named, on="destination_domain", how="left", maintain_order="left")
    return known.select("domain", pl.coalesce("service", "registrable", "destination_domain").alias("target"), "match")
