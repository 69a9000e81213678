"""Unbound: a local zone per name, see unbound.conf(5)."""

from collections.abc import Iterator

from webui.exports.base import Sheet, Target, lines

_LINES = lines("#", lambda name: f'    local-zone: "{name}." always_nxdomain', allowed=lambda name: f'    local-zone: "{name}." always_transparent')


def write(sheet: Sheet) -> Iterator[str]:
    """A section of its own, so that the file can be included anywhere."""
    yield "server:"
    yield from _LINES(sheet)


TARGET = Target("unbound", "conf", write)
