"""Small files under a passphrase: what only its holder can read, and nobody can change unseen.

The key is made of the passphrase by Argon2id with the parameters that RFC 9106 recommends second (section 4: 3 passes, 64 MiB, 4 lanes); the files,
as one archive, are sealed with AES-256-GCM (NIST SP 800-38D). Sealed bytes are salt, nonce, ciphertext with its tag.
"""

import io
import os
import zipfile
from collections.abc import Mapping
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SALT: Final = 16
_NONCE: Final = 12
_KEY: Final = 32


class WrongPassphrase(ValueError):
    """It opens nothing, or what was sealed is no longer what it was."""


def seal(files: Mapping[str, bytes], passphrase: str, beside: bytes) -> bytes:
    """Files by name, sealed; `beside` stays readable, and is told by `unseal` where it was changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, buffer.getvalue(), beside)


def unseal(sealed: bytes, passphrase: str, beside: bytes) -> dict[str, bytes]:
    """The files again. Raises WrongPassphrase where the passphrase is another one, or a byte of either was changed."""
    salt, nonce, rest = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        whole = AESGCM(_key(passphrase, salt)).decrypt(nonce, rest, beside)
    except (InvalidTag, ValueError) as error:
        raise WrongPassphrase from error
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _key(passphrase: str, salt: bytes) -> bytes:
    secret = passphrase.encode(errors="surrogatepass")
    return hash_secret_raw(secret, salt.ljust(_SALT, b"\0"), time_cost=3, memory_cost=1 << 16, parallelism=4, hash_len=_KEY, type=Type.ID)
