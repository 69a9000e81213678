"""Squid: a list of destination domains and the rule that uses it; a leading dot is the name and everything below it."""

from collections.abc import Iterator

from webui.exports.base import Sheet, Target, lines


def write(sheet: Sheet) -> Iterator[str]:
    """The list, and the rule where there is anything in it."""
    name = "gnomon_allow" if sheet.kind == "allow" else "gnomon_block"
    yield from lines("#", lambda domain: f"acl {name} dstdomain .{domain}")(sheet)
    if sheet.entries and sheet.kind != "rollback":
        yield f"http_access {'allow' if sheet.kind == 'allow' else 'deny'} {name}"


TARGET = Target("squid", "conf", write)
