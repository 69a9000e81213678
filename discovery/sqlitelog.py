"""Logs that are SQLite databases: opened read-only and immutable, only plain tables read, by our own queries, within limits."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from discovery.dates import plausible
from discovery.errors import UnreadableLog
from discovery.kinds.records import Content, Opened, Records, Row
from discovery.leases import LEASES
from discovery.leases.base import canonical

MAGIC: Final = b"SQLite format 3\0"
_BATCH: Final = 50_000
_LONGEST_VALUE: Final = 1_000_000
_MOST_LEASES: Final = 1_000_000

Tables = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LeaseQuery:
    """Who had which address, told beside the records.

    Attributes:
        tables: as of `SqliteTable`.
        query: address, MAC, host name (text or null), and begin and end in seconds since 1970 (real numbers; null: none).
    """

    tables: Tables
    query: str


@dataclass(frozen=True, slots=True)
class SqliteTable(Records):
    """Records of a database.

    Attributes:
        tables: table -> columns that must be there, as plain tables (a view of a file we did not write is never run).
        query: our own query; its columns are the fields, all of them text or null, in order of time.
        leases: the first whose tables are there.
    """

    tables: Tables
    query: str
    leases: tuple[LeaseQuery, ...] = ()

    def begins(self, start: bytes) -> bool:
        """See `Records`."""
        return start.startswith(MAGIC)

    def open(self, content: Content) -> Opened | None:
        """See `Records`."""
        try:
            connection = _open(content.path())
            there = _tables(connection)
            if not _has(there, self.tables):
                connection.close()
                return None
            beside = next((lease.query for lease in self.leases if _has(there, lease.tables)), None)
            found = None if beside is None else _leases(connection, beside)
            cursor = connection.execute(self.query)
        except sqlite3.Error as error:
            raise UnreadableLog(f"The database cannot be read: {error}.") from error
        return Opened(tuple(column[0] for column in cursor.description), _batches(connection, cursor), found)


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


def _has(there: Mapping[str, set[str]], tables: Tables) -> bool:
    return all(set(columns) <= there.get(table, set()) for table, columns in tables.items())


def _batches(connection: sqlite3.Connection, cursor: sqlite3.Cursor) -> Iterator[Sequence[Row]]:
    try:
        while rows := cursor.fetchmany(_BATCH):
            yield rows
    except sqlite3.Error as error:
        raise UnreadableLog(f"The database cannot be read to its end: {error}.") from error
    finally:
        connection.close()


def _leases(connection: sqlite3.Connection, query: str) -> pl.DataFrame:
    """Columns of `LEASES`, without those whose times no log can hold."""
    rows = connection.execute(query).fetchmany(_MOST_LEASES)
    numbers = {name: pl.Float64 if name in ("since", "until") else pl.String for name in LEASES}
    said = pl.DataFrame(rows, schema=numbers, orient="row", strict=False)
    times = (plausible((pl.col(name) * 1e6).cast(pl.Int64, strict=False).cast(LEASES[name])) for name in ("since", "until"))
    timed = said.with_columns(times)
    return canonical(timed.filter(timed["since"].is_not_null() & (timed["until"].is_not_null() | said["until"].is_null())))
