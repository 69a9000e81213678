"""A log format that somebody taught: which column is what, as data. TOML, never executed; its one pattern goes to a linear-time engine.

title = "Door proxy"
kind = "csv"                 # csv, keyvalue or json
separator = ";"              # between columns or pairs; not for json
header = true                # csv: the first line names the columns; else they are numbered from 1

[columns]                    # what -> which; see ROLES
time = "When"
client = "Workstation"
domain = "Site"

[words]
blocked = "(?i)block|den"    # what in the column `action` means that a request was refused
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from discovery.errors import GnomonError
from discovery.format import NO_NAMES, Layout, LogFormat
from discovery.framing import Lines
from discovery.kinds.base import Kind
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.named import Named, plain
from discovery.names import host_of
from discovery.spellings import clock
from discovery.times import SYSLOG

#: What a column can be.
ROLES: Final = {
    "time": "Time",
    "date": "Date, beside the time",
    "user": "User",
    "client": "Client address",
    "host": "Client device",
    "mac": "Client MAC",
    "domain": "Site name",
    "url": "Site URL",
    "address": "Site address",
    "up": "Bytes sent",
    "down": "Bytes received",
    "action": "Allowed or blocked",
}
KINDS: Final = ("csv", "keyvalue", "json")
SEPARATORS: Final = (",", ";", "\t", "|", " ")
BLOCKED: Final = r"(?i)block|den(?:y|ied)|drop|refus|reject|reset"

#: What a relay's header says can stand for a column.
RELAYED: Final = {"syslog_time": "time", "syslog_host": "host"}

_SITES: Final = ("domain", "url", "address")
_WHO: Final = ("user", "client", "host", "mac")
_LONGEST: Final = 200
_MOST_COLUMNS: Final = 500
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\"'\\`]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFormat:
    """A taught format.

    Attributes:
        title: what its owner calls it.
        kind: csv, keyvalue or json.
        columns: role -> column: its name; a number from 1 where no line names the columns; a dotted path in JSON.
        separator: between columns or pairs.
        header: whether the first line of a CSV names its columns.
        blocked: what in the column `action` means that a request was refused.
    """

    title: str
    kind: str
    columns: Mapping[str, str]
    separator: str = ","
    header: bool = True
    blocked: str = BLOCKED

    @property
    def id(self) -> str:
        """Its short name, which no shipped format has."""
        return "own-" + (re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:40] or "format")

    def as_format(self) -> LogFormat:
        """What reads such a log."""
        inner = {role: column for role, column in self.columns.items() if column not in RELAYED}
        layout = Layout(
            kind=self._kind(inner),
            clock=SYSLOG if self.columns["time"] in RELAYED else clock("time", "date" if "date" in inner else None),
            event=self._event(),
            channel="bytes" if {"up", "down"} & set(inner) else "name",
        )
        return LogFormat(id=self.id, title=self.title, family="generic", layouts=(layout,), cannot_tell=self._cannot_tell())

    def as_toml(self) -> str:
        """The text of its file."""
        told = [f"title = {_text(self.title)}", f"kind = {_text(self.kind)}"]
        if self.kind != "json":
            told.append(f"separator = {_text(self.separator)}")
        if self.kind == "csv":
            told.append(f"header = {'true' if self.header else 'false'}")
        columns = [f"{role} = {_text(column)}" for role, column in self.columns.items()]
        return "\n".join([*told, "", "[columns]", *columns, "", "[words]", f"blocked = {_text(self.blocked)}", ""])

    def _kind(self, columns: Mapping[str, str]) -> Kind:
        if self.kind == "json":
            return _Aliased(JsonLines(must=tuple(columns.values())[:1]), columns)
        if self.kind == "keyvalue":
            return _Aliased(KeyValue(self.separator, must=tuple(columns.values())[:1]), columns)
        if self.header:
            return Named({role: (plain(column),) for role, column in columns.items()}, tuple((role,) for role in columns), self.separator)
        places = {int(column): role for role, column in columns.items()}
        names = tuple(places.get(place, f"_{place}") for place in range(1, max(places) + 1))
        return Delimited(self.separator, names, quotes=True, lead=True, least=len(names))

    def _event(self) -> dict[str, pl.Expr]:
        columns = {role: pl.col(column if column in RELAYED else role) for role, column in self.columns.items()}
        event = {_EVENT[role]: column for role, column in columns.items() if role in _EVENT}
        named = [pl.when(columns[role] != "").then(columns[role]) for role in ("domain", "url") if role in columns]
        if named:
            event["destination_domain"] = host_of(pl.coalesce(named))
        if "action" in columns:
            refused = pl.when(columns["action"].str.contains(self.blocked)).then(pl.lit("blocked"))
            event["event_action"] = refused.when(columns["action"] != "").then(pl.lit("allowed"))
        return event

    def _cannot_tell(self) -> tuple[str, ...]:
        told = {
            NO_NAMES: not {"domain", "url"} & set(self.columns),
            "Who asked: no column says it.": not set(_WHO) & set(self.columns),
            "How much was uploaded: no column says it.": "up" not in self.columns,
            "Whether a request was allowed: no column says it.": "action" not in self.columns,
        }
        return tuple(sentence for sentence, holds in told.items() if holds)


_EVENT: Final = {
    "user": "user_name",
    "client": "source_ip",
    "mac": "source_mac",
    "host": "host_name",
    "address": "destination_ip",
    "up": "source_bytes",
    "down": "destination_bytes",
}


@dataclass(frozen=True, slots=True)
class _Aliased:
    """A kind whose columns go by other names: a name from a log is only ever looked for, never part of an expression."""

    inner: Kind
    columns: Mapping[str, str]

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        return self.inner.header(head, before)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        given = [name for name in wanted if name in self.columns]
        table = self.inner.fields(lines, list(dict.fromkeys(self.columns[name] for name in given)), header)
        extra = [name for name in ("_understood", "_skipped") if name in table.columns]
        return table.select(*(table[self.columns[name]].alias(name) for name in given), *(table[name] for name in extra))


def load(path: Path) -> OwnFormat:
    """The format in a file.

    Raises:
        GnomonError: it cannot be read, or says something it must not; the text names file and key.
    """
    try:
        return read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise GnomonError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}.") from error
    except GnomonError as error:
        raise GnomonError(f"{path.name}: {error}") from error


def read(text: str) -> OwnFormat:
    """The format in a text. Raises GnomonError as `load` does."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GnomonError(f"This is no valid TOML: {error}.") from error
    words, columns = told.pop("words", {}), told.pop("columns", {})
    unknown = set(told) - {"title", "kind", "separator", "header"} | (set(words) - {"blocked"} if isinstance(words, dict) else {"words"})
    if unknown:
        raise GnomonError(f"Nobody knows the key {', '.join(sorted(unknown))}.")
    if not isinstance(columns, dict):
        raise GnomonError('[columns] must be a table: what = "which".')
    return checked(**{**told, **words, "columns": {str(role): str(column) for role, column in columns.items()}})


