"""Meetings in the store. Decisions go into the register in the same transaction that notes in which meeting they were taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Client, Store
from discovery.store.clients import changed
from rules.meeting import LONGEST, AgendaItem, Meeting
from rules.queries import Details, entry, take_back
from rules.tables import DecisionRow, MeetingDecisionRow, MeetingNeedRow, MeetingRow

#: Seconds that a screen can have been open since it last said so; more is a lid that was shut.
_STRETCH: Final = 3600


def begin(store: Store, client: Client, capabilities: Sequence[str], *, minutes: int, by: str) -> Meeting:
    """A new meeting with an agenda.

    Args:
        capabilities: the needs in their order.
        minutes: how long it may take.
        by: account that begins it.

    Raises:
        GnomonError: the agenda is empty, or the time is none.
    """
    _check(capabilities, minutes)
    row = MeetingRow(client_id=client.id, minutes=minutes, present="", began_at=datetime.now(UTC), began_by=by)
    with store.write(durable=True) as session:
        session.add(row)
        session.flush()
        session.add_all(_need(client, row.id, code, place) for place, code in enumerate(capabilities, 1))
        return _meetings(session, client, row.id)[0]


def meetings(store: Store, client: Client) -> list[Meeting]:
    """Every meeting of a client, newest first."""
    with store.read() as session:
        return _meetings(session, client)


def meeting(store: Store, client: Client, number: int) -> Meeting:
    """One meeting.

    Raises:
        GnomonError: there is none of that number.
    """
    with store.read() as session:
        return _one(session, client, number)


def arrange(store: Store, client: Client, number: int, capabilities: Sequence[str]) -> None:
    """Make these the needs of the agenda, in this order; notes and times of those that were on it stay.

    Raises:
        GnomonError: none is left, one would go that something was decided about or noted on, or the meeting is over.
    """
    with store.write(durable=True) as session:
        before = _one(session, client, number)
        _goes_on(before)
        _check(capabilities, before.minutes)
        gone = [item for item in before.agenda if item.capability not in capabilities]
        if any(item.decisions or item.note for item in gone):
            raise GnomonError("What was decided or noted stays on the agenda.")
        session.execute(delete(MeetingNeedRow).where(MeetingNeedRow.meeting_id == number))
        for place, code in enumerate(capabilities, 1):
            known = before.item(code) or AgendaItem(code)
            session.add(_need(client, number, code, place, known))


def describe(store: Store, client: Client, number: int, *, present: str, minutes: int) -> None:
    """Keep who is there and how long it may take.

    Raises:
        GnomonError: the time is none.
    """
    with store.write(durable=True) as session:
        _check(_one(session, client, number).capabilities, minutes)
        row = session.get_one(MeetingRow, number)
        row.present, row.minutes = present, minutes


def settle(store: Store, client: Client, number: int, capability: str, rulings: Mapping[str, tuple[str, Details]], *, by: str) -> None:
    """Put decisions about a need into the register, all of them or none, and note that they were taken in this meeting.

    Args:
        capability: on the agenda.
        rulings: service -> its status, and what else the decision says.
        by: account that records them.

    Raises:
        GnomonError: the need is not on the agenda or decided already, the meeting is over, or a decision is none.
    """
    rows = [entry(client, service, status, decided_by=by, **details) for service, (status, details) in rulings.items()]
    with store.write(durable=True) as session:
        _open(session, client, number, capability)
        if _standing(session, number, capability):
            raise GnomonError("This need is decided already. Take that back first.")
        session.add_all(rows)
        session.flush()
        for row in rows:
            session.add(MeetingDecisionRow(decision_id=row.id, meeting_id=number, client_id=client.id, capability=capability))
        changed(session, client.id, data=False)


def undo(store: Store, client: Client, number: int, capability: str, *, by: str) -> int:
    """Take back what was decided about a need in this meeting and still stands; returns on how many services.

    Raises:
        GnomonError: nothing stands, or somebody decided on one of the services again since.
    """
    now = datetime.now(UTC)
    with store.write(durable=True) as session:
        _open(session, client, number, capability)
        standing = _standing(session, number, capability)
        if not standing:
            raise GnomonError("There is no decision to take back.")
        for row in standing:
            if take_back(session, client, row.service, by, now).number != row.id:
                raise GnomonError("One of these services was decided on again since. The register shows every step; take that back first.")
        changed(session, client.id, data=False)
    return len(standing)


def note(store: Store, client: Client, number: int, capability: str, text: str) -> None:
    """Keep what was said of a need that stays open; an empty text takes it away.

    Raises:
        GnomonError: the need is not on the agenda, or the meeting is over.
    """
    with store.write(durable=True) as session:
        _open(session, client, number, capability).note = text


def spend(store: Store, client: Client, number: int, capability: str, seconds: int) -> None:
    """Add to the time that a need's screen was open; after the end nothing counts any more."""
    with store.write(durable=True) as session:
        row = session.get(MeetingNeedRow, (number, capability))
        if row and row.client_id == client.id and session.get_one(MeetingRow, number).ended_at is None:
            row.seconds += min(max(seconds, 0), _STRETCH)


