"""How blocks are spread over the cores; the one file that knows with what.

Short logs, and those of which the halves of a request must be joined in the order of the lines, are read by threads. Where there are many cores,
long logs are read by worker processes, because many threads of one process wait for each other: blocks reach them through shared memory, each
worker adds up its share of them, and hands over what they add up to now and then.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory
from types import TracebackType
from typing import Final, Self, TypeVar

from discovery import memory
from discovery.alone import alone
from discovery.answers import Told
from discovery.blocks import BLOCK
from discovery.coding import Packed
from discovery.errors import UnreadableLog
from discovery.format import Layout
from discovery.framed import Block
from discovery.summing import Handed, Share
from discovery.times import Reading

#: Cores of this machine.
CORES: Final = os.cpu_count() or 1

#: Blocks that may wait for each worker beside the one it reads, so that it never waits for the next.
_AHEAD: Final = 1

S = TypeVar("S")
T = TypeVar("T")


def in_order(work: Callable[[S], T], pieces: Iterable[S], *, ahead: int = 2) -> Iterator[T]:
    """Pieces worked on by as many threads as there are cores; results in order. `ahead` of them wait, so that no thread has to wait for the next."""
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(CORES, thread_name_prefix="parse") as pool:
        try:
            for piece in pieces:
                waiting.append(pool.submit(work, piece))
                if len(waiting) >= CORES + ahead:
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


def _view(memory: SharedMemory) -> memoryview:
    assert memory.buf is not None  # noqa: S101 (open as long as the crew is)
    return memory.buf


class Crew:
    """Workers that read one log."""

    def __init__(self, layout: Layout, reading: Reading) -> None:
        processes = get_context("spawn")  # a copy of this process, with its threads' locks, would not live
        self._pools = [ProcessPoolExecutor(1, processes, alone) for _ in range(CORES)]
        self._begun = [pool.submit(_begin, layout, reading) for pool in self._pools]
        self._seats = [_Seat(number) for _ in range(1 + _AHEAD) for number in range(len(self._pools))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)
        for seat in self._seats:
            seat.clear()
        if isinstance(error, BrokenProcessPool):
            raise UnreadableLog("A worker ended before the log was read, as when memory runs out. Nothing was kept.") from error

    def read(self, blocks: Iterable[Block]) -> Iterator[Handed]:
        """What is handed over with each block, in their order."""
        free = deque(self._seats)
        taken: deque[tuple[_Seat, Future[Handed]]] = deque()
        for block in blocks:
            if not free:
                seat, handed = taken.popleft()
                yield self._result(seat, handed)
                free.append(seat)
            seat = free.popleft()
            taken.append((seat, self._pools[seat.worker].submit(_read, replace(block, data=b""), seat.take(block.data), len(block.data))))
        for seat, handed in taken:
            yield self._result(seat, handed)

    def _result(self, seat: _Seat, handed: Future[Handed]) -> Handed:
        self._begun[seat.worker].result()
        return handed.result()

    def rest(self) -> Iterator[tuple[Packed, Told]]:
        """What each worker still has (see `Share.rest`)."""
        for future in [pool.submit(_rest) for pool in self._pools]:
            yield future.result()


_share: Share | None = None  # of this worker
_seen: dict[str, SharedMemory] = {}


def _begin(layout: Layout, reading: Reading) -> None:
    global _share  # noqa: PLW0603 (a worker process has one share, which lasts from block to block)
    memory.keep_freed()
    _share = Share(layout, reading)


def _read(block: Block, name: str, size: int) -> Handed:
    assert _share is not None  # noqa: S101
    if name not in _seen:
        _seen[name] = SharedMemory(name)
    return _share.read(replace(block, data=bytes(_view(_seen[name])[:size])))


def _rest() -> tuple[Packed, Told]:
    assert _share is not None  # noqa: S101
    return _share.rest()
