"""The first administrator of an installation, who proves with a code from the terminal that they started it (decision 26)."""

import base64
import hashlib
import hmac
from typing import Final

from discovery.errors import GnomonError
from discovery.store import Store, home
from webui import queries
from webui.passwords import hashed
from webui.secret import secret_key

ADMINISTRATOR: Final = "administrator"


def first_run_token(store: Store) -> str | None:
    """The code that lets the first administrator in; None once there is one, so that it can be used once."""
    if queries.count_accounts(store):
        return None
    digest = hmac.digest(secret_key(home()), b"first administrator", hashlib.sha256)
    text = base64.b32encode(digest)[:16].decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def create_admin(store: Store, name: str, password: str) -> None:
    """Make the first administrator; an error if there is one already or the password is too short."""
    if not name.strip():
        raise GnomonError("Please enter a name to sign in with.")
    queries.add_account(store, name, hashed(password), ADMINISTRATOR, only_first=True)


def redeem(store: Store, token: str, name: str, password: str) -> None:
    """Make the first administrator for whoever shows the code."""
    right = first_run_token(store)
    given = token.strip().lower().replace(" ", "-")
    if right is None or not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
        raise GnomonError("This is not the start code that Gnomon printed in the terminal.")
    create_admin(store, name, password)
