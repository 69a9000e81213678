"""Runs tests; and finds, by running all without a mutant, which reach which function of rules/ and what they cost.

What the making of a wider fixture reaches, all tests reach that ask for it. What rules keep in a cache is forgotten before each test, or only the
first would reach what fills it.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from mutmut.mutation import trampoline

FILE: Final = Path("reached.json")

#: The nearest to rules first.
FOLDERS: Final = ("tests/rules/", "tests/store/", "tests/webui/")


class _Listener:
    """Notes which functions run while a test or a fixture does, and what fails."""

    def __init__(self) -> None:
        self.now: set[str] = set()
        self.start = 0.0
        self.failed: str | None = None
        self.by_fixture: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def hit(self, function: str, caller: str | None) -> None:  # noqa: ARG002 (mutmut passes both)
        self.now.add(function)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        before, self.now = self.now, set()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                self.by_fixture[fixturedef.baseid, fixturedef.argname] |= self.now
            self.now |= before

    def made_for(self, item: pytest.Item) -> set[str]:
        """What the wider fixtures reached that a test asks for."""
        names = getattr(item, "fixturenames", ())
        return set().union(*(found for (base, name), found in self.by_fixture.items() if name in names and item.nodeid.startswith(base)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = f"{report.nodeid}\n{report.longreprtext}"


def find(items: list[pytest.Item]) -> str | None:
    """Run every test and write down what it reaches; or the first that fails, and how."""
    listener = _Listener()
    trampoline.record_trampoline_hit = listener.hit
    own: dict[pytest.Item, set[str]] = {}
    cost: dict[pytest.Item, float] = {}
    for item in _run(items, listener):
        own[item], cost[item] = listener.now, time.process_time() - listener.start
        forget()
    written = {item.nodeid: [round(cost[item], 3), sorted(found | listener.made_for(item))] for item, found in own.items()}
    FILE.write_text(json.dumps(written, indent=1), encoding="utf-8")
    return listener.failed


def first_failed(items: list[pytest.Item]) -> str | None:
    """The first test that fails, and how; None where all hold."""
    listener = _Listener()
    for _ in _run(items, listener):
        pass
    return listener.failed


def _run(items: list[pytest.Item], listener: _Listener) -> Iterator[pytest.Item]:
    """Each test that was run, up to the first that failed."""
    plugins = items[0].config.pluginmanager
    plugins.set_blocked("terminalreporter")  # quietly
    plugins.register(listener)
    for item, after in zip(items, [*items[1:], None], strict=True):
        listener.now, listener.start = set(), time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        yield item
        if listener.failed:
            return


class Reach:
    """What was found."""

    def __init__(self) -> None:
        found = json.loads(FILE.read_text(encoding="utf-8"))
        self._cost: dict[str, float] = {test: cost for test, (cost, _) in found.items()}
        self._tests: defaultdict[str, list[str]] = defaultdict(list)
        for test, (_, functions) in found.items():
            for function in functions:
                self._tests[function].append(test)

    def tests(self, function: str) -> list[str]:
        """Those of the nearest folder that reach it: what rules' own tests reach is theirs to notice."""
        every = self._tests[function]
        nearest = next((folder for folder in FOLDERS if any(test.startswith(folder) for test in every)), "")
        return self.cheapest_first([test for test in every if test.startswith(nearest)])

    def cheapest_first(self, tests: Collection[str]) -> list[str]:
        """Ordered by cost, but the tests of a module together, as they share what was made for them."""
        module: dict[str, float] = {}
        for test in tests:
            module[_module(test)] = min(self._cost[test], module.get(_module(test), self._cost[test]))
        return sorted(tests, key=lambda test: (module[_module(test)], _module(test), self._cost[test], test))

    def cost(self, tests: Collection[str]) -> float:
        """Seconds of processor time."""
        return sum(self._cost[test] for test in tests)


def _module(test: str) -> str:
    return test.partition("::")[0]


def forget() -> None:
    """Empty what rules keep in caches."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "rules":
            for one in vars(module).values():
                getattr(one, "cache_clear", int)()
