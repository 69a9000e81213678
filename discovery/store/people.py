"""The firm's people list: which users, devices and addresses are whose."""

from pathlib import Path

from sqlalchemy import delete, func, insert, select

from discovery.identity import PEOPLE, read_people
from discovery.store.clients import changed
from discovery.store.identities import keyed, purge, remember
from discovery.store.staging import hold
from discovery.store.store import Store
from discovery.store.tables import Client, Handle


def import_people(store: Store, client: Client, path: Path) -> int:
    """Put a people list (CSV, see contract.md) in the place of the one before.

    Returns:
        how many people are in it.

    Raises:
        GnomonError: it is no people list; the one before stays.
    """
    vault = store.vault(client)
    people, names = keyed(read_people(path).select(PEOPLE.keys()), vault)
    with store.write(durable=True) as session:
        hold(session, client.id)
        session.execute(delete(Handle).where(Handle.client_id == client.id))
        remember(session, client.id, vault, names)
        if people.height:
            session.execute(insert(Handle), [{"client_id": client.id, **row} for row in people.to_dicts()])
        purge(session, client.id)
        changed(session, client.id, data=True)
    store.truncate_journal()
    return people["person"].n_unique()


def people_listed(store: Store, client: Client) -> int:
    """How many people are in the people list of a client; 0 where it has none."""
    with store.read() as session:
        return session.scalar(select(func.count(Handle.person.distinct())).where(Handle.client_id == client.id)) or 0
