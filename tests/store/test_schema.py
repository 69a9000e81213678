"""The steps of the schema lead exactly to the tables that the code declares."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

import rules.tables
import webui.tables  # noqa: F401 (every wing's tables must be known)
from discovery.store import migrate, open_store
from discovery.store.base import Base


def test_the_steps_make_what_the_tables_declare(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_indexes_and_unique_constraints_are_those_declared(store):
    found = inspect(store.engine)
    for table in Base.metadata.sorted_tables:
        assert {index["name"] for index in found.get_indexes(table.name) if not index.get("duplicates_constraint")} == {
            index.name for index in table.indexes
        }


def test_opening_again_changes_nothing(store, url):
    with store.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == migrate.HEAD
    again = open_store(url)
    again.close()


def test_every_row_of_observations_belongs_to_a_client():
    others = {
        "clients",
        *(table.name for table in Base.metadata.sorted_tables if table.name in {"accounts", "sign_ins", "practice_templates", "practice_look"}),
    }
    for table in Base.metadata.sorted_tables:
        if table.name not in others:
            assert not table.c.client_id.nullable, table.name
            assert {key.column.table.name for key in table.c.client_id.foreign_keys} == {"clients"}


def test_references_are_enforced(store):
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(rules.tables.DecisionRow.__table__.insert(), [_decision(client_id=99)])


def _decision(**values):
    return {
        "service": "x",
        "status": "approved",
        "owner": "",
        "reason": "",
        "conditions": "",
        "decided_at": datetime.now(UTC),
        "decided_by": "",
        **values,
    }


def test_sqlite_is_set_up_for_readers_beside_a_writer_and_for_deletion(store):
    if store.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has these settings")
    expected = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 60_000, "temp_store": 2}
    for durable, synchronous in ((False, 1), (True, 2)):
        with store.write(durable=durable) as session:
            wanted = {**expected, "synchronous": synchronous}
            assert {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted


def test_a_write_is_all_or_nothing_and_readers_do_not_wait(store):
    with store.write() as writer:
        writer.execute(text("CREATE TABLE later (n INTEGER)"))
        with store.read() as reader:
            assert not inspect(reader.connection()).has_table("later")
    with pytest.raises(ZeroDivisionError):
        insert_and_fail(store)
    with store.read() as reader:
        assert reader.scalar(text("SELECT count(*) FROM later")) == 0


def insert_and_fail(store):
    with store.write() as writer:
        writer.execute(text("INSERT INTO later VALUES (1)"))
        raise ZeroDivisionError


@pytest.mark.usefixtures("client")
def test_files_are_readable_by_their_owner_only(home):
    for path in [home, *home.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
