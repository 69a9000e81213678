"""When a log spoke and when it did not: silences that its own rhythm does not explain, and clocks that were set.

A block tells in which ten minutes it holds events, and the latest time in every few lines. Both merge over blocks, however the log was cut.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.int64]

#: Office hours, Monday to Friday, in the client's zone: from the first hour up to the second.
WORKING: Final = (8, 18)
_SATURDAY: Final = 6

_SLOT: Final = 600_000_000  # ten minutes, in microseconds
_PER_HOUR: Final = 6
_LEAST: Final = 6  # slots: shorter silences are not looked at

#: Lines that relays and long requests may bring out of order are fewer than these, and nearer than this.
_LINES: Final = 32
_AROUND: Final = 10 * 60 * 1_000_000

#: How many of each are told.
_MOST: Final = 50
_FEW: Final = 5  # so many jumps are no disorder, however short the log

# A silence counts where chance would bring one as long in one of a hundred such logs.
_CHANCE: Final = 0.01
_BUSIEST: Final = 0.98  # no source speaks in every ten minutes for ever
_KNOWN: Final = 18  # slots that must be seen of an hour of the day before it has a rhythm
_ALWAYS: Final = timedelta(days=7) // timedelta(minutes=10)  # so long a silence is told of any source, however seldom it speaks
_ELSEWHERE: Final = timedelta(days=31) // timedelta(minutes=10)  # so far from the rest, a few times are of a clock that was not set

NOT_IN_ORDER: Final = "The lines are not in the order of time, so whether its clock was right cannot be told."


@dataclass(frozen=True, slots=True)
class Silence:
    """A time without events that the log's rhythm does not explain; `working_hours` of it were office hours.

    `format`: whose lines are missing, where the file holds those of several.
    """

    since: datetime
    until: datetime
    working_hours: float
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Jump:
    """A clock that goes back: from which time to which, about at which line."""

    line: int
    before: datetime
    after: datetime


def _none() -> Numbers:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Pace:
    """When the events of a block were.

    Attributes:
        slots: the ten minutes since 1970 with events, each once.
        groups, peaks: of each group of lines with events its number, and the latest time among them (microseconds since 1970).
    """

    slots: Numbers = field(default_factory=_none)
    groups: Numbers = field(default_factory=_none)
    peaks: Numbers = field(default_factory=_none)


def pace(events: pl.DataFrame) -> Pace:
    """The pace of a table of events in the order of lines."""
    if not events.height:
        return Pace()
    times, lines = events["timestamp"].to_physical().to_numpy(), events["line"].to_numpy()
    slots = times // _SLOT
    groups = lines // _LINES
    starts = _changes(groups)
    return Pace(np.unique(slots[_changes(slots)]), groups[starts], np.maximum.reduceat(times, starts))


def _changes(numbers: Numbers) -> Numbers:
    return np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))


class Paces:
    """The pace of a log, block after block in its order."""

    def __init__(self) -> None:
        self._slots: list[Numbers] = []
        self._group, self._peak = -1, 0  # the last group of lines, which the next block may go on with
        self._before: int | None = None  # the peak of the group before it
        self._groups = self._back = self._seen = 0
        self._jumps: list[Jump] = []

    def add(self, of_block: Pace) -> None:
        """Take in the next block."""
        if not len(of_block.groups):
            return
        self._slots.append(of_block.slots)
        if len(self._slots) > _MOST:
            self._slots = [self._known()]
        groups, peaks = of_block.groups, of_block.peaks
        if self._groups:
            same = groups[0] == self._group
            groups = groups if same else np.concatenate([[self._group], groups])
            peaks = np.concatenate([[max(self._peak, peaks[0])], peaks[1:]]) if same else np.concatenate([[self._peak], peaks])
        self._compare(groups[:-1], peaks[:-1])
        self._groups += len(of_block.groups)
        self._group, self._peak = int(groups[-1]), int(peaks[-1])

    def _compare(self, groups: Numbers, peaks: Numbers) -> None:
        """Find what goes back among groups that are complete."""
        if not len(groups):
            return
        before = np.concatenate([[peaks[0] if self._before is None else self._before], peaks[:-1]])
        back = np.flatnonzero(peaks < before - _AROUND)
        self._back += len(back)
        self._seen += len(groups)
        more = back[: _MOST - len(self._jumps)]
        self._jumps += [Jump(max(int(groups[at]) * _LINES, 1), _moment(before[at]), _moment(peaks[at])) for at in more]
        self._before = int(peaks[-1])

    def _known(self) -> Numbers:
        return np.unique(np.concatenate(self._slots)) if self._slots else _none()

    def jumps(self) -> tuple[Jump, ...] | None:
        """Where the clock goes back; None where the lines are in no order."""
        if self._groups:
            self._compare(np.array([self._group]), np.array([self._peak]))
            self._groups = 0
        return None if self._back > max(_FEW, self._seen // 20) else tuple(self._jumps)

    def silences(self, zone: str) -> tuple[Silence, ...]:
        """The silences, in their order; the client's zone says when office hours are."""
        slots = _together(self._known())
        return tuple(_silences(slots, zone)) if len(slots) > 1 else ()


