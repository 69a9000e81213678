"""Passwords and sign-ins: argon2, a brake on guessing, and sessions that end by idleness, by age and by signing out."""

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from discovery.errors import GnomonError
from discovery.store import Store
from webui import firstrun, queries
from webui.passwords import NOBODY, hashed, matches
from webui.users import queries as users

IDLE: Final = timedelta(minutes=30)
AT_MOST: Final = timedelta(hours=8)


class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """Flask-Login's view of an account; its id is the token of this sign-in, not the number of the account."""

    def __init__(self, person: queries.Person, token: str) -> None:
        self.account = person.id
        self.name = person.name
        self.role = person.role
        self.clients = person.clients
        self.token = token

    def sees(self, client: int) -> bool:
        """Whether the account may know of a client (its number)."""
        return self.clients is None or client in self.clients

    def get_id(self) -> str:
        """What the cookie carries."""
        return self.token


class Brake:
    """Slows guessing down: so many wrong tries per key within a window, then a wait. Kept in memory, bounded."""

    def __init__(self, tries: int, seconds: float, *, keys: int = 10_000) -> None:
        self.tries, self.seconds, self.keys = tries, seconds, keys
        self._seen: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: Hashable, now: float | None = None) -> float:
        """Seconds until the next try is allowed; 0 when it is."""
        now = time.monotonic() if now is None else now
        with self._lock:
            times = self._seen.get(key, deque())
            while times and times[0] <= now - self.seconds:
                times.popleft()
            return times[-self.tries] + self.seconds - now if len(times) >= self.tries else 0.0

    def count(self, key: Hashable, now: float | None = None) -> None:
        """One wrong try more."""
        now = time.monotonic() if now is None else now
        with self._lock:
            self._seen.setdefault(key, deque(maxlen=self.tries)).append(now)
            self._seen.move_to_end(key)
            while len(self._seen) > self.keys:
                self._seen.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """A right password clears what was counted before it."""
        with self._lock:
            self._seen.pop(key, None)


class Door:
    """Signing in and out. One per application, since the brake remembers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.by_name = Brake(tries=5, seconds=300)
        self.by_address = Brake(tries=30, seconds=300)

    def sign_in(self, name: str, password: str, address: str) -> None:
        """Sign this browser in; the error says why not, without telling which of name and password was wrong."""
        self._check_wait(name, address)
        person = queries.find_account(self.store, name)
        if not matches(person.password if person else NOBODY, password) or person is None:
            self._count(name, address)
            raise GnomonError("Name and password do not go together. Please try again.")
        self.by_name.forget(_key(name, address))
        self.admit(person)

    def first_administrator(self, token: str, name: str, password: str, address: str) -> None:
        """Make and sign in the first administrator, for whoever shows the start code; wrong codes count as wrong tries."""
        self._check_wait("", address)
        try:
            firstrun.redeem(self.store, token, name, password)
        except GnomonError:
            self._count("", address)
            raise
        self.sign_in(name, password, address)

    def join(self, code: str, password: str, address: str) -> None:
        """Give an invited account the password that its owner chose, and sign this browser in; wrong codes count as wrong tries."""
        self._check_wait("", address)
        try:
            person = users.accept(self.store, code, password)
        except GnomonError:
            self._count("", address)
            raise
        self.admit(person)

    def _check_wait(self, name: str, address: str) -> None:
        wait = max(self.by_name.wait(_key(name, address)), self.by_address.wait(address))
        if wait:
            raise GnomonError(f"Too many tries. Please wait {max(1, round(wait / 60))} min and try again.")

    def _count(self, name: str, address: str) -> None:
        self.by_name.count(_key(name, address))
        self.by_address.count(address)

    def admit(self, person: queries.Person) -> None:
        """Start a fresh session for an account whose password was just shown or just made."""
        token = secrets.token_urlsafe(32)
        queries.start_sign_in(self.store, person.id, token, older_than=datetime.now(UTC) - AT_MOST)
        session.clear()  # a session fixed by somebody else ends here
        session["seen"] = time.time()
        login_user(SignedIn(person, token))

    def change_password(self, old: str, new: str, address: str) -> None:
        """Give the signed-in account a new password; its other sign-ins end. A wrong present password counts as a wrong try."""
        self._check_wait(current_user.name, address)
        person = queries.find_account(self.store, current_user.name)
        if person is None or not matches(person.password, old):
            self._count(current_user.name, address)
            raise GnomonError("The present password is not right. Nothing was changed.")
        queries.set_password(self.store, person.id, hashed(new), keep=current_user.token)

    def sign_out(self) -> None:
        """End this sign-in on the server and in the browser."""
        queries.end_sign_in(self.store, current_user.token)
        logout_user()
        session.clear()

    def load(self, token: str) -> SignedIn | None:
        """Whose request this is: the sign-in must be known, not older than `AT_MOST`, and not idle for longer than `IDLE`."""
        if time.time() - float(session.get("seen", 0)) > IDLE.total_seconds():
            return None
        person = queries.signed_in(self.store, token, not_before=datetime.now(UTC) - AT_MOST)
        return SignedIn(person, token) if person else None


def _key(name: str, address: str) -> tuple[str, str]:
    """What tries are counted under; a name of any length takes the same room."""
    return queries.hash_of(queries.folded(name)), address


def init_app(app: Flask, store: Store) -> Door:
    """Bind Flask-Login to our accounts."""
    manager = LoginManager(app)
    manager.session_protection = None  # the sign-in is checked on the server; an address that changes is a laptop that moved
    door = Door(store)
    manager.user_loader(door.load)
    return door
