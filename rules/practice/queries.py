"""The practice's template and each client's own clauses in the store, and what follows from both for a client."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Client, Store
from discovery.store.clients import changed
from rules import practice
from rules.practice import Template
from rules.register import Decision
from rules.tables import ClauseRow, TemplateRow
from rules.weights import Weight


class Meanwhile(GnomonError):
    """Somebody changed the template after it was opened."""


def template(store: Store) -> Template:
    """The template in force; an empty one where none was ever applied."""
    with store.read() as session:
        return _in_force(session)


def draft(store: Store) -> Template | None:
    """The changed template that nobody has applied yet."""
    with store.read() as session:
        row = _draft(session)
    return Template.of(row.content) if row else None


def edition(store: Store) -> str:
    """A text that changes with every change of the template or its draft: what somebody saw when they opened it."""
    with store.read() as session:
        return _edition(session)


def keep_draft(store: Store, change: Callable[[Template], Template], *, changed_by: str, seen: str | None = None) -> None:
    """Change the draft, else the template in force: no client notices yet. A draft that equals the template in force is none.

    Args:
        store: where it is kept.
        change: the template as it is now -> as it is to be.
        changed_by: who does it.
        seen: the `edition` that they saw; None: it does not matter.

    Raises Meanwhile where there is another edition now: nobody's words are lost under another's.
    """
    with store.write(durable=True) as session:
        _must_be(session, seen)
        row, in_force = _draft(session), _in_force(session)
        after = change(Template.of(row.content) if row else in_force)
        session.execute(delete(TemplateRow).where(TemplateRow.applied_at.is_(None)))
        if after.plain() != in_force.plain():
            session.add(TemplateRow(content=after.plain(), changed_at=datetime.now(UTC), changed_by=changed_by))


def drop_draft(store: Store, *, seen: str | None = None) -> None:
    """Forget the draft. Raises Meanwhile as `keep_draft` does."""
    with store.write(durable=True) as session:
        _must_be(session, seen)
        session.execute(delete(TemplateRow).where(TemplateRow.applied_at.is_(None)))


def apply_draft(store: Store, *, seen: str | None = None) -> bool:
    """Put the draft in force for every client; returns whether there was one. Raises Meanwhile as `keep_draft` does."""
    with store.write(durable=True) as session:
        _must_be(session, seen)
        row = _draft(session)
        if row is None:
            return False
        row.applied_at = datetime.now(UTC)
        session.execute(update(Client).values(version=Client.version + 1))  # what was computed rests on the one before
    return True


def inherited(store: Store, service: str | None = None) -> list[Decision]:
    """The decisions of the template in force, of one service or of all."""
    return [one for one in template(store).decisions if service in {None, one.service}]


def weights(store: Store, own: tuple[Weight, ...]) -> tuple[Weight, ...]:
    """The effective weights of a client with these of its own."""
    return practice.weights(own, template(store))


def toolset(store: Store, client: Client) -> str:
    """The effective toolset of a client, as TOML."""
    return practice.toolset(client.toolset, template(store))


def own_clauses(store: Store, client: Client) -> dict[str, str]:
    """The client's own clauses, by heading."""
    with store.read() as session:
        rows = session.scalars(select(ClauseRow).where(ClauseRow.client_id == client.id).order_by(ClauseRow.heading))
        return {row.heading: row.text for row in rows}


def clauses(store: Store, client: Client) -> dict[str, str]:
    """The effective clauses of a client, by heading."""
    return practice.clauses(own_clauses(store, client), template(store))


def say(store: Store, client: Client, heading: str, text: str | None) -> None:
    """Keep a clause in the client's own words; an empty text leaves it out, None goes back to what is inherited."""
    with store.write(durable=True) as session:
        session.execute(delete(ClauseRow).where(ClauseRow.client_id == client.id, ClauseRow.heading == heading))
        if text is not None:
            session.add(ClauseRow(client_id=client.id, heading=heading, text=text))
        changed(session, client.id, data=False)


def handed_on(decision: Decision) -> Decision:
    """A client's decision as the template holds it: made now, since it held nowhere else before.

    Who answers for the service at that client, what data it keeps there and what was known then are nobody else's business.
    """
    return replace(decision, snapshot=None, number=0, inherited=True, decided_at=datetime.now(UTC), owner="", data_held="")


def _in_force(session: Session) -> Template:
    newest = select(TemplateRow).where(TemplateRow.applied_at.is_not(None)).order_by(TemplateRow.id.desc()).limit(1)
    row = session.scalar(newest)
    return Template.of(row.content) if row else Template()


def _must_be(session: Session, seen: str | None) -> None:
    if seen is None or seen == _edition(session):
        return
    row = _draft(session)
    who, when = (row.changed_by, f" on {row.changed_at:%Y-%m-%d at %H:%M} UTC") if row else ("Somebody", "")
    raise Meanwhile(f"{who} changed the template{when}, after you opened it.")


def _edition(session: Session) -> str:
    newest = select(TemplateRow).order_by(TemplateRow.id.desc()).limit(1)
    row = session.scalar(newest)
    return f"{row.id} {row.changed_at.isoformat()} {row.applied_at is not None}" if row else ""


def _draft(session: Session) -> TemplateRow | None:
    return session.scalar(select(TemplateRow).where(TemplateRow.applied_at.is_(None)))  # `keep_draft` leaves no other
