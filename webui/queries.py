"""Reading and writing accounts and sign-ins: the one place of this wing that speaks to the database."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Store
from webui.tables import Account, AccountClient, SignIn


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in, as the pages know them; `clients`: numbers of those that the account sees, None: all."""

    id: int
    name: str
    role: str
    password: str
    clients: frozenset[int] | None = None


def folded(name: str) -> str:
    """The form in which names of accounts are compared: what looks the same is the same (Unicode's compatibility form NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


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
        return _person(db, db.scalar(select(Account).where(Account.key == folded(name))))


def set_password(store: Store, account: int, password: str, *, keep: str | None = None) -> None:
    """Keep a new password hash, let no link choose another one, and end every sign-in of the account but the one whose token is `keep`."""
    with store.write(durable=True) as db:
        changed = db.get_one(Account, account)
        changed.password, changed.invitation, changed.invited_until = password, None, None
        others = delete(SignIn).where(SignIn.account_id == account)
        db.execute(others.where(SignIn.token != hash_of(keep)) if keep else others)


def start_sign_in(store: Store, account: int, token: str, *, older_than: datetime) -> None:
    """Keep a new sign-in, and drop those that ran out."""
    with store.write() as db:
        db.execute(delete(SignIn).where(SignIn.started < older_than))
        db.add(SignIn(token=hash_of(token), account_id=account, started=datetime.now(UTC)))


def end_sign_in(store: Store, token: str) -> None:
    """Forget a sign-in: its cookie opens nothing from now on."""
    with store.write() as db:
        db.execute(delete(SignIn).where(SignIn.token == hash_of(token)))


def signed_in(store: Store, token: str, *, not_before: datetime) -> Person | None:
    """Whose sign-in this is, or None where it ended or began before `not_before`."""
    live = select(Account).join(SignIn, SignIn.account_id == Account.id).where(SignIn.token == hash_of(token), SignIn.started >= not_before)
    with store.read() as db:
        return _person(db, db.scalar(live))


def clients_of(db: Session, account: Account) -> frozenset[int] | None:
    """Numbers of the clients that an account sees; None: all."""
    if not account.limited:
        return None
    return frozenset(db.scalars(select(AccountClient.client_id).where(AccountClient.account_id == account.id)))


def _person(db: Session, account: Account | None) -> Person | None:
    return None if account is None else Person(account.id, account.name, account.role, account.password, clients_of(db, account))


def hash_of(token: str) -> str:
    """What is kept of a token: enough to know it again, and not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()
