"""Who is at work: a lock that the operating system drops when its process ends, however it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from discovery.errors import GnomonError
from discovery.store.home import private_folder

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Busy(GnomonError):
    """Somebody else is at this work."""


@contextmanager
def at_work(folder: Path, job: int) -> Iterator[None]:
    """Hold the lock of a job. Raises Busy where another process, or another thread, holds it."""
    path = private_folder(folder) / f"{job}.lock"
    file = path.open("ab")
    try:
        _take(file)
    except OSError as error:
        file.close()
        raise Busy(f"Import {job} is being run already.") from error
    try:
        yield
    finally:
        file.close()
        path.unlink(missing_ok=True)


def abandoned(folder: Path, job: int) -> bool:
    """Whether nobody works on a job any more; then its lock is removed."""
    try:
        with at_work(folder, job):
            return True
    except Busy:
        return False
