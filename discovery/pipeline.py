"""The way of one log: open, identify, parse, summarise. The one file that knows how the work is spread over cores.

Blocks are parsed independently and finished in their order, a bounded number at a time, so memory stays flat as the log grows.
"""

import ctypes
import os
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from discovery import leases, sqlitelog
from discovery.blocks import Blocks, numbered
from discovery.decompress import Stream
from discovery.errors import UnreadableLog
from discovery.format import Layout
from discovery.identify import HEAD, Candidate, identify
from discovery.logs import LogFile, logs_in
from discovery.observations import LogAccount
from discovery.parse import Block, Parsed, read_block
from discovery.stitch import Stitcher
from discovery.tally import Tally
from discovery.times import Reading, day_month
from discovery.usage import USAGE, merge, spelled_out, summarise

#: Usage rows that may wait before they are merged.
_PENDING: Final = 2_000_000

# glibc gives large arrays back to the system at once and asks for them again; every block would pay for its pages anew (a tenth of the whole time).
_KEEP_FREED: Final = ((-3, 256 << 20), (-1, 512 << 20))  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD: mallopt(3)

Sink = Callable[[pl.DataFrame], None]


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
        usage: columns of `USAGE`.
        leases: columns of `leases.LEASES`; empty unless the log is one of leases.
        fingerprint: SHA-256 of its decompressed content.
    """

    account: LogAccount
    usage: pl.DataFrame
    leases: pl.DataFrame
    fingerprint: str


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
    if head.startswith(sqlitelog.MAGIC):
        return _read_database(job, blocks, stream)
    lease = leases.recognise(head, job.format_id)
    if lease is not None:
        return _read_leases(job, blocks, lease)
    best = identify(head, Reading(job.zone or "UTC", job.reference), format_id=job.format_id)
    return _read_lines(job, stream, blocks, best)


def _read_lines(job: _Job, stream: Stream, blocks: Blocks, best: Candidate, *, settled: bool = False) -> LogResult:
    """All lines. Where the head leaves the order of day and month open, the whole log decides it, and is then read again."""
    unsettled = not settled and best.reading.day_first is None and bool(day_month(best.layout.clock))
    tally, usage = _pass(replace(job, sink=None) if unsettled else job, stream, blocks, best.layout, best.reading)
    if unsettled and (len(tally.orders) == 1 or job.sink is not None):
        order = next(iter(tally.orders)) if len(tally.orders) == 1 else None
        with job.log.open() as again:
            known = replace(best, reading=replace(best.reading, day_first=order))
            return _read_lines(job, again, _blocks(job, again), known, settled=True)
    return LogResult(tally.account(job.log.name, best, job.zone, blocks, stream), usage, leases.none(), blocks.fingerprint)


def _blocks(job: _Job, stream: Stream) -> Blocks:
    return Blocks(stream) if job.block is None else Blocks(stream, size=job.block)


def _pass(job: _Job, stream: Stream, blocks: Blocks, layout: Layout, reading: Reading) -> tuple[Tally, pl.DataFrame]:
    """All blocks of a log, parsed on all cores, finished in order."""
    _keep_freed_memory()
    tally, usage, stitcher = Tally(), _Usage(), Stitcher()
    started = time.monotonic()
    joined = layout.session is not None
    summary_type = None if joined or job.sink is not None else usage.name
    for parsed, summary in _parsed(numbered(blocks, layout.kind), layout, reading, summary_type):
        if job.cancelled is not None and job.cancelled():
            raise Cancelled("Stopped; nothing was kept.")
        tally.add(parsed)
        events = stitcher.join(parsed.events, parsed.verdicts) if joined else parsed.events
        if job.sink is not None:
            job.sink(events)
        else:
            usage.add(summarise(events, usage.name) if summary is None else summary)
        if job.progress is not None:
            job.progress(Progress(stream.done, stream.size, tally.lines, time.monotonic() - started))
    return tally, usage.whole()


@cache
def _keep_freed_memory() -> None:
    """Have the C library keep freed memory for the next block, where it is glibc."""
    if sys.platform == "linux" and hasattr(found := ctypes.CDLL(None), "gnu_get_libc_version"):
        for parameter, size in _KEEP_FREED:
            found.mallopt(parameter, size)


def _parsed(blocks: Iterator[Block], layout: Layout, reading: Reading, name: pl.DataType | None) -> Iterator[tuple[Parsed, pl.DataFrame | None]]:
    """Parsed blocks in order, a few in flight at a time; summarised at once where a type for names is given."""
    workers = os.cpu_count() or 1
    waiting: deque[Future[tuple[Parsed, pl.DataFrame | None]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="parse") as pool:
        try:
            for block in blocks:
                waiting.append(pool.submit(_work, layout, block, reading, name))
                if len(waiting) > workers:  # one more than can be worked on, so that reading never keeps anybody waiting
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _work(layout: Layout, block: Block, reading: Reading, name: pl.DataType | None) -> tuple[Parsed, pl.DataFrame | None]:
    parsed = read_block(layout, block, reading)
    if name is None:
        return parsed, None
    summary = summarise(parsed.events, name)
    return replace(parsed, events=parsed.events.select("line", "timestamp")), summary


class _Usage:
    """Usage of many blocks, merged now and then."""

    def __init__(self) -> None:
        self.name = pl.Categorical(pl.Categories.random())
        self._parts: list[pl.DataFrame] = []
        self._waiting = 0
        self._merged = 0

    def add(self, part: pl.DataFrame) -> None:
        self._parts.append(part)
        self._waiting += part.height
        if self._waiting > max(_PENDING, self._merged):  # ever rarer, so that the whole work stays in proportion to the log
            self._parts, self._waiting = [merge(self._parts)], 0
            self._merged = self._parts[0].height

    def whole(self) -> pl.DataFrame:
        return spelled_out(merge(self._parts))


def _read_database(job: _Job, blocks: Blocks, stream: Stream) -> LogResult:
    """A database is read from a file: its own, or a temporary one where it came packed. Its records are its lines."""
    with tempfile.TemporaryDirectory(prefix="gnomon-") as folder:
        path = job.log.path
        if job.log.member is not None or stream.kind is not None:
            path = Path(folder, "unpacked.db")
            with path.open("wb") as copy:
                copy.writelines(blocks.raw())
        else:
            for _ in blocks.raw():  # for the fingerprint
                pass
        return _records(job, path, blocks, stream)


def _records(job: _Job, path: Path, blocks: Blocks, stream: Stream) -> LogResult:
    format_, layout, records = sqlitelog.read(path, job.format_id)
    tally, usage = Tally(), _Usage()
    for part in records:
        if job.cancelled is not None and job.cancelled():
            raise Cancelled("Stopped; nothing was kept.")
        tally.add(part)
        if job.sink is not None:
            job.sink(part.events)
        else:
            usage.add(summarise(part.events, usage.name))
    best = Candidate(format_, layout, Reading(job.zone or "UTC", job.reference), 1.0, 1.0, zoned=True)
    return LogResult(tally.account(job.log.name, best, job.zone, blocks, stream), usage.whole(), leases.none(), blocks.fingerprint)


def _read_leases(job: _Job, blocks: Blocks, format_: leases.LeaseFormat) -> LogResult:
    text = b"".join(blocks)
    found = format_.read(text, Reading(job.zone or "UTC", job.reference))
    account = LogAccount(
        path=job.log.name,
        format=format_.id,
        family="identity",
        bytes=blocks.bytes,
        lines=blocks.lines,
        events=0,
        skipped={"lease or comment": blocks.lines} if blocks.lines else {},
        first=found["since"].min(),  # type: ignore[arg-type]
        last=found["since"].max(),  # type: ignore[arg-type]
        timezone=job.zone or "UTC",
        timezone_basis="written in the log",
    )
    return LogResult(account, pl.DataFrame(schema=USAGE), found, blocks.fingerprint)
