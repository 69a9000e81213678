"""What all tests share. How to keep the suite quick is said in tests/README.md."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.low_level import hash_secret_raw
from hypothesis import Phase, settings
from sqlalchemy import URL, Engine, create_engine

from discovery.store import base, sealed
from tests.program import Done, gnomon
from webui import passwords

# Two workers share the cores: how long an example takes says nothing. The gate looks ten times as far (see also tests/gate.py).
settings.register_profile("house", deadline=None, max_examples=200 if "GNOMON_GATE" in os.environ else 20)
# For `make mutants`: the same examples each time, and none is made simpler.
settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile("house")

gc.disable()  # until all is imported and collected (below): what is made meanwhile stays, and looking through it took a third of that time

#: Folders whose examples say what of the wings is tested.
_COVERING = {"discovery", "formats", "rules", "store"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow goes first, so that no worker is left with it."""
    items.sort(key=lambda item: not _slow(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Coverage doubles what a test and its fixtures cost: it is counted where it tells something."""
    counting = item.config.pluginmanager.getplugin("_cov")
    if counting is None or counting.cov_controller is None or _covering(item):
        return (yield)
    counting.cov_controller.pause()
    try:
        return (yield)
    finally:
        counting.cov_controller.resume()


def _covering(item: pytest.Item) -> bool:
    """Whether it is an example of the wings; `no_cover` besides is minded by pytest-cov."""
    random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)  # its hundredth example reaches the same lines
    again = item.get_closest_marker("postgres") is not None  # the same lines as on SQLite
    return not (random or again or _slow(item)) and _folder(item) in _COVERING


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was imported stays until the end: looking through it again and again for garbage took an eighth of all time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def _slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The shipped catalogue is compiled by the first test that loads it, for all homes and all programs started by tests, if not kept from before."""
    with pytest.MonkeyPatch.context() as patch:
        if "GNOMON_CACHE" not in os.environ:
            patch.setenv("GNOMON_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_secrets() -> Iterator[None]:
    """Passwords and passphrases cost a real attacker time, and a test none. What the real ones cost is said in tests/store/test_sealed.py."""

    def cheap(*args: Any, **how: Any) -> bytes:
        return hash_secret_raw(*args, **how | {"time_cost": 1, "memory_cost": 8, "parallelism": 1})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(sealed, "hash_secret_raw", cheap)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Each test has a database of its own; writing the SQL of every statement anew for each took a sixth of what its test cost."""
    first: dict[str, Engine] = {}

    def made(url: URL, **how: Any) -> Engine:
        engine = create_engine(url, **how)
        shared = first.setdefault(engine.dialect.name, engine)
        engine.dialect, engine._compiled_cache = shared.dialect, shared._compiled_cache  # noqa: SLF001 (SQL is remembered for each dialect)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "create_engine", made)
        yield


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a program that a test starts: a home of its own, nothing of yours, and the compiled catalogue."""
    own = {"HOME": str(tmp_path), "GNOMON_HOME": str(tmp_path / "home")}
    return own | {name: os.environ[name] for name in ("PATH", "GNOMON_CACHE")}


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing compiled in it, and its cache: for tests that compile, or that load another catalogue than the shipped one."""
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GNOMON_CACHE")
    return tmp_path / "home" / "cache"


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Callable[..., Done]:
    """A command, run in a folder of its own."""

    def command(*words: str | Path, stdin: bytes = b"") -> Done:
        return gnomon(*words, environment=environment, folder=tmp_path, stdin=stdin)

    return command
