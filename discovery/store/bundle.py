"""A client's observations as one signed file, made at its site: what is kept of its logs, under pseudonyms.

A bundle holds usage, leases, DNS answers and the account of every log as the store has them: keyed hashes in place of people, devices and
addresses, and their pseudonyms. It holds no name of a person or team, no sealed name, no key, no line of a log and not even its masked shape.
What it does hold in words are domains, names of log files and the client's network ranges.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from discovery.answers import ALIASES
from discovery.errors import GnomonError
from discovery.identity import PEOPLE
from discovery.leases import LEASES
from discovery.store.answers import KEPT
from discovery.store.blocks import BLOCK, load, subjects_of
from discovery.store.bundle_file import Content, fingerprint, signing_key, written
from discovery.store.identities import KINDS
from discovery.store.networks import ranges_of
from discovery.store.store import Store
from discovery.store.tables import Client, DnsAnswers, Domain, Identity, Import, ImportDomain, ImportSubject, Lease, Overlap, Subject, WeekBytes
from discovery.store.week import WEEK
from discovery.store.who import people_of

VERSION: Final = 1

#: Tables of each import, by name -> columns.
TABLES: Final[Mapping[str, Mapping[str, pl.DataType]]] = {
    "usage": BLOCK,
    "subjects": {"subject": pl.Int32(), **dict.fromkeys(("user_name", "source_ip", "source_mac", "host_name"), pl.String())},
    "domains": {"domain": pl.Int32(), "destination_domain": pl.String(), "people": pl.Int32()},
    "leases": LEASES,
    "answers": KEPT,
    "aliases": ALIASES,
    "week": WEEK,
}
#: Tables of the whole: the people list, and who is shown under which pseudonym.
WHOLE: Final[Mapping[str, Mapping[str, pl.DataType]]] = {
    "people": PEOPLE,
    "identities": {"key": pl.String(), "kind": pl.String(), "pseudonym": pl.String()},
}
#: Columns of each import: no other is ever written from a bundle.
TOLD: Final = (
    *("source", "format", "family", "bytes", "lines", "events", "skipped", "rejected", "first", "last", "zone", "zone_basis", "warnings"),
    *("cannot_tell", "partial", "formats", "silences", "clock_jumps", "bytes_done", "lines_done", "fingerprint", "sighting", "message", "finished"),
)
MOMENTS: Final = ("first", "last", "finished")


def bundle(store: Store, client: Client) -> tuple[bytes, str, list[str]]:
    """Everything that is kept of a client's logs, signed with this installation's key.

    Returns:
        the file, the fingerprint of the key, and the names of the logs in it.

    Raises:
        GnomonError: there is nothing to put into it.
    """
    with store.read() as session:
        jobs = list(session.scalars(select(Import).where(Import.client_id == client.id, Import.state == "published").order_by(Import.id)))
        if not jobs:
            raise GnomonError(f"No log of {client.name} was taken in yet, so there is nothing to put into a bundle.")
        content = _content(session, client, jobs)
    key = signing_key(store.keys)
    return written(content, key), fingerprint(key.public_key()), [job.name for job in jobs]


def _content(session: Session, client: Client, jobs: list[Import]) -> Content:
    fingerprints = {job.id: job.fingerprint for job in jobs}
    people = people_of(session, client.id)
    tables: dict[str, pl.DataFrame] = {"people": people}
    for at, job in enumerate(jobs):
        tables |= {f"{at}/{name}": table for name, table in _tables(session, client, job).items()}
    tables["identities"] = _identities(session, client, tables.values())
    manifest = {
        "version": VERSION,
        "made": max(job.finished or job.created for job in jobs).isoformat(),
        "zone": client.zone,
        "count_guests": client.count_guests,
        "networks": [[str(one.network), one.kind] for one in ranges_of(session, client.id)],
        "imports": [_told(session, job, fingerprints) for job in jobs],
    }
    return Content(manifest, tables)


def _tables(session: Session, client: Client, job: Import) -> dict[str, pl.DataFrame]:
    usage = load(session, client.id, of=job.id).get(job.id, pl.DataFrame(schema=BLOCK))
    spoken = select(Domain.id, Domain.name, ImportDomain.people).join(ImportDomain).where(ImportDomain.import_id == job.id).order_by(Domain.id)
    seen = list(session.scalars(select(Subject.id).join(ImportSubject).where(ImportSubject.import_id == job.id)))
    held = select(*(getattr(Lease, name) for name in LEASES)).where(Lease.import_id == job.id).order_by(Lease.id)
    answers = session.execute(select(DnsAnswers.packed, DnsAnswers.aliases).where(DnsAnswers.import_id == job.id).order_by(DnsAnswers.id)).all()
    weeks = session.scalars(select(WeekBytes.packed).where(WeekBytes.import_id == job.id).order_by(WeekBytes.id))
    return {
        "usage": usage,
        "subjects": subjects_of(session, client.id).filter(pl.col("subject").is_in(seen)).sort("subject"),
        "domains": pl.DataFrame(session.execute(spoken).all(), schema=TABLES["domains"], orient="row"),
        "leases": pl.DataFrame(session.execute(held).all(), schema=LEASES, orient="row"),
        "answers": _one(KEPT, (row.packed for row in answers)),
        "aliases": _one(ALIASES, (row.aliases for row in answers)),
        "week": _one(WEEK, weeks),
    }


def _one(schema: Mapping[str, pl.DataType], packed: Iterable[bytes]) -> pl.DataFrame:
    parts = [pl.read_parquet(one).select(pl.col(name).cast(kind) for name, kind in schema.items()) for one in packed]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _identities(session: Session, client: Client, tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Keyed hash, what it stands for and its pseudonym, of every hash in these tables."""
    spoken = {key for table in tables for kind in KINDS if kind in table.columns for key in table[kind].drop_nulls()}
    rows = session.execute(select(Identity.key, Identity.kind, Identity.pseudonym).where(Identity.client_id == client.id).order_by(Identity.key))
    return pl.DataFrame([tuple(row) for row in rows if row.key in spoken], schema=WHOLE["identities"], orient="row")


def _told(session: Session, job: Import, fingerprints: Mapping[int, str | None]) -> dict[str, Any]:
    """The account of an import, and what of it others told before (by their fingerprints)."""
    rows = session.scalars(select(Overlap).where(Overlap.import_id == job.id).order_by(Overlap.segment, Overlap.told_by))
    before = [[row.segment, fingerprints[row.told_by], row.events] for row in rows if row.told_by in fingerprints]
    said = {name: getattr(job, name) for name in TOLD} | {"source": f"{job.format}: {job.name}", "name": job.name}
    return {**said, "told_before": before} | {name: said[name] and said[name].isoformat() for name in MOMENTS}
