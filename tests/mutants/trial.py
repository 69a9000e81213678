"""A pytest plugin that tries mutants: pytest imports and collects once, then each mutant gets a forked process and the tests that reach it.

A process can be forked as long as it has not run Polars, and importing rules and tests runs none. It works in `mutants/`, which mutmut filled;
`python -m tests.mutants` starts it. What a trial came to is written at once.
"""

import json
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from mutmut.utils.format_utils import mangled_name_from_mutant_name

from tests.mutants import reach
from tests.mutants.reach import Reach

#: The mutants to try, and the results, one a line.
WANTED: Final = Path("wanted.json")
TRIED: Final = Path("tried.jsonl")

#: What a trial comes to. A process that ended otherwise (stopped, out of memory) tells nothing.
ALIVE: Final = ("survived", "no test")
NOTICED: Final = ("noticed", "endless")
_ENDS: Final = {0: "survived", 1: "noticed", -signal.SIGXCPU: "endless", -signal.SIGALRM: "endless"}

#: A mutant may take so many times the processor time of its tests, and so many seconds more; by the clock ten times that.
_TIMES, _MORE, _CLOCK = 3, 60, 10


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try every wanted mutant instead of running what was collected once."""
    if session.testsfailed:
        raise session.Interrupted("Not all tests could be read.")
    items = {item.nodeid: item for item in session.items}
    if not reach.FILE.exists():
        _must_hold(Trial("stats", 7200, lambda: reach.find(session.items)))
        _must_hold(Trial("", 7200, lambda: reach.first_failed([items[name] for name in Reach().cheapest_first(items)])))
    known, running = Reach(), dict[int, Trial]()
    for mutant in json.loads(WANTED.read_text(encoding="utf-8")):
        trial = _of(mutant, items, known)
        if trial.tests:
            running[trial.start()] = trial
        else:
            trial.keep("no test")
        while len(running) >= int(os.environ.get("JOBS", "1")):
            _ended(running)
    while running:
        _ended(running)
    return True


def _of(mutant: str, items: dict[str, pytest.Item], known: Reach) -> "Trial":
    names = known.tests(mangled_name_from_mutant_name(mutant))
    tests = [items[name] for name in names]
    return Trial(mutant, _TIMES * known.cost(names) + _MORE, lambda: reach.first_failed(tests), len(tests))


def _ended(running: dict[int, "Trial"]) -> None:
    """Wait for one to end, and keep what it came to."""
    process, status, used = os.wait3(0)
    running.pop(process).keep(_ENDS.get(os.waitstatus_to_exitcode(status), "not told"), used.ru_utime + used.ru_stime)


def _must_hold(trial: "Trial") -> None:
    """Without a mutant, no test may fail."""
    _, status = os.waitpid(trial.start(), 0)
    if os.waitstatus_to_exitcode(status) != 0:
        pytest.exit(f"Without any mutant this fails:\n{trial.failed}", 1)
    trial.clear()


@dataclass
class Trial:
    """A forked process that runs tests with a mutant.

    Attributes:
        limit: seconds of processor time.
        run: says which test failed and how, or None.
        tests: how many tests reach the mutant.
        folder: for its temporary files and what it says.
    """

    mutant: str
    limit: float
    run: Callable[[], str | None]
    tests: int = 0
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="mutant-")))

    def start(self) -> int:
        """Fork; the number of the process."""
        if process := os.fork():
            return process
        code = 3
        try:
            self._settle()
            failed = self.run()
            (self.folder / "failed").write_text(failed or "", encoding="utf-8")
            code = int(failed is not None)
        finally:
            os._exit(code)

    def _settle(self) -> None:
        """In the new process: the mutant, its limits, and a folder of its own."""
        os.environ |= {"MUTANT_UNDER_TEST": self.mutant, "PYTEST_DEBUG_TEMPROOT": str(self.folder)}
        resource.setrlimit(resource.RLIMIT_CPU, (int(self.limit), int(self.limit) + 5))
        signal.alarm(int(_CLOCK * self.limit))
        reach.forget()

    @property
    def failed(self) -> str | None:
        """The test that failed, and how."""
        told = self.folder / "failed"
        return (told.read_text(encoding="utf-8") if told.exists() else "") or None

    def keep(self, result: str, seconds: float = 0.0) -> None:
        """Write down what it came to, by which test, and how much processor time it took."""
        failed = (self.failed or "").partition("\n")[0]
        one: dict[str, Any] = {"mutant": self.mutant, "result": result, "tests": self.tests, "failed": failed, "seconds": round(seconds, 1)}
        with TRIED.open("a", encoding="utf-8") as file:
            file.write(json.dumps(one) + "\n")
        self.clear()

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
