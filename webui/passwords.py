"""Passwords: long enough, kept as argon2id hashes (RFC 9106, the library's default cost)."""

import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from discovery.errors import GnomonError

SHORTEST: Final = 10  # characters
LONGEST: Final = 200

_hasher = PasswordHasher()
#: Verified where no account has the name, so that an unknown name takes as long as a wrong password.
NOBODY: Final = _hasher.hash(secrets.token_urlsafe(16))


def check_length(secret: str, what: str = "password") -> None:
    """Raises GnomonError where a new secret is too short or too long."""
    if not SHORTEST <= len(secret) <= LONGEST:
        raise GnomonError(f"Please choose a {what} of at least {SHORTEST} characters. A few words in a row are easiest to keep in mind.")


def hashed(password: str) -> str:
    """The hash of a new password. Raises GnomonError where it is too short or too long."""
    check_length(password)
    return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one behind a hash."""
    try:
        return _hasher.verify(kept, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
