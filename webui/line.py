"""A line of tasks in memory, and the worker that does them one after the other in a thread of this process (huey)."""

from abc import ABC, abstractmethod

from huey import MemoryHuey
from huey.consumer import Consumer


class _QuietConsumer(Consumer):  # type: ignore[misc] # huey ships no types
    """Huey's consumer inside another program: signals belong to that program."""

    def _set_signal_handlers(self) -> None:
        """Leave the signals alone."""


class Line(ABC):
    """Tasks in line. What is in line is lost with the process: the truth lies elsewhere, and `resume` puts it in line again."""

    def __init__(self, name: str) -> None:
        self.huey = MemoryHuey(name, results=False)
        self._consumer: Consumer | None = None

    @abstractmethod
    def resume(self) -> int:
        """Put what an ended process left behind in line again; returns how much there was."""

    def start(self) -> None:
        """Take up what was left, and start the worker."""
        self.resume()
        self._consumer = _QuietConsumer(self.huey, workers=1, periodic=True, backoff=1.05, max_delay=0.5)
        self._consumer.start()

    def stop(self, *, graceful: bool = False) -> None:
        """Stop the worker, at once or (graceful) after what it does now."""
        if self._consumer is not None:
            self._consumer.stop(graceful=graceful)
            self._consumer = None

    def work_off(self) -> None:
        """Do everything in line here and now, without a worker."""
        while (task := self.huey.dequeue()) is not None:
            self.huey.execute(task)
