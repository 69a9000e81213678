"""DNS answers of a log, block after block in its order.

Some resolvers write an answer record by record, each on a line of its own. Of an answer such as `files.example is <CNAME>`,
`edge.cdn.example is 203.0.113.9` the first line has the name that somebody asked for; who it was stands on the line of the question before.
What a block leaves open the next one continues, so it does not matter where a log is cut.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import polars as pl

from discovery.answers import ALIASES, ANSWERS, MOST, Told, aliases, merged
from discovery.events import SUBJECT

#: The records of one answer are written at once; times of a log may be whole seconds.
_AT_ONCE: Final = timedelta(seconds=1)

#: A question that is not answered by then never is.
_ANSWERED: Final = timedelta(minutes=1)

#: Rows that wait before they are added up.
_PENDING: Final = 300_000

_CARRIED: Final = ("line", "timestamp", "asked", "address", "follows", "head", "step")


class Chains:
    """Puts the records of answers together, block after block."""

    def __init__(self) -> None:
        self._last: pl.DataFrame | None = None
        self._questions: pl.DataFrame | None = None

    def told(self, loose: pl.DataFrame, events: pl.DataFrame) -> Told:
        """The answers in the next block.

        Args:
            loose: columns of `answers.LOOSE`.
            events: the events of the block.
        """
        questions = self._asked(events)
        rows = self._headed(loose.sort("line"))
        return Told(merged(_by_whom(rows.filter(pl.col("address").is_not_null()), questions)), aliases(_further(rows)))

    def _asked(self, events: pl.DataFrame) -> pl.DataFrame:
        """The questions of the block and the last before it for each name."""
        new = events.filter((pl.col("requests") > 0) & pl.col("destination_domain").is_not_null())
        new = new.select("line", pl.col("destination_domain").alias("head"), pl.col("timestamp").alias("_when"), *SUBJECT)
        known = (new if self._questions is None else pl.concat([self._questions, new])).sort("line")
        latest = known.unique("head", keep="last", maintain_order=True)
        self._questions = latest.filter(pl.col("_when") >= pl.col("_when").max() - _ANSWERED) if latest.height else latest
        return known

    def _headed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The records with `head`, the name that was asked for, and `step`, how many names stand before theirs."""
        fresh = rows.with_columns(pl.lit(None, rows["asked"].dtype).alias("head"), pl.lit(0, pl.Int64).alias("step")).select(*_CARRIED)
        known = fresh if self._last is None else pl.concat([self._last, fresh])
        again = pl.col("asked") == pl.col("asked").shift()
        together = (again | pl.col("follows").shift()) & ((pl.col("timestamp") - pl.col("timestamp").shift()).abs() <= _AT_ONCE)
        goes_on = together.fill_null(value=False)
        marked = known.with_columns(
            pl.when(~goes_on).then(pl.coalesce("head", "asked")).forward_fill().alias("head"),
            pl.when(goes_on & ~again).then(1).otherwise("step").alias("step"),
            (~goes_on).cum_sum().alias("_chain"),
        )
        headed = marked.with_columns(pl.col("step").cum_sum().over("_chain")).select(*_CARRIED)
        self._last = headed.tail(1) if headed.height else self._last
        return headed if known is fresh else headed.slice(1)


def _by_whom(rows: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Addresses with who asked for the name; nobody where the question is not near."""
    asked = questions.with_columns(pl.col("line").alias("_line"))
    joined = rows.join_asof(asked, on="line", by="head", strategy="backward", check_sortedness=False)
    near = (pl.col("timestamp") - pl.col("_when") <= _ANSWERED).fill_null(value=False)
    return joined.select(*(pl.when(near).then(name).alias(name) for name in SUBJECT), pl.col("head").alias("asked"), "address", "timestamp")


def _further(rows: pl.DataFrame) -> pl.DataFrame:
    """The names behind the one that was asked for."""
    return rows.filter(pl.col("step") > 0).select(pl.col("head").alias("asked"), pl.col("asked").alias("target"), "step")


class Collected:
    """The answers of a log, added up block after block; memory stays flat."""

    def __init__(self) -> None:
        self._answers: list[pl.DataFrame] = []
        self._aliases: list[pl.DataFrame] = []
        self._chains = Chains()
        self._capped = False

    def add(self, told: Told, events: pl.DataFrame) -> None:
        """The answers of the next block; events are those of the block."""
        if told.loose is not None:
            told = self._chains.told(told.loose, events)
        self._answers, self._aliases = self._with(self._answers, told.answers, _earliest), self._with(self._aliases, told.aliases, _nearest)

    def whole(self) -> Told:
        """All of them."""
        answers, more = _earliest(self._answers)
        pairs, others = _nearest(self._aliases)
        return Told(answers, pairs, capped=self._capped or more or others)

    def _with(
        self, tables: list[pl.DataFrame], new: pl.DataFrame, merge: Callable[[list[pl.DataFrame]], tuple[pl.DataFrame, bool]]
    ) -> list[pl.DataFrame]:
        if not new.height:
            return tables
        if sum(table.height for table in tables[1:]) + new.height < _PENDING:
            return [*tables, new]
        whole, more = merge([*tables, new])
        self._capped |= more
        return [whole]


def together(several: Sequence[Told]) -> Told:
    """The answers of several parts of a log."""
    answers, more = _earliest([told.answers for told in several if told.answers.height])
    pairs, others = _nearest([told.aliases for told in several if told.aliases.height])
    return Told(answers, pairs, capped=more or others or any(told.capped for told in several))


def _earliest(tables: list[pl.DataFrame]) -> tuple[pl.DataFrame, bool]:
    """All rows of answers, but the latest where they are too many."""
    whole = merged(pl.concat(tables)) if tables else pl.DataFrame(schema=ANSWERS)
    return (whole.sort("since", "asked", "address").head(MOST), True) if whole.height > MOST else (whole, False)


def _nearest(tables: list[pl.DataFrame]) -> tuple[pl.DataFrame, bool]:
    """All pairs of aliases, but the farthest where they are too many."""
    whole = aliases(pl.concat(tables)) if tables else pl.DataFrame(schema=ALIASES)
    return (whole.sort("step", "asked", "target").head(MOST), True) if whole.height > MOST else (whole, False)
