"""Which catalogue is in use, and how its files are read: from a folder, or from a signed update.

An installation has the catalogue that came with the program, and at most one update, kept whole in its home. The newer of the two counts, so an
old update gives way when the program itself brings a newer catalogue. The update was verified when it was taken in (`catalogue_update`).

An update is one file: a line `gnomon catalogue update 1 KEY SIGNATURE`, then a ZIP archive of the same files that make the folder. The
signature (Ed25519, base64) covers the first four words and the archive.
"""

import re
import tomllib
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from discovery import home, shipped
from discovery.errors import CatalogueError

#: The file that says when a catalogue was made.
EDITION: Final = "edition.toml"

#: First words of an update, part of what is signed; the number is that of the form.
MARK: Final = b"gnomon catalogue update 1"

_FILES: Final = re.compile(r"catalogue/[a-z_]+(\.open)?\.jsonl|(categories|edition)\.toml|(background|private)\.jsonl")
_LARGEST: Final = 256 * 1024 * 1024  # unpacked; some thirty times what there is
_DAMAGED: Final = "it is no catalogue update, or it is damaged"


class Update(NamedTuple):
    """An update as it lies in its file. Nothing is said yet of whether its signature holds."""

    key: str
    signature: bytes
    archive: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature covers."""
        return MARK + b"\n" + self.archive

    def folded(self) -> bytes:
        """The bytes of the file."""
        return b" ".join((MARK, self.key.encode(), b64encode(self.signature))) + b"\n" + self.archive


def is_update(file: Path) -> bool:
    """Whether a file says of itself that it is an update."""
    with file.open("rb") as opened:
        return opened.read(len(MARK)) == MARK


def unfold(content: bytes, name: object) -> Update:
    """Take the file of an update apart.

    Raises:
        CatalogueError: it is something else.
    """
    head, _, archive = content.partition(b"\n")
    words = head.removeprefix(MARK).split()
    try:
        key, signature = words[0].decode("ascii"), b64decode(words[1], validate=True)
    except (IndexError, ValueError):
        key, signature = "", b""
    if not head.startswith(MARK + b" ") or len(words) != 2 or not key or not archive:  # noqa: PLR2004 (key and signature)
        raise CatalogueError(f"{name}: {_DAMAGED}.")
    return Update(key, signature, archive)


def pack(sources: Mapping[str, bytes]) -> bytes:
    """The files of a catalogue as a ZIP archive, the same bytes for the same files."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file, content in sources.items():
            archive.writestr(zipfile.ZipInfo(file), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpack(archive: bytes, name: object, only: str | None = None) -> dict[str, bytes]:
    """The files in an archive, or the one that is asked for.

    Raises:
        CatalogueError: it is damaged, or holds what does not belong there.
    """
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            inside = opened.infolist()
            if sum(one.file_size for one in inside) > _LARGEST or not all(_FILES.fullmatch(one.filename) for one in inside):
                raise CatalogueError(f"{name}: it holds more than a catalogue.")
            return {one.filename: opened.read(one) for one in inside if only in (None, one.filename)}
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError):
        raise CatalogueError(f"{name}: {_DAMAGED}.") from None


def sources(place: Path) -> dict[str, bytes]:
    """The files that make a catalogue, by their path below its folder, in the order in which they count.

    Args:
        place: a folder, or the file of an update.

    Raises:
        CatalogueError: there is no catalogue there.
    """
    found = _of_folder(place) if place.is_dir() else unpack(unfold(_bytes(place), place).archive, place)
    services = sorted(file for file in found if file.startswith("catalogue/"))
    if not services or "categories.toml" not in found:
        raise CatalogueError(f"{place}: no catalogue here (categories.toml and catalogue/*.jsonl are missing).")
    order = ["categories.toml", EDITION, *services, "background.jsonl", "private.jsonl"]
    return {file: found[file] for file in order if file in found}


def _of_folder(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root)}


def _files(root: Path) -> list[Path]:
    files = [root / "categories.toml", root / EDITION, *(root / "catalogue").glob("*.jsonl"), root / "background.jsonl", root / "private.jsonl"]
    return [path for path in files if path.is_file()]


def state(place: Path) -> frozenset[tuple[str, int, int]]:
    """Changes whenever a file of the catalogue in a folder or an update does: name, time and size of each."""
    stats = {file.name: file.stat() for file in (_files(place) if place.is_dir() else [place])}
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats.items())


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{file}: cannot be read ({error.strerror}).") from None


def made(content: bytes | None) -> date | None:
    """The day in an `edition.toml`; None where there is none.

    Raises:
        CatalogueError: it is there and says something else.
    """
    if content is None:
        return None
    try:
        day = tomllib.loads(content.decode())["made"]
    except (ValueError, KeyError):
        day = None
    if type(day) is not date:
        raise CatalogueError(f"{EDITION}: 'made' is missing or not a day (made = 2026-11-22).")
    return day


def day(place: Path) -> date:
    """The day on which the catalogue in a folder or an update was made; the beginning of time where it does not say.

    Raises:
        CatalogueError: it cannot be read.
    """
    if place.is_dir():
        file = place / EDITION
        return made(file.read_bytes() if file.is_file() else None) or date.min
    return made(unpack(unfold(_bytes(place), place).archive, place, EDITION).get(EDITION)) or date.min


def kept() -> Path:
    """Where the update of this installation is kept; the file need not be there."""
    return home.home() / "catalogue.update"


def in_use() -> Path:
    """The catalogue that counts: the update that was taken in, where it is newer than the one that came with the program.

    Raises:
        CatalogueError: the update was damaged where it is kept.
    """
    update, came = kept(), shipped.path()
    if not update.is_file():
        return came
    try:
        newer = day(update) >= day(came)
    except CatalogueError as error:
        raise CatalogueError(f"{error} Go back to the catalogue that came with the program: gnomon catalogue update --revert") from None
    return update if newer else came


def stamp() -> tuple[int, int]:
    """Changes whenever an update is taken in or given up, for programs that run on."""
    try:
        stat = kept().stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def origin() -> str:
    """Where the catalogue in use is from, in words."""
    place = in_use()
    return "came with Gnomon" if place.is_dir() else f"update signed with key {unfold(_bytes(place), place).key}"
