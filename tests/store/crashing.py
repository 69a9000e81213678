"""Kills an import at every statement it sends to the database, and looks at what is left. Run by test_crash.py as a program of its own.

    python crashing.py FOLDER [SERVER] [STEP]

FOLDER is empty; SERVER is the socket folder of a PostgreSQL server (else SQLite); STEP leaves out points between. Each point is one line of
JSON: which statement, what state the import was in afterwards, and what was wrong (nothing, hopefully). The program itself never touches
data: each attempt is a forked child, which starts without threads. What was read of the logs is kept beside them, as the same for all.
"""

import hashlib
import json
import os
import pickle
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import polars as pl
import psycopg
import pyarrow as pa  # noqa: F401 (loaded once, before any fork)
from sqlalchemy import Engine, event, text

from discovery import catalogue
from discovery.matching import Matcher, public_endings
from discovery.pipeline import LogResult, Sink, read_log
from discovery.store import Store, blocks, create_client, get_client, import_log, imports, open_store, usage_parts
from discovery.store.base import Base

USERS, SITES = 7, ("www.dropbox.com", "wetransfer.com", "app.tiny-unknown.example.net", "www.notion.so", "rare.example.org")
DAY = 86_400
AGAIN = 4  # after every so-manieth kill the log is taken in once more
MATCH = Matcher(catalogue.load()).match_all  # made before any fork, as is what it looks up
public_endings()
COUNTED = [table for table in Base.metadata.sorted_tables if table.name not in {"imports", "clients"}]