def end(store: Store, client: Client, number: int, *, over: bool = True) -> None:
    """End a meeting, or go on with one that was ended (`over` false).

    Raises:
        GnomonError: there is none of that number.
    """
    with store.write(durable=True) as session:
        _one(session, client, number)
        session.get_one(MeetingRow, number).ended_at = datetime.now(UTC) if over else None


def discard(store: Store, client: Client, number: int) -> None:
    """Remove a meeting in which nothing was decided or noted.

    Raises:
        GnomonError: something was.
    """
    with store.write(durable=True) as session:
        if any(item.decisions or item.note for item in _one(session, client, number).agenda):
            raise GnomonError("Something was decided or noted in this meeting, so it stays.")
        session.execute(delete(MeetingNeedRow).where(MeetingNeedRow.meeting_id == number))
        session.execute(delete(MeetingRow).where(MeetingRow.id == number))


def _check(capabilities: Sequence[str], minutes: int) -> None:
    if not capabilities:
        raise GnomonError("An agenda needs at least one need.")
    if not 1 <= minutes <= LONGEST:
        raise GnomonError(f"A meeting takes between 1 and {LONGEST} minutes.")


def _need(client: Client, number: int, code: str, place: int, known: AgendaItem | None = None) -> MeetingNeedRow:
    note, seconds = (known.note, known.seconds) if known else ("", 0)
    return MeetingNeedRow(meeting_id=number, capability=code, client_id=client.id, place=place, note=note, seconds=seconds)


def _one(session: Session, client: Client, number: int) -> Meeting:
    found = _meetings(session, client, number)
    if not found:
        raise GnomonError("There is no such meeting.")
    return found[0]


def _open(session: Session, client: Client, number: int, capability: str) -> MeetingNeedRow:
    """The row of a need on the agenda of a meeting that goes on."""
    _goes_on(_one(session, client, number))
    row = session.get(MeetingNeedRow, (number, capability))
    if row is None:
        raise GnomonError("This need is not on the agenda.")
    return row


def _goes_on(found: Meeting) -> None:
    if found.ended_at is not None:
        raise GnomonError("This meeting is over. Go on with it first; then more can be decided in it.")


def _standing(session: Session, number: int, capability: str) -> Sequence[DecisionRow]:
    of_it = (MeetingDecisionRow.meeting_id == number, MeetingDecisionRow.capability == capability)
    undone = select(DecisionRow.undoes).where(DecisionRow.undoes.is_not(None))
    rows = select(DecisionRow).join(MeetingDecisionRow, MeetingDecisionRow.decision_id == DecisionRow.id)
    return session.scalars(rows.where(*of_it, DecisionRow.id.not_in(undone)).order_by(DecisionRow.id)).all()


def _meetings(session: Session, client: Client, number: int | None = None) -> list[Meeting]:
    of_it = (MeetingRow.client_id == client.id, *([MeetingRow.id == number] if number is not None else []))
    rows = session.scalars(select(MeetingRow).where(*of_it).order_by(MeetingRow.id.desc())).all()
    numbers = [row.id for row in rows]
    needs = session.scalars(select(MeetingNeedRow).where(MeetingNeedRow.meeting_id.in_(numbers)).order_by(MeetingNeedRow.place)).all()
    taken = session.scalars(
        select(MeetingDecisionRow).where(MeetingDecisionRow.meeting_id.in_(numbers)).order_by(MeetingDecisionRow.decision_id)
    ).all()
    return [_meeting(row, (need for need in needs if need.meeting_id == row.id), taken) for row in rows]


def _meeting(row: MeetingRow, needs: Iterable[MeetingNeedRow], taken: Sequence[MeetingDecisionRow]) -> Meeting:
    agenda = tuple(
        AgendaItem(
            need.capability,
            need.note,
            need.seconds,
            tuple(one.decision_id for one in taken if one.meeting_id == row.id and one.capability == need.capability),
        )
        for need in needs
    )
    return Meeting(row.id, row.minutes, row.present, row.began_at, row.began_by, row.ended_at, agenda)
