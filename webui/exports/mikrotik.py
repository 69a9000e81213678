"""MikroTik RouterOS 7: static DNS entries that answer that a name does not exist; taking them back goes by their comment."""

from collections.abc import Iterator

from webui.exports.base import Sheet, Target, head, reason


def write(sheet: Sheet) -> Iterator[str]:
    """A script for /import."""
    yield from head(sheet, "#")
    if sheet.kind == "rollback":
        yield '/ip dns static remove [find comment~"^gnomon: "]'
        return
    yield "/ip dns static"
    for entry in sheet.entries:
        yield f'add name="{entry.domain}" type=NXDOMAIN match-subdomain=yes comment="gnomon: {reason(entry)}"'


TARGET = Target("mikrotik", "rsc", write)
