"""How evenly a service is asked over the hours of a machine's day, and in which hours far more than usual.

Programs ask as often in one hour as in the next, however they vary the minute; a person's work comes in heaps. One day says little about that, so
what is kept per day are sums that may be added over all days: hours, ten-minute slots with requests, and the squares of these numbers, of the host
asked most, as a program asks for the same again. Where a
window stays open and asks evenly all day, an hour with far more requests or bytes than its others shows that somebody worked in it: a **surge**.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from discovery.events import CHANNELS
from discovery.usage import NEVER, OPENED

#: Counted per machine, target and day: of the host asked most, whole hours between its first and last request, slots with requests in them, and the
#: squares of the hours' slots; hours of surge.
EVENNESS: Final = ("whole_hours", "asked_slots", "asked_slots_squared", "surges")

_DAY: Final = ("machine", "target", "day")


@dataclass(frozen=True, slots=True)
class Surge:
    """What makes a surge; the numbers and their meaning stand in `activity.toml`."""

    hours: int
    times: int
    hits: int
    bytes: int


def evenness(hours: pl.LazyFrame, steady: pl.LazyFrame, limits: Surge) -> pl.LazyFrame:
    """Columns of `EVENNESS` per `machine`, `target` and `day`.

    Args:
        hours: rows of hosts people work with, as `rhythm.evidence` takes them.
        steady: machine, domain and day of hosts known to be asked evenly: they are a program's anyway, and do not hide what is asked beside them.
        limits: what makes a surge.
    """
    host = (*_DAY, "domain")
    loose = hours.join(steady, on=["machine", "domain", "day"], how="anti")
    first, last = pl.col("start").min().over(host), pl.col("start").max().over(host)
    whole = (pl.col("start") > first) & (pl.col("start") < last)  # the first and the last are only partly filled
    slots = pl.sum_horizontal((pl.col(opened).min() < NEVER).cast(pl.Int64) for opened in OPENED)
    asked = loose.with_columns(whole.alias("whole")).group_by(*host, "start").agg(pl.col("whole").first(), slots.alias("asked"))
    between = ((pl.col("start").max() - pl.col("start").min()).dt.total_hours() - 1).clip(lower_bound=0)
    inside = pl.col("asked").filter("whole")
    each = asked.group_by(host).agg(between.alias("whole_hours"), inside.sum().alias("asked_slots"), (inside**2).sum().alias("asked_slots_squared"))
    busiest = each.sort("asked_slots", "domain", descending=[True, False]).group_by(_DAY).agg(pl.col(EVENNESS[:3]).first())
    return _surges(hours, limits).join(busiest, on=_DAY, how="left")


def _surges(hours: pl.LazyFrame, limits: Surge) -> pl.LazyFrame:
    """Hours, after the first on that day, with far more requests or bytes than is usual; a name (DNS) is asked for once, however much follows."""
    named = pl.col("rank").max() == CHANNELS.index("dns")
    amounts = hours.group_by(*_DAY, "start").agg(
        pl.when(named).then(0).otherwise(pl.col("hits").sum()).alias("hits"),
        pl.col("source_bytes", "destination_bytes").sum(),
    )
    moved = (pl.col("source_bytes") + pl.col("destination_bytes")).alias("moved")
    usual = amounts.with_columns(moved).with_columns(
        pl.col("hits", "moved").median().over(_DAY).name.prefix("usual_"),
        (pl.len().over(_DAY) >= limits.hours).alias("enough"),
        (pl.col("start") > pl.col("start").min().over(_DAY)).alias("later"),
    )
    far_more = [
        (pl.col(name) >= limits.times * pl.col(f"usual_{name}")) & (pl.col(name) >= pl.col(f"usual_{name}") + least)
        for name, least in (("hits", limits.hits), ("moved", limits.bytes))
    ]
    surge = pl.col("enough") & pl.col("later") & pl.any_horizontal(far_more)
    return usual.group_by(_DAY).agg(surge.sum().alias("surges"))
