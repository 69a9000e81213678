"""Open anything that may hold a log, safely: files, archives, standard input; compressed or not.

A `LogFile` is one log: a file, or one member of an archive. Members are read as streams and never written under their own names.
Sizes are bounded while reading, never trusted from a header.
"""

import glob
import io
import os
import stat
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import fsspec

from discovery.decompress import Stream, magic_of
from discovery.errors import UnreadableLog

MOST_MEMBERS: Final = 1_000
_ARCHIVES: Final = ("zip", "tar")


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log. `member` is its name within an archive, None for a file of its own."""

    path: Path
    name: str
    member: str | None = None
    archive: str | None = None

    @contextmanager
    def open(self) -> Iterator[Stream]:
        """Its bytes, decompressed; see `Stream`."""
        try:
            with self.path.open("rb") as file, self._member(file) as raw:
                yield Stream(raw, size=None if self.member else self.path.stat().st_size)
        except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise UnreadableLog(f"{self.name} cannot be read: {_plain(error)}.") from error

    @contextmanager
    def _member(self, file: IO[bytes]) -> Iterator[IO[bytes]]:
        if self.member is None:
            yield file
        elif self.archive == "zip":
            with zipfile.ZipFile(file) as archive, archive.open(self.member) as member:
                yield member
        else:
            with tarfile.open(fileobj=_seekable(file), mode="r:") as archive:
                member_file = archive.extractfile(self.member)
                if member_file is None:
                    raise UnreadableLog(f"{self.name} is no file.")
                yield member_file


def logs_in(path: Path, *, name: str | None = None) -> list[LogFile]:
    """The logs that a path holds: itself, the members of an archive, or the files of a folder.

    Raises:
        UnreadableLog: nothing there, a device, an archive that cannot be opened.
    """
    name = name or path.name
    if not path.exists():
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
            members = _zip_members(file, name) if kind == "zip" else _tar_members(file)
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise UnreadableLog(f"{name} cannot be opened as an archive: {_plain(error)}.") from error
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
        with fsspec.open(place, "rb") as remote:
            return logs_in(_spool(remote), name=place.rsplit("/", 1)[-1] or place)
    path = Path(place)
    if not path.exists() and glob.has_magic(place):
        matches = sorted(glob.glob(place, recursive=True))
        if not matches:
            raise UnreadableLog(f"No file matches {place}.")
        return [log for match in matches for log in logs_in(Path(match))]
    return logs_in(path)


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
    return [log for file in files for log in logs_in(file)]


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
        return list(dict.fromkeys(files))


def _refuse_overlap(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Entries that share their bytes are a bomb (CVE-2024-0450), whatever the interpreter does about it."""
    spans = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries if not entry.is_dir())
    if any(begin < stop for (_, stop), (begin, _) in zip(spans, spans[1:], strict=False)):
        raise UnreadableLog(f"{name} is built so that its files overlap, as archives that are meant to fill a disk are. It was not read.")


def _tar_members(file: IO[bytes]) -> list[str]:
    names = []
    with tarfile.open(fileobj=_seekable(file), mode="r:") as archive:
        for entry in archive:
            if entry.isreg():
                names.append(entry.name)
            if len(names) > MOST_MEMBERS:
                raise UnreadableLog(f"The archive holds more than {MOST_MEMBERS} files; that is more than are read at once.")
    return list(dict.fromkeys(names))


def _seekable(file: IO[bytes]) -> IO[bytes]:
    """The decompressed bytes of a tar archive, as a file that can be sought."""
    if magic_of(file.read(16)) in (None, "zip"):
        file.seek(0)
        return file
    file.seek(0)
    stream, copy = Stream(file, size=None), tempfile.TemporaryFile()  # noqa: SIM115 (closed with the archive)
    while chunk := stream.read(1 << 20):
        copy.write(chunk)
    copy.seek(0, io.SEEK_SET)
    return copy


def _plain(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()
