"""Logs that are SQLite databases: opened read-only and immutable, only plain tables read, by our own queries, within limits."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from discovery import formats
from discovery.decompress import magic_of
from discovery.errors import UnreadableLog
from discovery.format import SYSLOG_FIELDS, Layout, LogFormat
from discovery.framing import Lines
from discovery.kinds.base import SKIPPED, UNDERSTOOD
from discovery.parse import Block, Parsed, judge
from discovery.times import Reading

MAGIC: Final = b"SQLite format 3\0"
_BATCH: Final = 50_000
_LONGEST_VALUE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SqliteTable:
    """Records of a database.

    Attributes:
        tables: table -> columns that must be there, as plain tables (a view of a file we did not write is never run).
        query: our own query; its columns are the fields, all of them text or null, in order of time.
    """

    tables: dict[str, tuple[str, ...]]
    query: str

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """A database has none."""
        return None

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """Text lines are never understood."""
        nothing = {name: [None] * len(lines) for name in (*wanted, SKIPPED)}
        return pl.DataFrame({**nothing, UNDERSTOOD: [False] * len(lines)}, schema_overrides=dict.fromkeys(nothing, pl.String))


def compressed(path: Path) -> bool:
    """Whether the file itself is packed."""
    with path.open("rb") as file:
        return magic_of(file.read(16)) is not None


def read(path: Path, format_id: str | None = None) -> tuple[LogFormat, Layout, Iterator[Parsed]]:
    """The format of a database and its records as parsed blocks.

    Raises:
        UnreadableLog: damaged, or of no known kind.
    """
    known = [formats.get(format_id)] if format_id else formats.all_formats().values()
    try:
        connection = _open(path)
        there = _tables(connection)
        for format_ in known:
            for layout in format_.layouts:
                kind = layout.kind
                if isinstance(kind, SqliteTable) and all(set(columns) <= there.get(table, set()) for table, columns in kind.tables.items()):
                    return format_, layout, _records(connection, layout, kind)
    except sqlite3.Error as error:
        raise UnreadableLog(f"The database cannot be read: {error}.") from error
    raise UnreadableLog("This is a database (SQLite), but not of a program whose logs can be read.")


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    connection.text_factory = lambda value: value.decode(errors="replace")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    return connection


def _tables(connection: sqlite3.Connection) -> dict[str, set[str]]:
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
    return {name: {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))} for name in names}


def _records(connection: sqlite3.Connection, layout: Layout, kind: SqliteTable) -> Iterator[Parsed]:
    try:
        cursor = connection.execute(kind.query)
        names = [column[0] for column in cursor.description]
        first, ordinal = 1, 0
        while rows := cursor.fetchmany(_BATCH):
            fields = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row", strict=False)
            fields = fields.with_columns(
                pl.int_range(first, first + len(rows)).alias("line"),
                pl.lit(1).alias("_bytes"),
                pl.lit(value=True).alias(UNDERSTOOD),
                *(pl.lit(None, pl.String).alias(name) for name in (SKIPPED, *SYSLOG_FIELDS)),
            )
            yield judge(layout, Block(ordinal, first, b""), Reading(), fields, partial(_shown, fields, names))
            first, ordinal = first + len(rows), ordinal + 1
    except sqlite3.Error as error:
        raise UnreadableLog(f"The database cannot be read to its end: {error}.") from error
    finally:
        connection.close()


def _shown(fields: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Records as text, for samples."""
    return fields.select(pl.concat_str(names, separator="|", ignore_nulls=True)).to_series()
