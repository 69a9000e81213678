"""The record of names shown, in the store: read, checked, and added to by one step at a time."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Client, Store
from discovery.store.held import PEOPLE
from discovery.store.staging import hold
from discovery.store.tables import Identity
from rules.reveal import terms
from webui import reveals
from webui.queries import folded
from webui.reveals import ALL_HIDDEN, ALL_SHOWN, ASKED, FIRST, GRANTED, OPEN, REFUSED, SEEN, WAITING, Request, Step
from webui.tables import Account, RevealStep
from webui.users.queries import others_in_charge

_COLUMNS = tuple(Step.__dataclass_fields__)


def record(store: Store, client: Client) -> list[Step]:
    """Every step, oldest first."""
    with store.read() as db:
        return _record(db, client.id)


def check(store: Store, client: Client) -> str | None:
    """What is wrong with the record; None where every row is as it was written."""
    return reveals.wrong(client.vault, record(store, client), _noted(store, client))


@dataclass(frozen=True, slots=True)
class Leave:
    """What somebody may do about a person's name: their request as it stands, and who could agree to one."""

    request: Request | None
    others: list[str]
    purposes: Mapping[str, str]
    shortest: int


def of(store: Store, client: Client, pseudonym: str, asker: str) -> Leave:
    """What a person's page says of the name."""
    with store.read() as db:
        mine = _standing(db, _record(db, client.id), pseudonym, asker)
    return Leave(mine, others_in_charge(store, client.id, asker), terms().purposes, terms().shortest_reason)


def may_see(store: Store, client: Client, pseudonym: str, by: str) -> bool:
    """Whether an account may know the name behind a pseudonym: by the setting, or because it was agreed to."""
    if client.show_names:
        return True
    with store.read() as db:
        mine = _standing(db, _record(db, client.id), pseudonym, by)
    return mine is not None and mine.state == OPEN


def ask(store: Store, client: Client, pseudonym: str, *, purpose: str, reason: str, ticket: str, by: str) -> None:
    """Ask for the name behind a pseudonym. Raises GnomonError where too little is said, nobody else could answer, or it is asked for already."""
    reason, ticket = _line(reason, 2000), _line(ticket, 200)
    terms().check(purpose, reason)
    if not others_in_charge(store, client.id, by):
        raise GnomonError("Nobody else could agree: a second administrator is needed. Nothing was asked.")
    with store.write(durable=True) as db:
        hold(db, client.id)
        known = _record(db, client.id)
        if _standing(db, known, pseudonym, by):
            raise GnomonError("You have asked for this name already.")
        person = _person(db, client, pseudonym).key
        step = _new(known, ASKED, person=person, pseudonym=pseudonym, purpose=purpose, reason=reason, ticket=ticket, by=by)
        known = _add(db, client, known, replace(step, request=step.number))
    _note(store, client, known)


def answer(store: Store, client: Client, number: int, *, agrees: bool, by: str) -> Request:
    """Grant or refuse a request. Raises GnomonError where it waits no more, to whoever asked, and to an account too young to agree."""
    with store.write(durable=True) as db:
        hold(db, client.id)
        known = _record(db, client.id)
        found = next((one for one in reveals.requests(known, datetime.now(UTC)) if one.asked.number == number), None)
        if found is None or found.state != WAITING:
            raise GnomonError("This request does not wait for an answer any more.")
        if folded(found.asked.by) == folded(by):
            raise GnomonError("Somebody else has to agree: you asked for this name yourself.")
        said = _how_joined(db, by) if agrees else ""
        known = _add(db, client, known, replace(_after(known, found, GRANTED if agrees else REFUSED, by), reason=said))
    _note(store, client, known)
    return found


def see(store: Store, client: Client, pseudonym: str, *, by: str) -> str:
    """The name, for whoever asked for it while the grant holds. That it was looked at is kept before it is read."""
    with store.write(durable=True) as db:
        hold(db, client.id)
        known = _record(db, client.id)
        found = _standing(db, known, pseudonym, by)
        if found is None or found.state != OPEN:
            raise GnomonError("There is no leave to see this name, or it has run out.")
        sealed = _person(db, client, pseudonym).sealed
        known = _add(db, client, known, _after(known, found, SEEN, by))
    _note(store, client, known)
    return store.vault(client).unseal(sealed)