def _together(slots: Numbers) -> Numbers:
    """The slots without a few that lie far from all others: their clock was not set."""
    if len(slots) < 2:  # noqa: PLR2004 (nothing to compare)
        return slots
    parts = np.split(slots, np.flatnonzero(np.diff(slots) > _ELSEWHERE) + 1)
    while len(parts) > 1 and len(parts[0]) * 100 < len(slots):
        parts.pop(0)
    while len(parts) > 1 and len(parts[-1]) * 100 < len(slots):
        parts.pop()
    return np.concatenate(parts)


def _silences(slots: Numbers, zone: str) -> Iterator[Silence]:
    if not (np.diff(slots) > _LEAST).any():
        return
    every = np.arange(slots[0], slots[-1] + 1)
    spoke = np.zeros(len(every), bool)
    spoke[slots - slots[0]] = True
    kinds, working = _kinds(every, zone)
    totals, active = np.bincount(kinds, minlength=48), np.bincount(kinds[spoke], minlength=48)
    office = (int(working.sum()), int((working & spoke).sum()))
    begins = slots[:-1][np.diff(slots) > _LEAST] + 1 - slots[0]
    ends = slots[1:][np.diff(slots) > _LEAST] - slots[0]
    unlikely = math.log(len(every) / _CHANCE)
    found = []
    for begin, end in zip(begins, ends, strict=True):
        silent, in_office = np.bincount(kinds[begin:end], minlength=48), int(working[begin:end].sum())
        surprise = _surprise(silent, totals - silent, active, office[0] - in_office, office[1], in_office)
        if surprise >= unlikely or end - begin >= _ALWAYS:
            found.append((end - begin, Silence(_moment(every[begin] * _SLOT), _moment(every[end] * _SLOT), in_office / _PER_HOUR)))
    longest = sorted(found, key=lambda one: one[0], reverse=True)[:_MOST]
    yield from sorted((silence for _, silence in longest), key=lambda silence: silence.since)


def _surprise(silent: Numbers, rest: Numbers, active: Numbers, office_rest: int, office_active: int, in_office: int) -> float:
    """How unlikely the silence is by the log's own rhythm, as minus the logarithm of its chance.

    The rhythm is known by the hour of working days and weekends once there are some days of it; before that, office hours are alike.
    """
    known = rest >= _KNOWN
    share = np.where(known, active / np.maximum(rest, 1), 0).clip(0, _BUSIEST)
    surprise = float((silent * -np.log1p(-share)).sum())
    if known.any() or office_rest < _LEAST:
        return surprise
    return in_office * -math.log1p(-min(office_active / office_rest, _BUSIEST))


def _kinds(slots: Numbers, zone: str) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """For each slot the hour of its day (weekends from 24 on), and whether it is of office hours."""
    local = pl.Series(slots * _SLOT).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    hour, weekend = local.dt.hour().to_numpy().astype(np.int64), local.dt.weekday().to_numpy() >= _SATURDAY
    return hour + 24 * weekend, ~weekend & (hour >= WORKING[0]) & (hour < WORKING[1])


def _moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))
