"""The account of a made file, in short."""

from typing import Any

from discovery.observations import LogAccount
from tests.formats.reading import read_bytes


def read(data: bytes, **how: Any) -> LogAccount:
    return read_bytes(data, **how)[0].account


def whole(account: LogAccount) -> tuple[int, int, dict[str, int], dict[str, int]]:
    """The account in short, once it is known to add up."""
    assert account.lines == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    return account.lines, account.events, dict(account.skipped), dict(account.rejected)
