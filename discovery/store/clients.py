"""The firms that are looked after, and their settings."""

import re
import tomllib
import unicodedata
import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store.store import Store
from discovery.store.tables import Client, Import, ImportDomain, ImportSubject, Usage
from discovery.store.taught import forget_formats
from discovery.store.vault import Vault

#: The settings that `update_client` may change.
SETTINGS: Final = frozenset({"name", "zone", "people_expected", "show_names", "toolset"})


class UnknownClient(GnomonError):
    """There is no client of that name."""


def create_client(
    store: Store,
    name: str,
    *,
    slug: str | None = None,
    zone: str = "UTC",
    people_expected: int | None = None,
    show_names: bool = False,
    toolset: str = "",
) -> Client:
    """A new client, with keys of its own.

    Args:
        slug: its name in URLs and commands; made from `name` where none is given.
        zone: IANA name of its time zone.
        people_expected: people in the firm; None: not known.
        show_names: whether those who may see people see names; otherwise they see pseudonyms.
        toolset: what the firm provides, as TOML.

    Raises GnomonError for an empty name, an unknown zone, a negative number of people, a toolset that is no TOML, or a slug that is taken.
    """
    settings = {"name": name, "zone": zone, "people_expected": people_expected, "show_names": show_names, "toolset": toolset}
    _check(settings)
    short = slugify(slug or name)
    vault = Vault.create(store.keys)
    client = Client(slug=short, vault=vault, created=datetime.now(UTC), **settings)
    try:
        with store.write(durable=True) as session:
            session.add(client)
    except Exception as error:
        Vault.destroy(store.keys, vault)
        if isinstance(error, IntegrityError):
            raise GnomonError(f"There is a client “{short}” already.") from error
        raise
    return client


def get_client(store: Store, slug: str) -> Client:
    """The client of that slug. Raises UnknownClient where there is none."""
    with store.read() as session:
        client = session.scalar(select(Client).where(Client.slug == slug))
    if client is None:
        raise UnknownClient(f"There is no client “{slug}”.")
    return client


def clients(store: Store) -> list[Client]:
    """All clients, by name."""
    with store.read() as session:
        return list(session.scalars(select(Client).order_by(Client.name, Client.id)))


def update_client(store: Store, client: Client, **settings: Any) -> Client:  # noqa: ANN401 (values of different types by name)
    """Change settings of a client (any of `SETTINGS`); returns it as it is now. Raises GnomonError as `create_client` does."""
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise TypeError(f"not a setting of a client: {', '.join(sorted(unknown))}")
    _check(settings)
    with store.write(durable=True) as session:
        session.execute(update(Client).where(Client.id == client.id).values(**settings))
        changed(session, client.id, data=False)
    return get_client(store, client.slug)


def delete_client(store: Store, client: Client) -> None:
    """Remove a client with everything known of it, uploads that wait included.

    Its keys are destroyed first: from then on nothing that was kept can be read, whatever happens.
    """
    Vault.destroy(store.keys, client.vault)
    forget_formats(store, client)
    for upload in store.spool.glob(f"*{client.vault}*"):
        with suppress(PermissionError):  # Windows, while it is read: the worker deletes it
            upload.unlink(missing_ok=True)
    with store.write(durable=True) as session:
        for table in (ImportDomain, ImportSubject, Usage, Import):  # before what they refer to
            session.execute(delete(table).where(table.client_id == client.id))
        session.execute(delete(Client).where(Client.id == client.id))
    store.truncate_journal()


def changed(session: Session, client_id: int, *, data: bool) -> None:
    """Note that something of a client changed, so that nobody goes on with what they computed before.

    Args:
        data: it changes what was observed; otherwise only what that means or how it is shown.
    """
    session.execute(update(Client).where(Client.id == client_id).values(version=Client.version + 1, data_version=Client.data_version + int(data)))


def data_version(store: Store, client: Client) -> str:
    """A text that changes with every change of a client's data, settings or decisions: what caches go by."""
    with store.read() as session:
        return f"{client.vault}-{session.scalar(select(Client.version).where(Client.id == client.id))}"


def slugify(name: str) -> str:
    """A name as it can stand in a URL and on a command line: "Müller & Söhne" → "muller-sohne"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64] or "client"


@cache
def _zones() -> set[str]:
    """Every zone that this machine knows: finding them reads a folder of some hundred files."""
    return zoneinfo.available_timezones()


def _check(settings: dict[str, Any]) -> None:
    if not settings.get("name", "-").strip():
        raise GnomonError("A client needs a name.")
    if "zone" in settings and settings["zone"] not in _zones():
        raise GnomonError(f"“{settings['zone']}” is not a time zone. Zones are named like Europe/London.")
    if (settings.get("people_expected") or 0) < 0:
        raise GnomonError("The number of people cannot be negative.")
    try:
        tomllib.loads(settings.get("toolset", ""))
    except tomllib.TOMLDecodeError as error:
        raise GnomonError(f"The list of what the firm provides is not valid TOML: {error}.") from error
