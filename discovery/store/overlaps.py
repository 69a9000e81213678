"""Imports that overlap: what of one others told before stays kept and is not counted, for as long as one of those others is published."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO

import polars as pl
from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from discovery.overlap import Marked, Segments, segments
from discovery.store.base import Sessions
from discovery.store.tables import Client, Import, Mark, Overlap

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def marking(session: Session, client_id: int) -> tuple[int, ...]:
    """The published imports that others may overlap with, by number."""
    published = select(Mark.import_id).join(Import, Mark.import_id == Import.id).where(Mark.client_id == client_id, Import.state == "published")
    return tuple(session.scalars(published.order_by(Mark.import_id)))


def found(session: Session, client_id: int, marked: Marked) -> Segments | None:
    """What published imports of a client told before of a log."""
    if not marked.minutes.height:
        return None
    first, last = (_moment(marked.minutes["minute"].min()), _moment(marked.minutes["minute"].max()))  # type: ignore[arg-type]
    near = select(Mark).where(Mark.import_id.in_(marking(session, client_id)), Mark.since <= last, Mark.until >= first).order_by(Mark.import_id)
    return segments(marked, ((row.import_id, Marked(_unpacked(row.minutes), _unpacked(row.lines))) for row in session.scalars(near)))


def keep(session: Session, job: Import, marked: Marked, told: Segments | None, events: Mapping[int, int]) -> None:
    """Keep what identifies the lines of an import, and what others told of it.

    Args:
        events: segment -> requests in it.
    """
    whose = {"client_id": job.client_id, "import_id": job.id}
    if marked.minutes.height:
        minutes = marked.minutes["minute"]
        since, until = _moment(minutes.min()), _moment(minutes.max())  # type: ignore[arg-type]
        packed = {"minutes": _packed(marked.minutes), "lines": _packed_lines(marked.lines)}
        session.execute(insert(Mark), [{**whose, "since": since, "until": until, **packed}])
    rows = [
        {**whose, "segment": segment, "told_by": number, "events": events[segment]}
        for segment, numbers in enumerate(told.told_by if told else ())
        for number in numbers
    ]
    if rows:
        session.execute(insert(Overlap), rows)


def shadowed(session: Session, client_id: int) -> dict[int, list[int]]:
    """Import -> its segments that a published import told before."""
    hidden: dict[int, list[int]] = {}
    for number, segment, _ in session.execute(_hidden(client_id)):
        hidden.setdefault(number, []).append(segment)
    return hidden


def counted_before(store: Sessions, client: Client) -> dict[int, int]:
    """Import -> requests that were counted with another import."""
    counts: dict[int, int] = {}
    with store.read() as session:
        for number, _, events in session.execute(_hidden(client.id)):
            counts[number] = counts.get(number, 0) + events
    return counts


def forget_lines(session: Session, client_id: int, before: datetime) -> None:
    """Drop the digests of single lines that are older than a moment; minutes stay."""
    minute = int((before - _EPOCH) / timedelta(minutes=1))
    for row in session.scalars(select(Mark).where(Mark.client_id == client_id, Mark.since < before)):
        lines = _unpacked(row.lines)
        recent = lines.filter(pl.col("minute") >= minute)
        if recent.height < lines.height:
            row.lines = _packed_lines(recent)


def drop(session: Session, job: Import) -> None:
    """Delete what was kept here of an import."""
    for table in (Mark, Overlap):
        session.execute(delete(table).where(table.import_id == job.id))


def _hidden(client_id: int) -> Select[int, int, int]:
    """Import, segment and its requests, once each, where a published import told it."""
    told = select(Overlap.import_id, Overlap.segment, func.max(Overlap.events)).join(Import, Overlap.told_by == Import.id)
    return told.where(Overlap.client_id == client_id, Import.state == "published").group_by(Overlap.import_id, Overlap.segment)


def _moment(minute: int) -> datetime:
    return _EPOCH + timedelta(minutes=minute)


def _packed(table: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    table.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _packed_lines(lines: pl.DataFrame) -> bytes:
    """Single lines without their numbers, which their order tells, and with half of their digest, which is enough within a minute."""
    return _packed(lines.drop("line").with_columns(pl.col("digest") % (1 << 32)))


def _unpacked(packed: bytes) -> pl.DataFrame:
    table = pl.read_parquet(packed)
    return table if "lines" in table.columns else table.with_row_index("line").with_columns(pl.col("line").cast(pl.Int64))
