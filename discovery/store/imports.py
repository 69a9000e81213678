"""One log taken in: exactly once, all of it or nothing.

Rows are staged under the import in short batches and become visible by one flip of its state. The fingerprint of the decompressed content
is unique among the published imports of a client, so that the same log under another name or in another packing adds nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from discovery import catalogue
from discovery.errors import GnomonError
from discovery.logs import LogFile
from discovery.matching import Matcher
from discovery.observations import LogAccount
from discovery.pipeline import Cancelled, LogResult, Progress, read_log
from discovery.store.account import columns
from discovery.store.clients import changed
from discovery.store.ingest import Match, compact_older, prepare
from discovery.store.locks import at_work
from discovery.store.staging import STOPPED, drop_rows, give_up, hold, stage
from discovery.store.store import MACHINE, Store
from discovery.store.tables import Client, Import

#: Seconds between two looks at how far an import is.
PROGRESS_EVERY: Final = 0.5

UNEXPECTED: Final = "Something went wrong that should not have. Nothing of this log was kept; the program's own messages say more."


class UnknownImport(GnomonError):
    """This client has no import of that number."""


class Reader(Protocol):
    """What reads a log: `discovery.pipeline.read_log`."""

    def __call__(  # noqa: D102 (see the class)
        self,
        log: LogFile | Path,
        *,
        name: str | None,
        format_id: str | None,
        zone: str | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> LogResult: ...


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import ended.

    Attributes:
        import_id: its number.
        state: published, already (the same content is in, nothing was added) or failed.
        message: the sentence for the user.
        account: where its lines went; None where nothing could be read.
    """

    import_id: int
    state: str
    message: str
    account: LogAccount | None = None


def start_import(store: Store, client: Client, *, name: str) -> Import:
    """A new import that waits for `run_import`.

    Args:
        name: what the user calls the log.
    """
    now = datetime.now(UTC)
    job = Import(client_id=client.id, name=name, source=name, zone=client.zone, created=now, seen=now)
    with store.write() as session:
        session.add(job)
    return job


def import_log(store: Store, client: Client, path: LogFile | Path, *, name: str | None = None, **how: Any) -> Imported:  # noqa: ANN401 (see run_import)
    """Take a log in: exactly once, all of it or nothing. Never raises for a log that cannot be read: the result says why.

    Args:
        name: what to call it; else its own name.
        how: as `run_import` takes it.
    """
    job = start_import(store, client, name=name or path.name)
    return run_import(store, job.id, path, **how)


def run_import(
    store: Store,
    import_id: int,
    path: LogFile | Path,
    *,
    format_id: str | None = None,
    zone: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    reader: Reader = read_log,
    match: Match | None = None,
) -> Imported:
    """Read the log of an import that `start_import` made. Never raises for a log that cannot be read: result and import say why.

    Args:
        format_id: the format, if the caller knows.
        zone: of times that carry none; else the client's.
        progress: called as the log is read.
        cancelled: asked now and then; true stops the import and leaves nothing of it. So does `remove_import`.
        reader: what reads the log.
        match: what tells private and unknown domains; else the shipped catalogue.

    Raises:
        GnomonError: there is no such import waiting.
    """
    with _working(store, import_id) as (job, client):
        run = _Run(store, job, client, progress, cancelled)
        try:
            result = reader(path, name=job.name, format_id=format_id, zone=zone or client.zone, progress=run.tell, cancelled=run.stopped)
            if zone is None and result.account.timezone_basis == "as given":
                result = replace(result, account=replace(result.account, timezone_basis="the client's own: the log does not say"))
            return run.keep(result, match or _shipped().match_all)
        except GnomonError as error:
            give_up(store, job.id, str(error))
            return Imported(job.id, "failed", str(error))
        except BaseException:
            give_up(store, job.id, UNEXPECTED)
            raise


def remove_import(store: Store, client: Client, import_id: int) -> Import:
    """Remove an import: its numbers go, with every name that nothing else speaks of. One that still runs is stopped."""
    with store.write() as session:
        hold(session, client.id)
        job = _of(session, client, import_id)
        if job.state == "published":
            changed(session, client.id)
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


