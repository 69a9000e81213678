"""One visit, one voice: of the records of several logs the strongest speaks for each visit; then hours become days.

Several logs see one visit: a name is asked for (DNS), a proxy gives a verdict, a firewall counts bytes. Per person, service and hour the
strongest kind of record counts, never a sum over kinds of log (decision 6). Logs of one format do add up: they are rotated files, or two
proxies that share the traffic.
"""

from typing import Final

import numpy as np
import polars as pl

from discovery.rhythm import EVIDENCE
from discovery.runs import Runs

#: One visit: a person at a service (or unknown domain, or background host) in one hour.
_VISIT: Final = ("somebody", "target", "start")

#: More lines than a log holds: `part` × this + `first_line` says where a row's first request stands.
_LINES: Final = 1 << 40
_MANY: Final = 1 << 33  # more requests than an hour holds
_UNITS: Final = 1 << 16  # more formats than there are
_LATE: Final = 1 << 62

_ADDED: Final = {
    "hits": np.add,
    "blocked_hits": np.add,
    "source_bytes": np.add,
    "destination_bytes": np.add,
    "first": np.minimum,
    "last": np.maximum,
    "people": np.maximum,
    **dict.fromkeys(EVIDENCE, np.maximum),  # told once for the day, beside each of its hours
}


def strongest(rows: pl.DataFrame) -> pl.DataFrame:
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


def by_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows added up to days: masks of one hour are joined by OR and counted, then added up over the day.

    Returns:
        who, domain, day, slots, the measures, and `part` and `first_line` of the first request; ordered by who, domain and day.
    """
    late = pl.when(pl.col("hits") == 0).then(_LATE).otherwise(0)  # a completing record is nobody's first request
    placed = rows.with_columns(
        (pl.col("first").cast(pl.Int64) + late).alias("asked"),
        (pl.col("part") * _LINES + pl.col("first_line").fill_null(_LINES - 1)).alias("place"),
    )
    hours = _together(placed, ("who", "domain", "day", "start"), {"mask": np.bitwise_or, "counted": np.maximum})
    counted = hours.with_columns((pl.col("mask").bitwise_count_ones().cast(pl.Int64).fill_null(0) + pl.col("counted").fill_null(0)).alias("slots"))
    days = _together(counted, ("who", "domain", "day"), {"slots": np.add}).sort("who", "domain", "day")
    line = pl.col("place") % _LINES
    return days.with_columns((pl.col("place") // _LINES).alias("part"), pl.when(line != _LINES - 1).then(line).alias("first_line")).drop(
        "asked", "place"
    )


def _together(rows: pl.DataFrame, key: tuple[str, ...], more: dict[str, np.ufunc]) -> pl.DataFrame:
    """Rows of one key as one: counts add, bytes add where any were told, and the place is that of the first request."""
    runs = Runs(rows, key)
    measures = [runs.reduced(rows[name], how) for name, how in (_ADDED | more).items()]
    first = [runs.reduced(rows["asked"], np.minimum), runs.first_of(rows["place"], by=rows["asked"])]
    return pl.DataFrame([*(rows[name].gather(runs.rows) for name in key), *measures, *first])
