"""A log that may be shown to others: the same lines in the same shape, with invented users, devices, addresses, sites and paths.

Two looks at the log. The first gathers, with the help of its format, who and which devices it names. The second rewrites line by line: what stands
behind a key that says so (`user=`, `"devname":`), every name that was gathered, and whatever looks like an address, a site, an account or a secret.
Domains of the catalogue stay, because which service it was is what a sample is for; so do times, numbers and what the device says of itself.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import polars as pl

from discovery import catalogue, names, records, sightings, syslog
from discovery.blocks import Blocks, numbered
from discovery.errors import UnreadableLog
from discovery.framed import Block
from discovery.framing import frame, utf8
from discovery.identify import HEAD, HEAD_LINES, Candidate, identify, lease_file
from discovery.kinds.base import Kind
from discovery.kinds.delimited import Delimited
from discovery.leases.beside import hosts_in
from discovery.logs import LogFile
from discovery.matching import Matcher, matcher, public_endings
from discovery.own_formats_guess import preview, propose
from discovery.own_formats_table import table
from discovery.parse import stated
from discovery.progress import Progress, Watch
from discovery.redact_invent import Inventor
from discovery.redact_line import LineRewriter, role_of
from discovery.times import Reading
from discovery.unfold import unfolded

_RELAYED: Final = 0.1
_LONG_ENOUGH: Final = 3  # letters; shorter names may be any word of a line
_LOOK: Final = 4096
_PIECE: Final = 1 << 18  # bytes that are rewritten between two words on how far it is
_NO_TEXT: Final = "This log is no text, so it cannot be rewritten line by line. Export it as text first."


@dataclass(slots=True)
class Gathered:
    """What the first look at a log found.

    Attributes:
        format: the format's id, None where none understands the log.
        users, hosts: in canonical form.
        header: the line that names the columns, which stays as it is.
        relays: how many syslog headers stand before a line; they name a host.
    """

    format: str | None = None
    users: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    header: str | None = None
    relays: int = 0

    def take(self, column: str, values: pl.Series) -> None:
        """Add the names in a column of an event."""
        for known, form in _FORMS[column]:
            getattr(self, known).update(_long_enough(form(values.drop_nulls().unique())))


def redacted(
    log: LogFile,
    *,
    found: Gathered | None = None,
    secret: bytes | None = None,
    limit: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[str]:
    """The lines of a log, rewritten, each with its line end.

    Args:
        log: any log in text form, whether or not a format understands it.
        found: what the first look found, where that was taken already (`gather`).
        secret: what the inventions hang on (default: a new one each time).
        limit: how many lines at most.
        progress: called now and then.

    Raises:
        UnreadableLog: missing, empty, or no text.
    """
    found = found or gather(log)
    inventor = Inventor(secret or secrets.token_bytes(32), catalogued)
    with log.open() as stream:
        blocks = unfolded(Blocks(stream, size=_PIECE))
        head = _lines(blocks.head(HEAD))[:HEAD_LINES]
        rewriter = LineRewriter(inventor, found.users, found.hosts, head, header=found.header, relays=found.relays)
        watch, written = Watch(stream, progress, None), 0
        for block in blocks:
            lines = _lines(block)[: None if limit is None else limit - written]
            yield from map(rewriter.line, lines)
            written += len(lines)
            watch.done(written)
            if written == limit:
                return


def gather(log: LogFile) -> Gathered:
    """Who and which devices a log names."""
    with log.open() as stream:
        blocks = unfolded(Blocks(stream))
        head = blocks.head(HEAD)
        if not head.strip():
            raise UnreadableLog("The file is empty.")
        if records.candidates(head) or b"\0\0" in head[:_LOOK]:
            raise UnreadableLog(_NO_TEXT)
        found = Gathered(relays=1 if syslog.headed(frame(utf8(head)[0]).text()) > _RELAYED else 0)
        if (lease := lease_file(head)) is not None:
            found.format = lease.id
            found.take("host_name", lease.read(head, blocks, Reading()).leases["host_name"])
        elif (seen := sightings.recognise(head)) is not None and (record := seen.record(head)) is not None:
            found.format = seen.id
            said = [expression.cast(pl.String).alias(name) for name, expression in record.said.items() if name in _FORMS]
            _gather(found, blocks, head, record.kind, lambda block: record.fields(block).select(said))
        elif (best := _best(head)) is not None:
            found.format, found.relays = best.format.id, best.reading.syslog
            columns = ("user_name", "host_name", *(["destination_domain"] if best.format.family == "dns" else []))
            ways = best.ways  # where lines of several formats are mixed, each tells of its own
            _gather(
                found,
                blocks,
                head,
                best.layout.kind,
                lambda block: (
                    hosts_in(block, best.reading),
                    *(one for way in ways for one in stated(way[0], block, way[1], columns)),
                ),
            )
    return found


def _gather(found: Gathered, blocks: Blocks, head: bytes, kind: Kind, said: Callable[[Block], Iterable[pl.Series]]) -> None:
    """What every line says of who and of which device, and what stands in columns that a header calls so."""
    header = kind.header(head, None)
    found.header = None if header is None else header.decode(errors="replace")
    first = table(head)
    called = {name: role for name in first.names if (role := role_of(name))} if first is not None and first.header else {}
    beside = None if first is None else Delimited(first.separator or ",", quotes=True, lead=True)
    for block in numbered(blocks, kind):
        for column in said(block):
            found.take(column.name, column)
        if called and beside is not None:
            cells = beside.fields(frame(utf8(block.data)[0]), list(called), beside.header(head, None))
            for name, role in called.items():
                found.take(role, cells[name])


def catalogued(domain: str) -> str | None:
    """The part of a domain that is public knowledge: the entry of the catalogue that it belongs to. Private matters are nobody's knowledge."""
    found = _matcher().match(domain)
    return found.entry if found.kind in ("service", "background") and found.cls != "local_network" else None


@cache
def _matcher() -> Matcher:
    return matcher(catalogue.load())


def _best(head: bytes) -> Candidate | None:
    """How the log is read: by the format that understands it, else as its columns are best guessed."""
    try:
        return identify(head, Reading())
    except UnreadableLog:
        first = table(head)
        own = None if first is None else propose(first, "unknown")
        found = None if own is None else preview(own, head, Reading())
        return None if found is None else found[0]


def _long_enough(found: pl.Series) -> pl.Series:
    return found.drop_nulls().filter(found.drop_nulls().str.len_chars() >= _LONG_ENOUGH)


def _local(asked: pl.Series) -> pl.Series:
    """Names among those asked for that do not look like one: without a dot, or below an ending that nobody has registered."""
    plain = asked.str.strip_chars(" .").str.to_lowercase()
    ending = plain.str.extract(r"([^.]*)$", 1)
    return plain.filter(plain.str.contains(r"^[\w.-]+$") & ~ending.is_in(list(public_endings())) & ~ending.str.contains(r"^\d*$"))


_FORMS: Final = {
    "user_name": (("users", names.users), ("hosts", names.machine_of)),
    "host_name": (("hosts", names.hosts),),
    "destination_domain": (("hosts", _local),),
}


def _lines(block: bytes) -> list[str]:
    """Whole lines with their ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", block.decode(errors="replace"))
