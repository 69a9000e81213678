"""The accounts as their list shows them, and every change of them. The list's commands work here, too, without anybody signed in."""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Client, Store
from webui.passwords import hashed
from webui.queries import Person, clients_of, find_account, folded, hash_of, set_password
from webui.roles import ADMINISTRATOR, ROLES
from webui.tables import Account, AccountClient, ApiToken, SignIn

#: How long a link to choose a password works.
VALID: Final = timedelta(days=3)
LONGEST_NAME: Final = 100
_LAST: Final = "This is the last administrator who sees every client. Make somebody else one first. Nothing was changed."
_OVER: Final = "This link does not work any more: it was used, replaced, or is older than three days. Ask whoever sent it for a new one."


@dataclass(frozen=True, slots=True)
class User:
    """An account as the list shows it.

    Attributes:
        clients: numbers of the clients it sees; None: all.
        waits: whether nobody has chosen its password yet.
        invited_until: until when its link works; None: there is none.
        sign_ins: how many of its sign-ins are not older than they may be.
    """

    id: int
    name: str
    role: str
    clients: frozenset[int] | None
    created: datetime
    waits: bool
    invited_until: datetime | None
    sign_ins: int


def users(store: Store, *, not_before: datetime) -> list[User]:
    """Everybody by name; sign-ins that began before `not_before` have ended."""
    live = select(SignIn.account_id, func.count()).where(SignIn.started >= not_before).group_by(SignIn.account_id)
    with store.read() as db:
        signed_in = {account: count for account, count in db.execute(live)}  # noqa: C416 (a row is no pair to dict)
        return [_user(db, row, signed_in.get(row.id, 0)) for row in db.scalars(select(Account).order_by(Account.key))]


def get_user(store: Store, number: int, *, not_before: datetime) -> User | None:
    """One of them."""
    return next((one for one in users(store, not_before=not_before) if one.id == number), None)


def invite(store: Store, name: str, role: str, clients: Collection[int] | None, *, by: str) -> str:
    """Add an account whose password its owner will choose; returns the code of the link, which is kept nowhere. `by`: the account that makes it.

    Raises GnomonError where there is such a name already, or it or the role is none.
    """
    code = _code()
    _add(store, name, role, clients, invitation=hash_of(code), invited_until=datetime.now(UTC) + VALID, invited_by=by)
    return code


def add(store: Store, name: str, password: str, role: str, clients: Collection[int] | None) -> None:
    """Add an account with its password. Raises GnomonError as `invite` does, and where the first account would not be an administrator."""
    _add(store, name, role, clients, password=hashed(password))


def invite_again(store: Store, number: int, *, by: str) -> str:
    """A new link for an account, in the place of any before: the password it has works until somebody chooses a new one."""
    code = _code()
    with store.write(durable=True) as db:
        row = _get(db, number)
        row.invitation, row.invited_until, row.invited_by = hash_of(code), datetime.now(UTC) + VALID, by
    return code


def invited(store: Store, code: str) -> str:
    """Name of the account that a link is for. Raises GnomonError where it works no more."""
    with store.read() as db:
        return _invited(db, code).name


def accept(store: Store, code: str, password: str) -> Person:
    """Keep the password that was chosen with a link, which then works no more. Raises GnomonError where it does not."""
    made = hashed(password)
    with store.write(durable=True) as db:
        row = _invited(db, code, hold=True)
        row.password, row.invitation, row.invited_until = made, None, None
        row.joined_by, row.joined_at = row.invited_by, datetime.now(UTC)
        db.execute(delete(SignIn).where(SignIn.account_id == row.id))
        return Person(row.id, row.name, row.role, row.password, clients_of(db, row))


def change(store: Store, number: int, role: str, clients: Collection[int] | None) -> None:
    """Give an account another role and other clients (numbers; None: all). Raises GnomonError for the last administrator."""
    _check_role(role)
    with store.write(durable=True) as db:
        row = _get(db, number)
        if role != ADMINISTRATOR or clients is not None:
            _check_not_last(db, number)
        row.role, row.limited = role, clients is not None
        _limit(db, number, clients)


def end_sign_ins(store: Store, number: int) -> None:
    """Sign somebody out everywhere."""
    with store.write(durable=True) as db:
        db.execute(delete(SignIn).where(SignIn.account_id == number))


