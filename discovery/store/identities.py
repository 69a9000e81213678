"""Names behind keyed hashes: sealed when they come in, shown as pseudonyms, purged when nothing speaks of them any more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import delete, insert, select, union
from sqlalchemy.orm import Session

from discovery.store.tables import Client, Domain, Handle, Identity, ImportDomain, ImportSubject, Lease, Subject
from discovery.store.vault import PSEUDONYM_LENGTH, Vault, pseudonym

#: Values in one IN list; every database takes as many.
LIST: Final = 5_000

#: A value's kind is the column it stands in.
KINDS: Final = ("user_name", "source_ip", "source_mac", "host_name", "person", "team")


def keyed(table: pl.DataFrame, vault: Vault) -> tuple[pl.DataFrame, dict[str, tuple[str, str]]]:
    """A table whose columns of `KINDS` hold keyed hashes instead of names, and key -> (kind, name) of all of them."""
    known: dict[str, tuple[str, str]] = {}
    columns = []
    for kind in KINDS:
        if kind in table.columns:
            keys = vault.keys(kind, table[kind].drop_nulls().unique().to_list())
            known |= {key: (kind, name) for name, key in keys.items()}
            columns.append(table[kind].replace_strict(keys, default=None, return_dtype=pl.String) if keys else table[kind].cast(pl.String))
    return table.with_columns(columns), known


def remember(session: Session, client_id: int, vault: Vault, names: Mapping[str, tuple[str, str]]) -> None:
    """Seal the names of keys that are not known yet (key -> kind and name), each under a pseudonym of its own."""
    known = set(found(session, client_id, Identity.key, names))
    new = {key: named for key, named in names.items() if key not in known}
    if not new:
        return
    taken = set(session.scalars(select(Identity.pseudonym).where(Identity.client_id == client_id)))
    rows = []
    for key, (kind, name) in new.items():
        shown = next(free for length in range(PSEUDONYM_LENGTH, len(key)) if (free := pseudonym(kind, key, length)) not in taken)
        taken.add(shown)
        rows.append({"client_id": client_id, "key": key, "kind": kind, "pseudonym": shown, "sealed": vault.seal(name)})
    session.execute(insert(Identity), rows)


def found(session: Session, client_id: int, column: Any, values: Iterable[str]) -> Iterator[str]:  # noqa: ANN401 (any mapped column)
    """Which of the values a column of a client's rows holds."""
    for some in lists(values):
        yield from session.scalars(select(column).where(column.class_.client_id == client_id, column.in_(some)))


def lists(values: Iterable[str]) -> Iterator[list[str]]:
    """Values in lists short enough for one question to the database."""
    every = list(values)
    return (every[at : at + LIST] for at in range(0, len(every), LIST))


def shown(session: Session, client: Client, vault: Vault, *, names: bool) -> dict[str, str]:
    """Keyed hash -> what it is shown as: a pseudonym, or the name where `names`. A team is no person: it is always shown by name."""
    rows: Sequence[Any] = session.execute(
        select(Identity.key, Identity.kind, Identity.pseudonym, Identity.sealed).where(Identity.client_id == client.id)
    ).all()
    return {key: vault.unseal(sealed) if names or kind == "team" else alias for key, kind, alias, sealed in rows}


def purge(session: Session, client_id: int) -> None:
    """Delete domains, subjects and identities that nothing speaks of any more."""
    spoken = select(ImportDomain.domain_id).where(ImportDomain.client_id == client_id)
    session.execute(delete(Domain).where(Domain.client_id == client_id, Domain.id.not_in(spoken)))
    seen = select(ImportSubject.subject_id).where(ImportSubject.client_id == client_id)
    session.execute(delete(Subject).where(Subject.client_id == client_id, Subject.id.not_in(seen)))
    kept = union(
        *(
            select(column).where(table.client_id == client_id, column.is_not(None))
            for table in (Subject, Lease, Handle)
            for kind in KINDS
            if (column := getattr(table, kind, None)) is not None
        ),
    )
    session.execute(delete(Identity).where(Identity.client_id == client_id, Identity.key.not_in(kept)))
