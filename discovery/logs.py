"""Open anything that may hold a log, safely: files, archives, standard input; compressed or not.

A `LogFile` is one log: a file, or one member of an archive. Members are read as streams and never written under their own names.
Sizes are bounded while reading, never trusted from a header.
"""

import glob
import os
import stat
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from discovery.decompress import DAMAGE, Stream, magic_of, refuse_bomb
from discovery.errors import UnreadableLog

MOST_MEMBERS: Final = 1_000

#: Seconds that a server on the web may say nothing.
_PATIENCE: Final = 60
# RuntimeError is what zipfile answers to a password or a compression it does not know.
_CANNOT_OPEN: Final = (*DAMAGE, RuntimeError, KeyError)


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log.

    Attributes:
        member: its name within an archive, None for a file of its own.
        archive: zip or tar, where it has a member.
        problem: why it cannot be read, where that is known beforehand (one of many in a folder); a sentence.
    """

    path: Path
    name: str
    member: str | None = None
    archive: str | None = None
    problem: str | None = None

    @contextmanager
    def open(self) -> Iterator[Stream]:
        """Its bytes, decompressed; see `Stream`."""
        if self.problem:
            raise UnreadableLog(self.problem)
        with ExitStack() as stack:
            try:
                file = stack.enter_context(self.path.open("rb"))
                raw = stack.enter_context(self._member(file))
                stream = Stream(raw, size=None if self.member else self.path.stat().st_size)
            except _CANNOT_OPEN as error:
                raise UnreadableLog(f"{self.name} cannot be read: {_plain(error)}.") from error
            yield stream

    @contextmanager
    def _member(self, file: IO[bytes]) -> Iterator[IO[bytes]]:
        if self.member is None:
            yield file
        elif self.archive == "zip":
            with zipfile.ZipFile(file) as archive, archive.open(self.member) as member:
                # no more is ever unpacked than the entry says
                refuse_bomb(archive.getinfo(self.member).file_size, min(archive.getinfo(self.member).compress_size, self.path.stat().st_size))
                yield member
        else:
            with _untarred(file) as tape:
                member_file = tape.extractfile(self.member)
                if member_file is None:
                    raise UnreadableLog(f"{self.name} is no file.")
                yield member_file


def logs_in(path: Path, *, name: str | None = None) -> list[LogFile]:
    """The logs that a path holds: itself, the members of an archive, or the files of a folder.

    Raises:
        UnreadableLog: nothing there, a device, an archive that cannot be opened.
    """
    name = name or path.name
    if not _exists(path):
        raise UnreadableLog(f"{path} does not exist.")
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():
        raise UnreadableLog(f"{path} is no file.")
    try:
        kind = archive_kind(path)
        if kind is None:
            return [LogFile(path, name)]
        with path.open("rb") as file:
            members = _zip_members(file, name) if kind == "zip" else _tar_members(file, name)
    except _CANNOT_OPEN as error:
        raise UnreadableLog(f"{name} cannot be opened: {_plain(error)}.") from error
    if not members:
        raise UnreadableLog(f"{name} is an archive without files.")
    return [LogFile(path, f"{name}/{member}", member, kind) for member in members]


def find(places: list[str]) -> list[LogFile]:
    """The logs of paths, folders, glob patterns, URLs of a kind fsspec knows, and `-` (standard input).

    Raises:
        UnreadableLog: a place that holds nothing.
    """
    return [log for place in places for log in _at(place)]


def _at(place: str) -> list[LogFile]:
    if place == "-":
        return logs_in(_spool(sys.stdin.buffer), name="standard input")
    if "://" in place:
        return _at_url(place)
    path = Path(place)
    if not _exists(path) and glob.has_magic(place):
        matches = sorted(glob.glob(place, recursive=True))  # noqa: PTH207 (a pattern may begin anywhere)
        if not matches:
            raise UnreadableLog(f"No file matches {place}.")
        return [log for match in matches for log in logs_in(Path(match))]
    return logs_in(path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long, a folder that is closed to us
        return False


def _at_url(url: str) -> list[LogFile]:
    """The logs that a URL holds, called by its path: what else stands in it may be a password or a signature."""
    parts = urlsplit(url)
    called = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    try:
        with _remote(url) as remote:
            fetched = _spool(remote)
    except (OSError, ValueError, ImportError) as error:
        raise UnreadableLog(f"{called} cannot be fetched: {_plain(error)}.") from error
    return logs_in(fetched, name=parts.path.rsplit("/", 1)[-1] or called)


def _remote(url: str) -> AbstractContextManager[IO[bytes]]:
    """What a URL holds: of the web by Python's own means, of other kinds by fsspec and whatever that needs."""
    if url.startswith(("http://", "https://")):
        from urllib.request import urlopen  # noqa: PLC0415 (slow to load, and most logs are files)

        try:
            web: AbstractContextManager[IO[bytes]] = urlopen(url, timeout=_PATIENCE)  # noqa: S310 (of the web, see above)
        except HTTPError as error:
            error.close()  # it is an answer as well
            raise
        return web
    import fsspec  # noqa: PLC0415

    other: AbstractContextManager[IO[bytes]] = fsspec.open(url, "rb")
    return other