def remove(store: Store, number: int, *, keep_tokens: bool = False) -> None:
    """Remove an account, with the tokens that its owner saw; what else the owner did stays under the name.

    Args:
        keep_tokens: whether the tokens go on opening, for programs that show them.

    Raises GnomonError for the last administrator.
    """
    with store.write(durable=True) as db:
        _check_not_last(db, number)
        row = _get(db, number)
        if not keep_tokens:
            db.execute(delete(ApiToken).where(ApiToken.made_by == row.name))
        db.delete(row)


def tokens_of(store: Store, name: str) -> list[tuple[str, str]]:
    """The tokens that an account made and its owner may know: name of the client, and what each is for."""
    query = select(Client.name, ApiToken.name).join(Client, Client.id == ApiToken.client_id).where(ApiToken.made_by == name)
    with store.read() as db:
        return [(client, purpose) for client, purpose in db.execute(query.order_by(Client.name, ApiToken.id))]


def others_in_charge(store: Store, client: int, but: str) -> list[str]:
    """Names of administrators of a client (its number) who can sign in, other than the account of a name."""
    able = select(Account).where(Account.role == ADMINISTRATOR, Account.password != "", Account.key != folded(but)).order_by(Account.key)
    with store.read() as db:
        return [row.name for row in db.scalars(able) if (sees := clients_of(db, row)) is None or client in sees]


def change_password(store: Store, name: str, password: str) -> None:
    """Give the account of a name a new password and end its sign-ins. Raises GnomonError where there is none."""
    set_password(store, number_of(store, name), hashed(password))


def number_of(store: Store, name: str) -> int:
    """Number of the account of a name. Raises GnomonError where there is none."""
    found = find_account(store, name)
    if found is None:
        raise GnomonError(f"There is no user named “{name}”.")
    return found.id


def _add(
    store: Store,
    name: str,
    role: str,
    clients: Collection[int] | None,
    *,
    password: str = "",
    **link: Any,  # noqa: ANN401 (columns of the row)
) -> None:
    cleaned = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST_NAME]
    if not cleaned:
        raise GnomonError("Please enter a name to sign in with.")
    _check_role(role)
    made = Account(name=cleaned, key=folded(cleaned), password=password, role=role, limited=clients is not None, created=datetime.now(UTC), **link)
    try:
        with store.write(durable=True) as db:
            if (role != ADMINISTRATOR or clients is not None) and not _administrators(db):
                raise GnomonError("The first user is an administrator who sees every client.")
            db.add(made)
            db.flush()
            _limit(db, made.id, clients)
    except IntegrityError as error:
        raise GnomonError(f"There is a user named “{cleaned}” already, or one of the clients is gone.") from error


def _limit(db: Session, number: int, clients: Collection[int] | None) -> None:
    db.execute(delete(AccountClient).where(AccountClient.account_id == number))
    if clients:
        db.execute(insert(AccountClient), [{"account_id": number, "client_id": client} for client in sorted(clients)])


def _administrators(db: Session) -> list[int]:
    """Accounts that see to everything and can sign in; held until the change is done, so that two changes cannot take away the last two."""
    able = select(Account.id).where(Account.role == ADMINISTRATOR, Account.limited.is_(False), Account.password != "")
    return list(db.scalars(able.order_by(Account.id).with_for_update()))


def _check_not_last(db: Session, number: int) -> None:
    if _administrators(db) == [number]:
        raise GnomonError(_LAST)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise GnomonError(f"“{role}” is no role; there are {', '.join(ROLES)}.")


def _invited(db: Session, code: str, *, hold: bool = False) -> Account:
    query = select(Account).where(Account.invitation == hash_of(_typed(code)), Account.invited_until > datetime.now(UTC))
    row = db.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise GnomonError(_OVER)
    return row


def _get(db: Session, number: int) -> Account:
    row = db.get(Account, number)
    if row is None:
        raise GnomonError("This user is not there any more.")
    return row


def _user(db: Session, row: Account, sign_ins: int) -> User:
    return User(row.id, row.name, row.role, clients_of(db, row), row.created, not row.password, row.invited_until, sign_ins)


def _code() -> str:
    """Eighty random bits, easy to type."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _typed(code: str) -> str:
    return code.strip().lower().replace(" ", "-")
