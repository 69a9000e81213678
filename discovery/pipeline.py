"""The way of one log: open, identify, parse, summarise.

Blocks are parsed independently and finished in their order, a bounded number at a time, so memory stays flat as the log grows.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

import polars as pl

from discovery import leases, memory, mixture, preflight, records, sightings
from discovery.answers import TOO_MANY, Told
from discovery.blocks import BLOCK, Blocks, numbered
from discovery.chains import Collected, together
from discovery.coding import Names
from discovery.crew import CORES, Crew, in_order
from discovery.decompress import Stream
from discovery.errors import UnreadableLog
from discovery.events import SUBJECT
from discovery.format import Layout
from discovery.framed import Block
from discovery.hours import Hours
from discovery.identify import HEAD, Candidate, identify, lease_file
from discovery.kinds.records import Content
from discovery.logs import LogFile, logs_in
from discovery.observations import LogAccount
from discovery.overlap import Marked
from discovery.parse import Parsed, read_block
from discovery.progress import Progress, Watch
from discovery.shelf import Shelf
from discovery.summing import Strand
from discovery.tally import Counted, Tally
from discovery.times import Reading, day_month
from discovery.unfold import unfolded
from discovery.usage import USAGE, summarise

#: Blocks from which a log is long: what they cost is more than starting processes does.
LONG: Final = 6

#: Cores from which on a long log is read by processes: two threads wait little for each other, and need half the memory.
MANY_CORES: Final = 4

Sink = Callable[[pl.DataFrame], None]
_Worked = tuple[Parsed, pl.DataFrame | None]


@dataclass(frozen=True, slots=True)
class LogResult:
    """What a log became.

    Attributes:
        usage: columns of `USAGE`, of sightings also `sightings.ABOUT`; names may be categories.
        leases: columns of `leases.LEASES`; empty unless the log tells of some.
        fingerprint: SHA-256 of its decompressed content; empty where none was wanted.
        told: what it tells of DNS answers.
        marked: what its lines are told apart with; empty where nobody asked for that.
    """

    account: LogAccount
    usage: Shelf
    leases: pl.DataFrame
    fingerprint: str
    told: Told = field(default_factory=Told)
    marked: Marked = field(default_factory=Marked)


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
    key: str | None
    digest: bool


def read_log(  # noqa: PLR0913 (what a caller may know or want of one log)
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
    key: str | None = None,
    digest: bool = True,
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
        sink: receives each table of events, in order of lines, with their `format` and whether a later line may have `judged` them; given, usage
            stays empty.
        block: bytes of a block.
        key: 16 characters, to compare its lines with those of other logs.
        digest: whether its fingerprint is of use; it costs about a twentieth of the reading.

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
    job = _Job(log, format_id, zone, written, progress, cancelled, sink, block, key, digest)
    with log.open() as stream:
        return _read(job, stream)


def _read(job: _Job, stream: Stream) -> LogResult:
    blocks = _blocks(job, stream)
    head = blocks.head(HEAD)
    if those := records.candidates(head, job.format_id):
        return _read_records(job, stream, blocks, those)
    if (lease := lease_file(head, job.format_id)) is not None:
        return _read_leases(job, stream, blocks, head, lease)
    if (seen := sightings.recognise(head, job.format_id)) is not None:
        return _read_sightings(job, stream, blocks, head, seen)
    best = identify(head, Reading(job.zone or "UTC", job.reference), format_id=job.format_id).keyed(job.key)
    return _read_lines(job, stream, blocks, best)


def _read_lines(job: _Job, stream: Stream, blocks: Blocks, best: Candidate, *, settled: bool = False) -> LogResult:
    """All lines. Where the head leaves the order of day and month open, the whole log decides it, and is then read again."""
    if best.beside:
        return _read_mixture(job, stream, blocks, best)
    unsettled = not settled and best.reading.day_first is None and bool(day_month(best.layout.clock))
    tally, usage, told = _pass(job, stream, blocks, best, None if unsettled else _told(job.sink, best))
    order = tally.order(usage, best.reading) if unsettled else None
    if unsettled and (order is not None or job.sink is not None):
        with job.log.open() as again:
            known = replace(best, reading=replace(best.reading, day_first=order))
            return _read_lines(job, again, _blocks(job, again), known, settled=True)
    account = _account(job, tally, best, blocks, stream, usage, told)
    return LogResult(account, usage, tally.leases(), blocks.fingerprint, told, tally.marked(best))


def _read_mixture(job: _Job, stream: Stream, blocks: Blocks, best: Candidate) -> LogResult:
    """All lines of several formats; usage says in `format` which each row is of."""
    tally, watch = Tally(), Watch(stream, job.progress, job.cancelled)
    those = (best, *best.beside, best)  # the last for lines that none of them understands
    strands = [Strand(one.layout, kept=job.sink is not None) for one in those]
    work = partial(_work_mixture, best.ways, Names(), [strand.summed for strand in strands])
    for parts in in_order(work, numbered(blocks, best.layout.kind)):
        for one, (parsed, _) in zip(those[:-1], parts, strict=False):
            tally.add(Counted.of(parsed), one.format.id)
        tally.add(Counted.of(parts[-1][0]))
        watch.done(tally.lines)
        rows = [strand.add(*part) for strand, part in zip(strands, parts, strict=True)]
        if job.sink is not None:
            named = [table.with_columns(_about(one)) for one, table in zip(those, rows, strict=True) if table is not None]
            job.sink(pl.concat(named).sort("line", maintain_order=True))
    whole = [strand.whole() for strand in strands]
    usage = Shelf(piece.with_columns(_format(one)) for one, (rows, _) in zip(those, whole, strict=True) for piece in rows.pieces())
    told = together([answers for _, answers in whole])
    account = _account(job, tally, best, blocks, stream, usage, told)
    return LogResult(account, usage, tally.leases(), blocks.fingerprint, told, tally.marked(best))


def _format(one: Candidate) -> pl.Expr:
    return pl.lit(one.format.id).alias("format")


def _about(one: Candidate) -> tuple[pl.Expr, pl.Expr]:
    """What a sink is told of each event beside it (see `read_log`)."""
    return _format(one), pl.lit(one.layout.verdict is not None).alias("judged")


def _account(job: _Job, tally: Tally, best: Candidate, blocks: Blocks, stream: Stream, usage: Shelf, dns: Told) -> LogAccount:
    """The account of a log, with what its usage will not be able to show (of events that go to a sink, nothing is known here)."""
    account = tally.account(job.log.name, best, job.zone, blocks, stream)
    told = () if job.sink else preflight.notes(best.format, usage.distinct(*SUBJECT), account.events, tally.named)
    return replace(account, warnings=(*account.warnings, *told, *((TOO_MANY,) if dns.capped else ())))


def _blocks(job: _Job, stream: Stream) -> Blocks:
    return unfolded(Blocks(stream, size=job.block or BLOCK, digest=job.digest))


def _told(sink: Sink | None, best: Candidate) -> Sink | None:
    return None if sink is None else lambda events: sink(events.with_columns(_about(best)))


def _pass(job: _Job, stream: Stream, blocks: Blocks, best: Candidate, sink: Sink | None) -> tuple[Tally, Shelf, Told]:
    """All blocks of a log of one format."""
    layout = best.layout
    rest = numbered(blocks, layout.kind)
    begun = deque(islice(rest, LONG))
    in_turn = sink is not None or layout.session is not None or (layout.answers is not None and layout.answers.loose is not None)
    apart = len(begun) == LONG and not in_turn and CORES >= MANY_CORES
    read = _by_processes if apart else _by_threads
    handed_out = (begun.popleft() for _ in range(len(begun)))  # and not kept
    tally, watch = Tally(), Watch(stream, job.progress, job.cancelled)

    def done(block: Counted) -> None:
        tally.add(block)
        watch.done(tally.lines)

    usage, told = read(layout, best.reading, chain(handed_out, rest), done, sink)
    return tally, usage, told


def _by_processes(
    layout: Layout, reading: Reading, blocks: Iterator[Block], done: Callable[[Counted], None], _sink: Sink | None
) -> tuple[Shelf, Told]:
    """Each process adds up its share of the blocks, and here the shares are added up."""
    names, usage, answers = Names(), Hours(), Collected()
    with Crew(layout, reading) as crew:
        for handed in crew.read(blocks):
            done(handed.account)
            if handed.usage is not None:
                usage.add(names.unpacked(handed.usage))
        for rows, told in crew.rest():
            usage.add(names.unpacked(rows))
            answers.add(told, pl.DataFrame())
    return usage.whole(), answers.whole()


def _by_threads(layout: Layout, reading: Reading, blocks: Iterator[Block], done: Callable[[Counted], None], sink: Sink | None) -> tuple[Shelf, Told]:
    """Threads parse; what needs the order of the lines is done here."""
    strand = Strand(layout, kept=sink is not None)
    memory.keep_freed()
    for parsed, summary in in_order(partial(_work, layout, reading, Names(), summed=strand.summed), blocks):
        done(Counted.of(parsed))
        events = strand.add(parsed, summary)
        if sink is not None and events is not None:
            sink(events)
    usage, told = strand.whole()
    memory.give_back()
    return usage, told


def _work(layout: Layout, reading: Reading, coder: Names, block: Block, *, summed: bool) -> _Worked:
    return _worked(read_block(layout, block, reading, coder), summed=summed)


def _work_mixture(ways: Sequence[mixture.Way], coder: Names, summed: Sequence[bool], block: Block) -> list[_Worked]:
    return [_worked(parsed, summed=one) for parsed, one in zip(mixture.read(ways, block, coder), summed, strict=True)]


def _worked(parsed: Parsed, *, summed: bool) -> _Worked:
    if not summed:
        return parsed, None
    return replace(parsed, events=parsed.events.select("line", "timestamp", "destination_domain")), summarise(parsed.events)


def _read_records(job: _Job, stream: Stream, blocks: Blocks, those: records.Candidates) -> LogResult:
    """A file whose records are no lines; its records are counted as such."""
    tally, watch = Tally(), Watch(stream, job.progress, job.cancelled)
    with Content(blocks.raw(), job.log.path if job.log.member is None and stream.kind is None else None) as content:
        format_, layout, file = records.opened(those, content)
        best = Candidate(format_, layout, Reading(job.zone or "UTC", job.reference), 1.0, 1.0, zoned=True)
        strand, sink = Strand(layout, kept=job.sink is not None), _told(job.sink, best)
        for part in records.parsed(layout, file, job.key):
            tally.add(Counted.of(part))
            watch.done(tally.lines)
            events = strand.add(part, None)
            if sink is not None and events is not None:
                sink(events)
    beside = leases.none() if file.leases is None else file.leases
    usage, told = strand.whole()
    account = _account(job, tally, best, blocks, stream, usage, told)
    return LogResult(account, usage, beside, blocks.fingerprint, told, tally.marked(best))


def _read_leases(job: _Job, stream: Stream, blocks: Blocks, head: bytes, format_: leases.LeaseFormat) -> LogResult:
    found = format_.read(head, blocks, Reading(job.zone or "UTC", job.reference))
    account = leases.account(job.log.name, format_, found, blocks, job.zone, stream.partial)
    return LogResult(account, Shelf([pl.DataFrame(schema=USAGE)]), found.leases, blocks.fingerprint)


def _read_sightings(job: _Job, stream: Stream, blocks: Blocks, head: bytes, format_: sightings.SightingFormat) -> LogResult:
    record, seen = format_.read(head, blocks, Reading(job.zone or "UTC", job.reference))
    account = sightings.account(job.log.name, format_, record, seen, blocks, job.zone, stream.partial)
    return LogResult(account, Shelf([seen.usage]), leases.none(), blocks.fingerprint)
