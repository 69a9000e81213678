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
from discovery.compiled import compiled
from discovery.events import CHANNEL, SUBJECT
from discovery.framing import Flags
from discovery.runs import Numbers, Runs

#: What one row of usage is about: a subject, a kind of record, a domain (the address where the log names no domain), an hour (UTC).
USAGE_KEY: Final = (*SUBJECT, "channel", "destination_domain", "destination_ip", "hour")

#: For each ten minutes of the hour, when it saw its first request: hundredths of a second after they began, or `NEVER`.
OPENED: Final = tuple(f"opened_{slot}" for slot in range(6))
NEVER: Final = 65_535
#: Tenths of a second after the hour began to its last request, or for how long a connection of it was surely in use.
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

Slots = npt.NDArray[np.uint8]
Moments = npt.NDArray[np.uint16]

#: Milliseconds: Chromium closes a connection five minutes after its last request, other browsers sooner. One that lasts longer was in use until then;
#: what is held for more than half an hour besides is a window's or a program's, whether anybody works there or not.
_KEPT: Final = 300_000
_HELD: Final = 2_100_000


def summarise(events: pl.DataFrame) -> pl.DataFrame:
    """Usage (columns of `USAGE`; names of the types they come in) of a table of events (columns of `EVENT` and `TRANSIENT`)."""
    # a record that only announces a request, and belongs to no session, is no use
    if events["requests"].min() != 1:
        events = events.filter((pl.col("requests") > 0) | pl.col("session").is_not_null())
    time, took = _asked(events)
    hours = time // _HOUR * _HOUR
    hour = pl.Series("hour", hours, USAGE["hour"])
    names = [events[name] for name in (*SUBJECT, "destination_domain")]
    keys = pl.DataFrame([events["channel"].cast(CHANNEL), *names, _nameless(events), hour])
    runs = Runs(keys, USAGE_KEY)
    requests = events["requests"].to_numpy()
    columns = _counts(events, runs, requests) | _moments(runs, time, time - hours, took, requests > 0)
    rows = keys.select_seq(pl.all().gather(runs.rows))
    found = {name: pl.Series(name, column, USAGE[name]) for name, column in columns.items()}
    return pl.DataFrame([found[name] if name in found else rows[name] for name in USAGE])


def _counts(events: pl.DataFrame, runs: Runs, requests: Numbers) -> dict[str, Any]:
    """How many requests and bytes each key has, and its first line."""
    blocked = (events["event_action"] == "blocked").fill_null(value=False)
    return {
        "hits": runs.of_each(requests, np.add),
        "blocked_hits": runs.of_each(blocked.to_numpy(), np.add),
        **{name: runs.reduced(events[name], np.add) for name in ("source_bytes", "destination_bytes")},
        "first_line": runs.of_each(events["line"].to_numpy(), np.minimum),
    }


def _moments(runs: Runs, time: Numbers, since: Numbers, took: Numbers, request: Flags) -> dict[str, Any]:
    """When each key was asked for, `since` the hour began; records without a request of their own open nothing."""
    slots, until = np.zeros(len(runs), np.uint8), np.zeros(len(runs), np.uint16)
    opened = np.full((_SLOTS, len(runs)), NEVER, np.uint16)
    _note(runs.which, since, took, request, slots, until, opened)
    return {
        "slots": slots,
        "first": runs.of_each(time, np.minimum),
        "last": runs.of_each(time, np.maximum),
        **dict(zip(OPENED, opened, strict=True)),
        UNTIL: until,
    }


@compiled
def _note(which: Numbers, time: Numbers, took: Numbers, request: Flags, slots: Slots, until: Moments, opened: Moments) -> None:
    """For each key note its slots, when each was opened, and until when; `time` is that since the hour began (microseconds), `took` milliseconds."""
    for row in range(len(which)):
        key, slot = which[row], time[row] // _SLOT
        slots[key] |= 1 << slot
        if request[row]:
            opened[slot, key] = min(opened[slot, key], time[row] % _SLOT // 10_000)
            busy = took[row] - _KEPT if _KEPT <= took[row] <= _HELD else 0
            until[key] = max(until[key], (time[row] + busy * 1000) // 100_000)


def _asked(events: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """When each request was made, in microseconds, and how long it took, in milliseconds: some lines are only written at its end."""
    time, lasted = events["timestamp"].to_physical().to_numpy(), events["lasted"]
    if lasted.null_count() == len(lasted):
        return time, np.zeros(len(time), np.int64)
    took = lasted.fill_null(0).to_numpy()
    return time - took * 1000, took


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
        return add_up(pl.concat(tables)).rechunk()
    # rows of one hour only ever meet each other, so a large table is merged in slices of hours and memory stays flat
    turn = pl.col("hour").to_physical() // _HOUR % slices
    return pl.concat([add_up(pl.concat([table.filter(turn == n) for table in tables])).rechunk() for n in range(slices)])


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


def add_up(rows: pl.DataFrame) -> pl.DataFrame:
    """A usage table in which rows of one key are one."""
    runs = Runs(rows, USAGE_KEY)
    if runs.single:
        return rows
    keys = (rows[name].gather(runs.rows) for name in USAGE_KEY)
    return pl.DataFrame([*keys, *(runs.reduced(rows[name], how) for name, how in _ADDED.items())]).select(*USAGE)
