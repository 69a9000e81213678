"""A disk that is full: one sentence, nothing half stored, and all as before once there is room again."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from discovery.errors import NoRoom, NotWritable
from discovery.store import Store, clients, create_client, imports, open_store
from discovery.store.base import Base
from discovery.store.imports import run_import, start_import
from tests.store.conftest import Made, Visit

NO_ROOM = str(NoRoom())


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """A database that cannot grow: SQLite says of it what it says of a full disk."""

    def no_more(connection, _record) -> None:
        connection.execute("PRAGMA max_page_count=1")  # no fewer than there are

    event.listen(engine, "connect", no_more)
    engine.dispose()
    yield
    event.remove(engine, "connect", no_more)
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    opened = open_store()
    yield opened
    opened.close()


def rows(store: Store) -> int:
    with store.read() as session:
        return sum(session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables if table.name != "imports")


def test_a_log_is_not_half_kept(store: Store) -> None:
    made = Made(store, create_client(store, "Example & Co"))
    visits = [Visit(f"host-{n}.example-{n}.com", f"2026-11-{n % 20 + 1:02}T09:00:00", user_name=f"user-{n}") for n in range(600)]
    before = rows(store)
    with full(store.engine):
        done = made.take_in(visits)
        assert (done.state, done.message) == ("failed", NO_ROOM)
        assert rows(store) == before
    assert made.take_in(visits).state == "published"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_what_the_operating_system_says_of_the_disk_is_a_sentence(store: Store, number: int) -> None:
    client = create_client(store, "Example & Co")

    def reader(*_: object, **__: object) -> None:
        raise OSError(number, "said by the system")

    said = run_import(store, start_import(store, client, name="a.log").id, Path("a.log"), reader=reader).message
    assert [job.state for job in imports(store, client)] == ["failed"]
    assert said == str(NoRoom() if number in {errno.ENOSPC, errno.EDQUOT} else NotWritable())


def test_a_database_that_may_only_be_read_is_said_to_be(store: Store) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(NotWritable):
            connection.exec_driver_sql("DELETE FROM clients")


def test_no_value_stands_in_the_error(store: Store) -> None:
    with full(store.engine), pytest.raises(NoRoom) as caught:
        create_client(store, "Secret Firm " * 9_000)
    assert str(caught.value) == NO_ROOM
    assert "Secret Firm" not in str(caught.value.__cause__)
    assert len(list(store.keys.glob("*.seal"))) == len(clients(store)), "no keys of a client that is not there"
