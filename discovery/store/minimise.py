"""What may be kept of whom: law 10 of the house, applied before the first row is written.

Names become keyed hashes. A domain of a private class never carries a subject, nor the time of day. A domain that no catalogue knows carries
none until three people used it, unless its name says that it is a service; its rows tell only how many people stand behind them. Hours older
than seven days become days with counts.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from discovery.naming import ADDRESS
from discovery.rhythm import EVIDENCE
from discovery.store.blocks import BLOCK, DAY, HOUR

#: People at a domain that no catalogue knows, from which on it may carry a subject.
ENOUGH_PEOPLE: Final = 3

#: First labels by which a host says that it is a service and not somebody's site.
SERVICE_LABELS: Final = (
    *("accounts?", "admin", "api", "apps?", "auth", "board", "chat", "cloud", "console", "dashboard", "docs", "drive", "editor", "files?"),
    *("login", "meet", "oauth", "projects?", "share", "signin", "signup", "sso", "storage", "sync", "teams", "transfer", "uploads?", "workspace"),
)
SERVICE_HOST: Final = rf"^(?:{'|'.join(SERVICE_LABELS)})(?:[-0-9][a-z0-9-]*)?\.[^.]+\."

#: How long ten-minute slots are kept, to merge imports, before they become counts.
SLOTS_KEPT: Final = timedelta(days=7)

_BY: Final = ("subject", "domain", "channel", "sighting", "account", "format", "network", "segment")


def keep_from(latest: datetime, zone: str) -> datetime:
    """From when on hours are kept as hours: the start of the day, in the client's zone, seven days before the latest event."""
    local = (latest - SLOTS_KEPT).astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def judge_domains(reached: pl.DataFrame, domains: pl.DataFrame, matches: pl.DataFrame, opened: Collection[str]) -> pl.DataFrame:
    """Domains with `people` (at a domain that no catalogue knows; else null) and `keeps`: private, count or subject.

    Args:
        reached: domain (number) and `who`, one value per person as far as they can be told apart, null where nobody is named.
        domains: domain and destination_domain.
        matches: domain (the name) and match, as `Matcher.match_all` gives them.
        opened: names that enough people used in an earlier import.
    """
    people = reached.group_by("domain").agg(_people())
    known = domains.join(
        matches.select(pl.col("domain").alias("destination_domain"), "match"), on="destination_domain", how="left", maintain_order="left"
    )
    known = known.join(people, on="domain", how="left", maintain_order="left")
    name = pl.col("destination_domain")
    address = name.str.starts_with(ADDRESS)  # an address without a name is no site somebody chose
    unknown = (pl.col("match").fill_null("unknown") == "unknown") & ~address
    may = (pl.col("people") >= ENOUGH_PEOPLE).fill_null(value=False) | name.is_in(list(opened)) | name.str.contains(SERVICE_HOST)
    keeps = pl.when(pl.col("match") == "private").then(pl.lit("private")).when(unknown & ~may).then(pl.lit("count")).otherwise(pl.lit("subject"))
    return known.select("domain", "destination_domain", pl.when(unknown).then("people").alias("people"), keeps.alias("keeps"))


def minimised(rows: pl.DataFrame, domains: pl.DataFrame, zone: str, before: datetime) -> pl.DataFrame:
    """Rows of `BLOCK`, with as little about people as `domains` (see `judge_domains`) allow.

    Args:
        rows: rows of `BLOCK` in hours, with `who` and `lease`: whole days.
        zone: the client's; its days are what hours older than `before` become.
        before: see `keep_from`.
    """
    sorted_out = rows.join(domains.select("domain", "keeps"), on="domain", how="left", maintain_order="left")
    keeps = pl.col("keeps").fill_null("subject")
    parts = (
        compacted(sorted_out.filter(keeps == "subject"), zone, before),
        compacted(_counted(sorted_out.filter(keeps == "count")), zone, before),
        _private(sorted_out.filter(keeps == "private"), zone),
    )
    return pl.concat(part.select(BLOCK.keys()) for part in parts)


def compacted(rows: pl.DataFrame, zone: str, before: datetime | None) -> pl.DataFrame:
    """Rows whose hours before a moment (None: all) were added up to days of the client's zone; the number of slots replaces their mask.

    What one address did under two leases stays two rows, so that attribution is never worse afterwards. `people` of a day is that of its
    fullest hour: at least so many.

    Args:
        rows: rows of `BLOCK` with `lease` (see `who.covering_lease`).
    """
    old = (pl.col("grain") == HOUR) & (pl.lit(value=True) if before is None else pl.col("start") < before)
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    days = (
        rows.filter(old)
        .group_by(*_BY, day, "lease", maintain_order=True)
        .agg(
            pl.col("people").max(),
            pl.col("start").min(),
            pl.col("slots").bitwise_count_ones().sum().cast(pl.UInt8),
            pl.col(EVIDENCE).max(),
            *_added(),
        )
        .with_columns(pl.lit(DAY).cast(BLOCK["grain"]).alias("grain"))
    )
    return pl.concat([rows.filter(~old).select(BLOCK.keys()), days.select(BLOCK.keys())])


def without_subjects(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Rows whose subjects are given up (see `retention`): one for each domain and day of the client's zone, with the number of people behind it.

    What several did in the same ten minutes is no longer told apart, so the slots are those of whoever had the most: at least so many.

    Args:
        rows: rows of `BLOCK` of grain day, with `who`.
    """
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    by = [name for name in _BY if name != "subject"]
    days = rows.group_by(*by, "grain", day, maintain_order=True).agg(_people(), pl.col("start").min(), pl.col("slots").max(), *_added())
    nobody = days.with_columns(pl.lit(None, BLOCK[name]).alias(name) for name in ("subject", *EVIDENCE))
    return nobody.select(BLOCK.keys())


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without a subject, but with the number of people behind each."""
    return (
        rows.with_columns(pl.lit(None, pl.Int32).alias("subject"))
        .group_by(*_BY, "grain", "start", maintain_order=True)
        .agg(_people(), pl.col("slots").bitwise_or(), *_added())
        .with_columns(pl.lit(None, pl.Datetime("us", "UTC")).alias("lease"), *(pl.lit(None, BLOCK[name]).alias(name) for name in EVIDENCE))
    )


def _private(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Rows that tell nothing but that it happened on a day: not who, not how many, not when, not in which line."""
    day = pl.col("start").dt.convert_time_zone(zone).dt.truncate("1d").dt.convert_time_zone("UTC")
    blurred = compacted(_counted(rows), zone, None).with_columns(day.alias("start"), pl.lit(None, pl.Int32).alias("people"))
    return blurred.with_columns(first="start", last="start", first_line=pl.lit(None, pl.Int64))


def _people() -> pl.Expr:
    """How many people there are in a group; null where nobody is named, for that is not nobody."""
    count = pl.col("who").drop_nulls().n_unique().cast(pl.Int32)
    return pl.when(count > 0).then(count).alias("people")


def _added() -> list[pl.Expr]:
    """How the measures of rows that become one are joined: counts add; bytes add where any were told."""
    told = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("source_bytes", "destination_bytes")]
    return [pl.col("hits", "blocked_hits").sum(), *told, pl.col("first").min(), pl.col("last").max(), pl.col("first_line").min()]
