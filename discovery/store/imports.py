"""One log taken in: exactly once, all of it or nothing.

Rows are staged under the import in short batches and become visible by one flip of its state. The fingerprint of the decompressed content
is unique among the published imports of a client, so that the same log under another name or in another packing adds nothing.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.logs import LogFile
from discovery.store.clients import changed
from discovery.store.locks import at_work
from discovery.store.running import How, Imported, run
from discovery.store.staging import drop_rows, hold
from discovery.store.store import MACHINE, Store
from discovery.store.tables import Client, Import


class UnknownImport(GnomonError):
    """This client has no import of that number."""


def import_log(store: Store, client: Client, path: LogFile | Path, *, name: str | None = None, **how: Unpack[How]) -> Imported:
    """Take a log in. Never raises for a log that cannot be read: result and import say why.

    Args:
        name: what to call it; else its own name.
        how: see `How`.
    """
    with begun(store, client, name or path.name) as job:
        return run(store, client, job, path, **how)


def start_import(store: Store, client: Client, *, name: str) -> Import:
    """A new import that waits for `run_import`; `name` is what the user calls the log."""
    with store.write() as session:
        return _new(session, client, name)


def run_import(store: Store, import_id: int, path: LogFile | Path, **how: Unpack[How]) -> Imported:
    """Take in the log of an import that waits; otherwise as `import_log`. Raises GnomonError where no such import waits.

    A member of an archive gives the import its own name.
    """
    with _taken_up(store, import_id, path.name if isinstance(path, LogFile) else None) as (job, client):
        return run(store, client, job, path, **how)


def remove_import(store: Store, client: Client, import_id: int) -> Import:
    """Remove an import: its numbers go, with every name that nothing else speaks of. One that still runs is stopped."""
    with store.write() as session:
        hold(session, client.id)
        job = _of(session, client, import_id)
        if job.state == "published":
            changed(session, client.id, data=True)
        drop_rows(session, job)
        job.state, job.message, job.samples, job.finished = "removed", "Removed, and its numbers with it.", {}, datetime.now(UTC)
    store.truncate_journal()
    return job


def get_import(store: Store, client: Client, import_id: int) -> Import:
    """One import of a client. Raises UnknownImport where it has none of that number."""
    with store.read() as session:
        return _of(session, client, import_id)


def imports(store: Store, client: Client) -> list[Import]:
    """All imports of a client in every state, newest first."""
    with store.read() as session:
        return list(session.scalars(select(Import).where(Import.client_id == client.id).order_by(Import.id.desc())))


def _of(session: Session, client: Client, import_id: int) -> Import:
    job = session.scalar(select(Import).where(Import.client_id == client.id, Import.id == import_id))
    if job is None:
        raise UnknownImport(f"{client.name} has no import {import_id}.")
    return job


def _new(session: Session, client: Client, name: str, worker: str | None = None) -> Import:
    now = datetime.now(UTC)
    job = Import(client_id=client.id, name=name, source=name, zone=client.zone, worker=worker, created=now, seen=now)
    session.add(job)
    session.flush()
    return job


@contextmanager
def begun(store: Store, client: Client, name: str) -> Iterator[Import]:
    """A new import, held from the moment that anybody can see it."""
    with ExitStack() as held:
        with store.write() as session:
            job = _new(session, client, name, MACHINE)
            held.enter_context(at_work(store.locks, job.id))
        yield job


@contextmanager
def _taken_up(store: Store, import_id: int, name: str | None) -> Iterator[tuple[Import, Client]]:
    """An import that waited, held, and called by the name of its log."""
    with at_work(store.locks, import_id):
        with store.write() as session:
            job = session.get(Import, import_id)
            if job is None or job.state != "staging":
                raise UnknownImport(f"Import {import_id} does not wait to be run.")
            job.worker, job.seen, job.name = MACHINE, datetime.now(UTC), name or job.name
            client = session.get_one(Client, job.client_id)
        yield job, client
