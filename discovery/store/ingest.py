"""From what a log said to what may be kept of it, and, as time goes on, to still less."""

from datetime import UTC, datetime

import polars as pl
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from discovery.behind import Match
from discovery.identity import USER
from discovery.networks import SERVER, kinds_of, servers_apart
from discovery.pipeline import LogResult
from discovery.store import answers, overlaps
from discovery.store.blocks import load, numbered, pack, slices, subjects_of
from discovery.store.identities import keyed
from discovery.store.minimise import ENOUGH_PEOPLE, compacted, judge_domains, keep_from, minimised
from discovery.store.networks import ranges_of
from discovery.store.staging import Staged
from discovery.store.store import Store
from discovery.store.tables import Client, Domain, Import, ImportDomain, Usage
from discovery.store.timing import timed
from discovery.store.vault import Vault
from discovery.store.week import week_of
from discovery.store.who import covering_lease, leases_of, people_of, told, whose


def prepare(store: Store, client: Client, vault: Vault, result: LogResult, match: Match) -> Staged:
    """What of a log may be kept: keyed, minimised and, where it is old, compacted."""
    with store.read() as session:
        ranges = ranges_of(session, client.id)
    plain = numbered(result.usage.with_columns(kinds_of(result.usage["source_ip"], ranges)))
    subjects, names = keyed(plain.subjects, vault)
    leases, more_names = keyed(result.leases, vault)
    with store.read() as session:
        everybody = leases_of(session, client.id), people_of(session, client.id)
        opened = _opened(session, client.id)
        latest = _latest(session, client.id, None if result.account.family == "identity" else result.account.last)
    matches = match(plain.domains["destination_domain"])
    rows = with_who(timed(plain.rows, plain.domains, matches, client.zone, match), subjects, *everybody)
    named = answers.hashed_addresses(plain.domains, vault)
    domains = judge_domains(rows, named, matches, opened)
    before = keep_from(latest, client.zone) if latest else datetime.max.replace(tzinfo=UTC)
    dns = answers.kept(result.told, domains, vault, client.zone, before)
    week = week_of(rows, plain.domains, matches, client.zone)
    return Staged(minimised(rows, domains, client.zone, before), subjects, domains, leases, dns, week, names | more_names)


def with_who(rows: pl.DataFrame, subjects: pl.DataFrame, leases: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Rows of `BLOCK` with whose they are (see `who.whose`) and `who`: one value per person as far as they can be told apart."""
    named = servers_apart(told(*whose(rows, subjects, leases, people)), USER)
    return named.with_columns(pl.when((pl.col("person_kind") != SERVER).fill_null(value=True)).then(pl.coalesce("person", "device")).alias("who"))


def compact_older(session: Session, client: Client) -> bool:
    """Turn hours of a client's imports that are older than seven days by now into days. Returns whether there were any."""
    latest = _latest(session, client.id)
    if latest is None:
        return False
    before = keep_from(latest, client.zone)
    old = select(Usage.import_id).join(Import).where(Usage.client_id == client.id, Usage.hours_since < before, Import.state == "published").distinct()
    due = list(session.scalars(old))
    answers.compact_older(session, client.id, client.zone, before)
    overlaps.forget_lines(session, client.id, before)
    for number in due:
        _compact(session, client, number, before)
    return bool(due)


def _compact(session: Session, client: Client, number: int, before: datetime) -> None:
    rows = load(session, client.id, of=number)[number]
    leased = rows.with_columns(covering_lease(rows, subjects_of(session, client.id), leases_of(session, client.id)))
    session.execute(delete(Usage).where(Usage.import_id == number))
    session.execute(
        insert(Usage), [{"client_id": client.id, "import_id": number, **pack(part)} for part in slices(compacted(leased, client.zone, before))]
    )


def _opened(session: Session, client_id: int) -> list[str]:
    """Domains that enough people used in one of the imports."""
    busy = select(Domain.name).join(ImportDomain).where(Domain.client_id == client_id, ImportDomain.people >= ENOUGH_PEOPLE).distinct()
    return list(session.scalars(busy))


def _latest(session: Session, client_id: int, *others: datetime | None) -> datetime | None:
    """The time of the client's latest event; none is later than now, whatever a wrong clock wrote into a log."""
    kept = session.scalar(
        select(func.max(Import.last)).where(Import.client_id == client_id, Import.state == "published", Import.family != "identity")
    )
    known = [moment for moment in (kept, *others) if moment]
    return min(max(known), datetime.now(UTC)) if known else None