class _Run:
    """One import at work."""

    def __init__(
        self, store: Store, job: Import, client: Client, progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self._store, self._job, self._client = store, job, client
        self._progress, self._cancelled = progress, cancelled
        self._told = 0.0
        self._removed = False

    def tell(self, progress: Progress) -> None:
        """Write down how far the reading is, so that the pages can show it; learn whether the import was removed meanwhile."""
        if self._progress is not None:
            self._progress(progress)
        if time.monotonic() - self._told < PROGRESS_EVERY:
            return
        self._told = time.monotonic()
        so_far = {"bytes_done": progress.bytes_done, "bytes_total": progress.bytes_total, "lines_done": progress.lines, "seconds": progress.seconds}
        with self._store.write() as session:
            mine = update(Import).where(Import.id == self._job.id, Import.state == "staging")
            self._removed = not session.execute(mine.values(**so_far, seen=datetime.now(UTC))).rowcount

    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self._removed or (self._cancelled is not None and self._cancelled())

    def keep(self, result: LogResult, match: Match) -> Imported:
        """Stage and publish what was read, unless it is in already."""
        store, job, client = self._store, self._job, self._client
        if self._twin(result.fingerprint) is None:
            vault = store.vault(client)
            stage(store, job, vault, prepare(store, client, vault, result, match), self.stopped)
            try:
                return self._publish(result)
            except IntegrityError:  # another worker published the same content a moment ago
                pass
        return self._already(result)

    def _publish(self, result: LogResult) -> Imported:
        message = _sentence(result)
        with self._store.write() as session:
            hold(session, self._client.id)
            if not self._end(session, "published", message, result):
                raise Cancelled(STOPPED)
            changed(session, self._client.id)
            rewritten = compact_older(session, self._client)
        if rewritten:
            self._store.truncate_journal()
        return Imported(self._job.id, "published", message, result.account)

    def _already(self, result: LogResult) -> Imported:
        twin = self._twin(result.fingerprint)
        if twin is None or twin.finished is None:
            raise GnomonError("The same log was removed while it was read again. Please take it in once more.")
        when = twin.finished.astimezone(ZoneInfo(self._client.zone))
        message = f"The same content was taken in on {when.day} {when:%B %Y at %H:%M} as “{twin.name}”. Nothing was added."
        with self._store.write() as session:
            hold(session, self._client.id)
            drop_rows(session, self._job)
            self._end(session, "already", message, result)
        return Imported(self._job.id, "already", message, result.account)

    def _twin(self, fingerprint: str) -> Import | None:
        with self._store.read() as session:
            same = select(Import).where(Import.client_id == self._client.id, Import.fingerprint == fingerprint, Import.state == "published")
            return session.scalar(same)

    def _end(self, session: Session, state: str, message: str, result: LogResult) -> bool:
        mine = update(Import).where(Import.id == self._job.id, Import.state == "staging")
        told = {**columns(result.account), "fingerprint": result.fingerprint}
        return bool(session.execute(mine.values(state=state, message=message, finished=datetime.now(UTC), **told)).rowcount)


@contextmanager
def _working(store: Store, import_id: int) -> Iterator[tuple[Import, Client]]:
    """Hold an import that waits for a worker."""
    with at_work(store.locks, import_id):
        with store.write() as session:
            job = session.get(Import, import_id)
            if job is None or job.state != "staging":
                raise UnknownImport(f"Import {import_id} does not wait to be run.")
            job.worker, job.seen = MACHINE, datetime.now(UTC)
            client = session.get_one(Client, job.client_id)
        yield job, client


def _of(session: Session, client: Client, import_id: int) -> Import:
    job = session.scalar(select(Import).where(Import.client_id == client.id, Import.id == import_id))
    if job is None:
        raise UnknownImport(f"{client.name} has no import {import_id}.")
    return job


def _sentence(result: LogResult) -> str:
    told = result.account
    if told.family == "identity":
        return f"{result.leases.height:,} leases were taken in."
    if not told.events:
        return f"None of its {told.lines:,} lines is a request; there is nothing to count."
    return f"{told.events:,} requests of {told.lines:,} lines were taken in."


@cache
def _shipped() -> Matcher:
    return Matcher(catalogue.load())
