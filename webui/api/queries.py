"""Tokens in the store: made once, shown once, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.tables import Client
from webui.tables import ApiToken


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the settings show it; what opens the door is known only to whoever made it."""

    id: int
    name: str
    created: datetime
    made_by: str


def make_token(store: Store, client: Client, name: str, made_by: str) -> str:
    """A new token of a client; its text is nowhere kept.

    Raises:
        GnomonError: it has no name.
    """
    cleaned = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:100]
    if not cleaned:
        raise GnomonError("A token needs a name that says what it is for.")
    token = "gnomon_" + secrets.token_urlsafe(32)
    with store.write(durable=True) as db:
        db.add(ApiToken(client_id=client.id, name=cleaned, token=_hash(token), created=datetime.now(UTC), made_by=made_by))
    return token


def tokens(store: Store, client: Client) -> list[Token]:
    """The tokens of a client, newest first."""
    with store.read() as db:
        rows = db.scalars(select(ApiToken).where(ApiToken.client_id == client.id).order_by(ApiToken.id.desc()))
        return [Token(row.id, row.name, row.created, row.made_by) for row in rows]


def revoke(store: Store, client: Client, number: int) -> None:
    """Let a token of a client open nothing from now on."""
    with store.write(durable=True) as db:
        db.execute(delete(ApiToken).where(ApiToken.client_id == client.id, ApiToken.id == number))


def client_of(store: Store, token: str) -> Client | None:
    """Whose token this is; None for any other text."""
    with store.read() as db:
        return db.scalar(select(Client).join(ApiToken, ApiToken.client_id == Client.id).where(ApiToken.token == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
