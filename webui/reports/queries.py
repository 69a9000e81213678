"""How reports look, of a client and of the practice, and up to which day they were handed over, in the store."""

from datetime import UTC, date, datetime

from sqlalchemy import delete, func, select, update

from discovery.store import Store
from discovery.store.clients import changed
from discovery.store.tables import Client
from webui.reports.look import Look
from webui.tables import PracticeLook, ReportGiven, ReportLook

_ONLY = 1  # the one row of the practice's look


def look(store: Store, client: Client) -> Look:
    """How its reports look: its own look, else the practice's, else Gnomon's."""
    return own_look(store, client) or practice_look(store) or Look()


def own_look(store: Store, client: Client) -> Look | None:
    """The look that only this client's reports have; None where it has none."""
    with store.read() as db:
        return _look(db.get(ReportLook, client.id))


def practice_look(store: Store) -> Look | None:
    """How the reports of all clients look that have no look of their own; None where nobody chose one."""
    with store.read() as db:
        return _look(db.get(PracticeLook, _ONLY))


def set_practice_look(store: Store, chosen: Look) -> None:
    """Keep how the reports of all clients look that have no look of their own."""
    with store.write() as db:
        db.merge(PracticeLook(id=_ONLY, name=chosen.name, colour=chosen.colour, logo=chosen.logo))
        db.execute(update(Client).values(version=Client.version + 1))


def drop_look(store: Store, client: Client) -> None:
    """Let a client's reports look as the practice's do."""
    with store.write() as db:
        db.execute(delete(ReportLook).where(ReportLook.client_id == client.id))
        changed(db, client.id, data=False)


def _look(row: ReportLook | PracticeLook | None) -> Look | None:
    return Look(row.name, row.colour, row.logo) if row else None


def set_look(store: Store, client: Client, chosen: Look) -> None:
    """Keep how its reports look."""
    with store.write() as db:
        db.merge(ReportLook(client_id=client.id, name=chosen.name, colour=chosen.colour, logo=chosen.logo))
        changed(db, client.id, data=False)


def given_before(store: Store, client: Client, day: date) -> date | None:
    """The last day of the newest report that was handed over and told of days before `day`; None where there is none."""
    of_it = select(func.max(ReportGiven.until)).where(ReportGiven.client_id == client.id, ReportGiven.until < day)
    with store.read() as db:
        return db.scalar(of_it)


def give(store: Store, client: Client, until: date, by: str) -> None:
    """Note that a report up to that day was handed over."""
    with store.write() as db:
        db.add(ReportGiven(client_id=client.id, until=until, given_at=datetime.now(UTC), given_by=by))
