"""What all targets share: the head of a file, comments that can hold nothing but plain words, and the few shapes that most lists have.

Names come from `rules.blocking` and are letters, digits, hyphens and dots; all other text goes through `plain` (law 7).
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rules.blocking import Entry, Meaning, meanings

#: What a comment may hold on any target: no quotes, no signs that a shell, a zone or a script reads.
_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,()/:-]+")
_LONGEST: Final = 160

KINDS: Final = ("block", "allow", "rollback")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file is written from: kind (block, allow, rollback), the names, whose they are, and the day decisions were read on."""

    kind: str
    entries: tuple[Entry, ...]
    client: str
    day: date | None

    @property
    def names(self) -> list[str]:
        """The names alone."""
        return [entry.domain for entry in self.entries]

    @property
    def serial(self) -> str:
        """A number that grows with the days: 2026111300."""
        return f"{self.day or date(2000, 1, 1):%Y%m%d}00"


@dataclass(frozen=True, slots=True)
class Target:
    """One target: its id, the ending of its files, and what writes a sheet as lines."""

    id: str
    ending: str
    write: Callable[[Sheet], Iterable[str]]

    @property
    def meaning(self) -> Meaning:
        """What an entry means there."""
        return meanings()[self.id]

    def text(self, sheet: Sheet) -> str:
        """The file."""
        return "".join(f"{line}\n" for line in self.write(sheet))


def plain(text: str) -> str:
    """A text as a comment may hold it: ASCII words on one line."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "replace").decode()
    return " ".join(_PLAIN.sub(" ", ascii_only).split())[:_LONGEST].strip()


def reason(entry: Entry) -> str:
    """Why a name is on the list: service, decision, day, reason, and until when it holds."""
    one = entry.decision
    if one is None:
        return plain(f"{entry.name}: provided by the firm")
    said = {"not_approved": "not approved"}.get(one.status, "approved")
    when = f" on {one.decided_at:%Y-%m-%d}" if one.decided_at else ""
    until = f", review by {one.review_by.isoformat()}" if one.review_by else ""
    return plain(f"{entry.name}: {said}{when}{until}{': ' + one.reason if one.reason else ''}")


def head(sheet: Sheet, sign: str) -> Iterator[str]:
    """The first lines of a file: what it is and whose, as comments."""
    said = {"block": "Block list", "allow": "Allow list", "rollback": "Takes the block list back"}[sheet.kind]
    day = sheet.day.isoformat() if sheet.day else "today"
    yield f"{sign} Gnomon: {said} of {plain(sheet.client)}, decisions as of {day}, {len(sheet.entries)} names"


def lines(
    sign: str, line: Callable[[str], str | Sequence[str]], *, allowed: Callable[[str], str | Sequence[str]] | None = None
) -> Callable[[Sheet], Iterator[str]]:
    """A list of lines with comments of their own before them; taking it back is the same file without names.

    Args:
        sign: that begins a comment.
        line: a name as one line or several.
        allowed: the same on the allow list, where that differs.
    """

    def write(sheet: Sheet) -> Iterator[str]:
        yield from head(sheet, sign)
        if sheet.kind == "rollback":
            yield f"{sign} Put this in the place of the block list: it stops nothing."
            return
        said = ""
        for entry in sheet.entries:
            if reason(entry) != said:
                said = reason(entry)
                yield f"{sign} {said}"
            yield from _several((allowed if allowed and sheet.kind == "allow" else line)(entry.domain))

    return write


def bare(line: Callable[[str], str | Sequence[str]]) -> Callable[[Sheet], Iterator[str]]:
    """A list for targets that take no comments; taking it back is listing the names that have to be removed."""

    def write(sheet: Sheet) -> Iterator[str]:
        for entry in sheet.entries:
            yield from _several(line(entry.domain))

    return write


def table(header: Sequence[str], row: Callable[[Entry], Sequence[str]]) -> Callable[[Sheet], Iterator[str]]:
    """A list as CSV; taking it back is listing the rows that have to be removed."""

    def write(sheet: Sheet) -> Iterator[str]:
        for cells in [header, *(row(entry) for entry in sheet.entries)] if header else [row(entry) for entry in sheet.entries]:
            line = io.StringIO()
            csv.writer(line, lineterminator="").writerow(cells)
            yield line.getvalue()

    return write


def registry(browser: str) -> Callable[[Sheet], Iterator[str]]:
    """Policies of a browser as a file for the Windows registry; numbers from 9001 on leave room for what is there already."""

    def write(sheet: Sheet) -> Iterator[str]:
        yield "Windows Registry Editor Version 5.00"
        yield ""
        yield from head(sheet, ";")
        yield f"[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\{browser}\\{'URLAllowlist' if sheet.kind == 'allow' else 'URLBlocklist'}]"
        for number, entry in enumerate(sheet.entries, 9001):
            if sheet.kind == "rollback":
                yield f'"{number}"=-'
            else:
                yield f"; {reason(entry)}"
                yield f'"{number}"="{entry.domain}"'

    return write


def _several(line: str | Sequence[str]) -> Sequence[str]:
    return [line] if isinstance(line, str) else line
