"""How blocks are spread over the cores; the one file that knows with what.

Short logs, and those of which the halves of a request must be joined in the order of the lines, are read by threads. Where there are many cores,
long logs are read by processes, because many threads of one process wait for each other: the one that began reads as well, blocks reach the others
through shared memory, and each adds up its share of them and hands over what they add up to now and then.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory
from types import TracebackType
from typing import Final, Self, TypeVar

import polars as pl

from discovery import memory
from discovery.alone import alone
from discovery.answers import Told
from discovery.blocks import BLOCK
from discovery.coding import Names, Packed
from discovery.errors import UnreadableLog
from discovery.format import Layout
from discovery.parse import Block
from discovery.summing import Handed, Share
from discovery.tally import Counted
from discovery.times import Reading

#: Cores of this machine.
CORES: Final = os.cpu_count() or 1

#: Blocks that may wait for each worker beside the one it reads, so that it never waits while this process reads and adds up.
_AHEAD: Final = 2

#: Accounts of blocks that may wait for those of blocks before them.
_MOST_WAITING: Final = 100

S = TypeVar("S")
T = TypeVar("T")


def in_order(work: Callable[[S], T], pieces: Iterable[S]) -> Iterator[T]:
    """Pieces worked on by as many threads as there are cores, a few in flight at a time; results in order."""
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(CORES, thread_name_prefix="parse") as pool:
        try:
            for piece in pieces:
                waiting.append(pool.submit(work, piece))
                if len(waiting) > CORES:  # one more than can be worked on, so that reading never keeps anybody waiting
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@dataclass(slots=True)
class _Seat:
    """A place at a worker for one block, in memory that both see."""

    worker: int
    memory: SharedMemory | None = None
    handed: "Future[_Sent]" = field(default_factory=Future)

    @property
    def ready(self) -> bool:
        """Whether the worker has read the block."""
        return self.handed.done()

    def take(self, data: bytes) -> str:
        """Lay down the bytes of a block; gives the name of the memory."""
        if self.memory is None or self.memory.size < len(data):
            self.clear()
            self.memory = SharedMemory(create=True, size=max(len(data), BLOCK))
        _view(self.memory)[: len(data)] = data
        return self.memory.name

    def clear(self) -> None:
        """Give the memory back."""
        if self.memory is not None:
            self.memory.close()
            self.memory.unlink()
            self.memory = None


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a worker hands over, its names packed."""

    account: Counted
    usage: Packed | None


def _view(memory: SharedMemory) -> memoryview:
    assert memory.buf is not None  # noqa: S101 (open as long as the crew is)
    return memory.buf


class Crew:
    """Worker processes that read one log together with this one. They start at once, so that they are ready when it is known what the log is."""

    def __init__(self) -> None:
        processes = get_context("spawn")  # a copy of this process, with its threads' locks, would not live
        self._pools = [ProcessPoolExecutor(1, processes, alone) for _ in range(max(1, CORES - 1))]
        self._begun = [pool.submit(memory.keep_freed) for pool in self._pools]  # which starts them
        self._seats = [_Seat(number) for _ in range(1 + _AHEAD) for number in range(len(self._pools))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.dismiss()
        if isinstance(error, BrokenProcessPool):
            raise UnreadableLog("A worker ended before the log was read, as when memory runs out. Nothing was kept.") from error

    def dismiss(self) -> None:
        """Nothing is left to do for the workers."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)
        for seat in self._seats:
            seat.clear()

    def read(self, share: Share, blocks: Iterable[Block]) -> Iterator[Handed]:
        """What is handed over with each block, in their order. A block goes to a worker with a free seat; where there is none, it is read here.

        Args:
            share: what is read here; its names are those of all that is handed over.
            blocks: the blocks of the log.
        """
        self._begun = [pool.submit(_begin, share.layout, share.reading) for pool in self._pools]
        memory.keep_freed()
        free = deque(self._seats)
        taken: deque[_Seat | Handed] = deque()
        for block in blocks:
            while taken and (not isinstance(taken[0], _Seat) or taken[0].ready or len(taken) > _MOST_WAITING):
                yield self._result(taken.popleft(), free, share.names)
            if free:
                seat = free.popleft()
                seat.handed = self._pools[seat.worker].submit(_read, replace(block, data=b""), seat.take(block.data), len(block.data))
                taken.append(seat)
            else:
                taken.append(share.read(block))
        while taken:
            yield self._result(taken.popleft(), free, share.names)

    def _result(self, done: "_Seat | Handed", free: deque[_Seat], names: Names) -> Handed:
        if not isinstance(done, _Seat):
            return done
        self._begun[done.worker].result()
        sent = done.handed.result()
        free.append(done)
        return Handed(sent.account, None if sent.usage is None else names.unpacked(sent.usage))

    def rest(self, names: Names) -> Iterator[tuple[pl.DataFrame, Told]]:
        """What each worker still has (see `Share.rest`)."""
        for future in [pool.submit(_rest) for pool in self._pools]:
            usage, told = future.result()
            yield names.unpacked(usage), told


_share: Share | None = None  # of this worker
_seen: dict[str, SharedMemory] = {}


def _begin(layout: Layout, reading: Reading) -> None:
    global _share  # noqa: PLW0603 (a worker process has one share, which lasts from block to block)
    memory.keep_freed()
    _share = Share(layout, reading, Names())


def _read(block: Block, name: str, size: int) -> _Sent:
    assert _share is not None  # noqa: S101
    if name not in _seen:
        _seen[name] = SharedMemory(name)
    handed = _share.read(replace(block, data=bytes(_view(_seen[name])[:size])))
    return _Sent(handed.account, None if handed.usage is None else _share.names.packed(handed.usage))


def _rest() -> tuple[Packed, Told]:
    assert _share is not None  # noqa: S101
    usage, told = _share.rest()
    return _share.names.packed(usage), told
