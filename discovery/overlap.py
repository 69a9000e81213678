"""What two logs of one source share: exports that overlap are counted once (decision 8).

Every line that became an event leaves a keyed digest. Per format and minute their number and their sum stand for the lines, in whatever order:
a minute with the same two was taken in before. Where a log begins or ends within a minute, its lines are compared one by one, as often as each
occurs: two lines that are alike are two requests. Line ends are no part of a line (`framing.frame`), and without the key nothing can be told
from a digest (SipHash; J.-P. Aumasson and D. J. Bernstein, 2012, as pandas has it).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.hours import Hours
from discovery.runs import Runs
from discovery.shelf import Shelf
from discovery.usage import summarise

Numbers = npt.NDArray[np.int64]

#: One row per format and minute since 1970 with events; `digest` is the sum of the digests of its lines.
MINUTES: Final[dict[str, pl.DataType]] = {"format": pl.String(), "minute": pl.Int32(), "lines": pl.Int32(), "digest": pl.UInt64()}

#: One row per line of the minutes that can still be told line by line.
LINES: Final[dict[str, pl.DataType]] = {"format": pl.String(), "minute": pl.Int32(), "line": pl.Int64(), "digest": pl.UInt64()}

#: So many lines of a log are kept one by one: of its begin, and of its end.
FIRST: Final = 20_000
LAST: Final = 1_000_000

_LOADING: Final = Lock()  # threads that load the parts of one library at once may wait for each other for ever
_MINUTE: Final = 60_000_000  # microseconds
_AT_ONCE: Final = 100_000  # minutes that wait before they are added up


@dataclass(frozen=True, slots=True)
class Marks:
    """Minute, line and digest of each event of a block."""

    minutes: Numbers
    lines: Numbers
    digests: npt.NDArray[np.uint64]


def marks(events: pl.DataFrame, text: pl.Series, first: int, key: str) -> Marks:
    """The marks of a block.

    Args:
        events: columns of `EVENT`.
        text: the lines as written.
        first: number of the first of these.
        key: 16 characters.
    """
    with _LOADING:
        from pandas.util import hash_array  # noqa: PLC0415 (slow to load, and only logs that are kept need it)

    lines = events["line"].to_numpy()
    written = text.gather(lines - first).to_numpy()
    return Marks(events["timestamp"].to_physical().to_numpy() // _MINUTE, lines, hash_array(written, hash_key=key, categorize=False))


@dataclass(frozen=True, slots=True)
class Marked:
    """What identifies the lines of a log: columns of `MINUTES` and of `LINES`."""

    minutes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MINUTES))
    lines: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINES))


class Marking:
    """The marks of one format of a log, block after block; memory stays flat."""

    def __init__(self) -> None:
        self._minutes: list[pl.DataFrame] = []
        self._first: list[pl.DataFrame] = []
        self._last: list[pl.DataFrame] = []

    def add(self, of_block: Marks) -> None:
        """Take in the next block."""
        each = pl.DataFrame({"minute": of_block.minutes, "line": of_block.lines, "digest": of_block.digests})
        each = each.with_columns(pl.col("minute").cast(pl.Int32))
        self._minutes.append(_added(each.with_columns(pl.lit(1, pl.Int32).alias("lines"))))
        if sum(table.height for table in self._minutes) > _AT_ONCE:
            self._minutes = [_added(pl.concat(self._minutes))]
        if sum(table.height for table in self._first) < FIRST:
            self._first.append(each)
            return
        self._last.append(each)
        while sum(table.height for table in self._last[1:]) > LAST:
            self._last.pop(0)

    def whole(self) -> Marked:
        """All of them, without the format."""
        lines = pl.concat([*self._first, *self._last]).sort("line")
        return Marked(_added(pl.concat(self._minutes)), pl.concat([lines.head(FIRST), lines.slice(FIRST).tail(LAST)]))


def together(parts: Mapping[str, Marked]) -> Marked:
    """The marks of a log out of those of its formats."""
    tables = [(pl.lit(name).alias("format"), part) for name, part in parts.items()]
    minutes = [pl.DataFrame(schema=MINUTES), *(part.minutes.select(name, *list(MINUTES)[1:]) for name, part in tables)]
    lines = [pl.DataFrame(schema=LINES), *(part.lines.select(name, *list(LINES)[1:]) for name, part in tables)]
    return Marked(pl.concat(minutes), pl.concat(lines))


def _added(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per minute; digests are added up without regard to what runs over."""
    runs = Runs(rows, ("minute",))
    measures = (runs.reduced(rows[name], np.add) for name in ("lines", "digest"))
    return pl.DataFrame([rows["minute"].gather(runs.rows), *measures])


