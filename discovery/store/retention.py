"""How long it is kept who used what: older days keep how many people used a service, and no longer which.

A client sets it in days; without it a person's days stay until their log is removed. What is given up cannot be brought back but by taking the log
in again. The days are counted back from today, whatever the logs end with: this is a promise to people, not a view of data.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.events import SUBJECT
from discovery.leases import LEASES
from discovery.store import answers
from discovery.store.answers import Kept, packed
from discovery.store.blocks import load, pack, slices, subjects_of
from discovery.store.clients import changed, get_client
from discovery.store.identities import purge
from discovery.store.ingest import with_who
from discovery.store.minimise import compacted, without_subjects
from discovery.store.staging import hold
from discovery.store.store import Store
from discovery.store.tables import Client, DnsAnswers, Import, ImportSubject, Lease, Usage
from discovery.store.who import covering_lease, leases_of, people_of

#: The shortest time that can be chosen, in days: the longest period of the pages, so that none is half with people and half without.
SHORTEST: Final = 90


def keep_people_for(store: Store, client: Client, days: int | None) -> Client:
    """Set for how many days it is kept who used what (None: until the log is removed), and give up at once what is older.

    Raises GnomonError for fewer than `SHORTEST` days.
    """
    if days is not None and days < SHORTEST:
        raise GnomonError(f"Who used what is kept for {SHORTEST} days at least: the pages compare that long.")
    with store.write(durable=True) as session:
        session.execute(update(Client).where(Client.id == client.id).values(people_days=days))
        changed(session, client.id, data=False)
    forget_older(store, client)
    return get_client(store, client.slug)


def forget_older(store: Store, client: Client, now: datetime | None = None) -> bool:
    """Give up who used what on days before those that the client keeps. Returns whether there were any."""
    with store.write() as session:
        hold(session, client.id)
        days, zone = session.execute(select(Client.people_days, Client.zone).where(Client.id == client.id)).one()
        forgot = days is not None and _forget(session, client.id, zone, kept_since(now or datetime.now(UTC), zone, days))
        if forgot:
            changed(session, client.id, data=True)
    if forgot:
        store.truncate_journal()
    return forgot


def kept_since(now: datetime, zone: str, days: int) -> datetime:
    """The first moment, in UTC, of which it is still known who did what: the begin of a day in the client's zone."""
    local = (now.astimezone(ZoneInfo(zone)) - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    return local.astimezone(UTC)


def _forget(session: Session, client_id: int, zone: str, before: datetime) -> bool:
    due = select(Usage.import_id).join(Import).where(Usage.client_id == client_id, Usage.named_since < before, Import.state == "published")
    numbers = list(session.scalars(due.distinct()))
    for number in numbers:
        _strip(session, client_id, number, zone, before)
        _strip_answers(session, client_id, number, before)
    ended = _drop_leases(session, client_id, before)
    if numbers or ended:
        purge(session, client_id)
    return bool(numbers) or ended


def _strip(session: Session, client_id: int, number: int, zone: str, before: datetime) -> None:
    """Take the subjects out of the older rows of an import; whom it then speaks of follows from the rows that are left."""
    rows = load(session, client_id, of=number)[number]
    subjects, leases, people = subjects_of(session, client_id), leases_of(session, client_id), people_of(session, client_id)
    named = ((pl.col("start") < before) & pl.col("subject").is_not_null()).fill_null(value=False)
    leased = rows.filter(named).with_columns(covering_lease(rows.filter(named), subjects, leases))
    old = with_who(compacted(leased, zone, None), subjects, leases, people)
    left = pl.concat([rows.filter(~named), without_subjects(old, zone)])
    session.execute(delete(Usage).where(Usage.import_id == number))
    session.execute(insert(Usage), [{"client_id": client_id, "import_id": number, **pack(part)} for part in slices(left)])
    speaks_of = left["subject"].drop_nulls().unique().to_list()
    session.execute(delete(ImportSubject).where(ImportSubject.import_id == number))
    if speaks_of:
        session.execute(insert(ImportSubject), [{"client_id": client_id, "import_id": number, "subject_id": one} for one in speaks_of])


def _strip_answers(session: Session, client_id: int, number: int, before: datetime) -> None:
    """The same for the DNS answers of an import: what a name stood for stays, who asked does not."""
    for row in list(session.scalars(select(DnsAnswers).where(DnsAnswers.import_id == number))):
        told = pl.read_parquet(row.packed)
        nobody = (
            told.with_columns(pl.when(pl.col("since") >= before).then(name).alias(name) for name in SUBJECT)
            .unique()
            .sort("since", "asked", "address")
        )
        session.execute(delete(DnsAnswers).where(DnsAnswers.id == row.id))
        kept = packed(Kept(nobody.select(answers.KEPT.keys()), pl.read_parquet(row.aliases)))
        session.execute(insert(DnsAnswers), [{"client_id": client_id, "import_id": number, **values} for values in kept])


def _drop_leases(session: Session, client_id: int, before: datetime) -> bool:
    """Delete leases that ended before, by themselves or because another device got the address."""
    columns = [Lease.id, *(getattr(Lease, name) for name in LEASES)]
    rows = session.execute(select(*columns).where(Lease.client_id == client_id).order_by(Lease.id)).all()
    held = pl.DataFrame(rows, schema={"id": pl.Int64, **LEASES}, orient="row").sort("source_ip", "since", "id")
    end = pl.min_horizontal("until", pl.col("since").shift(-1).over("source_ip"))
    gone = held.filter(end < before)["id"].to_list()
    for some in (gone[at : at + 500] for at in range(0, len(gone), 500)):
        session.execute(delete(Lease).where(Lease.id.in_(some)))
    return bool(gone)
