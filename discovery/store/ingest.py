"""From what a log said to what may be kept of it, and, as time goes on, to still less."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from discovery import memory
from discovery.behind import Match
from discovery.identity import USER
from discovery.networks import SERVER, kinds_of, servers_apart
from discovery.pipeline import LogResult
from discovery.store import answers, overlaps
from discovery.store.blocks import Numbered, numbered, pack, rows_of, slices, subjects_of, unpack
from discovery.store.identities import keyed
from discovery.store.minimise import ENOUGH_PEOPLE, compacted, judge_domains, keep_from, minimised
from discovery.store.networks import ranges_of
from discovery.store.staging import Staged
from discovery.store.store import Store
from discovery.store.tables import Client, Domain, Import, ImportDomain, Usage
from discovery.store.timing import targeted, timed
from discovery.store.vault import Vault
from discovery.store.week import WEEK, added, moved, spent_in, week_of
from discovery.store.who import covering_lease, leases_of, people_of, told, whose

#: Rows that may wait before they are added up.
_WAITING: Final = 300_000


def prepare(store: Store, client: Client, vault: Vault, result: LogResult, match: Match) -> Staged:
    """What of a log may be kept: keyed, minimised and, where it is old, compacted; some days at a time, however many there are."""
    with store.read() as session:
        ranges = ranges_of(session, client.id)
        opened = _opened(session, client.id)
        latest = _latest(session, client.id, None if result.account.family == "identity" else result.account.last)
        everybody = leases_of(session, client.id), people_of(session, client.id)
    plain = numbered(result.usage)
    memory.give_back()
    subjects, names = keyed(plain.subjects, vault)
    leases, more_names = keyed(result.leases, vault)
    whose = _Whose(plain, kinds_of(plain.subjects["source_ip"], ranges), subjects, *everybody)
    matches = match(plain.domains["destination_domain"])
    spent, reached = whose.asked(client.zone)
    domains = judge_domains(reached, answers.hashed_addresses(plain.domains, vault), matches, opened)
    before = keep_from(latest, client.zone) if latest else datetime.max.replace(tzinfo=UTC)
    dns = answers.kept(result.told, domains, vault, client.zone, before)
    week = week_of(spent, reached.filter("moved"), plain.domains, matches)
    known = targeted(plain.domains, matches, match)
    days = (minimised(timed(rows, known, client.zone), domains, client.zone, before) for rows in whose.turns(client.zone))
    return Staged((piece for rows in days for piece in slices(rows)), subjects, domains, leases, dns, week, names | more_names)


@dataclass(frozen=True, slots=True)
class _Whose:
    """The usage of a log with what says whose it was."""

    plain: Numbered
    networks: pl.Series  # of each subject
    subjects: pl.DataFrame
    leases: pl.DataFrame
    people: pl.DataFrame

    def turns(self, zone: str) -> Iterator[pl.DataFrame]:
        """Rows of `BLOCK` (see `blocks.rows_of`) with `who`, in the order of time and some days at a time."""
        return map(self._told, self.plain.turns(zone))

    def _told(self, usage: pl.DataFrame) -> pl.DataFrame:
        rows = rows_of(usage.with_columns(self.networks.gather(usage["subject"])))
        return with_who(rows, self.subjects, self.leases, self.people).select(*rows.columns, "lease", "who")

    def asked(self, zone: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What was spent (see `week.spent_in`), and who reached which domain: domain, who, and whether any bytes were `moved`."""
        spent, reached = [pl.DataFrame(schema=WEEK)], list[pl.DataFrame]()
        for rows in map(self._told, self.plain.pieces()):
            memory.give_back()
            _gather(spent, spent_in(rows, zone), added)
            _gather(reached, rows.select("domain", pl.col("who").cast(pl.Categorical), moved().alias("moved")).unique(), pl.DataFrame.unique)
        return pl.concat(spent), pl.concat(reached).unique()


def _gather(tables: list[pl.DataFrame], more: pl.DataFrame, together: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Add a table to others, which become one whenever many rows wait."""
    tables.append(more)
    if sum(table.height for table in tables[1:]) > _WAITING:
        tables[:] = [together(pl.concat(tables))]


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
    """Only blocks with such hours are made anew: of a long log those are few."""
    old = (Usage.import_id == number, Usage.hours_since < before)
    rows = pl.concat(unpack(packed) for packed in session.scalars(select(Usage.packed).where(*old).order_by(Usage.since, Usage.id)))
    leased = rows.with_columns(covering_lease(rows, subjects_of(session, client.id), leases_of(session, client.id)))
    session.execute(delete(Usage).where(*old))
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
