"""The one declarative base, and how a database is opened: the only place that knows which database it is.

Every wing declares its tables on `Base`, in a file named `tables.py` (observations in discovery/store, decisions in rules, accounts in webui),
and its change of schema as a file in discovery/store/migrations/versions, so that there is one history of the schema.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import URL, Connection, DateTime, Dialect, Engine, ExceptionContext, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from discovery.errors import NoRoom, NotWritable

#: How long a writer waits for another one before it gives up, in milliseconds.
BUSY_TIMEOUT: Final = 60_000

#: Set on every SQLite connection. Deleted pages are overwritten (secure_delete), so that what was removed is not left in the file.
PRAGMAS: Final = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


#: How SQLite, and an operating system whose words PostgreSQL hands on, say that the disk is full.
FULL: Final = ("database or disk is full", "No space left on device", "Disk quota exceeded")
#: How SQLite says that it may not write, and how it says whatever else befell the file; a quota that is used up is told so, too.
CLOSED: Final = ("attempt to write a readonly database", "unable to open database file", "disk I/O error")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC and always handed out with its zone; a moment without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone, so it is dropped there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table of every wing is declared on. Names of constraints are fixed, so that a migration can name them on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 (SQLAlchemy reads it from the class)


def engine(url: URL) -> Engine:
    """The engine for a database URL, with SQLite set up as decision 7 asks (readers never wait for a writer)."""
    made = create_engine(url, hide_parameters=True)  # what stands in errors goes to terminals and logs of servers
    event.listen(made, "handle_error", _say_of_the_disk)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
    return made


def _say_of_the_disk(context: ExceptionContext) -> None:
    """A disk that takes nothing more is nobody's mistake: one sentence in the place of the driver's error."""
    said = str(context.original_exception)
    if any(told in said for told in FULL):
        raise NoRoom from context.original_exception
    if any(told in said for told in CLOSED):
        raise NotWritable from context.original_exception


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (a driver's connection has no common type)
    connection.isolation_level = None  # transactions begin where we say so, see `_begin_sqlite`
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at the start: a reader that turned writer could find the database changed under it and fail at once."""
    writing = connection.get_execution_options().get("writing")
    if writing:
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if writing == 'durable' else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Sessions:
    """The two ways to the database: `read()` sees one moment of it, `write()` commits everything or nothing."""

    def __init__(self, bound: Engine) -> None:
        self.engine = bound
        self._reading = sessionmaker(bound, expire_on_commit=False)
        self._writing = sessionmaker(bound.execution_options(writing="quick"), expire_on_commit=False)
        self._durable = sessionmaker(bound.execution_options(writing="durable"), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent moment; nothing it does is kept."""
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all if an exception leaves the block.

        Args:
            durable: the commit survives a power cut (people's own work: decisions, accounts). Otherwise a power cut may lose the last
                commits but never damages the database; imports can be run again from the log.
        """
        with (self._durable if durable else self._writing).begin() as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def truncate_journal(self) -> None:
        """Make deleted content leave the disk at once: what was overwritten in the database still stands in SQLite's write-ahead log.

        Waits for readers as long as a writer would. On PostgreSQL this is the server's own business (vacuum).
        """
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