class Place:
    """A home folder and its database, copied from another."""

    def __init__(self, root: Path, server: str | None) -> None:
        self.root, self.server = root, server

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://gnomon@/{name}?host={self.server}" if self.server else f"sqlite:///{self.root / name / 'gnomon.db'}"

    def make(self, name: str, template: str | None = None) -> None:
        if template:
            shutil.copytree(self.root / template, self.root / name)
        if self.server:
            with psycopg.connect(host=self.server, user="gnomon", dbname="postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template1'}")

    def drop(self, name: str) -> None:
        shutil.rmtree(self.root / name)
        if self.server:
            with psycopg.connect(host=self.server, user="gnomon", dbname="postgres", autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def open(self, name: str) -> Store:
        os.environ["GNOMON_HOME"] = str(self.root / name)
        return open_store(self.url(name))


def squid(days: range, users: int) -> str:
    """Requests of a few users on some days, one an hour."""
    lines = []
    for day in days:
        for n in range(30):
            at = 1_750_000_000 + day * DAY + n * 1_000
            who = n % users
            lines.append(f"{at}.000 45 10.0.0.{who} TCP_MISS/200 {n} GET http://{SITES[n % len(SITES)]}/ user{who} HIER_DIRECT/192.0.2.1 text/html\n")
    return "".join(lines)


def in_child(work: Callable[[], object]) -> tuple[int, str]:
    """Run in a forked child: the signal that killed it (0: none), and what it returned as JSON."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _finish(work, writer)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, said


def _finish(work: Callable[[], object], writer: int) -> NoReturn:
    try:
        answer = work()
    except BaseException:  # noqa: BLE001 (whatever it is, the parent shall print it)
        answer = {"broke": traceback.format_exc()}
    with os.fdopen(writer, "w") as pipe:
        json.dump(answer, pipe)
    os._exit(0)


def killed_at(point: int, work: Callable[[], object]) -> tuple[int, str]:
    """Run in a child that dies just before its n-th statement or commit."""

    def armed() -> object:
        left = [point]

        def count(*_: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        return work()

    return in_child(armed)


def take_in(place: Place, name: str, log: str) -> str:
    store = place.open(name)
    blocks.BLOCK_ROWS = 100
    done = import_log(store, get_client(store, "example"), place.root / log, format_id="squid", match=MATCH, reader=read_once)
    return done.state


def read_once(log: Path, *, sink: Sink | None, **how: Any) -> LogResult:
    """What was read of a log the first time, its events apart from its usage."""
    kept = log.with_suffix(".events" if sink else ".usage")
    if not kept.exists():
        events: list[pl.DataFrame] = []
        result = read_log(log, sink=events.append if sink else None, **how)
        kept.write_bytes(pickle.dumps((result, events)))
    result, events = pickle.loads(kept.read_bytes())  # noqa: S301 (written here)
    for table in events if sink else ():
        sink(table)
    return result


def look(place: Place, name: str) -> dict[str, object]:
    """What is there: visible usage, rows in all tables, states, and whether the database is sound."""
    store = place.open(name)
    client = get_client(store, "example")
    parts, _ = usage_parts(store, client, None, None)
    kept = ["person", "destination_domain", "channel", "grain", "people", "hour", "slots", "hits", "destination_bytes", "first", "last", "first_line"]
    visible = pl.concat([part.usage.whole().select(kept) for part in parts]).sort(kept).write_csv()
    with store.read() as session:
        counts = {table.name: len(session.execute(table.select()).all()) for table in COUNTED}
        unsound = []
        if store.engine.dialect.name == "sqlite":
            unsound = [*session.scalars(text("PRAGMA integrity_check")).all(), *session.execute(text("PRAGMA foreign_key_check")).all()]
    return {
        "visible": hashlib.sha256(visible.encode()).hexdigest(),
        "counts": counts,
        "states": [job.state for job in imports(store, client)],
        "unsound": [problem for problem in unsound if problem != "ok"],
        "locks": [path.name for path in store.locks.iterdir()],
    }


def prepare(place: Place) -> str:
    (place.root / "one.log").write_text(squid(range(3), 2))
    (place.root / "two.log").write_text(squid(range(2, 14), USERS))
    store = place.open("base")
    create_client(store, "Example", zone="Europe/London")
    store.close()
    return take_in(place, "base", "one.log")


def judge(place: Place, name: str, before: dict, after: dict, *, again: bool) -> tuple[str, list[str]]:
    """The state of the killed import after the next start, and everything that is not as it should be, if wanted after a second try, too."""
    left = json.loads(in_child(lambda: look(place, name))[1])
    if "broke" in left:
        return "broken", [left["broke"]]
    state = left["states"][0] if len(left["states"]) > len(before["states"]) else "none"
    expected = after if state == "published" else before
    problems = [f"{key}: {left[key]} instead of {expected[key]}" for key in ("visible", "counts") if left[key] != expected[key]]
    problems += [f"{key}: {left[key]}" for key in ("unsound", "locks") if left[key]]
    if not again:
        return state, problems
    second = json.loads(in_child(lambda: take_in(place, name, "two.log"))[1])
    if second != ("already" if state == "published" else "published"):
        problems.append(f"taken in again: {second}")
    complete = json.loads(in_child(lambda: look(place, name))[1])
    problems += [f"{key} at the end: {complete[key]} instead of {after[key]}" for key in ("visible", "counts") if complete[key] != after[key]]
    return state, problems


def sweep(place: Place, step: int) -> None:
    """Kill at every point of an import; then, half-way, at every point of the recovery."""
    place.make("base")
    (place.root / "base").mkdir(exist_ok=True)
    _, said = in_child(lambda: (prepare(place), sorted(sys.modules)))
    made, modules = json.loads(said)
    if made != "published":
        raise RuntimeError(f"The first import failed: {made}")
    for name in modules:  # once here, not anew in every child; importing starts no thread
        with suppress(ImportError):
            import_module(name)
    before = json.loads(in_child(lambda: look(place, "base"))[1])
    place.make("whole", "base")
    in_child(lambda: take_in(place, "whole", "two.log"))
    after = json.loads(in_child(lambda: look(place, "whole"))[1])
    say({"before": before, "after": after})
    points = kill_points(place, step, before, after, lambda name: take_in(place, name, "two.log"), "base", "import")
    place.make("half", "base")
    killed_at(points // 2, lambda: take_in(place, "half", "two.log"))
    kill_points(place, step, before, after, lambda name: place.open(name) and None, "half", "recovery")


def kill_points(place: Place, step: int, before: dict, after: dict, work: Callable[[str], object], template: str, what: str) -> int:
    point = 1
    while True:
        name = f"{what}{point}"
        place.make(name, template)
        died, said = killed_at(point, lambda name=name: work(name))
        state, problems = judge(place, name, before, after, again=point % AGAIN == 1)
        say({"what": what, "point": point, "killed": died == signal.SIGKILL, "said": said, "state": state, "problems": problems})
        place.drop(name)
        if died == 0:
            return point
        point += step


def say(finding: dict) -> None:
    sys.stdout.write(json.dumps(finding) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sweep(Place(Path(sys.argv[1]), sys.argv[2] or None), int(sys.argv[3]))
