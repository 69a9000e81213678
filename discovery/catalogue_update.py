"""Signed updates of the catalogue: made by a maintainer, carried on any medium, taken in without a network.

An update is taken in only when a trusted key signed it, it is whole, it is not older than the catalogue in use, and it has no mistakes; otherwise
one sentence says why and nothing changes. Trusted are the public keys that come with the program (`data/keys/*.pub`) and those the firm
chose to trust (`keys/*.pub` in its home). Private keys are made by `new_key` and stay with whoever signs.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from discovery import catalogue_diff, catalogue_edition, shipped
from discovery.catalogue_check import check
from discovery.catalogue_diff import Change
from discovery.catalogue_edition import Update
from discovery.errors import CatalogueError
from discovery.home import home, private_folder

_LARGEST: Final = 64 * 1024 * 1024  # an update has two or three megabytes


def take_in(file: Path, trust: Path | None = None) -> list[Change]:
    """Take an update in: from now on this installation uses it.

    Args:
        file: the update.
        trust: a public key (PEM) to trust from now on; kept only if the update is taken in.

    Returns:
        What changes, as `gnomon catalogue diff` would say it.

    Raises:
        CatalogueError: the update is refused; nothing has changed.
    """
    content = _read(file)
    update = catalogue_edition.unfold(content, file)
    offered = _public_key(trust) if trust else None
    _verify(update, file, {key_id(key): key for key in (*_trusted(), *([offered] if offered else ()))})
    staged = _write(catalogue_edition.kept().with_suffix(".new"), content)  # what was verified is what is looked at and kept
    try:
        changes = _changes(staged, file)
        if offered:
            _write(home() / "keys" / f"{key_id(offered)}.pub", _pem(offered))
        staged.replace(catalogue_edition.kept())
    finally:
        staged.unlink(missing_ok=True)
    return changes


def _changes(staged: Path, file: Path) -> list[Change]:
    """What a verified update changes; refused where it is older than what is in use, or has mistakes."""
    before = catalogue_edition.in_use()
    made, current = catalogue_edition.day(staged), catalogue_edition.day(before)
    if made < current:
        raise CatalogueError(f"{file} was made on {made}, before the catalogue in use ({current}); nothing has changed.")
    if problems := check(staged):
        raise CatalogueError(f"{file} does not fit this version of Gnomon ({problems[0]}); nothing has changed.")
    return catalogue_diff.diff(before, staged)


def give_up() -> bool:
    """Go back to the catalogue that came with the program; False where it is in use already."""
    there = catalogue_edition.kept().is_file()
    catalogue_edition.kept().unlink(missing_ok=True)
    return there


def sign(root: Path, key_file: Path) -> bytes:
    """An update out of the catalogue in a folder.

    Args:
        root: the folder, with its `edition.toml`.
        key_file: the private key of whoever signs (`new_key`).

    Raises:
        CatalogueError: the catalogue has a mistake or does not say when it was made, or the key cannot be used.
    """
    sources = catalogue_edition.sources(root)
    if catalogue_edition.EDITION not in sources:
        raise CatalogueError(f"{root}: {catalogue_edition.EDITION} is missing, so nobody could tell whether the update is newer.")
    if problems := check(root):
        raise CatalogueError(f"{root}: there are mistakes, the first is {problems[0]}")
    key = _private_key(key_file)
    update = Update(key_id(key.public_key()), b"", catalogue_edition.pack(sources))
    return update._replace(signature=key.sign(update.signed)).folded()


def new_key(file: Path) -> str:
    """Make a key to sign with: the private half in `file`, readable by its owner only, the public half beside it with the ending `.pub`.

    Returns:
        The id of the key.

    Raises:
        CatalogueError: the file is there already, or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as secret:
            secret.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.with_name(f"{file.name}.pub").write_bytes(_pem(key.public_key()))
    except FileExistsError:
        raise CatalogueError(f"{file} is there already; a key is never overwritten.") from None
    except OSError as error:
        raise CatalogueError(f"{file}: cannot be written ({error.strerror}).") from None
    return key_id(key.public_key())


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a public key: enough to compare over the telephone."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _trusted() -> Iterator[Ed25519PublicKey]:
    for folder in (shipped.path("keys"), home() / "keys"):
        yield from (_public_key(file) for file in sorted(folder.glob("*.pub")))


def _verify(update: Update, file: Path, keys: dict[str, Ed25519PublicKey]) -> None:
    if update.key not in keys:
        raise CatalogueError(f"{file} is signed with a key that is not trusted here ({update.key}); nothing has changed.")
    try:
        keys[update.key].verify(update.signature, update.signed)
    except InvalidSignature:
        raise CatalogueError(f"{file} was changed after it was signed, or is damaged; nothing has changed.") from None


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise CatalogueError(f"{file}: too large for a catalogue update.")
        return file.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{file}: cannot be read ({error.strerror}).") from None


def _public_key(file: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_read(file))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise CatalogueError(f"{file}: this is not a public key of the kind Ed25519 (PEM).")
    return key


def _private_key(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(_read(file), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CatalogueError(f"{file}: this is not a private key of the kind Ed25519 (PEM, without a passphrase).")
    return key


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write(target: Path, content: bytes) -> Path:
    private_folder(target.parent)
    target.write_bytes(content)
    return target
