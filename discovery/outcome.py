"""What becomes of lines that are no events: the reason in words, counted, with the shape of the first few lines of each.

A reason carries its outcome before it: `-` for skipped (understood, and no request), `!` for rejected (not understood).
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Final

import polars as pl

from discovery.format import Layout
from discovery.framing import LONGEST_LINE
from discovery.kinds.base import SKIPPED, UNDERSTOOD
from discovery.kinds.reach import INBOUND
from discovery.observations import Sample

#: How many lines of each reason are kept as samples.
SAMPLES: Final = 20

TOO_LONG: Final = "longer than 1 MB"
NOT_UNDERSTOOD: Final = "not in this layout"
BAD_TIME: Final = "time cannot be read"
BAD_NUMBER: Final = "byte count cannot be read"
EMPTY: Final = "empty line"
REVERSE: Final = "reverse look-up of an address"
LOCAL_NAME: Final = "local name without a dot"
NO_DESTINATION: Final = "names no site and no address"
VERDICT: Final = "verdict on an earlier query, counted with it"

_MASK_LENGTH: Final = 400


def first_outcome(layout: Layout) -> pl.Expr:
    """The reason why a line is no event, as far as its fields tell; `UNDERSTOOD` says what `understood` does."""
    outcome = (
        pl.when(pl.col("_bytes") > LONGEST_LINE)
        .then(pl.lit("!" + TOO_LONG))
        .when(pl.col("_bytes") == 0)
        .then(pl.lit("-" + EMPTY))
        .when(pl.col(SKIPPED).is_not_null())
        .then("-" + pl.col(SKIPPED))
        .when(~pl.col(UNDERSTOOD))
        .then(pl.lit("!" + NOT_UNDERSTOOD))
    )
    if layout.verdict is not None:
        outcome = outcome.when(layout.verdict.fill_null(value=False)).then(pl.lit("-" + VERDICT))
    for reason, condition in layout.skip.items():
        outcome = outcome.when(condition.fill_null(value=False)).then(pl.lit("-" + reason))
    return outcome.otherwise(pl.lit(None, pl.String))


def refused(layout: Layout) -> pl.Expr:
    """Whether a line is no event, as far as its fields tell: `first_outcome` then says why."""
    judged = () if layout.verdict is None else (layout.verdict,)
    others = (condition.fill_null(value=False) for condition in (*judged, *layout.skip.values()))
    return reduce(or_, others, ~pl.col("_bytes").is_between(1, LONGEST_LINE) | pl.col(SKIPPED).is_not_null() | ~pl.col(UNDERSTOOD))


def understood(layout: Layout) -> pl.Expr:
    """Whether a line is of this layout at all."""
    return pl.col(UNDERSTOOD) if layout.only is None else pl.col(UNDERSTOOD) & layout.only.fill_null(value=False)


def why_lost() -> pl.Expr:
    """Why a line with the right shape is no event after all."""
    nowhere = pl.col("destination_domain").is_null() & pl.col("destination_ip").is_null()
    return (
        pl.when(pl.col("timestamp").is_null())
        .then(pl.lit("!" + BAD_TIME))
        .when("_reverse")
        .then(pl.lit("-" + REVERSE))
        .when("_inbound")
        .then(pl.lit("-" + INBOUND))
        .when(nowhere & _is_label(pl.col("_asked")))
        .then(pl.lit("-" + LOCAL_NAME))
        .when(nowhere)
        .then(pl.lit("-" + NO_DESTINATION))
        .otherwise(pl.lit("!" + BAD_NUMBER))
    )


def _is_label(name: pl.Expr) -> pl.Expr:
    return name.is_not_null() & (name != "") & (name != "-") & ~name.str.contains(r"[.:\s]")


def account(
    reasons: pl.DataFrame, text: Callable[[], pl.Series], first: int
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], tuple[Sample, ...]]]:
    """How many lines have which outcome, and the first of them.

    Args:
        reasons: line and _reason of each line that is no event.
        text: gives the lines as written.
        first: number of the first of these.
    """
    counted: dict[tuple[str, str], int] = {}
    samples: dict[tuple[str, str], tuple[Sample, ...]] = {}
    grouped = reasons.sort("line").group_by("_reason", maintain_order=True).agg(pl.len().alias("n"), pl.col("line").head(SAMPLES))
    shapes = iter(masked(text().gather(grouped["line"].explode() - first)))
    for marked, n, numbers in grouped.iter_rows():
        outcome = ("rejected" if marked[0] == "!" else "skipped", marked[1:])
        counted[outcome] = n
        samples[outcome] = tuple(Sample(line, next(shapes)) for line in numbers)
    return counted, samples


def masked(text: pl.Series) -> pl.Series:
    """The shape of lines: letters become a, digits 9; at most 400 characters."""
    return text.str.slice(0, _MASK_LENGTH).str.replace_all(r"\d", "9").str.replace_all(r"\p{L}", "a").str.replace_all(r"[\x00-\x1f\x7f]", "·")
