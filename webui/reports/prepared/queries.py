"""Reports made in the background, in the store; the newest few of each client are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from discovery.store import Store
from discovery.store.tables import Client
from webui.tables import PreparedReport

#: So many are kept of each client that somebody asked for, and so many of its schedule.
KEPT: Final = 8
OPEN: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that was asked for.

    Attributes:
        document: id of a document, or `pack`.
        args: the period, as in addresses of pages.
        state: waiting, running, ready or failed.
        message: why it failed.
        size: in bytes; None until it is ready.
        due: the day of a schedule that it was made for; None: somebody asked for it.
    """

    id: int
    document: str
    args: dict[str, str]
    state: str
    message: str
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    due: date | None
    size: int | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.state in OPEN


_COLUMNS: Final = [getattr(PreparedReport, name) for name in Prepared.__dataclass_fields__ if name != "size"]
_LISTED: Final = select(*_COLUMNS, func.length(PreparedReport.content).label("size"))


def ask(store: Store, client: Client, document: str, args: Mapping[str, str], *, by: str) -> int:
    """Note a report that is to be made; returns its number. The oldest that somebody asked for go."""
    with store.write() as db:
        return note(db, client, document, args, by=by)


def note(db: Session, client: Client, document: str, args: Mapping[str, str], *, by: str, due: date | None = None) -> int:
    """The same within a larger step; `due`: the day of a schedule that it is made for. Those of a schedule go apart from those asked for."""
    alike = PreparedReport.due.is_(None) if due is None else PreparedReport.due.is_not(None)
    theirs = select(PreparedReport.id).where(PreparedReport.client_id == client.id, alike).order_by(PreparedReport.id.desc())
    row = PreparedReport(client_id=client.id, document=document, args=dict(args), state="waiting", asked_by=by, asked_at=datetime.now(UTC), due=due)
    db.add(row)
    db.flush()
    db.execute(delete(PreparedReport).where(PreparedReport.id.in_(db.scalars(theirs.offset(KEPT)).all())))
    return row.id


def listed(store: Store, client: Client) -> list[Prepared]:
    """A client's reports, the newest first."""
    with store.read() as db:
        rows = db.execute(_LISTED.where(PreparedReport.client_id == client.id).order_by(PreparedReport.id.desc()))
        return [Prepared(**row) for row in rows.mappings()]


def begin(store: Store, client: Client, number: int) -> Prepared | None:
    """Say that it is being made; None where it was given up or is ready already."""
    mine = (PreparedReport.id == number, PreparedReport.client_id == client.id, PreparedReport.state.in_(OPEN))
    with store.write() as db:
        db.execute(update(PreparedReport).where(*mine).values(state="running", begun_at=datetime.now(UTC)))
        row = db.execute(_LISTED.where(*mine)).mappings().first()
        return Prepared(**row) if row else None


def finish(store: Store, asked: Prepared, content: bytes) -> None:
    """Keep the file."""
    _end(store, asked, state="ready", content=content)


def fail(store: Store, asked: Prepared, message: str) -> None:
    """Keep why there is none."""
    _end(store, asked, state="failed", message=message)


def fetch(store: Store, client: Client, number: int) -> tuple[str, bytes] | None:
    """Document and content of a report that is ready."""
    with store.read() as db:
        row = db.execute(
            select(PreparedReport.document, PreparedReport.content).where(
                PreparedReport.id == number, PreparedReport.client_id == client.id, PreparedReport.state == "ready"
            )
        ).first()
        return (row.document, row.content) if row and row.content is not None else None


def give_up(store: Store, client: Client, number: int) -> None:
    """Take a report off the list, ready or not."""
    with store.write() as db:
        db.execute(delete(PreparedReport).where(PreparedReport.id == number, PreparedReport.client_id == client.id))


def unfinished(store: Store) -> list[tuple[str, int]]:
    """What is still to be made: client and number, the oldest first."""
    query = select(Client.slug, PreparedReport.id).join(Client, Client.id == PreparedReport.client_id)
    with store.read() as db:
        return [(slug, number) for slug, number in db.execute(query.where(PreparedReport.state.in_(OPEN)).order_by(PreparedReport.id))]


def _end(store: Store, asked: Prepared, **values: object) -> None:
    """End this very report: a number that was given up may be another client's by now."""
    this = (PreparedReport.id == asked.id, PreparedReport.begun_at == asked.begun_at, PreparedReport.state == "running")
    with store.write() as db:
        db.execute(update(PreparedReport).where(*this).values(finished_at=datetime.now(UTC), **values))
