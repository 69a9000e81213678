"""Summaries, reviews and last imports of all clients in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func, select

from discovery.store import Store
from discovery.store.staging import STOPPED
from discovery.store.tables import Client, Import
from webui.practice.summary import Summary
from webui.tables import ClientSummary, Review


@dataclass(frozen=True, slots=True)
class LastImport:
    """What came in last from a client.

    Attributes:
        taken: when a log was last taken in; None: never.
        failed: the name of the log that came after it and could not be read; empty: none.
        message: why.
        running: whether one is being read.
    """

    taken: datetime | None = None
    failed: str = ""
    message: str = ""
    running: bool = False


def summaries(store: Store) -> dict[int, tuple[str, Summary]]:
    """Number of the client -> what its summary rests on, and the summary."""
    with store.read() as db:
        return {row.client_id: (row.basis, Summary.of(row.content)) for row in db.scalars(select(ClientSummary))}


def keep_summary(store: Store, client: Client, basis: str, summary: Summary) -> None:
    """Keep how a client stands."""
    with store.write() as db:
        if db.get(Client, client.id) is not None:
            db.merge(ClientSummary(client_id=client.id, basis=basis, content=summary.plain()))


def last_imports(store: Store) -> dict[int, LastImport]:
    """Number of the client -> what came in last."""
    columns = (Import.client_id, Import.state, Import.name, Import.message, Import.finished)
    found: dict[int, LastImport] = {}
    with store.read() as db:
        for number, state, name, message, finished in db.execute(select(*columns).order_by(Import.id)):
            found[number] = _after(found.get(number, LastImport()), state, name, message, finished)
    return found


def _after(last: LastImport, state: str, name: str, message: str, finished: datetime | None) -> LastImport:
    """What is known after one more import."""
    if state == "published":
        return LastImport(max(filter(None, (last.taken, finished)), default=None), running=last.running)
    if state == "failed" and message != STOPPED:  # what somebody stopped needs nobody
        return LastImport(last.taken, name, message, last.running)
    return LastImport(last.taken, last.failed, last.message, running=True) if state == "staging" else last


def reviewed_before(store: Store, client: Client, day: date) -> date | None:
    """The last day of the newest review that told of days before `day`; None where there is none."""
    of_it = select(func.max(Review.until)).where(Review.client_id == client.id, Review.until < day)
    with store.read() as db:
        return db.scalar(of_it)


def last_reviews(store: Store) -> Mapping[int, date]:
    """Number of the client -> the last day of its newest review."""
    with store.read() as db:
        return dict(iter(db.execute(select(Review.client_id, func.max(Review.until)).group_by(Review.client_id))))


def note_review(store: Store, client: Client, until: date) -> None:
    """Note that a client was reviewed up to a day."""
    with store.write() as db:
        db.merge(Review(client_id=client.id, until=until, reviewed_at=datetime.now(UTC)))
