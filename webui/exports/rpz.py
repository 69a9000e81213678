"""A response policy zone, as BIND and others read it (draft-vixie-dnsop-dns-rpz): `CNAME .` answers that a name does not exist."""

from collections.abc import Iterator

from webui.exports.base import Sheet, Target, lines


def write(sheet: Sheet) -> Iterator[str]:
    """The zone; every name once for itself and once for what is below it."""
    yield "$TTL 300"
    yield f"@ IN SOA localhost. hostmaster.localhost. ( {sheet.serial} 3600 600 86400 300 )"
    yield "  IN NS localhost."
    yield from lines(";", lambda name: _both(name, "."), allowed=lambda name: _both(name, "rpz-passthru."))(sheet)


def _both(name: str, answer: str) -> tuple[str, str]:
    return f"{name} IN CNAME {answer}", f"*.{name} IN CNAME {answer}"


TARGET = Target("rpz", "zone", write)
