"""Logs are read in the background: huey runs the work inside `gnomon serve`; the spooled file and the import's row are the truth.

The queue itself is only in memory. What survives a kill is the upload in the spool folder, named after its import: at the next start
every file found there is put in line again.
"""

import logging
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Final

from huey import crontab

from discovery import store as kept
from discovery.blocks import Blocks
from discovery.errors import GnomonError, NoRoom
from discovery.identify import HEAD
from discovery.logs import LogFile, logs_in
from discovery.own_formats_guess import teachable
from discovery.store import Store
from discovery.store.home import private_folder
from discovery.store.staging import give_up
from discovery.store.tables import Client, Import
from discovery.unfold import unfolded
from webui.line import Line

log = logging.getLogger(__name__)

#: Minute of each hour at which what is too old is given up.
PAST_THE_HOUR: Final = 37
#: Room that must stay free on the disk when an upload begins, in bytes: reading a log needs some, too.
RESERVE: Final = 256 * 1024 * 1024
#: After this time without an upload, an import that waits for one is given up.
ABANDONED: Final = timedelta(minutes=10)
#: Names of uploads in the spool folder begin with what they wait for: to be read, or to be taught.
WAITING: Final = "waiting"
UNKNOWN: Final = "unknown"
#: How long the upload of a log that nobody can read waits to be taught.
KEPT_UNKNOWN: Final = timedelta(days=7)


