"""DNS answers, a side table of reading a log: which name a client was told for which address, and which names are other names of others.

Firewalls often log addresses only; what a client asked for a moment before says which site an address was (`naming.py`). How long an answer
holds is not kept: programs go on using an address long after its time to live, and forwarders do not log it. Answers are one row per client,
hour, name and address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from discovery import names
from discovery.coding import Names
from discovery.events import SUBJECT
from discovery.runs import Runs

#: One row per client, hour (UTC, of `since`), name asked for and address it was told; `since` is when it was first told so in that hour.
ANSWERS: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(SUBJECT, pl.String()),
    "asked": pl.String(),
    "address": pl.String(),
    "since": pl.Datetime("us", "UTC"),
}

#: One row per name and another name behind it (CNAME); `step` is how many names further the nearest one is, from 1.
ALIASES: Final[dict[str, pl.DataType]] = {"asked": pl.String(), "target": pl.String(), "step": pl.Int64()}

#: Rows of either table that are kept of one log: ten million connections of an office ask for far less.
MOST: Final = 1_000_000
TOO_MANY: Final = f"This log holds more than {MOST:,} different DNS answers; only the first of them give names to addresses."

#: A record of an answer on a line of its own (see `chains.py`): the name it is of, its address if it holds one, and whether another name follows.
LOOSE: Final = ("line", "timestamp", "asked", "address", "follows")

_HOUR: Final = 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the lines of a layout say of answers to DNS questions, whether or not the line is an event.

    Attributes:
        said: what was answered, a list of texts in the order of the answer; what is no address and no name is passed over.
        asked: the name that was asked for (default: the event's `destination_domain`).
        client: address of who asked (default: the event's `source_ip`).
        when: condition on the lines that hold an answer (default: all).
        loose: where each record of an answer is a line of its own, in the order of the answer, and who asked stands on the line of the
            question: what is written where another name follows.
    """

    said: pl.Expr
    asked: pl.Expr | None = None
    client: pl.Expr | None = None
    when: pl.Expr | None = None
    loose: str | None = None

    def looks_at(self) -> list[pl.Expr]:
        """Its expressions."""
        return [expression for expression in (self.said, self.asked, self.client, self.when) if expression is not None]


def within(text: pl.Expr, pattern: str) -> pl.Expr:
    """The first groups of all matches in a text."""
    return text.str.extract_all(pattern).list.eval(pl.element().str.extract(pattern, 1))


@dataclass(frozen=True, slots=True)
class Told:
    """What a block, or a log, tells of DNS answers; names may be categories.

    Attributes:
        answers: columns of `ANSWERS`.
        aliases: columns of `ALIASES`.
        loose: columns of `LOOSE`, of records on lines of their own.
        capped: whether there were more than are kept.
    """

    answers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ANSWERS))
    aliases: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ALIASES))
    loose: pl.DataFrame | None = None
    capped: bool = False


#: What most blocks tell.
NOTHING_TOLD: Final = Told()


def told_by(declared: Answers, event: Mapping[str, pl.Expr], clock: pl.Expr, rows: pl.DataFrame, coder: Names) -> Told:
    """The answers in a table of fields.

    Args:
        declared: what the layout says of them.
        event: its event columns.
        clock: its time.
        rows: the fields of lines that are understood.
        coder: names of the log.
    """
    empty = pl.lit(None, pl.String)
    who = {name: event.get(name, empty) for name in SUBJECT} | ({} if declared.client is None else {"source_ip": declared.client})
    raw = rows.select(
        "line",
        clock.alias("timestamp"),
        (declared.asked if declared.asked is not None else event["destination_domain"]).alias("asked"),
        declared.said.alias("said"),
        *(expression.alias(name) for name, expression in who.items()),
    )
    raw = raw.filter(pl.col("timestamp").is_not_null() & (pl.col("said").list.len() > 0))
    raw = raw.with_columns(pl.int_ranges(1, pl.col("said").list.len() + 1).alias("step")).explode("said", "step")
    rows = _canonical(raw, coder)
    if declared.loose is not None:
        return Told(loose=rows.with_columns((pl.col("said") == declared.loose).alias("follows")).select(*LOOSE))
    return Told(merged(rows.filter(pl.col("address").is_not_null())), aliases(rows))


def _canonical(raw: pl.DataFrame, coder: Names) -> pl.DataFrame:
    """Names in their one form; rows that ask for nothing that is a name are left out."""
    who = ("user_name", "source_ip", "source_mac", "host_name")
    formed = [coder.formed(raw[name], names.FORMS[name])[0].alias(name) for name in who]
    formed.append(coder.formed(raw["asked"], (("destination_domain", names.domains),))[0].alias("asked"))
    address, target = coder.formed(raw["said"], (("destination_ip", names.addresses_asked), ("destination_domain", names.domains)))
    rows = raw.with_columns(*formed, address.alias("address"), target.alias("target"))
    return rows.filter(pl.col("asked").is_not_null())


def merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Answers as rows of `ANSWERS`, one for each client, hour, name and address."""
    hours = rows.with_columns((pl.col("since" if "since" in rows.columns else "timestamp").to_physical() // _HOUR).alias("_hour"))
    hours = hours.rename({"timestamp": "since"}, strict=False)
    runs = Runs(hours, (*SUBJECT, "asked", "address", "_hour"))
    return pl.DataFrame([*(hours[name].gather(runs.rows) for name in (*SUBJECT, "asked", "address")), runs.reduced(hours["since"], np.minimum)])


def aliases(rows: pl.DataFrame) -> pl.DataFrame:
    """Other names as rows of `ALIASES`, one for each pair."""
    pairs = rows.filter(pl.col("target").is_not_null())
    runs = Runs(pairs, ("asked", "target"))
    return pl.DataFrame([*(pairs[name].gather(runs.rows) for name in ("asked", "target")), runs.reduced(pairs["step"], np.minimum)])
