"""The way of one log: open, identify, parse, summarise. The one file that knows how the work is spread over cores.

Blocks are parsed independently and finished in their order, a bounded number at a time, so memory stays flat as the log grows.
"""

import ctypes
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Final

import polars as pl

from discovery import leases, preflight, records, sightings
from discovery.answers import TOO_MANY, Told
from discovery.blocks import BLOCK, Blocks, numbered
from discovery.chains import Collected
from discovery.coding import Names, spelled_out
from discovery.decompress import Stream
from discovery.errors import UnreadableLog
from discovery.format import Layout
from discovery.identify import HEAD, Candidate, identify
from discovery.kinds.records import Content
from discovery.logs import LogFile, logs_in
from discovery.observations import LogAccount
from discovery.parse import Block, Parsed, read_block
from discovery.stitch import Stitcher
from discovery.tally import Tally
from discovery.times import Reading, day_month
from discovery.unfold import unfolded
from discovery.usage import USAGE, merge, summarise

#: Usage rows that may wait before they are merged.
_PENDING: Final = 300_000

# glibc gives large arrays back to the system at once and asks for them again; every block would pay for its pages anew (a tenth of the whole time).
_KEEP_FREED: Final = ((-3, 256 << 20), (-1, 512 << 20))  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD: mallopt(3)

Sink = Callable[[pl.DataFrame], None]
_Worked = tuple[Parsed, pl.DataFrame | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a log has been read: bytes as stored (total None: not known), lines, seconds since the start."""

    bytes_done: int
    bytes_total: int | None
    lines: int
    seconds: float


@dataclass(frozen=True, slots=True)
class LogResult:
    """What a log became.

    Attributes:
        usage: columns of `USAGE`, of sightings also `sightings.ABOUT`; names may be categories.
        leases: columns of `leases.LEASES`; empty unless the log tells of some.
        fingerprint: SHA-256 of its decompressed content.
        told: what it tells of DNS answers.
    """

    account: LogAccount
    usage: pl.DataFrame
    leases: pl.DataFrame
    fingerprint: str
    told: Told = field(default_factory=Told)


class Cancelled(UnreadableLog):
    """The user stopped the work."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What the caller asked for."""

    log: LogFile
    format_id: str | None
    zone: str | None
    reference: datetime
    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool] | None
    sink: Sink | None
    block: int | None


def read_log(
    log: LogFile | Path,
    *,
    name: str | None = None,
    format_id: str | None = None,
    zone: str | None = None,
    reference: datetime | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    sink: Sink | None = None,
    block: int | None = None,
) -> LogResult:
    """Read a log to its end.

    Args:
        log: a file, or one member of an archive (`logs.logs_in` lists them; of a path with one log, that one).
        name: what to call it.
        format_id: the format, if the caller knows; else it is identified.
        zone: IANA name of the zone of times that carry none.
        reference: when the log was last written, for dates without a year (default: the file's own time).
        progress: called now and then.
        cancelled: asked now and then; true stops the work.
        sink: receives each table of events, in order of lines; given, usage stays empty.
        block: bytes of a block.

    Raises:
        UnreadableLog: nothing can be read of it; the text says why.
    """
    if isinstance(log, Path):
        found = logs_in(log, name=name)
        if len(found) > 1:
            raise UnreadableLog(f"{found[0].path.name} holds {len(found)} files; they are read one by one.")
        log = found[0]
    elif name:
        log = replace(log, name=name)
    written = reference or datetime.fromtimestamp(log.path.stat().st_mtime, UTC)
    job = _Job(log, format_id, zone, written, progress, cancelled, sink, block)
    with log.open() as stream:
        return _read(job, stream)


def _read(job: _Job, stream: Stream) -> LogResult:
    blocks = _blocks(job, stream)
    head = blocks.head(HEAD)
    if those := records.candidates(head, job.format_id):
        return _read_records(job, stream, blocks, those)
    lease = leases.recognise(head, job.format_id)
    if lease is not None:
        return _read_leases(job, stream, blocks, head, lease)
    seen = sightings.recognise(head, job.format_id)
    if seen is not None:
        return _read_sightings(job, stream, blocks, head, seen)
    best = identify(head, Reading(job.zone or "UTC", job.reference), format_id=job.format_id)
    return _read_lines(job, stream, blocks, best)


def _read_lines(job: _Job, stream: Stream, blocks: Blocks, best: Candidate, *, settled: bool = False) -> LogResult:
    """All lines. Where the head leaves the order of day and month open, the whole log decides it, and is then read again."""
    unsettled = not settled and best.reading.day_first is None and bool(day_month(best.layout.clock))
    tally, usage, told = _pass(replace(job, sink=None) if unsettled else job, stream, blocks, best.layout, best.reading)
    if unsettled and (len(tally.orders) == 1 or job.sink is not None):
        order = next(iter(tally.orders)) if len(tally.orders) == 1 else None
        with job.log.open() as again:
            known = replace(best, reading=replace(best.reading, day_first=order))
            return _read_lines(job, again, _blocks(job, again), known, settled=True)
    account = _account(job, tally, best, blocks, stream, usage, told)
    return LogResult(account, usage, leases.none(), blocks.fingerprint, told)


def _account(job: _Job, tally: Tally, best: Candidate, blocks: Blocks, stream: Stream, usage: pl.DataFrame, dns: Told) -> LogAccount:
    """The account of a log, with what its usage will not be able to show (of events that go to a sink, nothing is known here)."""
    account = tally.account(job.log.name, best, job.zone, blocks, stream)
    told = () if job.sink else preflight.notes(best.format, usage, account.events, tally.named)
    return replace(account, warnings=(*account.warnings, *told, *((TOO_MANY,) if dns.capped else ())))


