"""The file of a bundle: tables and a manifest in one archive, signed as a whole.

`GNOMON-BUNDLE-1` and a line end, 32 bytes of public key, 64 bytes of signature (Ed25519, RFC 8032), then a zip archive of `manifest.json` and
Parquet tables. The signature covers everything else. A key is known by its fingerprint, the first 32 hexadecimal digits of the SHA-256 of the
public key: enough that nobody makes another key that has the same.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import polars as pl
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from discovery.catalogue_update import new_key
from discovery.errors import GnomonError
from discovery.home import private_folder

MAGIC: Final = b"GNOMON-BUNDLE-1\n"
MANIFEST: Final = "manifest.json"
_KEY: Final = 32
_SIGNATURE: Final = 64
_LARGEST: Final = 1024**3  # a firm of a hundred over a year has some tens of megabytes; it is read as a whole
_ANY_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the same content is the same bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a bundle holds: the manifest, and tables by name."""

    manifest: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Signed:
    """A bundle whose signature fits, still closed: whether its key is trusted is asked before anything in it is read.

    Attributes:
        name: what to call it.
        fingerprint: of the key that signed it.
        archive: the content as bytes.
    """

    name: str
    fingerprint: str
    archive: bytes

    def content(self) -> Content:
        """What it holds.

        Raises:
            GnomonError: it is of another version.
        """
        try:
            return _unzipped(self.archive)
        except (zipfile.BadZipFile, KeyError, ValueError, pl.exceptions.PolarsError):
            raise unfit(self.name) from None


def is_bundle(file: Path) -> bool:
    """Whether a file begins as a bundle does."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """This installation's key; made when it is needed first.

    Args:
        folder: of the keys; its own folder below it, so that nobody takes it for a key that may sign catalogues.
    """
    file = private_folder(folder / "bundles") / "signing.key"
    if not file.exists():
        new_key(file)
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise GnomonError(f"{file} is not a key that bundles can be signed with.")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """What a key is known by."""
    return hashlib.sha256(_raw(key)).hexdigest()[:32]


def in_groups(digits: str) -> str:
    """A fingerprint as it is read out over the telephone."""
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def written(content: Content, key: Ed25519PrivateKey) -> bytes:
    """The signed file."""
    public, archive = _raw(key.public_key()), _zipped(content)
    return MAGIC + public + key.sign(MAGIC + public + archive) + archive


def read(file: Path, name: str) -> Signed:
    """A bundle, once its signature is found to fit.

    Args:
        file: the bundle.
        name: what to call it.

    Raises:
        GnomonError: it cannot be read, or was changed.
    """
    content = _bytes(file)
    at = len(MAGIC)
    public, signature, archive = content[at : at + _KEY], content[at + _KEY : at + _KEY + _SIGNATURE], content[at + _KEY + _SIGNATURE :]
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signature, MAGIC + public + archive)
    except (InvalidSignature, ValueError):
        raise GnomonError(f"{name} was changed after it was signed, or is damaged; nothing was taken in.") from None
    return Signed(name, fingerprint(key), archive)


def unfit(name: str) -> GnomonError:
    """What is said of a bundle whose content is not as it should be."""
    return GnomonError(f"{name} was made by a version of Gnomon that this one does not understand; nothing was taken in.")


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise GnomonError(f"{file.name} is too large for a bundle.")
        return file.read_bytes()
    except OSError as error:
        raise GnomonError(f"{file}: cannot be read ({error.strerror}).") from None


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _zipped(content: Content) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # tables are compressed in themselves
        archive.writestr(zipfile.ZipInfo(MANIFEST, _ANY_DAY), json.dumps(content.manifest, ensure_ascii=False, sort_keys=True))
        for name, table in content.tables.items():
            packed = BytesIO()
            table.write_parquet(packed, compression="zstd", statistics=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _ANY_DAY), packed.getvalue())
    return buffer.getvalue()


def _unzipped(archive: bytes) -> Content:
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in opened.infolist()):  # nothing unfolds into more than was sent
            raise ValueError(MANIFEST)
        names = [name for name in opened.namelist() if name != MANIFEST]
        tables = {name.removesuffix(".parquet"): pl.read_parquet(BytesIO(opened.read(name))) for name in names}
        return Content(json.loads(opened.read(MANIFEST)), tables)
