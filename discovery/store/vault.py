"""The keys of a client: what turns names into keyed hashes, and what seals the names themselves.

A plain hash would not do: a firm has a hundred names, so anyone could try them all. One 256-bit key per client makes the hashes (HMAC-SHA-256,
RFC 2104), another one seals the names (AES-256-GCM, NIST SP 800-38D). Both lie beside the database, never in it; destroying them leaves
nothing that could be read of the client's people.
"""

import base64
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from discovery.errors import GnomonError
from discovery.store.home import private_folder

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
PSEUDONYM_LENGTH: Final = 6

#: First letter of a pseudonym by what it stands for: U for a person, T for a team, D for a device.
LETTERS: Final = {"person": "U", "user_name": "U", "team": "T", "source_ip": "D", "source_mac": "D", "host_name": "D"}


class Vault:
    """The two keys of one client, held in memory while they are needed."""

    def __init__(self, hashing: bytes, sealing: bytes) -> None:
        self._hashing = hashing
        self._sealing = AESGCM(sealing)

    @classmethod
    def create(cls, folder: Path) -> str:
        """Make the keys of a new client in `folder`; returns the vault's id, which the client's row keeps."""
        vault = secrets.token_hex(16)
        private_folder(folder)
        for path in _files(folder, vault):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                os.fsync(file.fileno())
        return vault

    @classmethod
    def unlock(cls, folder: Path, vault: str) -> Self:
        """The vault of a client. Raises GnomonError where its keys are gone."""
        try:
            hashing, sealing = (path.read_bytes() for path in _files(folder, vault))
        except FileNotFoundError as error:
            raise GnomonError(f"The keys of this client are not in {folder}: without them its people cannot be told apart or named.") from error
        return cls(hashing, sealing)

    @staticmethod
    def destroy(folder: Path, vault: str) -> None:
        """Overwrite and remove the keys of a client: whatever they made can never be read again."""
        for path in folder.glob(f"{vault}.*"):
            if path.is_file():
                path.write_bytes(secrets.token_bytes(KEY_BYTES))
                path.unlink()

    def key(self, kind: str, value: str) -> str:
        """The keyed hash of a canonical value: 64 hexadecimal digits, the same for the same kind and value of this client only."""
        return hmac.digest(self._hashing, f"{kind}\0{value}".encode(errors="surrogatepass"), "sha256").hex()

    @property
    def line_key(self) -> str:
        """What lines of this client's logs are told apart with: 16 characters."""
        return self.key("lines", "")[:16]

    def keys(self, kind: str, values: Iterable[str]) -> dict[str, str]:
        """Value -> keyed hash, for distinct values."""
        return {value: self.key(kind, value) for value in values}

    def seal(self, name: str) -> bytes:
        """A name that only this vault can read again: nonce, then ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, name.encode(errors="surrogatepass"), None)

    def unseal(self, sealed: bytes) -> str:
        """The name again. Raises GnomonError where it was sealed by another vault or changed since."""
        try:
            return self._sealing.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode(errors="surrogatepass")
        except (InvalidTag, ValueError) as error:
            raise GnomonError("A sealed name cannot be opened with this client's key.") from error


def pseudonym(kind: str, key: str, length: int = PSEUDONYM_LENGTH) -> str:
    """What a keyed hash is shown as, such as U-7F3KQ2; longer where two of a client would be alike."""
    return f"{LETTERS[kind]}-{base64.b32encode(bytes.fromhex(key)).decode()[:length]}"


def _files(folder: Path, vault: str) -> tuple[Path, Path]:
    return folder / f"{vault}.hash", folder / f"{vault}.seal"