def _blocks(job: _Job, stream: Stream) -> Blocks:
    return unfolded(Blocks(stream), size=job.block or BLOCK)


def _pass(job: _Job, stream: Stream, blocks: Blocks, layout: Layout, reading: Reading) -> tuple[Tally, pl.DataFrame, Told]:
    """All blocks of a log, parsed on all cores, finished in order."""
    _keep_freed_memory()
    tally, usage, stitcher, answers = Tally(), _Usage(), Stitcher(), Collected()
    started = time.monotonic()
    joined = layout.session is not None
    work = partial(_work, layout, reading, Names(), summed=not joined and job.sink is None)
    for parsed, summary in _in_order(work, numbered(blocks, layout.kind)):
        if job.cancelled is not None and job.cancelled():
            raise Cancelled("Stopped; nothing was kept.")
        tally.add(parsed)
        if summary is not None:
            usage.add(summary)
            answers.add(parsed.told, parsed.events)
        else:
            events = spelled_out(parsed.events)
            answers.add(parsed.told, events)
            events = stitcher.join(events, parsed.verdicts) if joined else events
            (job.sink or usage.add_events)(events)
        if job.progress is not None:
            job.progress(Progress(stream.done, stream.size, tally.lines, time.monotonic() - started))
    _give_freed_memory_back()
    return tally, usage.whole(), answers.whole()


@cache
def _glibc() -> ctypes.CDLL | None:
    """The C library, where it is glibc."""
    return found if sys.platform == "linux" and hasattr(found := ctypes.CDLL(None), "gnu_get_libc_version") else None


@cache
def _keep_freed_memory() -> None:
    """Have the C library keep freed memory for the next block."""
    if (library := _glibc()) is not None:
        for parameter, size in _KEEP_FREED:
            library.mallopt(parameter, size)


def _give_freed_memory_back() -> None:
    """What blocks needed is of no use to what comes after them."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


def _in_order(work: Callable[[Block], _Worked], blocks: Iterator[Block]) -> Iterator[_Worked]:
    """Blocks worked on by all cores, a few in flight at a time; results in order."""
    workers = os.cpu_count() or 1
    waiting: deque[Future[_Worked]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="parse") as pool:
        try:
            for block in blocks:
                waiting.append(pool.submit(work, block))
                if len(waiting) > workers:  # one more than can be worked on, so that reading never keeps anybody waiting
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _work(layout: Layout, reading: Reading, coder: Names, block: Block, *, summed: bool) -> _Worked:
    parsed = read_block(layout, block, reading, coder)
    if not summed:
        return parsed, None
    return replace(parsed, events=parsed.events.select("line", "timestamp", "destination_domain")), summarise(parsed.events)


class _Usage:
    """Usage of many blocks. Logs go forward in time, so hours that lie behind are added up once; where one comes again, all are at the end."""

    def __init__(self) -> None:
        self._done: list[pl.DataFrame] = []
        self._waiting: list[pl.DataFrame] = []
        self._until: datetime | None = None  # the latest hour among the done
        self._again = False

    def add_events(self, events: pl.DataFrame) -> None:
        self.add(summarise(events))

    def add(self, part: pl.DataFrame) -> None:
        if not part.height:
            return
        self._again |= self._until is not None and bool(part["hour"].min() <= self._until)  # type: ignore[operator]
        self._waiting.append(part)
        if sum(table.height for table in self._waiting) > _PENDING:
            rows = merge(self._waiting)
            behind = rows["hour"] < rows["hour"].max()
            self._done.append(rows.filter(behind))
            self._waiting = [rows.filter(~behind)]
            self._until = self._done[-1]["hour"].max() or self._until  # type: ignore[assignment]

    def whole(self) -> pl.DataFrame:
        return merge([*self._done, *self._waiting]) if self._again else pl.concat([*self._done, merge(self._waiting)])


def _read_records(job: _Job, stream: Stream, blocks: Blocks, those: records.Candidates) -> LogResult:
    """A file whose records are no lines; its records are counted as such."""
    tally, usage, stitcher, answers = Tally(), _Usage(), Stitcher(), Collected()
    with Content(blocks.raw(), job.log.path if job.log.member is None and stream.kind is None else None) as content:
        format_, layout, file = records.opened(those, content)
        for part in records.parsed(layout, file):
            if job.cancelled is not None and job.cancelled():
                raise Cancelled("Stopped; nothing was kept.")
            tally.add(part)
            answers.add(part.told, part.events)
            (job.sink or usage.add_events)(stitcher.join(spelled_out(part.events), part.verdicts))
    best = Candidate(format_, layout, Reading(job.zone or "UTC", job.reference), 1.0, 1.0, zoned=True)
    beside = leases.none() if file.leases is None else file.leases
    whole = usage.whole()
    told = answers.whole()
    return LogResult(_account(job, tally, best, blocks, stream, whole, told), whole, beside, blocks.fingerprint, told)


def _read_leases(job: _Job, stream: Stream, blocks: Blocks, head: bytes, format_: leases.LeaseFormat) -> LogResult:
    found = format_.read(head, blocks, Reading(job.zone or "UTC", job.reference))
    account = leases.account(job.log.name, format_, found, blocks, job.zone, stream.partial)
    return LogResult(account, pl.DataFrame(schema=USAGE), found.leases, blocks.fingerprint)


def _read_sightings(job: _Job, stream: Stream, blocks: Blocks, head: bytes, format_: sightings.SightingFormat) -> LogResult:
    record, seen = format_.read(head, blocks, Reading(job.zone or "UTC", job.reference))
    account = sightings.account(job.log.name, format_, record, seen, blocks, job.zone, stream.partial)
    return LogResult(account, seen.usage, leases.none(), blocks.fingerprint)