class Jobs(Line):
    """Uploads in line, one read after the other; and every hour, what is kept longer than its client wants goes."""

    def __init__(self, store: Store, when_done: Callable[[Client], object] | None = None) -> None:
        """`when_done` is called with a client once the last of its logs in line was read."""
        self.store = store
        self._when_done = when_done
        super().__init__("gnomon")
        self._read = self.huey.task(name="read_log")(self.read)
        self._judge = self.huey.task(name="judge")(self.judge)
        self._forget = self.huey.task(name="forget_older")(self.forget_older)
        self.huey.periodic_task(crontab(minute=str(PAST_THE_HOUR)), name="forget_older_now")(self.forget_older)
        self._to_judge: set[str] = set()
        self._closing = Event()

    @property
    def spool(self) -> Path:
        """Where uploads wait; entered by nobody else."""
        return private_folder(self.store.spool)

    def new_spool_file(self) -> Path:
        """A fresh file to stream an upload into, with a name that nobody chose."""
        return self.spool / f"arriving-{secrets.token_hex(8)}"

    def check_room(self, size: int | None) -> None:
        """Refuse an upload that would fill the disk."""
        if (size or 0) + RESERVE > shutil.disk_usage(self.spool).free:
            raise GnomonError("There is not enough room on this machine's disk for the log. Nothing was kept; free some space and try again.")

    def submit(self, client: Client, arrived: Path, name: str) -> Import:
        """Put an upload in line: its row is there at once, its reading starts when the worker is free."""
        row = kept.start_import(self.store, client, name=name)
        arrived.rename(self._file(client, row.id))
        self._read(client.slug, row.id)
        return row

    def read(self, slug: str, number: int) -> None:
        """Read one upload into the store, in a worker; an archive or bundle becomes one import per log in it. Then the upload goes."""
        client = kept.get_client(self.store, slug)
        path = self._file(client, number)
        try:
            if kept.is_bundle(path):
                self._take_bundle(client, number, path)
            else:
                self._take_logs(client, number, path)
        except NoRoom as error:
            path.unlink(missing_ok=True)  # this makes the room to say so
            give_up(self.store, number, str(error))
        except GnomonError as error:
            log.info("Import %s was not run: %s", number, error)
        finally:
            if not self._closing.is_set():
                path.unlink(missing_ok=True)
        more = any(task.name == "read_log" for task in self.huey.pending())
        if self._when_done is not None and not more and not self._closing.is_set():
            self._when_done(client)

    def _take_logs(self, client: Client, number: int, path: Path) -> None:
        for at, part in enumerate(_logs_in(path, kept.get_import(self.store, client, number).name)):
            row = number if at == 0 else kept.start_import(self.store, client, name=part.name).id
            done = kept.run_import(self.store, row, part, cancelled=self._closing.is_set)
            if done.state == "failed" and not self._closing.is_set():
                self._keep_unknown(client, row, part)

    def _take_bundle(self, client: Client, number: int, path: Path) -> None:
        """Every log of a bundle becomes an import of its own; the row of the upload goes, or says why nothing was taken in."""
        try:
            kept.take_bundle(self.store, client, path, name=kept.get_import(self.store, client, number).name)
        except GnomonError as error:
            give_up(self.store, number, str(error))
        else:
            kept.remove_import(self.store, client, number)

    def judge_later(self, client: Client) -> None:
        """Put a client in line to be judged anew, as after a log; one that is in line stays there once."""
        if client.slug not in self._to_judge:
            self._to_judge.add(client.slug)
            self._judge(client.slug)

    def judge(self, slug: str) -> None:
        """Judge a client anew, in a worker."""
        try:
            if self._when_done is not None:
                self._when_done(kept.get_client(self.store, slug))
        except GnomonError as error:
            log.info("%s was not judged: %s", slug, error)
        finally:
            self._to_judge.discard(slug)

    def forget_older(self) -> None:
        """Give up who used what on days before those that each client keeps, in a worker."""
        for client in kept.clients(self.store):
            if kept.forget_older(self.store, client):
                self.judge_later(client)

    def unknown(self, client: Client, number: int) -> Path | None:
        """The upload of an import whose columns nobody knows yet, kept for a few days so that it can be taught."""
        path = self._unknown_file(client, number)
        return path if path.exists() else None

    def at_work(self, client: Client) -> bool:
        """Whether an upload of the client waits or is being read; one that no format understands is only then kept to be taught."""
        return next(self.spool.glob(f"{WAITING}-{client.vault}-*"), None) is not None

    def resume(self) -> int:
        """Put what an ended process left behind in line again; returns how many logs there were."""
        self.sweep_unknown()
        for half in self.spool.glob("arriving-*"):
            half.unlink()
        self._forget()
        left = [(client, row) for client in kept.clients(self.store) for row in kept.imports(self.store, client)]
        return sum(self._resume(client, row) for client, row in left)

    def stop(self, *, graceful: bool = True) -> None:
        """Stop the worker; the log it reads is in line again at the next start."""
        self._closing.set()
        super().stop(graceful=graceful)

    def _resume(self, client: Client, row: Import) -> bool:
        path = self._file(client, row.id)
        if not path.exists():
            if row.state == "staging" and row.worker is None and datetime.now(UTC) - row.created > ABANDONED:
                kept.remove_import(self.store, client, row.id)  # its upload never arrived whole
            return False
        if row.state == "staging" and row.worker is None:
            self._read(client.slug, row.id)
        elif row.state in {"staging", "failed"}:  # it was being read: it starts anew, under a new number
            fresh = kept.start_import(self.store, client, name=row.name)
            path.rename(self._file(client, fresh.id))
            kept.remove_import(self.store, client, row.id)
            self._read(client.slug, fresh.id)
        else:  # done, and the process ended before the upload was deleted
            path.unlink()
            return False
        return True

    def sweep_unknown(self) -> None:
        """Delete uploads that nobody taught in time, and those of clients that are gone."""
        known = {client.vault for client in kept.clients(self.store)}
        for path in self.spool.glob("*-*-*"):
            what, vault, _ = path.name.split("-")
            age = datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if vault not in known or (what == UNKNOWN and age > KEPT_UNKNOWN):
                path.unlink(missing_ok=True)

    def _keep_unknown(self, client: Client, number: int, unknown: LogFile) -> None:
        """Keep a log that has columns, and no format to read them."""
        self.sweep_unknown()
        try:
            with unknown.open() as stream:
                if not teachable(unfolded(Blocks(stream)).head(HEAD)):
                    return
            with unknown.open() as stream, self._unknown_file(client, number).open("wb") as copy:
                while chunk := stream.read(1 << 20):
                    copy.write(chunk)
        except (GnomonError, OSError) as error:
            self._unknown_file(client, number).unlink(missing_ok=True)
            log.info("Import %s cannot be kept to be taught: %s", number, error)

    def _unknown_file(self, client: Client, number: int) -> Path:
        return self.spool / f"{UNKNOWN}-{client.vault}-{number}"

    def _file(self, client: Client, number: int) -> Path:
        return self.spool / f"{WAITING}-{client.vault}-{number}"


def _logs_in(path: Path, name: str) -> list[LogFile]:
    """The logs of an upload. What cannot be opened is handed on with the reason, which the import then says."""
    try:
        return logs_in(path, name=name)
    except GnomonError as error:
        return [LogFile(path, name, problem=str(error))]
