"""Passwords: long enough, kept as argon2id hashes (RFC 9106, the library's default cost)."""

import secrets
from base64 import b64encode
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from discovery.errors import GnomonError

SHORTEST: Final = 10  # characters
LONGEST: Final = 200

_hasher = PasswordHasher()


def _nobodys() -> str:
    """A hash that no password has; to draw one at random takes no time, where to work one out would slow every start."""
    salt, drawn = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (_hasher.salt_len, _hasher.hash_len))
    return f"$argon2id$v={ARGON2_VERSION}$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}${salt}${drawn}"


#: Verified where no account has the name, so that an unknown name takes as long as a wrong password.
NOBODY: Final = _nobodys()


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
