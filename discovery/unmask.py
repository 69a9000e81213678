"""What stands behind a name of somebody's own: `files.acme.example` is, by its CNAME, another name for a service's host.

Only names that the catalogue does not know are looked behind, and only as far as DNS answers in the logs lead. Delivery networks and other shared
infrastructure say nothing of what a name is used for, so the walk passes them over.
"""

from typing import Final

import polars as pl

from discovery.answers import ALIASES
from discovery.matching import MATCHES, Matcher

#: Columns of `matches`: those of `MATCHES`, and the name that decided where it was another.
UNMASKED: Final = {**MATCHES, "alias": pl.String()}

_DECIDED: Final = ("match", "service", "role", "entry", "cls")


def matches(matcher: Matcher, names: pl.Series, aliases: pl.DataFrame) -> pl.DataFrame:
    """One row per distinct name (columns of `UNMASKED`).

    Args:
        matcher: says what a name is.
        names: the names.
        aliases: columns of `answers.ALIASES`, of all logs.
    """
    plain = matcher.match_all(names).with_columns(pl.lit(None, pl.String).alias("alias"))
    unknown = plain.filter((pl.col("match") == "unknown") & pl.col("registrable").is_not_null())["domain"]
    pairs = aliases.with_columns(pl.col("asked", "target").cast(pl.String)).filter(pl.col("asked").is_in(unknown.implode()))
    if not pairs.height:
        return plain
    behind = _behind(matcher, pairs)
    found = plain.join(behind, on="domain", how="left", maintain_order="left", suffix="_behind")
    masked = pl.col("alias_behind").is_not_null()
    decided = (pl.when(masked).then(f"{name}_behind").otherwise(name).alias(name) for name in (*_DECIDED, "alias"))
    return found.with_columns(*decided, pl.when(~masked).then("registrable").alias("registrable")).select(*UNMASKED)


def targets(matcher: Matcher, aliases: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """What a visit to each name goes to: a service, else a registrable domain or an entry of the catalogue; columns asked and target."""
    target = pl.coalesce("service", "registrable", "entry", "domain").alias("target")
    return matches(matcher, names, aliases).select(pl.col("domain").alias("asked"), target)


def _behind(matcher: Matcher, pairs: pl.DataFrame) -> pl.DataFrame:
    """The nearest service behind each name; none where the nearest are several."""
    targets = matcher.match_all(pairs["target"]).filter((pl.col("match") == "service") & (pl.col("role") != "infra"))
    reached = pairs.join(targets, left_on="target", right_on="domain")
    nearest = reached.filter(pl.col("step") == pl.col("step").min().over("asked"))
    single = nearest.filter(pl.col("service").n_unique().over("asked") == 1).sort("asked", "target")
    one = single.unique("asked", keep="first", maintain_order=True)
    return one.select(pl.col("asked").alias("domain"), *_DECIDED, pl.col("target").alias("alias"))


def together(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """Aliases of several logs."""
    texts = [table.with_columns(pl.col("asked", "target").cast(pl.String)) for table in tables if table.height]
    return pl.concat(texts).group_by("asked", "target").agg(pl.col("step").min()) if texts else pl.DataFrame(schema=ALIASES)
