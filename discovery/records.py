"""Files whose records are no lines, from their first bytes to parsed blocks. A format whose kind is one of `Records` is found here by itself."""

from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from discovery import formats
from discovery.coding import Names
from discovery.errors import UnreadableLog
from discovery.format import SYSLOG_FIELDS, Layout, LogFormat
from discovery.framed import Block
from discovery.kinds.base import SKIPPED, UNDERSTOOD
from discovery.kinds.records import Content, Opened, Records, Row
from discovery.parse import Parsed, judge
from discovery.times import Reading

Candidates = list[tuple[LogFormat, Layout, Records]]


def candidates(start: bytes, format_id: str | None = None) -> Candidates:
    """The formats with such records that a file that begins so may have."""
    known = formats.all_formats().values()
    return [
        (format_, layout, layout.kind)
        for format_ in known
        for layout in format_.layouts
        if format_id in (None, format_.id) and isinstance(layout.kind, Records) and layout.kind.begins(start)
    ]


def opened(those: Candidates, content: Content) -> tuple[LogFormat, Layout, Opened]:
    """The first candidate whose records the file holds.

    Raises:
        UnreadableLog: damaged, or of no known kind.
    """
    for format_, layout, kind in those:
        found = kind.open(content)
        if found is not None:
            return format_, layout, found
    raise UnreadableLog("This is a database (SQLite), but not of a program whose logs can be read.")


def parsed(layout: Layout, file: Opened, key: str | None = None) -> Iterator[Parsed]:
    """The records of a file as parsed blocks; a record's number is its place in the file. `key` as of `Reading`."""
    first, coder = 1, Names()
    for ordinal, rows in enumerate(file.batches):
        fields = _table(file.names, rows, first)
        yield judge(layout, Block(ordinal, first, b""), Reading(key=key), fields, partial(_shown, fields, file.names), coder)
        first += len(rows)


def _table(names: Sequence[str], rows: Sequence[Row | None], first: int) -> pl.DataFrame:
    nothing = (None,) * len(names)
    whole = [nothing if row is None else row for row in rows]
    fields = pl.DataFrame(whole, schema=dict.fromkeys(names, pl.String), orient="row", strict=False)
    return fields.with_columns(
        pl.int_range(first, first + len(rows)).alias("line"),
        pl.lit(1).alias("_bytes"),
        pl.Series(UNDERSTOOD, [row is not None for row in rows]),
        *(pl.lit(None, pl.String).alias(name) for name in (SKIPPED, *SYSLOG_FIELDS)),
    )


def _shown(fields: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Records as text, for samples."""
    return fields.select(pl.concat_str(names, separator="|", ignore_nulls=True)).to_series()
