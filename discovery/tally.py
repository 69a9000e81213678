"""The honest account of a log, added up while it is read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from discovery import leases, overlap
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.leases.notices import tenures
from discovery.observations import LogAccount, Sample
from discovery.outcome import BAD_TIME, SAMPLES
from discovery.overlap import Marked, Marking, Marks
from discovery.pace import NOT_IN_ORDER, Pace, Paces, Silence
from discovery.parse import Parsed
from discovery.shelf import Shelf
from discovery.times import Reading

if TYPE_CHECKING:
    from discovery.identify import Candidate

#: Notices of leases that are kept of a log: those of a hundred devices for a year.
MOST_NOTICES: Final = 300_000

_MONTHS: Final = 12
_CLOSER: Final = "day/month: so its days follow each other, and none lies ahead"


@dataclass(frozen=True, slots=True)
class Counted:
    """The account of a block: of its events only how many there are, how many name a site, and the times of the first and the last."""

    lines: int
    events: int
    named: int
    first: datetime | None
    last: datetime | None
    skipped: Mapping[str, int]
    rejected: Mapping[str, int]
    samples: Mapping[tuple[str, str], tuple[Sample, ...]]
    damaged: bool
    orders: frozenset[bool]
    ambiguous: bool
    pace: Pace
    marks: Marks | None
    notices: pl.DataFrame | None

    @classmethod
    def of(cls, parsed: Parsed) -> "Counted":
        """The account of a block that was read."""
        times = parsed.events["timestamp"]
        same = ("lines", "skipped", "rejected", "samples", "damaged", "orders", "ambiguous", "pace", "marks", "notices")
        return cls(
            events=parsed.events.height,
            named=parsed.events["destination_domain"].count(),
            first=times.min(),  # type: ignore[arg-type]
            last=times.max(),  # type: ignore[arg-type]
            **{name: getattr(parsed, name) for name in same},
        )


@dataclass(slots=True)
class Tally:
    """Counts of everything a log's lines became.

    Attributes:
        formats: of a file with several, how many lines each has.
        named: events that name a site, not only its address.
        orders: what the dates say about the order of day and month, of all blocks.
        ambiguous: whether any date could be read both ways.
        paces: when its events were, of each format: several devices have several clocks.
        marking: what its lines are told apart with, of each format.
        notices: what its lines tell of leases, and how many do (noticed).
    """

    lines: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    events: int = 0
    named: int = 0
    first: datetime | None = None
    last: datetime | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    damaged: bool = False
    orders: set[bool] = field(default_factory=set)
    ambiguous: bool = False
    paces: dict[str | None, Paces] = field(default_factory=dict)
    marking: dict[str | None, Marking] = field(default_factory=dict)
    notices: list[pl.DataFrame] = field(default_factory=list)
    noticed: int = 0

    def add(self, block: Counted, format_id: str | None = None) -> None:
        """Count a block, or the lines of a block that are of one of several formats."""
        self.lines += block.lines
        if format_id is not None and block.lines:
            self.formats[format_id] += block.lines
        self.events += block.events
        self.named += block.named
        self.first = min((time for time in (self.first, block.first) if time), default=None)
        self.last = max((time for time in (self.last, block.last) if time), default=None)
        self.skipped.update(block.skipped)
        self.rejected.update(block.rejected)
        self.damaged |= block.damaged
        self.orders |= block.orders
        self.ambiguous |= block.ambiguous
        self.paces.setdefault(format_id, Paces()).add(block.pace)
        if block.notices is not None:
            self.notices.append(block.notices.head(max(MOST_NOTICES - self.noticed, 0)))
            self.noticed += block.notices.height
        if block.marks is not None:
            self.marking.setdefault(format_id, Marking()).add(block.marks)
        for (_, reason), samples in block.samples.items():
            kept = self.samples.setdefault(reason, [])
            kept.extend(samples[: SAMPLES - len(kept)])

    def order(self, usage: Shelf, reading: Reading) -> bool | None:
        """Whether dates such as 3/4 begin with the day; None: not to be told. What other dates say decides.

        Else no day may lie after the log was written, and of two ways to read it the one whose days are closer to each other holds: a log goes on
        from day to day, and is not written on the eleventh of every month.

        Args:
            usage: of the log, its dates read as month/day.
            reading: how the log was read.
        """
        if self.orders or not self.ambiguous:
            return next(iter(self.orders)) if len(self.orders) == 1 else None
        day = pl.col("first").dt.convert_time_zone(reading.zone).dt.date()
        local = pl.concat([piece.select(day).unique() for piece in usage.pieces("first")]).unique().filter(pl.col("first").dt.day() <= _MONTHS)
        if local.is_empty():
            return None
        days, other = local.select("first", pl.date(pl.col("first").dt.year(), pl.col("first").dt.day(), pl.col("first").dt.month()).alias("other"))
        known = reading.reference.date() + timedelta(days=1)
        too_late, other_too_late = (one.max() > known for one in (days, other))  # type: ignore[operator] # not empty
        if too_late != other_too_late:
            return True if too_late else None
        return True if other.max() - other.min() < days.max() - days.min() else None  # type: ignore[operator]

    def leases(self) -> pl.DataFrame:
        """The leases that its lines tell of."""
        return tenures(pl.concat(self.notices)) if self.notices else leases.none()

    def marked(self, best: "Candidate") -> Marked:
        """What its lines are told apart with."""
        return overlap.together({format_id or best.format.id: part.whole() for format_id, part in self.marking.items()})

    def account(self, name: str, best: "Candidate", zone: str | None, blocks: Blocks, stream: Stream) -> LogAccount:
        """The account, once the log is read to its end."""
        jumps = [one.jumps() for one in self.paces.values()]
        return LogAccount(
            path=name,
            format=best.format.id,
            family=best.format.family,
            bytes=blocks.bytes,
            lines=self.lines,
            events=self.events,
            skipped=dict(self.skipped),
            rejected=dict(self.rejected),
            samples={reason: tuple(samples) for reason, samples in self.samples.items()},
            first=self.first,
            last=self.last,
            timezone=zone or "UTC",
            timezone_basis="written in the log" if best.zoned else "as given" if zone else "assumed: the log does not say",
            warnings=(*self._warnings(best, zone, stream), *((NOT_IN_ORDER,) if None in jumps else ())),
            cannot_tell=_cannot_tell(best),
            partial=stream.partial is not None,
            silences=self._silences(zone or "UTC"),
            clock_jumps=tuple(sorted((jump for part in jumps for jump in part or ()), key=lambda jump: jump.line)),
            formats=dict(self.formats.most_common()) if len(self.formats) > 1 else {},
        )

    def _silences(self, zone: str) -> tuple[Silence, ...]:
        found = [replace(one, format=name) for name, part in self.paces.items() for one in part.silences(zone)]
        return tuple(sorted(found, key=lambda one: one.since))

    def _warnings(self, best: "Candidate", zone: str | None, stream: Stream) -> tuple[str, ...]:
        found = [stream.partial] if stream.partial else []
        if not best.zoned and zone is None:
            found.append("The times in this log carry no time zone; they were read as UTC.")
        if self.ambiguous and not self.orders:
            found.append(f"Dates could be read as day/month or month/day; they were read as {_CLOSER if best.reading.day_first else 'month/day'}.")
        if self.noticed > MOST_NOTICES:
            found.append(f"This log tells of leases more than {MOST_NOTICES:,} times; only the first of them count. Read it a month at a time.")
        if self.damaged:
            found.append("Some characters were damaged or in another encoding; they were replaced.")
        if self.rejected[BAD_TIME] > self.lines // 2:
            found.append("Most lines hold no time that can be read. Was it in a header that a collector took off? Export the lines with it.")
        elif self.lines and self.rejected.total() > self.lines // 2:
            found.append("More than half of the lines were not understood: this may be another format.")
        return tuple(found)


def _cannot_tell(best: "Candidate") -> tuple[str, ...]:
    """What none of the formats of a log can tell."""
    return tuple(one for one in best.format.cannot_tell if all(one in other.format.cannot_tell for other in best.beside))
