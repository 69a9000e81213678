"""The register and the muted alerts in the store. Nothing is ever deleted: a new decision stands beside the old ones, and so does taking one back."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Client, Store
from discovery.store.clients import changed
from rules.practice.queries import inherited
from rules.register import ACCOUNTS, ANY, STATUSES, Decision, Register, Snapshot, in_force
from rules.tables import DecisionRow, MuteRow


@dataclass(frozen=True, slots=True)
class Mute:
    """An alert that is not to be heard again: which, why, and who said so when. `ended_at`: until then; None: it holds."""

    kind: str
    service: str
    mark: str
    reason: str
    muted_by: str
    muted_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """As of `alerts.Alert`."""
        return self.kind, self.service, self.mark


class Details(TypedDict, total=False):
    """What a decision may say beside its status; see `register.Decision`.

    Attributes:
        account: the class of account it stands for; else the service as a whole.
        snapshot: what is known of the service at this moment.
        at: when it was decided, where it is entered later; else now.
    """

    owner: str
    reason: str
    conditions: str
    review_by: date | None
    account: str
    data_held: str
    snapshot: Snapshot | None
    at: datetime | None


def decide(store: Store, client: Client, service: str, status: str, *, decided_by: str, **details: Unpack[Details]) -> Decision:
    """Record a decision of a client about a service; it is in force at once.

    Args:
        service: id in the catalogue.
        status: one of `register.STATUSES`; `unreviewed` opens the question again.
        decided_by: who records it.
        details: see `Details`.

    Raises:
        GnomonError: no such status or class of account.
    """
    row = entry(client, service, status, decided_by=decided_by, **details)
    with store.write(durable=True) as session:
        session.add(row)
        changed(session, client.id, data=False)
    return _decision(row)


def entry(client: Client, service: str, status: str, *, decided_by: str, **details: Unpack[Details]) -> DecisionRow:
    """A decision as a row that is not kept yet, for whoever keeps it together with something else; as of `decide`.

    Raises:
        GnomonError: no such status or class of account.
    """
    account = details.get("account", ANY)
    if status not in STATUSES:
        raise GnomonError(f"“{status}” is not a decision. It can be: {', '.join(STATUSES)}.")
    if account not in ACCOUNTS:
        raise GnomonError(f"“{account}” is not a class of account. It can be: {', '.join(ACCOUNTS)}.")
    known = details.get("snapshot")
    return DecisionRow(
        client_id=client.id,
        service=service,
        status=status,
        decided_at=details.get("at") or datetime.now(UTC),
        decided_by=decided_by,
        account=account,
        review_by=details.get("review_by"),
        snapshot=_plain(known) if known else None,
        owner=details.get("owner", ""),
        reason=details.get("reason", ""),
        conditions=details.get("conditions", ""),
        data_held=details.get("data_held", ""),
    )


def undo(store: Store, client: Client, service: str, *, undone_by: str, at: datetime | None = None) -> Decision:
    """Take back the last decision about a service; the one before it is in force again. Returns what was taken back.

    Args:
        undone_by: who takes it back.
        at: when, where it is entered later; else now.

    Raises:
        GnomonError: there is nothing to take back.
    """
    with store.write(durable=True) as session:
        taken = take_back(session, client, service, undone_by, at or datetime.now(UTC))
        changed(session, client.id, data=False)
    return taken


def take_back(session: Session, client: Client, service: str, undone_by: str, at: datetime) -> Decision:
    """Enter into an open session that the last decision about a service is taken back; returns that decision. As of `undo`.

    Raises:
        GnomonError: there is nothing to take back.
    """
    standing = [one for one in _history(session, client, service) if one.undone_at is None]
    if not standing:
        raise GnomonError("There is no decision to take back.")
    last = standing[-1]
    blank = dict.fromkeys(("owner", "reason", "conditions"), "")
    row = DecisionRow(client_id=client.id, service=service, status=last.status, decided_at=at, decided_by=undone_by, undoes=last.number, **blank)
    row.account = last.account
    session.add(row)
    return replace(last, undone_by=undone_by, undone_at=at)


def decisions(store: Store, client: Client) -> Register:
    """What is in force: service -> its newest decision; where the client has none of its own, the one it inherits."""
    return in_force(all_history(store, client))


def history(store: Store, client: Client, service: str) -> list[Decision]:
    """Every decision that was ever recorded about a service, newest first; also those that were taken back. Last comes what is inherited."""
    with store.read() as session:
        return [*_history(session, client, service)[::-1], *inherited(store, service)]


def all_history(store: Store, client: Client) -> list[Decision]:
    """What is inherited, then every decision that was ever recorded about any service, oldest first."""
    return [*inherited(store), *own_history(store, client)]


def own_history(store: Store, client: Client) -> list[Decision]:
    """Every decision that this client itself ever recorded, oldest first."""
    with store.read() as session:
        return _history(session, client)


def mute(store: Store, client: Client, key: tuple[str, str, str], *, reason: str, muted_by: str, at: datetime | None = None) -> None:
    """Hear an alert no more. `key` is the alert's; `at`: when, where it is entered later.

    Raises:
        GnomonError: no reason is given.
    """
    if not reason.strip():
        raise GnomonError("An alert is muted for a reason. Please give it in a sentence.")
    kind, service, mark = key
    row = MuteRow(client_id=client.id, kind=kind, service=service, mark=mark, reason=reason, muted_by=muted_by, muted_at=at or datetime.now(UTC))
    with store.write(durable=True) as session:
        session.execute(_ended(client, key, muted_by))
        session.add(row)


def unmute(store: Store, client: Client, key: tuple[str, str, str], *, by: str) -> bool:
    """Hear an alert again; returns whether it was muted."""
    with store.write(durable=True) as session:
        return session.scalar(_ended(client, key, by).returning(MuteRow.id)) is not None


def mutes(store: Store, client: Client) -> list[Mute]:
    """Every mute there ever was, newest first."""
    with store.read() as session:
        rows = session.scalars(select(MuteRow).where(MuteRow.client_id == client.id).order_by(MuteRow.id.desc()))
        return [Mute(row.kind, row.service, row.mark, row.reason, row.muted_by, row.muted_at, row.ended_by, row.ended_at) for row in rows]


def _ended(client: Client, key: tuple[str, str, str], by: str) -> Update:
    holds = (MuteRow.client_id == client.id, MuteRow.ended_at.is_(None))
    this = (MuteRow.kind == key[0], MuteRow.service == key[1], MuteRow.mark == key[2])
    return update(MuteRow).where(*holds, *this).values(ended_at=datetime.now(UTC), ended_by=by)


def _history(session: Session, client: Client, service: str | None = None) -> list[Decision]:
    """By the moment they were made, and of the same moment as they were recorded."""
    wanted = select(DecisionRow).where(DecisionRow.client_id == client.id).order_by(DecisionRow.decided_at, DecisionRow.id)
    rows = session.scalars(wanted if service is None else wanted.where(DecisionRow.service == service)).all()
    undone = {row.undoes: row for row in rows if row.undoes is not None}
    return [_decision(row, undone.get(row.id)) for row in rows if row.undoes is None]


def _decision(row: DecisionRow, undone: DecisionRow | None = None) -> Decision:
    return Decision(
        row.service,
        row.status,
        row.owner,
        row.reason,
        row.conditions,
        row.review_by,
        row.decided_at,
        row.decided_by,
        row.account,
        row.data_held,
        _snapshot(row.snapshot),
        undone.decided_by if undone else None,
        undone.decided_at if undone else None,
        row.id,
    )


def _plain(known: Snapshot) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(known).items()}


def _snapshot(kept: dict[str, Any] | None) -> Snapshot | None:
    if kept is None:
        return None
    return Snapshot(**kept | {name: date.fromisoformat(kept[name]) for name in ("since", "until") if kept[name]})
