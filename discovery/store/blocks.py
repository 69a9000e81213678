"""Usage as it is kept: blocks of rows in columns, written once and read as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from discovery.coding import spelled_out
from discovery.events import CHANNELS, SUBJECT
from discovery.naming import ADDRESS
from discovery.networks import KINDS
from discovery.rhythm import EVIDENCE
from discovery.runs import distinct
from discovery.shelf import Shelf
from discovery.store.overlaps import shadowed
from discovery.store.tables import Domain, Import, Subject, Usage
from discovery.turns import turns
from discovery.usage import TIMES, USAGE

TRAFFIC: Final = "traffic"
CANNOT_BE_TOLD: Final = "cannot_be_told"
SIGHTINGS: Final = (TRAFFIC, "sign-in", "consent", "installed", "expensed", "declared")
#: Kinds of sighting that hold from their day on, until something else is known.
STANDING: Final = ("consent", "installed", "declared")
ACCOUNTS: Final = ("company", "other_tenant", "personal", CANNOT_BE_TOLD)
HOUR: Final = "hour"
DAY: Final = "day"

#: One row is one import × subject × channel × domain × hour, or day once it is compacted.
BLOCK: Final[dict[str, pl.DataType]] = {
    "subject": pl.Int32(),  # number of the subject; null: stripped of it, or the log names nobody
    "people": pl.Int32(),  # people behind a stripped row, at least; null: not stripped, or not to be told
    "domain": pl.Int32(),  # number of the domain, or of the address where the log names only that; null: it names neither
    "channel": pl.Enum(CHANNELS),
    "sighting": pl.Enum(SIGHTINGS),  # kind of sighting
    "account": pl.Enum(ACCOUNTS),  # account class
    "format": pl.String(),  # whose line it was, where the log holds those of several formats; null: the log's own
    "network": pl.Enum(KINDS),  # which part of the firm's network; null: not known
    "segment": pl.Int32(),  # what other imports told before (see `overlaps`); null: nothing
    "grain": pl.Enum((HOUR, DAY)),
    "start": pl.Datetime("us", "UTC"),  # the hour; grain day: the first hour of that day with use
    "slots": pl.UInt8(),  # grain hour: bit mask of its ten minutes with use; grain day: their number
    "hits": pl.Int64(),
    "blocked_hits": pl.Int64(),
    "source_bytes": pl.Int64(),  # null: not told
    "destination_bytes": pl.Int64(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
    "first_line": pl.Int64(),  # null: not to be told
    **dict.fromkeys(EVIDENCE, pl.Int32()),  # of the subject's day with the service, see `rhythm`; null: not known
}

#: What names the site.
SITE: Final = ("destination_domain", "destination_ip")

#: Rows in one block: some megabytes while it is made, well under one when it is kept.
BLOCK_ROWS: Final = 100_000


_USUALLY: Final = {"sighting": TRAFFIC, "account": CANNOT_BE_TOLD, "format": None, "network": None, "segment": None}


@dataclass(frozen=True, slots=True)
class Numbered:
    """Usage whose subjects and domains have numbers.

    Attributes:
        usage: columns of `USAGE`, of sightings also `sightings.ABOUT`.
        subjects: subject (number) and the columns of `SUBJECT`.
        domains: domain (number) and destination_domain; where the log names only an address, that, marked as `naming.ADDRESS`.
        sites: the number of the domain behind the columns of `SITE`.
    """

    usage: Shelf
    subjects: pl.DataFrame
    domains: pl.DataFrame
    sites: pl.DataFrame

    def pieces(self) -> Iterator[pl.DataFrame]:
        """All rows, with `subject` and `domain` in place of the columns that named them."""
        return map(self._numbers, self.usage.pieces())

    def turns(self, zone: str) -> Iterator[pl.DataFrame]:
        """The same in the order of time, some days of a zone at a time."""
        days = turns([piece["hour"] for piece in self.usage.pieces("hour")], zone)
        return (self._numbers(self.usage.during(one)) for one in days)

    def _numbers(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.drop(*SUBJECT, *SITE).with_columns(_number(rows, self.subjects, SUBJECT), _number(rows, self.sites, SITE))


def numbered(usage: Shelf) -> Numbered:
    """A usage table, its subjects and domains numbered from 0 in the order of their words."""
    subjects, sites = (_known(usage, key) for key in (SUBJECT, SITE))
    named = sites.with_columns(pl.coalesce("destination_domain", pl.lit(ADDRESS) + pl.col("destination_ip")).alias("name"))
    domains = named.select(pl.col("name").unique(maintain_order=True)).with_row_index("domain").cast({"domain": pl.Int32})
    of_sites = named.join(domains, on="name", how="left", maintain_order="left").select("domain", *SITE)
    return Numbered(usage, subjects.with_row_index("subject").cast({"subject": pl.Int32}), domains.rename({"name": "destination_domain"}), of_sites)


def rows_of(usage: pl.DataFrame) -> pl.DataFrame:
    """Some usage of `Numbered` as rows of `BLOCK` (without evidence), and when each ten minutes began (`usage.TIMES`)."""
    rows = usage.select(
        "subject",
        "domain",
        pl.lit(None, pl.Int32).alias("people"),
        *(name if name in usage.columns else pl.lit(usual).alias(name) for name, usual in _USUALLY.items()),
        pl.lit(HOUR).alias("grain"),
        pl.col("hour").alias("start"),
        *(name for name in BLOCK if name in usage.columns and name not in (*_USUALLY, "subject", "domain")),
        *(pl.lit(None).alias(name) for name in EVIDENCE),
        *TIMES,
    )
    return rows.select(*(pl.col(name).cast(kind) for name, kind in BLOCK.items()), *TIMES)


def _known(usage: Shelf, key: Sequence[str]) -> pl.DataFrame:
    """The distinct values of some columns, as text in their order, without what has none."""
    return spelled_out(usage.distinct(*key)).filter(pl.any_horizontal(pl.col(key).is_not_null())).sort(key, nulls_last=True)


def _number(rows: pl.DataFrame, known: pl.DataFrame, key: Sequence[str]) -> pl.Series:
    """For each row the number (first column) of what is known of it; null where all of the key is null."""
    first, which = distinct(rows, key)
    words = spelled_out(rows.select(key)[first])
    return words.join(known, on=key, how="left", nulls_equal=True, maintain_order="left")[known.columns[0]].gather(which)


def pack(rows: pl.DataFrame) -> dict[str, object]:
    """The values of one row of the table of usage for a block of rows."""
    buffer = BytesIO()
    rows.select(BLOCK.keys()).write_parquet(buffer, compression="zstd", statistics=False)
    hours = rows.filter(pl.col("grain") == HOUR)["start"]
    return {
        "rows": rows.height,
        "since": rows["start"].min(),
        "until": rows["start"].max(),
        "hours_since": hours.min(),
        "named_since": rows.filter(pl.col("subject").is_not_null())["start"].min(),
        "packed": buffer.getvalue(),
    }


def slices(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows in the order of time, in pieces of the size of a block."""
    return rows.sort("start", "subject", "domain", "channel", maintain_order=True).iter_slices(BLOCK_ROWS)


