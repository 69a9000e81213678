"""The honest account of a log, added up while it is read."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.identify import Candidate
from discovery.observations import LogAccount, Sample
from discovery.outcome import SAMPLES
from discovery.parse import Parsed


@dataclass(slots=True)
class Tally:
    """Counts of everything a log's lines became.

    Attributes:
        named: events that name a site, not only its address.
        orders: what the dates say about the order of day and month, of all blocks.
        ambiguous: whether any date could be read both ways.
    """

    lines: int = 0
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

    def add(self, parsed: Parsed) -> None:
        """Count a block."""
        self.lines += parsed.lines
        self.events += parsed.events.height
        self.named += parsed.events["destination_domain"].count()
        self._stretch(parsed.events)
        self.skipped.update(parsed.skipped)
        self.rejected.update(parsed.rejected)
        self.damaged |= parsed.damaged
        self.orders |= parsed.orders
        self.ambiguous |= parsed.ambiguous
        for (_, reason), samples in parsed.samples.items():
            kept = self.samples.setdefault(reason, [])
            kept.extend(samples[: SAMPLES - len(kept)])

    def _stretch(self, events: pl.DataFrame) -> None:
        first, last = events["timestamp"].min(), events["timestamp"].max()
        if isinstance(first, datetime) and isinstance(last, datetime):
            self.first = min(first, self.first or first)
            self.last = max(last, self.last or last)

    def account(self, name: str, best: Candidate, zone: str | None, blocks: Blocks, stream: Stream) -> LogAccount:
        """The account, once the log is read to its end."""
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
            warnings=self._warnings(best, zone, stream),
            cannot_tell=best.format.cannot_tell,
            partial=stream.partial is not None,
        )

    def _warnings(self, best: Candidate, zone: str | None, stream: Stream) -> tuple[str, ...]:
        found = [stream.partial] if stream.partial else []
        if not best.zoned and zone is None:
            found.append("The times in this log carry no time zone; they were read as UTC.")
        if best.reading.day_first is None and self.ambiguous:
            found.append("Dates could be read as day/month or month/day; they were read as month/day.")
        if self.damaged:
            found.append("Some characters were damaged or in another encoding; they were replaced.")
        if self.lines and self.rejected.total() > self.lines // 2:
            found.append("More than half of the lines were not understood: this may be another format.")
        return tuple(found)
