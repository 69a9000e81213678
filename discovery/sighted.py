"""What was told of services without any traffic: one row per person and name, kept apart from usage, so that no number of traffic ever moves."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from discovery import called
from discovery.catalogue import Catalogue
from discovery.matching import matcher
from discovery.observations import SIGHTED, LogAccount
from discovery.sightings import doubt

_WHO: Final = ("person", "person_kind", "basis", "team", "device")
_ONE: Final = (*_WHO, "kind", "account", "format", "source", "log", "destination_domain")


def sighted(parts: Sequence[tuple[pl.DataFrame, LogAccount, str]], catalogue: Catalogue) -> pl.DataFrame:
    """The sightings of some files, columns of `SIGHTED`; those of private classes are left out.

    Args:
        parts: for each file its attributed usage with `sighting` and `account`, its account, and what it is called.
        catalogue: what the names are matched with.
    """
    told = [_rows(usage, account, source) for usage, account, source in parts if usage.height]
    if not told:
        return pl.DataFrame(schema=SIGHTED)
    rows = pl.concat(told)
    match = matcher(catalogue).match
    matches = [(name, *match(name)[:2]) for name in rows["destination_domain"].unique().drop_nulls()]
    known = pl.DataFrame(matches, schema=dict.fromkeys(("destination_domain", "match", "service"), pl.String()), orient="row")
    unmarked = pl.col("destination_domain").str.strip_prefix(called.NAME).str.splitn(called.GRANTS, 2)
    named = rows.join(known.filter(pl.col("match") != "private"), on="destination_domain").with_columns(
        pl.when(pl.col("match") == "service").then("service"),
        unmarked.struct.field("field_0").alias("name"),
        unmarked.struct.field("field_1").alias("grants"),
        pl.struct("format", "kind").map_elements(lambda of: doubt(of["format"], of["kind"]), return_dtype=pl.String).alias("doubt"),
    )
    return named.sort(*_ONE, nulls_last=True).select(pl.col(name).cast(kind) for name, kind in SIGHTED.items())


def _rows(usage: pl.DataFrame, account: LogAccount, source: str) -> pl.DataFrame:
    """One row for everything a file says of one person and one name."""
    withheld = pl.col("people") if "people" in usage.columns else pl.lit(None, pl.Int64)
    rows = usage.with_columns(
        pl.col(*_WHO, "destination_domain", "sighting", "account").cast(pl.String),
        withheld.cast(pl.Int64).alias("people"),
        pl.col("sighting").cast(pl.String).alias("kind"),
        pl.lit(account.format).alias("format"),
        pl.lit(source).alias("source"),
        pl.lit(account.path).alias("log"),
    )
    told = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(new) for name, new in _BYTES.items()]
    return rows.group_by(_ONE).agg(
        pl.col("people").max(), pl.col("hits").sum().alias("times"), *told, pl.col("first").min(), pl.col("last").max(), pl.col("first_line").min()
    )


_BYTES: Final = {"source_bytes": "uploaded_bytes", "destination_bytes": "downloaded_bytes"}
