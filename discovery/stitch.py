"""The halves of one request that a log writes on several lines, joined in the order of the log.

A line that asks (a web filter's record, a DNS query) opens a session; a later line of the same session completes it: the firewall's
record at the end with its bytes, the verdict on the query. What completes is never counted as a request of its own. A line can only
look back, and over a bounded number of lines, so neither memory nor the result depends on where the log was cut into blocks.
"""

from datetime import timedelta
from typing import Final

import polars as pl

from discovery.events import EVENT, SUBJECT

#: Sessions are told apart by a number the device uses again; after this time the same number is another session.
_LIFETIME: Final = timedelta(days=1)
_ROOM: Final = 50_000  # openings that are kept before it is worth while to look which of them are over

#: How many lines a line looks back at most.
LOOKS_BACK: Final = 1_000_000

_TOLD: Final = (*SUBJECT, "destination_domain", "destination_ip")

_COUNTED: Final = ("source_bytes", "destination_bytes")


class Stitcher:
    """Joins the halves of requests, block after block."""

    def __init__(self) -> None:
        self._open = pl.DataFrame()
        self._settled = pl.DataFrame(schema={"line": EVENT["line"]})  # those of them that have their verdict
        self._paid = self._settled  # those whose bytes a completing record has taken up
        self._room = _ROOM

    def join(self, events: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
        """The events of the next block with what they complete filled in, and one event without request for each verdict."""
        halves = events.filter(pl.col("session").is_not_null())
        if not halves.height and not verdicts.height:
            return events
        if not self._open.width:
            self._open = events.clear()
        openings = halves.filter(pl.col("requests") > 0).sort("line")
        known = pl.concat([self._open, openings])
        completing = halves.filter(pl.col("requests") == 0)
        done = self._completed(completing, known)
        judged = self._judged(verdicts, known)
        judged = judged.join(self._settled, on="line", how="anti")
        self._remember(known, judged)
        rest = events.filter(pl.col("session").is_null() | pl.col("requests").ne_missing(0))
        return pl.concat([rest, done, judged])

    def _remember(self, known: pl.DataFrame, judged: pl.DataFrame) -> None:
        """The openings, which have their verdict, and whose bytes were taken up; now and then only the last opening of each session."""
        self._open = known
        self._settled = pl.concat([self._settled, judged.select("line")])
        if known.height > self._room:
            latest = known.unique("session", keep="last", maintain_order=True)
            self._open = latest.filter(pl.col("line") >= pl.col("line").max() - LOOKS_BACK)
            self._settled = self._settled.join(self._open, on="line", how="semi")
            self._paid = self._paid.unique().join(self._open, on="line", how="semi")
            self._room = 2 * self._open.height + _ROOM

    def _completed(self, completing: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        """Completing records with the names of what they complete; one that completes nothing is a request of its own."""
        if not completing.height:
            return completing
        names = (*_TOLD, *_COUNTED)
        opened = _of_sessions(known, completing).select(
            "line", pl.col("line").alias("_line"), "session", pl.col("timestamp").alias("_asked"), *(pl.col(name).alias(f"_{name}") for name in names)
        )
        joined = completing.sort("line").join_asof(opened, on="line", by="session", strategy="backward", check_sortedness=False)
        same = pl.col("destination_domain").is_null() | (pl.col("destination_domain") == pl.col("_destination_domain"))
        near = (pl.col("timestamp") - pl.col("_asked") <= _LIFETIME) & (pl.col("line") - pl.col("_line") <= LOOKS_BACK)
        found = pl.col("_asked").is_not_null() & near & same
        # a record without bytes (application control) takes up none
        rows = joined.with_columns(found.alias("_found"), (found & pl.any_horizontal(pl.col(_COUNTED).is_not_null())).alias("_pays"))
        done = rows.with_columns(
            *(self._counted(name).alias(name) for name in _COUNTED),
            *(pl.when("_found").then(pl.coalesce(f"_{name}", name)).otherwise(pl.col(name)).alias(name) for name in _TOLD),
            pl.when("_found").then(0).otherwise(1).cast(pl.Int64).alias("requests"),
        )
        self._paid = pl.concat([self._paid, rows.filter("_pays").select(pl.col("_line").alias("line"))])
        return done.select(completing.columns)

    def _counted(self, name: str) -> pl.Expr:
        """Bytes of a completing record without those its opening told already: they are in the first record with bytes that completes it."""
        first = pl.col("_pays") & (pl.col("line") == pl.col("line").filter("_pays").min().over("_line"))
        rest = (pl.col(name) - pl.col(f"_{name}").fill_null(0)).clip(0)
        return pl.when(first & ~pl.col("_line").is_in(self._paid["line"].implode())).then(rest).otherwise(pl.col(name))

    @staticmethod
    def _judged(verdicts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        """One event without request for the first verdict on each query; a verdict on nothing that was asked says nothing."""
        if not verdicts.height:
            return known.clear()
        asked = _of_sessions(known, verdicts).with_columns(pl.col("line").alias("_asked")).drop("event_action")
        joined = verdicts.sort("line").join_asof(asked, on="line", by="session", strategy="backward", check_sortedness=False)
        found = joined.filter(pl.col("line") - pl.col("_asked") <= LOOKS_BACK).unique("_asked", keep="first", maintain_order=True)
        return found.with_columns(pl.lit(0, pl.Int64).alias("requests"), pl.col("_asked").alias("line")).select(
            pl.col(name).cast(dtype) for name, dtype in known.schema.items()
        )


def _of_sessions(known: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The openings of the sessions of some records: few of all that are kept."""
    return known.filter(pl.col("session").is_in(records["session"].unique().implode()))
