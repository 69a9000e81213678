"""Reading and writing accounts and sign-ins: the one place of this wing that speaks to the database."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from discovery.errors import GnomonError
from discovery.store import Store
from webui.tables import Account, SignIn


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in, as the pages know them."""

    id: int
    name: str
    role: str
    password: str


def folded(name: str) -> str:
    """The form in which names of accounts are compared."""
    return " ".join(name.split()).casefold()


def count_accounts(store: Store) -> int:
    """How many accounts there are; none means that this installation waits for its first run."""
    with store.read() as db:
        return db.scalar(select(func.count()).select_from(Account)) or 0


def add_account(store: Store, name: str, password: str, role: str, *, only_first: bool = False) -> None:
    """Keep a new account; `password` is its argon2 hash. With `only_first`, refuse where there is one already."""
    try:
        with store.write(durable=True) as db:
            if only_first and db.scalar(select(func.count()).select_from(Account)):
                raise GnomonError("This installation has its administrator already. Please sign in.")
            db.add(Account(name=" ".join(name.split()), key=folded(name), password=password, role=role, created=datetime.now(UTC)))
    except IntegrityError as error:
        raise GnomonError(f"There is an account named “{name}” already.") from error


def find_account(store: Store, name: str) -> Person | None:
    """The account of a name, or None."""
    with store.read() as db:
        found = db.scalar(select(Account).where(Account.key == folded(name)))
        return _person(found)


def set_password(store: Store, account: int, password: str, *, keep: str | None = None) -> None:
    """Keep a new password hash and end every sign-in of the account but the one whose token is `keep`."""
    with store.write(durable=True) as db:
        db.get_one(Account, account).password = password
        others = delete(SignIn).where(SignIn.account_id == account)
        db.execute(others.where(SignIn.token != _hash(keep)) if keep else others)


def start_sign_in(store: Store, account: int, token: str, *, older_than: datetime) -> None:
    """Keep a new sign-in, and drop those that ran out."""
    with store.write() as db:
        db.execute(delete(SignIn).where(SignIn.started < older_than))
        db.add(SignIn(token=_hash(token), account_id=account, started=datetime.now(UTC)))


def end_sign_in(store: Store, token: str) -> None:
    """Forget a sign-in: its cookie opens nothing from now on."""
    with store.write() as db:
        db.execute(delete(SignIn).where(SignIn.token == _hash(token)))


def signed_in(store: Store, token: str, *, not_before: datetime) -> Person | None:
    """Whose sign-in this is, or None where it ended or began before `not_before`."""
    live = select(Account).join(SignIn, SignIn.account_id == Account.id).where(SignIn.token == _hash(token), SignIn.started >= not_before)
    with store.read() as db:
        return _person(db.scalar(live))


def _person(account: Account | None) -> Person | None:
    return None if account is None else Person(account.id, account.name, account.role, account.password)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