def note_setting(store: Store, client: Client, *, shown: bool, by: str) -> None:
    """Keep who let the pages show every name, or pseudonyms again."""
    if shown == client.show_names:
        return
    with store.write(durable=True) as db:
        hold(db, client.id)
        known = _record(db, client.id)
        known = _add(db, client, known, _new(known, ALL_SHOWN if shown else ALL_HIDDEN, by=by))
    _note(store, client, known)


def _standing(db: Session, known: list[Step], pseudonym: str, by: str) -> Request | None:
    """An account's request for a name that waits or is open. What an earlier account of the same name asked for is somebody else's."""
    account = _account(db, by)
    asked = (one for one in reveals.requests(known, datetime.now(UTC)) if one.asked.pseudonym == pseudonym and one.state in {WAITING, OPEN})
    return next((one for one in asked if account and account.key == folded(one.asked.by) and account.created <= one.asked.at), None)


def _how_joined(db: Session, by: str) -> str:
    """How whoever agrees came by the account, for the record: an asker could have made it. Raises GnomonError while that is too short ago."""
    account = _account(db, by)
    if account is None or account.joined_at is None:
        return ""
    settled = account.joined_at + terms().settled_after
    if datetime.now(UTC) < settled:
        raise GnomonError(
            f"Your password came by a link a short while ago: you can agree from {settled:%d %B %Y, %H:%M} UTC on. Until then somebody else has to."
        )
    return f"Got the password on {account.joined_at:%d %B %Y} by a link from {account.joined_by}."


def _account(db: Session, name: str) -> Account | None:
    return db.scalar(select(Account).where(Account.key == folded(name)))


def _record(db: Session, client_id: int) -> list[Step]:
    rows = db.scalars(select(RevealStep).where(RevealStep.client_id == client_id).order_by(RevealStep.number))
    return [Step(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]


def _person(db: Session, client: Client, pseudonym: str) -> Identity:
    found = db.scalar(select(Identity).where(Identity.client_id == client.id, Identity.pseudonym == pseudonym, Identity.kind.in_(PEOPLE)))
    if found is None:
        raise GnomonError("This person is not known here any more.")
    return found


def _new(known: list[Step], step: str, *, by: str, **about: str) -> Step:
    """The step that would come next; `about`: person, pseudonym, purpose, reason and ticket, empty where not given."""
    said = {"person": "", "pseudonym": "", "purpose": "", "reason": "", "ticket": ""} | about
    number, before = (known[-1].number + 1, known[-1].digest) if known else (1, FIRST)
    return Step(number, 0, step, **said, by=by, at=datetime.now(UTC), before=before, digest="")


def _after(known: list[Step], found: Request, step: str, by: str) -> Step:
    asked = found.asked
    return replace(_new(known, step, by=by, person=asked.person, pseudonym=asked.pseudonym, purpose=asked.purpose), request=asked.number)


def _add(db: Session, client: Client, known: list[Step], step: Step) -> list[Step]:
    """The record with one step more."""
    made = replace(step, digest=reveals.digest(client.vault, step))
    db.execute(insert(RevealStep), [{"client_id": client.id, **{name: getattr(made, name) for name in _COLUMNS}}])
    return [*known, made]


def _line(text: str, most: int) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:most]


def _head(store: Store, client: Client) -> Path:
    """Beside the keys and not in the database: how long the record is and how it ends, so that rows taken off its end are missed."""
    return store.keys / f"{client.vault}.reveals"


def _note(store: Store, client: Client, known: list[Step]) -> None:
    """Note how the record ends. Where it is not as it was written, the note stays: a row taken off the end is missed after the next, too."""
    if reveals.wrong(client.vault, known, _noted(store, client)):
        return
    path, last = _head(store, client), known[-1]
    fresh = path.with_suffix(f".reveals-{last.number}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{last.number} {last.digest}")
    fresh.replace(path)


def _noted(store: Store, client: Client) -> tuple[int, str] | None:
    try:
        number, last = _head(store, client).read_text(encoding="ascii").split()
        return int(number), last
    except (FileNotFoundError, ValueError):
        return None
