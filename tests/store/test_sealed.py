"""The key to what is sealed costs whoever guesses passphrases what RFC 9106 recommends; elsewhere tests pay less (`tests/conftest.py`)."""

import io
import zipfile

import pytest
from argon2 import low_level
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from discovery.store import sealed


def test_the_key_is_made_as_the_standard_recommends_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "hash_secret_raw", low_level.hash_secret_raw)
    made = sealed.seal({"keys/a.hash": b"key"}, "three words and one", b"beside")
    salt, nonce, rest = made[:16], made[16:28], made[28:]
    how = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4, "hash_len": 32, "type": low_level.Type.ID}
    key = low_level.hash_secret_raw(b"three words and one", salt, **how)
    with zipfile.ZipFile(io.BytesIO(AESGCM(key).decrypt(nonce, rest, b"beside"))) as archive:
        assert archive.read("keys/a.hash") == b"key"
