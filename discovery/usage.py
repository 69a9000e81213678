"""From events to usage: who asked for which domain in which hour.

Usage of blocks merges by addition, so any engine may summarise in any order: counts add, first and last are a minimum and a maximum,
the ten-minute slots of an hour are a bit mask joined by OR.
"""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.coding import nothing
from discovery.events import CHANNEL, SUBJECT
from discovery.runs import Numbers, Runs, numbers_of, starts_of

#: What one row of usage is about: a subject, a kind of record, a domain (the address where the log names no domain), an hour (UTC).
USAGE_KEY: Final = (*SUBJECT, "channel", "destination_domain", "destination_ip", "hour")

#: For each ten minutes of the hour, when it saw its first request: hundredths of a second after they began, or `NEVER`.
OPENED: Final = tuple(f"opened_{slot}" for slot in range(6))
NEVER: Final = 65_535
#: Tenths of a second after the hour began to its last request.
UNTIL: Final = "asked_until"

#: What tells when requests were made within the hour.
TIMES: Final = (*OPENED, UNTIL)

#: Columns of the usage table. `slots` has bit n set where the n-th ten minutes of the hour saw a request;
#: bytes are null where no record of the row told them; `first_line` is the physical line of the first request.
USAGE: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(SUBJECT, pl.String()),
    "channel": CHANNEL,
    "destination_domain": pl.String(),
    "destination_ip": pl.String(),
    "hour": pl.Datetime("us", "UTC"),
    "slots": pl.UInt8(),
    "hits": pl.Int64(),
    "blocked_hits": pl.Int64(),
    "source_bytes": pl.Int64(),
    "destination_bytes": pl.Int64(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
    "first_line": pl.Int64(),
    **dict.fromkeys((*OPENED, UNTIL), pl.UInt16()),
}


#: Rows that are merged at once.
_AT_ONCE: Final = 500_000

_HOUR: Final = 3_600_000_000  # microseconds
_SLOTS: Final = 6
_SLOT: Final = _HOUR // _SLOTS
_NO_TIME: Final = np.iinfo(np.int64).max


