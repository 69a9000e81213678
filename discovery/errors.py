"""The one family of errors. The text of an error is the sentence the user reads."""

import errno
from typing import Final

_NO_ROOM: Final = "There is no room left on this machine's disk. Nothing was changed and nothing is lost: free some space and try again."
_NOT_WRITABLE: Final = "The folder that Gnomon keeps its data in cannot be written: read-only, broken, or somebody else's. Nothing was changed."
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
_CLOSED: Final = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


class GnomonError(Exception):
    """Something the user can understand and mend; shown as it is, without a traceback."""


class UnreadableLog(GnomonError):
    """Nothing could be read of a log: missing, empty, not a log, or of no known format."""


class CatalogueError(GnomonError):
    """A mistake in a shipped or edited data file; the text names file, line and key."""


class DiskError(GnomonError):
    """The disk does not take what has to be kept: full, read-only or broken."""


class NoRoom(DiskError):
    """The disk is full, or what this account may keep on it is used up."""

    def __init__(self, said: str = _NO_ROOM) -> None:
        super().__init__(said)


class NotWritable(DiskError):
    """What has to be kept may not be written."""

    def __init__(self, said: str = _NOT_WRITABLE) -> None:
        super().__init__(said)


def of_the_disk(error: BaseException | None) -> DiskError | None:
    """What the user reads where the operating system says that the disk takes nothing more; None for any other error."""
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL:
        return NoRoom()
    return NotWritable() if number in _CLOSED else None
