"""The key that signs cookies: made once for this installation, kept beside its data, readable by nobody else."""

import os
import secrets
from pathlib import Path
from typing import Final

from discovery.errors import GnomonError

SIZE: Final = 32  # bytes


def secret_key(folder: Path) -> bytes:
    """The key of the installation that lives in `folder`; made on first use."""
    file = folder / "cookie.key"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            made.write(secrets.token_bytes(SIZE))
    except FileExistsError:
        pass
    key = file.read_bytes()
    if len(key) < SIZE:
        raise GnomonError(f"{file} is damaged. Delete it: everybody then signs in again, nothing else is lost.")
    return key