def load(
    session: Session, client_id: int, *, since: datetime | None = None, until: datetime | None = None, of: int | None = None
) -> dict[int, pl.DataFrame]:
    """The usage of a client: import -> rows of `BLOCK`, without what another published import told before.

    Args:
        since, until: only rows that start in this period; `until` is no longer part of it.
        of: only this import, whatever its state and whatever others told of it; otherwise all published ones.
    """
    query = select(Usage.import_id, Usage.packed).join(Import).where(Usage.client_id == client_id).order_by(Usage.import_id, Usage.since, Usage.id)
    query = query.where(Import.state == "published") if of is None else query.where(Usage.import_id == of)
    query = query.where(Usage.until >= since) if since else query
    query = query.where(Usage.since < until) if until else query
    tables: dict[int, list[pl.DataFrame]] = {}
    for number, packed in session.execute(query):
        tables.setdefault(number, []).append(unpack(packed, since, until))
    hidden = shadowed(session, client_id) if of is None else {}
    return {number: _counted(pl.concat(parts), hidden.get(number, [])) for number, parts in tables.items()}


def _counted(rows: pl.DataFrame, hidden: Sequence[int]) -> pl.DataFrame:
    """Rows without the segments that another import told before."""
    return rows.filter(~pl.col("segment").is_in(hidden).fill_null(value=False)) if hidden else rows


def unpack(packed: bytes, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
    """The rows of a block that start in a period."""
    rows = pl.read_parquet(packed)
    if since and rows["start"][0] < since:  # rows stand in the order of time
        rows = rows.filter(pl.col("start") >= since)
    return rows.filter(pl.col("start") < until) if until else rows


def subjects_of(session: Session, client_id: int) -> pl.DataFrame:
    """The subjects of a client by number, as keyed hashes."""
    columns = (Subject.id, Subject.user_name, Subject.source_ip, Subject.source_mac, Subject.host_name)
    return _table(
        session.execute(select(*columns).where(Subject.client_id == client_id)).all(),
        ("subject", "user_name", "source_ip", "source_mac", "host_name"),
    )


def domains_of(session: Session, client_id: int) -> pl.DataFrame:
    """The domains of a client by number."""
    return _table(session.execute(select(Domain.id, Domain.name).where(Domain.client_id == client_id)).all(), ("domain", "destination_domain"))


def _table(rows: Sequence[object], columns: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={name: USAGE.get(name, pl.Int32()) for name in columns}, orient="row")