def checked(**told: Any) -> OwnFormat:  # noqa: ANN401 (from a file or a form: anything may come)
    """A format of these parts. Raises GnomonError with what is wrong with it."""
    kinds = {"title": str, "kind": str, "separator": str, "header": bool, "blocked": str}
    wrong = next((key for key, kind in kinds.items() if key in told and not isinstance(told[key], kind)), None)
    missing = next((key for key in ("title", "kind") if not told.get(key)), None)
    if wrong or missing:
        raise GnomonError(f"The key {wrong or missing} {'has a value of the wrong kind' if wrong else 'is missing'}.")
    made = OwnFormat(**told)
    if (problem := _problem(made)) is not None:
        raise GnomonError(problem)
    return made


def _problem(made: OwnFormat) -> str | None:
    columns = made.columns
    numbers = [column for column in columns.values() if column not in RELAYED]
    checks = {
        f"A title has 1 to {_LONGEST} plain characters.": not made.title.strip() or len(made.title) > _LONGEST or not made.title.isprintable(),
        f"The kind is one of {', '.join(KINDS)}.": made.kind not in KINDS,
        "The separator is one of comma, semicolon, tab, bar and, for keyvalue, blank.": made.separator not in SEPARATORS[: 5 - (made.kind == "csv")],
        f"Columns can be {', '.join(ROLES)}.": bool(set(columns) - set(ROLES)),
        "One column must be the time.": "time" not in columns,
        "One column must be the site: domain, url or address.": not set(_SITES) & set(columns),
        "A column can only be one thing.": len(set(columns.values())) < len(columns),
        "The name of a column is too long, or holds a quote or a control character.": any(
            not column or len(column) > _LONGEST or _ODD.search(column) for column in columns.values()
        ),
        f"Without a header, columns are numbered from 1 to {_MOST_COLUMNS}.": made.kind == "csv"
        and not made.header
        and not all(re.fullmatch(r"[1-9]\d{0,2}", column) and int(column) <= _MOST_COLUMNS for column in numbers),
        "The pattern for what is blocked cannot be used.": not _usable(made.blocked),
    }
    return next((sentence for sentence, holds in checks.items() if holds), None)


def _usable(pattern: str) -> bool:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return False
    return len(pattern) <= _LONGEST


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
