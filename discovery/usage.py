"""From events to usage: who asked for which domain in which hour.

Usage of blocks merges by addition, so any engine may summarise in any order: counts add, first and last are a minimum and a maximum,
the ten-minute slots of an hour are a bit mask joined by OR.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.coding import nothing
from discovery.events import CHANNEL, SUBJECT
from discovery.runs import Numbers, Runs

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
_SLOT: Final = _HOUR // 6


def summarise(events: pl.DataFrame) -> pl.DataFrame:
    """Usage (columns of `USAGE`; names of the types they come in) of a table of events (columns of `EVENT` and `TRANSIENT`)."""
    # a record that only announces a request, and belongs to no session, is no use
    if events["requests"].min() != 1:
        events = events.filter((pl.col("requests") > 0) | pl.col("session").is_not_null())
    asked = _asked(events)
    time = asked.to_physical().to_numpy()
    within = time % _HOUR
    slot = within // _SLOT
    counted = [
        pl.Series("hour", time - within).cast(USAGE["hour"]),
        pl.Series("slots", np.left_shift(1, slot).astype(np.uint8)),
        events["requests"].alias("hits"),
        _blocked(events["event_action"]),
        *(events[name] for name in ("source_bytes", "destination_bytes")),
        *(asked.alias(name) for name in ("first", "last")),
        events["line"].alias("first_line"),
        *_opened(within, slot, events["requests"].to_numpy() > 0),
    ]
    keys = [events["channel"].cast(CHANNEL), *(events[name] for name in (*SUBJECT, "destination_domain")), _nameless(events)]
    return _add_up(pl.DataFrame([*keys, *counted]).select(*USAGE))


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


def _blocked(action: pl.Series) -> pl.Series:
    blocked = action == "blocked"
    return pl.Series("blocked_hits", (blocked.fill_null(value=False) if blocked.null_count() else blocked).to_numpy().astype(np.int64))


def _opened(within: Numbers, slot: Numbers, request: npt.NDArray[np.bool_]) -> list[pl.Series]:
    """The columns `OPENED` and `UNTIL`, from microseconds within the hour and the ten minutes they belong to; records without a request open none."""
    at = ((within - slot * _SLOT) // 10_000).astype(np.uint16)
    at[~request] = NEVER
    until = (within // 100_000).astype(np.uint16)
    until[~request] = 0
    opened = [pl.Series(name, np.where(slot == number, at, np.uint16(NEVER))) for number, name in enumerate(OPENED)]
    return [*opened, pl.Series(UNTIL, until)]


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
