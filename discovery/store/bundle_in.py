"""A bundle taken in: each of its logs becomes an import, exactly once, as if the log itself had been read here.

The hashes in it were made with the site's key, so two clients' people and devices never meet, whatever their addresses; what is shown of them
are the site's pseudonyms, and this installation never learns a name.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import answers, bundle_file
from discovery.store.blocks import slices
from discovery.store.bundle import MOMENTS, TABLES, TOLD, VERSION, WHOLE
from discovery.store.bundle_file import Content, Signed
from discovery.store.clients import changed
from discovery.store.identities import KINDS, purge, remember
from discovery.store.imports import begun
from discovery.store.ingest import compact_older
from discovery.store.retention import forget_older
from discovery.store.staging import Staged, give_up, hold, stage
from discovery.store.store import Store
from discovery.store.tables import BundleKey, Client, Handle, Import, NetworkRange, Overlap

_HASH: Final = "^[0-9a-f]{64}$"


@dataclass(frozen=True, slots=True)
class Taken:
    """How a bundle was taken in: names of the logs that were new, and of those that were here already."""

    new: tuple[str, ...]
    already: tuple[str, ...]


def take_bundle(store: Store, client: Client, file: Path, *, trust: str = "", name: str | None = None) -> Taken:
    """Take a bundle in.

    Args:
        file: as `bundle` made it.
        trust: fingerprint of a key that is trusted for this client from now on; spaces, colons and hyphens do not matter.
        name: what to call it; else its own name.

    Raises:
        GnomonError: it was changed, its key is not trusted, its days are on another clock, it is older than one taken in, or it does not fit.
    """
    signed = bundle_file.read(file, name or file.name)
    known = _trusted(store, client, signed, trust)
    content = signed.content()
    try:
        made = _checked(client, signed.name, content, known)
    except (AttributeError, KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
        raise bundle_file.unfit(signed.name) from None
    vault = store.vault(client)
    names = {key: (kind, alias) for key, kind, alias in content.tables["identities"].iter_rows()}
    new: list[str] = []
    already: list[str] = []
    for at, told in enumerate(content.manifest["imports"]):
        (new if _take(store, client, told, _staged(content, at, names)) else already).append(told["name"])
    with store.write(durable=True) as session:
        hold(session, client.id)
        _people(session, client, content)
        remember(session, client.id, vault, {key: names[key] for key in _keys(content.tables["people"]) if key in names})
        purge(session, client.id)
        session.merge(BundleKey(client_id=client.id, fingerprint=signed.fingerprint, newest=made))
        changed(session, client.id, data=True)
    forget_older(store, client)
    return Taken(tuple(new), tuple(already))


def _trusted(store: Store, client: Client, signed: Signed, trust: str) -> BundleKey | None:
    """What is known of the key, if it is trusted for this client; None where it is from now on."""
    with store.read() as session:
        known = session.get(BundleKey, (client.id, signed.fingerprint))
    if known is None and "".join(sign for sign in trust.lower() if sign.isalnum()) != signed.fingerprint:
        raise GnomonError(
            f"{signed.name} is signed with a key that is not trusted for {client.name}: {bundle_file.in_groups(signed.fingerprint)}. Compare it with "
            f"what “gnomon bundle” said at the client's site; if it is the same, run “gnomon import {client.slug} {shlex.quote(signed.name)} "
            f"--trust {signed.fingerprint}”. Nothing was taken in."
        )
    return known


def _checked(client: Client, name: str, content: Content, known: BundleKey | None) -> datetime:
    """When the bundle was made, if it may be taken in."""
    if content.manifest.get("version") != VERSION:
        raise bundle_file.unfit(name)
    if content.manifest["zone"] != client.zone:
        raise GnomonError(
            f"{name} counts days on the clock of {content.manifest['zone']}, and {client.name} on that of {client.zone}. "
            "Set the same time zone first; nothing was taken in."
        )
    made = datetime.fromisoformat(content.manifest["made"])
    if known and known.newest and made < known.newest:
        raise GnomonError(f"A newer bundle of {client.name} was taken in already, made on {known.newest:%Y-%m-%d}; nothing was taken in.")
    _fits(content)
    return made


def _fits(content: Content) -> None:
    """Raise where something is missing or of another shape, or anything but a keyed hash stands where one belongs."""
    for told in content.manifest["imports"]:
        _columns(told)
    for name, table in _expected(content):
        schema = TABLES.get(name.rpartition("/")[2]) or WHOLE[name]
        table.select(pl.col(column).cast(kind) for column, kind in schema.items())
        hashes = [kind for kind in (*KINDS, "key") if kind in schema]
        if not table.select(
            pl.all_horizontal(pl.col(hashes).str.contains(_HASH).fill_null(value=True).all()) if hashes else pl.lit(value=True)
        ).item():
            raise KeyError(name)


def _expected(content: Content) -> Iterator[tuple[str, pl.DataFrame]]:
    for name in (*WHOLE, *(f"{at}/{name}" for at in range(len(content.manifest["imports"])) for name in TABLES)):
        yield name, content.tables[name]


def _staged(content: Content, at: int, names: Mapping[str, tuple[str, str]]) -> Staged:
    tables = {
        name: content.tables[f"{at}/{name}"].select(pl.col(column).cast(kind) for column, kind in schema.items()) for name, schema in TABLES.items()
    }
    dns = answers.Kept(tables["answers"], tables["aliases"])
    spoken = {key: names[key] for name in ("subjects", "leases") for key in _keys(tables[name])}
    return Staged(slices(tables["usage"]), tables["subjects"], tables["domains"], tables["leases"], dns, tables["week"], spoken)


def _keys(table: pl.DataFrame) -> set[str]:
    return {key for kind in KINDS if kind in table.columns for key in table[kind].drop_nulls()}


def _take(store: Store, client: Client, told: Mapping[str, Any], staged: Staged) -> bool:
    """Stage and publish one import; false where its log is in already."""
    with store.read() as session:
        if told["fingerprint"] in _published(session, client):
            return False
    with begun(store, client, told["name"]) as job:
        try:
            stage(store, job, store.vault(client), staged, lambda: False)
            with store.write() as session:
                hold(session, client.id)
                _publish(session, client, job, told)
                changed(session, client.id, data=True)
                compact_older(session, client)
        except IntegrityError:
            give_up(store, job.id, "The same log was taken in a moment ago. Nothing was added.")
            return False
        except BaseException:
            give_up(store, job.id, "The bundle that this log came in could not be taken in.")
            raise
    return True


def _published(session: Session, client: Client) -> dict[str, int]:
    rows = session.execute(select(Import.fingerprint, Import.id).where(Import.client_id == client.id, Import.state == "published"))
    return {fingerprint: number for fingerprint, number in rows if fingerprint}


def _publish(session: Session, client: Client, job: Import, told: Mapping[str, Any]) -> None:
    """Flip the state, with the account that the site gave."""
    session.execute(update(Import).where(Import.id == job.id).values(state="published", **_columns(told)))
    known = _published(session, client)
    rows = [
        {"client_id": client.id, "import_id": job.id, "segment": segment, "told_by": known[before], "events": events}
        for segment, before, events in told["told_before"]
        if before in known
    ]
    if rows:
        session.execute(insert(Overlap), rows)


def _columns(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest may say of an import; whatever else it says is left alone, whose it is above all."""
    return {name: told[name] for name in TOLD} | {name: datetime.fromisoformat(told[name]) if told[name] else None for name in MOMENTS}


def _people(session: Session, client: Client, content: Content) -> None:
    """The site's people list and networks take the place of those here."""
    session.execute(delete(Handle).where(Handle.client_id == client.id))
    if content.tables["people"].height:
        session.execute(insert(Handle), [{"client_id": client.id, **row} for row in content.tables["people"].to_dicts()])
    session.execute(delete(NetworkRange).where(NetworkRange.client_id == client.id))
    if content.manifest["networks"]:
        session.execute(insert(NetworkRange), [{"client_id": client.id, "cidr": cidr, "kind": kind} for cidr, kind in content.manifest["networks"]])
    session.execute(update(Client).where(Client.id == client.id).values(count_guests=content.manifest["count_guests"]))
