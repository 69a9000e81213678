"""Worker processes: they find what threads find, stop when told to, and live no longer than the one that started them."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import polars as pl
import pytest

from discovery import pipeline
from discovery.errors import UnreadableLog
from discovery.pipeline import LogResult, read_log
from discovery.progress import Cancelled, Progress
from tests.waiting import eventually

SAMPLES = Path(__file__).parents[1] / "formats"


def log_of(folder: Path, format_id: str, times: int) -> Path:
    """A sample many times over, with a line in it that nothing understands."""
    sample = next(path for path in sorted((SAMPLES / format_id).iterdir()) if path.suffix in {".log", ".csv"})
    log = folder / sample.name
    log.write_bytes((sample.read_bytes().rstrip(b"\n") + b"\n?\n") * times)
    return log


@pytest.fixture
def by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "LONG", 1)
    monkeypatch.setattr(pipeline, "MANY_CORES", 1)


def as_text(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(name).cast(pl.String) for name, kind in table.schema.items() if isinstance(kind, pl.Categorical)).sort(pl.all())


def found(result: LogResult) -> tuple[object, list[dict[str, object]], list[dict[str, object]]]:
    return replace(result.account, path=""), as_text(result.usage.whole()).to_dicts(), as_text(result.told.answers).to_dicts()


@pytest.mark.parametrize("format_id", ["squid", "zeek-dns"])
def test_processes_find_what_threads_find(format_id: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    log = log_of(tmp_path, format_id, 40)
    threads = read_log(log, block=2_000)
    request.getfixturevalue("by_processes")
    processes = read_log(log, block=2_000)
    assert threads.account.events
    assert found(processes) == found(threads)
    assert not active_children()


@pytest.mark.usefixtures("by_processes")
def test_the_user_can_stop_them(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        read_log(log_of(tmp_path, "squid", 40), block=2_000, cancelled=lambda: True)
    assert not active_children()


@pytest.mark.usefixtures("by_processes")
def test_a_worker_that_is_killed_ends_in_a_sentence(tmp_path: Path) -> None:
    def kill(_: Progress) -> None:
        for worker in active_children():
            worker.kill()

    with pytest.raises(UnreadableLog, match="Nothing was kept"):
        read_log(log_of(tmp_path, "squid", 40), block=2_000, progress=kill)


def test_no_worker_outlives_the_program(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no SIGKILL; its workers end with the handle they wait for.")
    program = (
        "import os, signal, sys\n"
        "from multiprocessing import active_children\n"
        "from pathlib import Path\n"
        "from discovery import pipeline\n"
        "def die(_):\n"
        "    print(*(worker.pid for worker in active_children()), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    pipeline.LONG = pipeline.MANY_CORES = 1\n"
        "    pipeline.read_log(Path(sys.argv[1]), block=2_000, progress=die)\n"
    )
    log = log_of(tmp_path, "squid", 40)
    started = subprocess.run([sys.executable, "-c", program, log], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert started.returncode == -signal.SIGKILL, started.stderr
    workers = [int(pid) for pid in started.stdout.split()]
    assert workers
    assert eventually(lambda: not any(alive(pid) for pid in workers)), "a worker goes on"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # one that ended, and that nobody asked after, is not alive
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
