"""From events to usage: who asked for which domain in which hour.

Usage of blocks merges by addition, so any engine may summarise in any order: counts add, first and last are a minimum and a maximum,
the ten-minute slots of an hour are a bit mask joined by OR.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

from discovery.events import SUBJECT

#: What one row of usage is about: a subject, a kind of record, a domain, an hour (UTC).
USAGE_KEY: Final = (*SUBJECT, "channel", "destination_domain", "hour")

#: Columns of the usage table. `slots` has bit n set where the n-th ten minutes of the hour saw a request;
#: bytes are null where no record of the row told them; `first_line` is the physical line of the first request.
USAGE: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(SUBJECT, pl.String()),
    "channel": pl.String(),
    "destination_domain": pl.String(),
    "hour": pl.Datetime("us", "UTC"),
    "slots": pl.UInt8(),
    "hits": pl.Int64(),
    "blocked_hits": pl.Int64(),
    "source_bytes": pl.Int64(),
    "destination_bytes": pl.Int64(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
    "first_line": pl.Int64(),
}


#: Rows that are merged at once.
_AT_ONCE: Final = 250_000

_NAMES: Final = (*SUBJECT, "channel", "destination_domain")


def summarise(events: pl.DataFrame, name: pl.DataType | None = None) -> pl.DataFrame:
    """Usage (columns of `USAGE`) of a table of events (columns of `EVENT` and `TRANSIENT`).

    Args:
        events: the events.
        name: a categorical type to hold names in, so that many blocks stay small and merge fast; see `spelled_out`.
    """
    # a record that only announces a request, and belongs to no session, is no use
    used = events.filter((pl.col("requests") > 0) | pl.col("session").is_not_null())
    rows = used.select(
        pl.col(_NAMES).cast(name or pl.String()),
        pl.col("timestamp").dt.truncate("1h").alias("hour"),
        _bit(pl.col("timestamp").dt.minute() // 10).alias("slots"),
        pl.col("requests").alias("hits"),
        (pl.col("event_action") == "blocked").fill_null(value=False).cast(pl.Int64).alias("blocked_hits"),
        "source_bytes",
        "destination_bytes",
        pl.col("timestamp").alias("first"),
        pl.col("timestamp").alias("last"),
        pl.col("line").alias("first_line"),
    )
    return _add_up(rows)


def merge(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One usage table out of several; associative and commutative."""
    tables = [part for part in parts if part.height]
    if len(tables) < 2:  # noqa: PLR2004 (nothing to merge)
        return tables[0] if tables else pl.DataFrame(schema=USAGE)
    rows = sum(table.height for table in tables)
    slices = rows // _AT_ONCE + 1
    # rows of one hour only ever meet each other, so a large table is merged in slices of hours and memory stays flat
    turn = pl.col("hour").dt.epoch("s") // 3600 % slices
    return pl.concat([_add_up(pl.concat([table.filter(turn == n) for table in tables])) for n in range(slices)])


def spelled_out(usage: pl.DataFrame) -> pl.DataFrame:
    """Usage with its names as text."""
    return usage.with_columns(pl.col(_NAMES).cast(pl.String()))


def _bit(number: pl.Expr) -> pl.Expr:
    return pl.lit(2).pow(number).cast(pl.UInt8)


def _add_up(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.group_by(USAGE_KEY)
        .agg(
            pl.col("slots").bitwise_or(),
            pl.col("hits", "blocked_hits").sum(),
            *(_sum_or_null(name) for name in ("source_bytes", "destination_bytes")),
            pl.col("first").min(),
            pl.col("last").max(),
            pl.col("first_line").min(),
        )
        .select(pl.col(name) if name in _NAMES else pl.col(name).cast(dtype) for name, dtype in USAGE.items())
    )


def _sum_or_null(name: str) -> pl.Expr:
    """The sum of a column, null where every value is null: not told is not zero."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())