@dataclass(frozen=True, slots=True)
class Segments:
    """The parts of a log that other logs told before.

    Attributes:
        told_by: for each segment, by number, the logs that all told it.
        minutes: format, minute and segment.
        lines: line and segment, of minutes that are told in part.
    """

    told_by: tuple[frozenset[int], ...]
    minutes: pl.DataFrame
    lines: pl.DataFrame

    def of(self, events: pl.DataFrame) -> pl.Series:
        """The segment of each event (with `format`), null for what is new."""
        rows = events.select("line", "format", (pl.col("timestamp").to_physical() // _MINUTE).cast(pl.Int32).alias("minute"))
        rows = rows.join(self.minutes, on=["format", "minute"], how="left", maintain_order="left")
        rows = rows.join(self.lines, on="line", how="left", maintain_order="left", suffix="_line")
        return rows.select(pl.coalesce("segment", "segment_line").alias("segment")).to_series()


def segments(mine: Marked, before: Iterable[tuple[int, Marked]]) -> Segments | None:
    """What of a log others told before; None where nothing is.

    Args:
        mine: the log's.
        before: number and marks of each log that was taken in before.
    """
    minutes, lines = [], []
    for number, other in before:
        both = mine.minutes.join(other.minutes, on=["format", "minute"], suffix="_before")
        same = (pl.col("lines") == pl.col("lines_before")) & (pl.col("digest") == pl.col("digest_before"))
        told = pl.lit(number, pl.Int64).alias("by")
        minutes.append(both.filter(same).select("format", "minute", told))
        partly = both.filter(~same).select("format", "minute")
        lines.append(_alike(mine.lines.join(partly, on=["format", "minute"]), other.lines).select("line", told))
    sets: dict[frozenset[int], int] = {}
    whole = _numbered(minutes, ["format", "minute"], sets)
    single = _numbered(lines, ["line"], sets)
    return Segments(tuple(sets), whole, single) if sets else None


def _alike(mine: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """My lines that the other has as well, each as often as it has it."""
    key = ["format", "minute", "digest"]
    narrow = [table.with_columns(pl.col("digest").cast(pl.UInt64) % (1 << 32)) for table in (mine, other)]
    nth = [table.sort("line").with_columns(pl.int_range(pl.len()).over(key).alias("nth")) for table in narrow]
    return nth[0].join(nth[1], on=[*key, "nth"], how="semi")


def _numbered(told: Sequence[pl.DataFrame], key: list[str], sets: dict[frozenset[int], int]) -> pl.DataFrame:
    """Rows of a key with the segment that stands for the logs that told them."""
    if not told or not any(table.height for table in told):
        kinds = {name: {**MINUTES, **LINES}[name] for name in key}
        return pl.DataFrame(schema={**kinds, "segment": pl.Int32()})
    each = pl.concat(told).group_by(key, maintain_order=True).agg(pl.col("by").unique().sort())
    kinds_of = each["by"].unique(maintain_order=True)
    numbers = [sets.setdefault(frozenset(by), len(sets)) for by in kinds_of]
    names = pl.DataFrame({"by": kinds_of, "segment": pl.Series(numbers, dtype=pl.Int32)})
    return each.join(names, on="by", how="left", maintain_order="left").drop("by")


class Segmented:
    """The usage of a log by segment, from its events; a sink of `pipeline.read_log`."""

    def __init__(self, found: Segments) -> None:
        self._found = found
        self._usage: dict[tuple[str, int | None], Hours] = {}
        self.events: dict[int, int] = dict.fromkeys(range(len(found.told_by)), 0)

    def __call__(self, events: pl.DataFrame) -> None:
        """Take in the next events."""
        marked = events.with_columns(self._found.of(events))
        for (format_id, segment), rows in marked.partition_by("format", "segment", as_dict=True).items():
            self._usage.setdefault((str(format_id), segment), Hours()).add(summarise(rows).cast({pl.String: pl.Categorical}))
            if segment is not None:
                self.events[int(segment)] += int(rows["requests"].gt(0).sum())

    def usage(self) -> Shelf:
        """Columns of `USAGE`, `format` and `segment`."""
        return Shelf(
            piece.with_columns(pl.lit(format_id).alias("format"), pl.lit(segment, pl.Int32).alias("segment"))
            for (format_id, segment), hours in self._usage.items()
            for piece in hours.whole().pieces()
        )
