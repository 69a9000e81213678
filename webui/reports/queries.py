"""How a client's reports look, and up to which day they were handed over, in the store."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from discovery.store import Store
from discovery.store.clients import changed
from discovery.store.tables import Client
from webui.reports.look import Look
from webui.tables import ReportGiven, ReportLook


def look(store: Store, client: Client) -> Look:
    """How its reports look."""
    with store.read() as db:
        row = db.get(ReportLook, client.id)
        return Look(row.name, row.colour, row.logo) if row else Look()


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
