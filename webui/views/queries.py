"""The views a client's people keep, in the store. A view that was removed can be put back for a day; then it is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.tables import Client
from webui.tables import SavedView

#: So long a removed view can be put back.
KEPT: Final = timedelta(days=1)
MOST: Final = 100
NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class View:
    """A page (`endpoint`) with the arguments of its address."""

    id: int
    name: str
    endpoint: str
    args: dict[str, str]
    made_by: str
    made_at: datetime


def views(store: Store, client: Client) -> list[View]:
    """The views of a client, by name."""
    with store.read() as db:
        rows = db.scalars(select(SavedView).where(SavedView.client_id == client.id, SavedView.removed_at.is_(None)))
        return sorted(map(_view, rows), key=lambda view: (view.name.casefold(), view.id))


def save(store: Store, client: Client, name: str, endpoint: str, args: Mapping[str, str], *, by: str) -> View:
    """Keep a view; one of the same name is replaced.

    Raises:
        GnomonError: no name, or too many views.
    """
    called = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:NAME_LENGTH]
    if not called:
        raise GnomonError("Give the view a name, such as “Undecided in Sales”.")
    with store.write(durable=True) as db:
        db.execute(delete(SavedView).where(SavedView.client_id == client.id, SavedView.removed_at < datetime.now(UTC) - KEPT))
        there = db.scalars(select(SavedView).where(SavedView.client_id == client.id, SavedView.removed_at.is_(None))).all()
        same = [row for row in there if row.name.casefold() == called.casefold()]
        if not same and len(there) >= MOST:
            raise GnomonError(f"There are {MOST} views already. Remove one first.")
        row = same[0] if same else SavedView(client_id=client.id)
        row.name, row.endpoint, row.args, row.made_by, row.made_at = called, endpoint, dict(args), by, datetime.now(UTC)
        db.add(row)
        db.flush()
        return _view(row)


def remove(store: Store, client: Client, number: int) -> bool:
    """Take a view off the list; False where there is none."""
    return _mark(store, client, number, datetime.now(UTC))


def put_back(store: Store, client: Client, number: int) -> bool:
    """Bring back a view that was removed; False where it is forgotten."""
    return _mark(store, client, number, None)


def removed(store: Store, client: Client, number: int) -> View | None:
    """A view that was removed and can be put back."""
    with store.read() as db:
        row = db.scalar(select(SavedView).where(SavedView.id == number, SavedView.client_id == client.id, SavedView.removed_at.is_not(None)))
        return None if row is None else _view(row)


def _mark(store: Store, client: Client, number: int, at: datetime | None) -> bool:
    theirs = select(SavedView.id).where(SavedView.id == number, SavedView.client_id == client.id)
    with store.write(durable=True) as db:
        found = db.scalar(theirs)
        db.execute(update(SavedView).where(SavedView.id == found).values(removed_at=at))
        return found is not None


def _view(row: SavedView) -> View:
    return View(row.id, row.name, row.endpoint, dict(row.args), row.made_by, row.made_at)
