"""What all tests share. How to keep the suite quick is said in tests/README.md."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Two workers share the cores: how long an example takes says nothing. The gate looks ten times as far (see also tests/gate.py).
settings.register_profile("house", deadline=None, max_examples=200 if "GNOMON_GATE" in os.environ else 20)
settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None)  # for `make mutants`
settings.load_profile("house")

#: Folders whose examples say what of the wings is tested.
_COVERING = {"discovery", "formats", "rules", "store"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow goes first, so that no worker is left with it. Coverage doubles what a test costs: it is counted where it tells something."""
    items.sort(key=lambda item: not _slow(item))
    for item in items:
        random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)  # its hundredth example reaches the same lines
        again = item.get_closest_marker("postgres") is not None  # the same lines as on SQLite
        if random or again or _slow(item) or _folder(item) not in _COVERING:
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """What was imported stays until the end: looking through it again and again for garbage took an eighth of all time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The shipped catalogue is compiled by the first test that loads it, for all homes and all programs started by tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_CACHE", str(tmp_path_factory.mktemp("cache")))
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
