"""Passwords and sign-ins: argon2, a brake on guessing, and sessions that end by idleness, by age and by signing out."""

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from discovery.errors import GnomonError
from discovery.store import Store
from webui import queries

IDLE: Final = timedelta(minutes=30)
AT_MOST: Final = timedelta(hours=8)
SHORTEST: Final = 10  # characters of a password
LONGEST: Final = 200

_hasher = PasswordHasher()
#: Verified where no account has the name, so that an unknown name takes as long as a wrong password.
_NOBODY: Final = _hasher.hash(secrets.token_urlsafe(16))


class SignedIn(UserMixin):
    """Flask-Login's view of an account; its id is the token of this sign-in, not the number of the account."""

    def __init__(self, person: queries.Person, token: str) -> None:
        self.account = person.id
        self.name = person.name
        self.role = person.role
        self.token = token

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
        keys = (self.by_name, (queries.folded(name), address)), (self.by_address, address)
        wait = max(brake.wait(key) for brake, key in keys)
        if wait:
            raise GnomonError(f"Too many tries. Please wait {max(1, round(wait / 60))} min and try again.")
        person = queries.find_account(self.store, name)
        if not matches(person.password if person else _NOBODY, password) or person is None:
            for brake, key in keys:
                brake.count(key)
            raise GnomonError("Name and password do not go together. Please try again.")
        self.by_name.forget(keys[0][1])
        self.admit(person)

    def admit(self, person: queries.Person) -> None:
        """Start a fresh session for an account whose password was just shown or just made."""
        token = secrets.token_urlsafe(32)
        queries.start_sign_in(self.store, person.id, token, older_than=datetime.now(UTC) - AT_MOST)
        session.clear()  # a session fixed by somebody else ends here
        session["seen"] = time.time()
        login_user(SignedIn(person, token))

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


def hashed(password: str) -> str:
    """The argon2 hash of a new password that is long enough."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise GnomonError(f"Please choose a password of at least {SHORTEST} characters. A few words in a row are easiest to keep in mind.")
    return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one behind a hash."""
    try:
        return _hasher.verify(kept, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def init_app(app: Flask, store: Store) -> Door:
    """Bind Flask-Login to our accounts."""
    manager = LoginManager(app)
    manager.session_protection = None  # the sign-in is checked on the server; an address that changes is a laptop that moved
    door = Door(store)
    manager.user_loader(door.load)
    return door
