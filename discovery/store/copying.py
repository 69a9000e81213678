"""Everything in one database, row for row, into another, which may be of another kind: SQLite and PostgreSQL hold the same tables."""

from typing import Final

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, select

from discovery.store.base import Base

#: Rows that are on their way at once; a row of usage holds some ten thousand observations.
_AT_ONCE: Final = 200


def copy(source: Engine, target: Engine) -> None:
    """Copy every table of one moment. All of it arrives or nothing.

    Args:
        source: of the schema of this version.
        target: the same, and empty.
    """
    level = {} if source.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}  # SQLite reads one moment anyhow
    strange = set(inspect(source).get_table_names()) - {table.name for table in Base.metadata.sorted_tables} - {"alembic_version"}
    if strange:
        raise RuntimeError(f"The tables {sorted(strange)} are known to nobody here: the module that declares them was not imported.")
    with source.connect().execution_options(**level) as reading, target.execution_options(writing="durable").begin() as writing:
        for table in Base.metadata.sorted_tables:
            for rows in reading.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*table.primary_key)).mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in rows])
            if writing.dialect.name == "postgresql":
                _count_on(writing, table)


def empty(engine: Engine) -> bool:
    """Whether no table holds a row."""
    with engine.connect() as connection:
        return not any(connection.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables)


def _count_on(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number the next row behind those that came with their numbers."""
    column = table.autoincrement_column
    highest = None if column is None else connection.scalar(select(func.max(column)))
    if column is not None and highest:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest)))
