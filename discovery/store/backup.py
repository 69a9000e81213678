"""A whole installation as one file, and back: the database as it is, and the keys to its names sealed by a passphrase.

The file is a zip archive of three members: `manifest.json`, which says what it is and the SHA-256 of the database; `database.sqlite`, a copy of all
tables of one moment, whatever database they are in; and `keys.sealed` (see `discovery.store.sealed`), which is bound to the manifest and so to the
database. Logs are not kept by an installation, so there are none in it.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Final

from sqlalchemy import Engine, make_url

from discovery.errors import GnomonError
from discovery.store import migrate
from discovery.store.base import engine
from discovery.store.copying import copy, empty
from discovery.store.home import private_folder
from discovery.store.sealed import WrongPassphrase, seal, unseal
from discovery.store.store import Store

KIND: Final = "GNOMON-BACKUP-1"
MANIFEST, DATABASE, SEALED = "manifest.json", "database.sqlite", "keys.sealed"

#: What lies beside the database and cannot be made again. Caches, locks and uploads that wait can.
_KEPT: Final = ("keys", "formats", "cookie.key", "catalogue.update")
#: Files that say how far a record in the database had come (webui.reveals): older than the copy they are right, newer they would tell of rows that
#: are missing in it.
_NOTES: Final = ".reveals"
_LARGEST: Final = {MANIFEST: 1 << 20, SEALED: 1 << 28}  # bytes; of the database the manifest says how many
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself.

    Attributes:
        made: when.
        program: the version of Gnomon that made it.
        step: the last step of its schema.
        sha256, size: of its database.
    """

    made: datetime
    program: str
    step: str
    sha256: str
    size: int


def back_up(store: Store, file: Path, passphrase: str) -> Backup:
    """Write a backup; a file of that name is replaced once the new one is whole. People may go on working meanwhile.

    Raises:
        GnomonError: the file cannot be written.
    """
    try:
        with _beside(file) as (database, whole):
            noted = {name: content for name, content in _files(store.folder) if name.endswith(_NOTES)}
            target = engine(make_url(f"sqlite:///{database}"))
            _moved(store.engine, target, opened=target)
            files = {name: content for name, content in _files(store.folder) if not name.endswith(_NOTES)}
            made = Backup(datetime.now(UTC), version("gnomon"), migrate.HEAD, _hash(database), database.stat().st_size)
            manifest = json.dumps({"kind": KIND, **asdict(made)}, default=str).encode()
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, manifest)
                archive.writestr(SEALED, seal(files | noted, passphrase, manifest))
                archive.write(database, DATABASE)
            whole.replace(file)
    except OSError as error:
        raise GnomonError(f"{file}: the backup cannot be written ({error.strerror}).") from None
    return made


def restore(store: Store, file: Path, passphrase: str) -> Backup:
    """Fill an empty installation from a backup: every row, key and name as it was. Nothing is changed unless all of it can be.

    Raises:
        GnomonError: this installation is not empty, the passphrase is another one, or the file is no backup or was changed.
    """
    if not empty(store.engine):
        raise GnomonError("There is something in this installation already. A backup is restored into an empty one: set GNOMON_HOME to a new folder.")
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _member(archive, MANIFEST)
            said = _said(manifest, file)
            files = unseal(_member(archive, SEALED), passphrase, manifest)
            if not all(map(_belongs, files)):
                raise _no_backup(file)
            with tempfile.TemporaryDirectory(dir=store.folder, prefix="restore-") as folder:
                database = Path(folder) / DATABASE
                _take_out(archive, database, said, file)
                for name, content in files.items():
                    _put(store.folder, name, content)
                source = engine(make_url(f"sqlite:///{database}"))
                _moved(source, store.engine, opened=source)
    except WrongPassphrase:
        raise GnomonError(f"{file.name} cannot be opened with this passphrase, or was changed since it was made. Nothing was restored.") from None
    except (zipfile.BadZipFile, KeyError, EOFError):
        raise _no_backup(file) from None
    except OSError as error:
        raise GnomonError(f"{error.filename or file}: {error.strerror}. Nothing was restored.") from None
    return said


@contextmanager
def _beside(file: Path) -> Iterator[tuple[Path, Path]]:
    """Two files that nobody else may read, on the disk on which a file will lie."""
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".gnomon-") as folder:
        database, whole = Path(folder) / DATABASE, Path(folder) / "whole"
        for path in (database, whole):
            path.touch(mode=0o600)
        yield database, whole


def _moved(source: Engine, target: Engine, *, opened: Engine) -> None:
    """Copy from one to the other, of which one was opened here on a file."""
    try:
        migrate.upgrade(opened)
        copy(source, target)
    finally:
        opened.dispose()  # SQLite then writes its journal into the file


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for kept in _KEPT:
        for path in (folder / kept, *sorted((folder / kept).rglob("*"))):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def _belongs(name: str) -> bool:
    """Whether a file lies where those of an installation do: who made the backup may be somebody else."""
    parts = PurePosixPath(name).parts
    return bool(parts) and parts[0] in _KEPT and not {"..", "."} & set(parts) and "\\" not in name and ":" not in name


def _put(folder: Path, name: str, content: bytes) -> None:
    """A file of the installation, readable by nobody else."""
    path = folder.joinpath(*PurePosixPath(name).parts)
    for parent in reversed(path.relative_to(folder).parents[:-1]):
        private_folder(folder / parent)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
        made.write(content)
        os.fsync(made.fileno())


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        content = member.read(_LARGEST[name] + 1)
    if len(content) > _LARGEST[name]:
        raise zipfile.BadZipFile(name)
    return content


def _said(manifest: bytes, file: Path) -> Backup:
    try:
        told = json.loads(manifest)
        said = Backup(datetime.fromisoformat(told["made"]), told["program"], told["step"], told["sha256"], int(told["size"]))
    except (ValueError, KeyError, TypeError):
        raise _no_backup(file) from None
    if told.get("kind") != KIND or said.step > migrate.HEAD:
        raise GnomonError(f"{file.name} was made by a newer version of Gnomon ({said.program}); this one cannot read it. Nothing was restored.")
    return said


def _take_out(archive: zipfile.ZipFile, database: Path, said: Backup, file: Path) -> None:
    """Unpack the database, no more of it than the manifest says, and hold it against the manifest."""
    with archive.open(DATABASE) as member, database.open("wb") as taken:
        while taken.tell() <= said.size and (piece := member.read(_PIECE)):
            taken.write(piece)
    if database.stat().st_size != said.size or _hash(database) != said.sha256:
        raise GnomonError(f"{file.name} was changed since it was made, or is damaged. Nothing was restored.")


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _no_backup(file: Path) -> GnomonError:
    return GnomonError(f"{file.name} is no backup of Gnomon, or is not whole. Nothing was restored.")
