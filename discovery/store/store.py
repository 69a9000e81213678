"""The opened store: database, folder and keys of one installation."""

import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url, select

from discovery.store import migrate
from discovery.store.base import Sessions, engine
from discovery.store.home import database_url, home
from discovery.store.locks import abandoned
from discovery.store.staging import give_up
from discovery.store.tables import Client, Import
from discovery.store.vault import Vault

#: A worker on another machine that has been silent for so long is taken for dead; on this machine its lock tells at once.
SILENCE: Final = timedelta(hours=1)
MACHINE: Final = platform.node()[:255]
INTERRUPTED: Final = "This import was interrupted before it was complete. Nothing of it was kept: take the log in again."


class Store(Sessions):
    """Where everything is kept: `read()` and `write()` sessions of the database, and the keys of each client beside it."""

    def __init__(self, url: URL, folder: Path) -> None:
        super().__init__(engine(url))
        self.folder = folder

    @property
    def keys(self) -> Path:
        """The folder of the clients' keys."""
        return self.folder / "keys"

    @property
    def locks(self) -> Path:
        """The folder of the locks of running imports."""
        return self.folder / "locks"

    @property
    def spool(self) -> Path:
        """The folder where uploads wait, each under the vault of its client: numbers of clients and imports are given again, a vault never is."""
        return self.folder / "spool"

    def vault(self, client: Client) -> Vault:
        """The vault of a client. Raises GnomonError where its keys are gone."""
        return Vault.unlock(self.keys, client.vault)


def open_store(url: str | None = None) -> Store:
    """Open the store of this installation: bring its schema up to date and sweep what killed imports left behind.

    Args:
        url: SQLAlchemy URL of the database; `database_url()` where none is given.
    """
    folder = home()
    address = make_url(url or database_url())
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).touch(mode=0o600)  # before SQLite makes it readable by others; its side files follow its mode
    store = Store(address, folder)
    migrate.upgrade(store.engine)
    sweep(store)
    return store


def sweep(store: Store) -> int:
    """Give up imports whose worker is gone; their rows are deleted. Returns how many there were."""
    locks = [int(lock.stem) for lock in store.locks.glob("*.lock")]
    with store.read() as session:
        staging = session.execute(select(Import.id, Import.worker, Import.seen).where(Import.state == "staging")).all()
    gone = [number for number, worker, seen in staging if worker and _is_gone(store, number, worker, seen)]
    for number in gone:
        give_up(store, number, INTERRUPTED)
    for number in set(locks) - {number for number, _, _ in staging}:  # of imports that were killed when they were as good as over
        abandoned(store.locks, number)
    return len(gone)


def _is_gone(store: Store, number: int, worker: str, seen: datetime) -> bool:
    return abandoned(store.locks, number) if worker == MACHINE else datetime.now(UTC) - seen > SILENCE