def _spool(source: IO[bytes]) -> Path:
    """A temporary copy of a stream, deleted when the program ends: a log may have to be read more than once."""
    import atexit  # noqa: PLC0415 (only here)
    import shutil  # noqa: PLC0415

    handle, name = tempfile.mkstemp(prefix="gnomon-")
    with os.fdopen(handle, "wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    path = Path(name)
    atexit.register(path.unlink, missing_ok=True)
    return path


def _in_folder(folder: Path) -> list[LogFile]:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts))
    if not files:
        raise UnreadableLog(f"The folder {folder} holds no files.")
    return [log for file in files for log in _or_problem(file)]


def _or_problem(file: Path) -> list[LogFile]:
    """The logs of one file of many: one that cannot be opened must not hide its neighbours."""
    try:
        return logs_in(file)
    except UnreadableLog as error:
        return [LogFile(file, file.name, problem=str(error))]


def archive_kind(path: Path) -> str | None:
    """Zip, tar (also compressed) or None."""
    with path.open("rb") as file:
        head = file.read(262)
        if magic_of(head) == "zip":
            return "zip"
        file.seek(0)
        first = Stream(file, size=None).read(512)
    return "tar" if first[257:262] == b"ustar" else None


def _zip_members(file: IO[bytes], name: str) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_MEMBERS:
            raise UnreadableLog(f"{name} holds {len(entries)} files; {MOST_MEMBERS} are the most that are read at once.")
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableLog(f"{name} is protected by a password. Save it without one and try again.")
        _refuse_overlap(entries, name)
        files = [entry.filename for entry in entries if not entry.is_dir() and not stat.S_ISLNK(entry.external_attr >> 16)]
        if any(part in files for part in ("[Content_Types].xml", "META-INF/MANIFEST.MF")):
            raise UnreadableLog(f"{name} is an office document or a program, not a log.")
        return _each_once(files, name)


def _each_once(members: list[str], name: str) -> list[str]:
    """The members, where each can be told by its name."""
    twice = next((member for member, n in Counter(members).items() if n > 1), None)
    if twice is not None:
        raise UnreadableLog(f"{name} holds two files of the name {twice}; only one of them could be read. Unpack it and try again.")
    return members


def _refuse_overlap(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Entries that share their bytes are a bomb (CVE-2024-0450), whatever the interpreter does about it."""
    spans = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries if not entry.is_dir())
    if any(begin < stop for (_, stop), (begin, _) in pairwise(spans)):
        raise UnreadableLog(f"{name} is built so that its files overlap, as archives that are meant to fill a disk are. It was not read.")


def _tar_members(file: IO[bytes], name: str) -> list[str]:
    """Names of the plain files in it; links, devices and files with holes are none. Of a damaged archive, those before the damage."""
    names: list[str] = []
    with _untarred(file) as archive:
        try:
            for entry in archive:
                if entry.isreg() and not entry.issparse():
                    names.append(entry.name)
                if len(names) > MOST_MEMBERS:
                    raise UnreadableLog(f"{name} holds more than {MOST_MEMBERS} files; that is more than are read at once.")
        except DAMAGE:
            if not names:
                raise
    return _each_once(names, name)


@contextmanager
def _untarred(file: IO[bytes]) -> Iterator[tarfile.TarFile]:
    """A tar archive, unpacked to a temporary file first where it is compressed."""
    with ExitStack() as stack:
        file.seek(0)
        plain: IO[bytes] = file
        if magic_of(file.read(16)) is not None:
            file.seek(0)
            stream, plain = Stream(file, size=None), stack.enter_context(tempfile.TemporaryFile())
            while chunk := stream.read(1 << 20):
                plain.write(chunk)
        plain.seek(0)
        yield stack.enter_context(tarfile.open(fileobj=plain, mode="r:"))


def _plain(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()
