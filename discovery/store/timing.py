"""What the time within hours tells of a subject's day with a service, worked out before that time is forgotten.

Kept are a few counts a day (decision 5), not the times; they stay true to the catalogue that was in force at the import.
"""

import polars as pl

from discovery import targets
from discovery.behind import Match, behind
from discovery.rhythm import EVIDENCE, evidence
from discovery.store.blocks import BLOCK, HOUR
from discovery.usage import TIMES


def timed(rows: pl.DataFrame, known: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Rows of `BLOCK` in hours, with `EVIDENCE` in place of `usage.TIMES`.

    Args:
        rows: as `blocks.rows_of` gives them: whole days.
        known: of their domains (see `targeted`).
        zone: the client's; its days are counted.
    """
    placed = rows.with_row_index("row").join(known.select("domain", "target"), on="domain", how="left", maintain_order="left")
    placed = placed.with_columns(
        pl.col("subject").alias("machine"),
        pl.col("channel").to_physical().alias("rank"),
        pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day"),
    )
    found = evidence(placed.filter((pl.col("grain") == HOUR) & pl.col("machine").is_not_null()).drop_nulls("target"), known)
    working = known.filter(targets.working()).select("domain", "target")
    keyed = placed.drop(*EVIDENCE, "target").join(working, on="domain", how="left", maintain_order="left")
    joined = keyed.join(found, on=["machine", "target", "day"], how="left", maintain_order="left")
    return joined.select(*(pl.col(name).cast(BLOCK[name]) for name in BLOCK), *(name for name in rows.columns if name not in (*BLOCK, *TIMES)))


def targeted(domains: pl.DataFrame, matches: pl.DataFrame, match: Match) -> pl.DataFrame:
    """Each domain with its match and role, whether it stands behind public pages, and `target`: the number of what a visit to it goes to.

    Args:
        domains: domain (number) and destination_domain.
        matches: as `Matcher.match_all` gives them for these names.
        match: `Matcher.match_all`.
    """
    known = domains.join(matches.rename({"domain": "destination_domain"}), on="destination_domain", how="left", maintain_order="left")
    return known.select("domain", targets.target().alias("target"), behind(match, known), "destination_domain", "match", "role", "cls")
