"""What the blocks of a log add up to: its usage, its DNS answers and the account of its lines, in memory that stays flat."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from discovery.answers import Told
from discovery.chains import Collected
from discovery.coding import Names, Packed, spelled_out
from discovery.format import Layout
from discovery.framed import Block
from discovery.hours import Hours
from discovery.parse import Parsed, read_block
from discovery.shelf import Shelf
from discovery.stitch import Stitcher
from discovery.tally import Counted
from discovery.times import Reading
from discovery.usage import merge, summarise

#: Events whose halves are joined at once: what a block alone has to say costs little beside the asking.
_JOINED: Final = 50_000

#: Usage rows that a worker keeps before it hands them over.
_HANDED: Final = 100_000


class Strand:
    """The lines of one format on their way to usage, block after block in their order."""

    def __init__(self, layout: Layout, *, kept: bool) -> None:
        self.usage = Hours()
        self.answers = Collected()
        self._stitcher = Stitcher() if layout.session is not None else None
        self._kept = kept
        self._waiting: list[Parsed] = []
        self.summed = self._stitcher is None and not kept

    def add(self, parsed: Parsed, summary: pl.DataFrame | None) -> pl.DataFrame | None:
        """Take in a block, or its usage where `summed`. Gives its events, names as text, where they are `kept`: then usage stays empty."""
        if summary is not None:
            self.usage.add(summary)
            self.answers.add(parsed.told, parsed.events)
            return None
        self.answers.add(parsed.told, parsed.events)
        self._waiting.append(parsed)
        if self._kept:
            return spelled_out(self._joined())
        if sum(one.events.height for one in self._waiting) > _JOINED:
            self.usage.add(summarise(self._joined()))
        return None

    def _joined(self) -> pl.DataFrame:
        """The events that wait, with what they complete filled in; it matters to none of them how many are joined at once."""
        waiting, self._waiting = self._waiting, []
        events = pl.concat([one.events for one in waiting])
        return events if self._stitcher is None else self._stitcher.join(events, pl.concat([one.verdicts for one in waiting]))

    def whole(self) -> tuple[Shelf, Told]:
        """All usage and all answers; their names may be categories."""
        if self._waiting:
            self.usage.add(summarise(self._joined()))
        return self.usage.whole(), self.answers.whole()


@dataclass(frozen=True, slots=True)
class Handed:
    """What a worker hands over: the account of the block just read, and usage with its names packed once there is much of it."""

    account: Counted
    usage: Packed | None


class Share:
    """Some blocks of a log, read one by one by one worker. Shares add up to the log, whoever reads which block; memory stays flat."""

    def __init__(self, layout: Layout, reading: Reading) -> None:
        self._layout = layout
        self._reading = reading
        self._names = Names()
        self._waiting: list[pl.DataFrame] = []
        self._answers = Collected()

    def read(self, block: Block) -> Handed:
        """Read a block."""
        parsed = read_block(self._layout, block, self._reading, self._names)
        self._waiting.append(summarise(parsed.events))
        self._answers.add(parsed.told, parsed.events)
        much = sum(table.height for table in self._waiting) > _HANDED
        return Handed(Counted.of(parsed), self._usage() if much else None)

    def rest(self) -> tuple[Packed, Told]:
        """Usage that was not handed over yet, and all answers, their names as text."""
        told = self._answers.whole()
        return self._usage(), Told(spelled_out(told.answers), spelled_out(told.aliases), capped=told.capped)

    def _usage(self) -> Packed:
        rows = merge(self._waiting)
        self._waiting = []
        return self._names.packed(rows)
