"""Rows of an import on their way in: written in short batches that nobody reads yet, or given up again without a trace."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from discovery.events import SUBJECT
from discovery.leases import LEASES
from discovery.progress import Cancelled
from discovery.store import overlaps
from discovery.store.answers import Kept, packed
from discovery.store.base import Sessions
from discovery.store.blocks import pack
from discovery.store.identities import KINDS, found, lists, purge, remember
from discovery.store.tables import Client, DnsAnswers, Domain, Import, ImportDomain, ImportSubject, Lease, Subject, Usage, WeekBytes
from discovery.store.vault import Vault
from discovery.store.week import packed as spent_packed

#: Leases written at once.
LEASE_ROWS: Final = 10_000

STOPPED: Final = "Stopped; nothing was kept."


@dataclass(frozen=True, slots=True)
class Staged:
    """What an import wants to keep.

    Attributes:
        rows: columns of `BLOCK`, subjects and domains numbered as in the next two; in pieces of the size of a block, made as they are taken.
        subjects: subject and the columns of `SUBJECT`, as keyed hashes.
        domains: domain, destination_domain and people.
        leases: columns of `LEASES`, as keyed hashes.
        dns: its DNS answers.
        week: columns of `week.WEEK`, domains numbered as in `domains`.
        names: key -> kind and name, of all hashes in `subjects` and `leases`.
    """

    rows: Iterable[pl.DataFrame]
    subjects: pl.DataFrame
    domains: pl.DataFrame
    leases: pl.DataFrame
    dns: Kept
    week: pl.DataFrame
    names: Mapping[str, tuple[str, str]]


def stage(store: Sessions, job: Import, vault: Vault, staged: Staged, stopped: Callable[[], bool]) -> None:
    """Write everything under the import, each batch with what it speaks of. Raises Cancelled once `stopped` says so."""
    domains: dict[int, int] = {}  # number in `staged` -> number in the database
    subjects: dict[int, int] = {}
    for rows in staged.rows:
        with _batch(store, job, stopped) as session:
            domains |= _domains(session, job, _new(staged.domains, "domain", rows, domains))
            subjects |= _subjects(session, job, vault, _new(staged.subjects, "subject", rows, subjects), staged.names)
            kept = rows.with_columns(_renumbered(rows["domain"], domains), _renumbered(rows["subject"], subjects))
            session.execute(insert(Usage).values(client_id=job.client_id, import_id=job.id, **pack(kept)))
    if staged.week.height:
        with _batch(store, job, stopped) as session:
            spent = staged.week.with_columns(_renumbered(staged.week["domain"], domains))
            session.execute(insert(WeekBytes).values(client_id=job.client_id, import_id=job.id, packed=spent_packed(spent)))
    for leases in staged.leases.iter_slices(LEASE_ROWS):
        with _batch(store, job, stopped) as session:
            remember(session, job.client_id, vault, _named(leases, staged.names))
            session.execute(
                insert(Lease), [{"client_id": job.client_id, "import_id": job.id, **row} for row in leases.select(LEASES.keys()).to_dicts()]
            )
    for values in packed(staged.dns):
        with _batch(store, job, stopped) as session:
            session.execute(insert(DnsAnswers), [{"client_id": job.client_id, "import_id": job.id, **values}])


def give_up(store: Sessions, number: int, message: str) -> None:
    """End an import that did not come to its end: its rows go, and the reason stays."""
    with store.write() as session:
        job = session.get(Import, number)
        if job is None or job.state != "staging":
            return
        hold(session, job.client_id)
        drop_rows(session, job)
        session.execute(update(Import).where(Import.id == number).values(state="failed", message=message, finished=datetime.now(UTC)))


def drop_rows(session: Session, job: Import) -> None:
    """Delete what an import brought, and what nothing else speaks of."""
    for table in (Usage, ImportDomain, ImportSubject, Lease, DnsAnswers, WeekBytes):
        session.execute(delete(table).where(table.import_id == job.id))
    overlaps.drop(session, job)
    purge(session, job.client_id)


def hold(session: Session, client_id: int) -> None:
    """Let writers of one client's rows wait for each other until the end of the transaction (SQLite lets all writers wait anyway)."""
    session.execute(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))


@contextmanager
def _batch(store: Sessions, job: Import, stopped: Callable[[], bool]) -> Iterator[Session]:
    """One batch's transaction; none once the import was stopped or removed."""
    with store.write() as session:
        hold(session, job.client_id)
        alive = update(Import).where(Import.id == job.id, Import.state == "staging").values(seen=datetime.now(UTC)).returning(Import.id)
        if stopped() or session.scalar(alive) is None:
            raise Cancelled(STOPPED)
        yield session


def _new(table: pl.DataFrame, number: str, rows: pl.DataFrame, known: Collection[int]) -> pl.DataFrame:
    """The rows of a numbered table that a piece of usage speaks of for the first time."""
    wanted = rows[number].drop_nulls().unique()
    return table.filter(pl.col(number).is_in(wanted.implode()) & ~pl.col(number).is_in(list(known)))


def _domains(session: Session, job: Import, new: pl.DataFrame) -> dict[int, int]:
    names = new["destination_domain"].to_list()
    missing = set(names) - set(found(session, job.client_id, Domain.name, names))
    if missing:
        session.execute(insert(Domain), [{"client_id": job.client_id, "name": name} for name in names if name in missing])
    numbers = _numbers(session, job.client_id, Domain.name, names)
    mine = [(numbers[name], people) for name, people in new.select("destination_domain", "people").iter_rows()]
    if mine:
        rows = [{"client_id": job.client_id, "import_id": job.id, "domain_id": number, "people": people} for number, people in mine]
        session.execute(insert(ImportDomain), rows)
    return {local: numbers[name] for local, name in new.select("domain", "destination_domain").iter_rows()}


def _subjects(session: Session, job: Import, vault: Vault, new: pl.DataFrame, names: Mapping[str, tuple[str, str]]) -> dict[int, int]:
    remember(session, job.client_id, vault, _named(new, names))
    rows = {vault.key("subject", "\0".join(row[kind] or "" for kind in SUBJECT)): row for row in new.to_dicts()}
    missing = rows.keys() - set(found(session, job.client_id, Subject.key, rows))
    if missing:
        keyed = [{"client_id": job.client_id, "key": key, **{kind: row[kind] for kind in SUBJECT}} for key, row in rows.items() if key in missing]
        session.execute(insert(Subject), keyed)
    numbers = _numbers(session, job.client_id, Subject.key, rows)
    if numbers:
        mine = [{"client_id": job.client_id, "import_id": job.id, "subject_id": number} for number in numbers.values()]
        session.execute(insert(ImportSubject), mine)
    return {row["subject"]: numbers[key] for key, row in rows.items()}


def _numbers(session: Session, client_id: int, column: Any, values: Collection[str]) -> dict[str, int]:  # noqa: ANN401 (any mapped column)
    table = column.class_
    numbers: dict[str, int] = {}
    for some in lists(values):
        numbers |= dict(iter(session.execute(select(column, table.id).where(table.client_id == client_id, column.in_(some)))))
    return numbers


def _named(table: pl.DataFrame, names: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The names behind the hashes in a table."""
    keys = {key for kind in KINDS if kind in table.columns for key in table[kind].drop_nulls()}
    return {key: names[key] for key in keys}


def _renumbered(column: pl.Series, numbers: Mapping[int, int]) -> pl.Series:
    return column.replace_strict(numbers, default=None, return_dtype=pl.Int32) if numbers else column