def summarise(events: pl.DataFrame) -> pl.DataFrame:
    """Usage (columns of `USAGE`; names of the types they come in) of a table of events (columns of `EVENT` and `TRANSIENT`)."""
    # a record that only announces a request, and belongs to no session, is no use
    if events["requests"].min() != 1:
        events = events.filter((pl.col("requests") > 0) | pl.col("session").is_not_null())
    time = _asked(events).to_physical().to_numpy()
    hour = pl.Series("hour", time - time % _HOUR)
    names = [events[name] for name in (*SUBJECT, "destination_domain")]
    keys = pl.DataFrame([events["channel"].cast(CHANNEL), *names, _nameless(events), hour])
    slots = Slots(numbers_of(keys, USAGE_KEY), time % _HOUR // _SLOT)
    counts = _counts(events, slots) | _moments(events, slots, time)
    rows = keys.select(pl.all().gather(slots.rows)).with_columns(pl.col("hour").cast(USAGE["hour"]))
    return rows.with_columns(pl.Series(name, column, USAGE[name]) for name, column in counts.items()).select(*USAGE)


class Slots:
    """Events sorted by their key, and those of one key by their ten minutes of the hour.

    Attributes:
        rows: for each key one of its events.
    """

    def __init__(self, keys: Numbers, slot: Numbers) -> None:
        numbers = keys * _SLOTS + slot
        self._order = np.argsort(numbers)
        ordered = numbers[self._order]
        self._starts = starts_of(ordered)
        key, self._slot = np.divmod(ordered[self._starts], _SLOTS)
        self._of_key = starts_of(key)
        self._key = np.cumsum(np.bincount(self._of_key, minlength=len(key))[: len(key)]) - 1
        self.rows: Numbers = self._order[self._starts[self._of_key]]

    def each(self, values: npt.NDArray[np.generic], how: np.ufunc) -> npt.NDArray[np.generic]:
        """One value for each key and slot."""
        return how.reduceat(values[self._order], self._starts) if len(self._order) else values

    def whole(self, each: npt.NDArray[np.generic], how: np.ufunc) -> npt.NDArray[np.generic]:
        """One value for each key, from those for its slots."""
        return how.reduceat(each, self._of_key) if len(self._of_key) else each

    def of_key(self, values: npt.NDArray[np.generic], how: np.ufunc) -> npt.NDArray[np.generic]:
        """One value for each key."""
        return how.reduceat(values[self._order], self._starts[self._of_key]) if len(self._order) else values

    def spread(self, each: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
        """The values for the slots of each key, one column a slot; `NEVER` where it has none."""
        table = np.full((_SLOTS, len(self.rows)), NEVER, np.uint16)
        table[self._slot, self._key] = each
        return table

    @property
    def seen(self) -> npt.NDArray[np.generic]:
        """The slots of each key as a bit mask."""
        return self.whole(np.left_shift(1, self._slot).astype(np.uint8), np.bitwise_or)


def _counts(events: pl.DataFrame, slots: Slots) -> dict[str, Any]:
    """How many requests and bytes each key has, and its first line."""
    blocked = events["event_action"] == "blocked"
    return {
        "hits": slots.of_key(events["requests"].to_numpy(), np.add),
        "blocked_hits": slots.of_key(blocked.fill_null(value=False).to_numpy().astype(np.int64), np.add),
        **{name: _told(events[name], slots) for name in ("source_bytes", "destination_bytes")},
        "first_line": slots.of_key(events["line"].to_numpy(), np.minimum),
    }


def _told(column: pl.Series, slots: Slots) -> pl.Series:
    """The sum of a count for each key; null where no event of the key tells it: not told is not zero."""
    if column.null_count() == len(column):
        return column.head(len(slots.rows))
    added = pl.Series(slots.of_key(column.fill_null(0).to_numpy(), np.add))
    if not column.null_count():
        return added
    told = pl.Series(slots.of_key(column.is_not_null().to_numpy(), np.logical_or))
    return pl.select(pl.when(told).then(added)).to_series()


def _moments(events: pl.DataFrame, slots: Slots, time: Numbers) -> dict[str, Any]:
    """When each key was asked for; records without a request of their own open nothing."""
    request = events["requests"].to_numpy() > 0
    first, last = slots.each(time, np.minimum), slots.each(time, np.maximum)
    opened, until = (
        (first, last)
        if request.all()
        else (slots.each(np.where(request, time, _NO_TIME), np.minimum), slots.each(np.where(request, time, -1), np.maximum))
    )
    at = np.where(opened == _NO_TIME, NEVER, opened % _SLOT // 10_000).astype(np.uint16)
    return {
        "slots": slots.seen,
        "first": slots.whole(first, np.minimum),
        "last": slots.whole(last, np.maximum),
        **dict(zip(OPENED, slots.spread(at), strict=True)),
        UNTIL: np.maximum(slots.whole(until, np.maximum), 0) % _HOUR // 100_000,
    }


def _asked(events: pl.DataFrame) -> pl.Series:
    """When each request was made: some lines are only written at its end."""
    time, lasted = events["timestamp"], events["lasted"]
    return time if lasted.null_count() == len(lasted) else (time.to_physical() - lasted.fill_null(0) * 1000).cast(time.dtype)


def _nameless(events: pl.DataFrame) -> pl.Series:
    """The address that was asked for, where no domain is named: only there does it say anything more."""
    domain, address = events["destination_domain"], events["destination_ip"]
    if not domain.null_count():
        return nothing(len(address), address.dtype).alias("destination_ip")
    return pl.select(pl.when(domain.is_null()).then(address).alias("destination_ip")).to_series()


def merge(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One usage table out of several; associative and commutative."""
    tables = [part for part in parts if part.height]
    if len(tables) < 2:  # noqa: PLR2004 (nothing to merge)
        return tables[0] if tables else pl.DataFrame(schema=USAGE)
    rows = sum(table.height for table in tables)
    slices = rows // _AT_ONCE + 1
    if slices == 1:
        return _add_up(pl.concat(tables)).rechunk()
    # rows of one hour only ever meet each other, so a large table is merged in slices of hours and memory stays flat
    turn = pl.col("hour").to_physical() // _HOUR % slices
    return pl.concat([_add_up(pl.concat([table.filter(turn == n) for table in tables])).rechunk() for n in range(slices)])


#: How the measures of rows become one.
_ADDED: Final = {
    "slots": np.bitwise_or,
    "hits": np.add,
    "blocked_hits": np.add,
    "source_bytes": np.add,
    "destination_bytes": np.add,
    "first": np.minimum,
    "last": np.maximum,
    "first_line": np.minimum,
    **dict.fromkeys(OPENED, np.minimum),
    UNTIL: np.maximum,
}


def _add_up(rows: pl.DataFrame) -> pl.DataFrame:
    runs = Runs(rows, USAGE_KEY)
    if runs.single:
        return rows
    keys = (rows[name].gather(runs.rows) for name in USAGE_KEY)
    return pl.DataFrame([*keys, *(runs.reduced(rows[name], how) for name, how in _ADDED.items())]).select(*USAGE)
