"""Schedules of packs in the store. What is due is noted and marked as made in one step, so that no restart makes it twice or forgets it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from discovery.store import Store
from discovery.store.tables import Client
from webui.reports.prepared import queries as prepared
from webui.reports.scheduled import Schedule
from webui.tables import ReportSchedule


def schedule(store: Store, client: Client) -> Schedule | None:
    """When a client's pack is made by itself; None: never."""
    with store.read() as db:
        row = db.get(ReportSchedule, client.id)
        return _schedule(row) if row else None


def keep(store: Store, client: Client, every: str, day: int, documents: tuple[str, ...], *, on: date, by: str) -> None:
    """Keep how often, on which day (of the client's calendar) and which documents; what fell due before is not made."""
    with store.write(durable=True) as db:
        db.merge(ReportSchedule(client_id=client.id, every=every, day=day, documents=list(documents), set_on=on, made_for=None, set_by=by))


def drop(store: Store, client: Client) -> None:
    """Make none by itself any more."""
    with store.write(durable=True) as db:
        row = db.get(ReportSchedule, client.id)
        if row is not None:
            db.delete(row)


def fall_due(store: Store, now: datetime) -> list[tuple[str, int]]:
    """Note every pack that is due now and not yet made: client and number of the report that is to be made."""
    with store.write() as db:
        found = []
        for row, client in db.execute(select(ReportSchedule, Client).join(Client, Client.id == ReportSchedule.client_id).order_by(Client.id)).all():
            wanted = _schedule(row)
            due = wanted.due(today(client, now))
            if due is not None:
                row.made_for = due
                found.append((client.slug, prepared.note(db, client, wanted.document, {"period": wanted.period}, by=wanted.set_by, due=due)))
        return found


def today(client: Client, now: datetime | None = None) -> date:
    """The day on the client's calendar."""
    return (now or datetime.now(UTC)).astimezone(ZoneInfo(client.zone)).date()


def _schedule(row: ReportSchedule) -> Schedule:
    return Schedule(row.every, row.day, tuple(row.documents), row.set_on, row.made_for, row.set_by)
