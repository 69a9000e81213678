"""Whose usage it was: the leases and the people list of a client as keyed tables, and what they say of a row."""

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from discovery.identity import PEOPLE, WHO, attribute
from discovery.leases import LEASES
from discovery.store.tables import Handle, Import, Lease


def leases_of(session: Session, client_id: int) -> pl.DataFrame:
    """Leases of a client's published imports (columns of `LEASES`), as keyed hashes; each ends when another device gets the address."""
    columns = [getattr(Lease, name) for name in LEASES]
    query = select(*columns).join(Import).where(Lease.client_id == client_id, Import.state == "published").order_by(Lease.id)
    return _ended(pl.DataFrame(session.execute(query).all(), schema=LEASES, orient="row"))


def people_of(session: Session, client_id: int) -> pl.DataFrame:
    """The people list of a client (columns of `PEOPLE`), as keyed hashes."""
    columns = [getattr(Handle, name) for name in PEOPLE]
    return pl.DataFrame(session.execute(select(*columns).where(Handle.client_id == client_id).order_by(Handle.id)).all(), schema=PEOPLE, orient="row")


def whose(rows: pl.DataFrame, subjects: pl.DataFrame, leases: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `BLOCK` with `lease` (see `covering_lease`), and whose they are: the columns of `identity.WHO` by subject and lease.

    Everything that one subject did under one lease is one person's or device's, so it is asked once for all of it.
    """
    leased = rows.with_columns(covering_lease(rows, subjects, leases))
    asked = (
        leased.select("subject", "lease", "first", "last").unique(["subject", "lease"], maintain_order=True).join(subjects, on="subject", how="left")
    )
    covered = pl.col("lease").is_not_null()
    who = pl.concat([attribute(asked.filter(covered), leases, people), attribute(asked.filter(~covered), leases.clear(), people)])
    return leased, who.select("subject", "lease", *(pl.col(name).cast(pl.String) for name in WHO))


def told(leased: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    """The two answers of `whose` in one table, its rows in their order."""
    return leased.join(who, on=["subject", "lease"], how="left", nulls_equal=True, maintain_order="left")


def covering_lease(rows: pl.DataFrame, subjects: pl.DataFrame, leases: pl.DataFrame) -> pl.Series:
    """For each row the begin of the lease that covers it from its first to its last event, else null.

    Rows under one lease may become one row, and attribution will find the same lease for it.
    """
    held = leases.join(subjects.select("subject", "source_ip"), on="source_ip").select("subject", "since", "until").sort("since")
    if not held.height:
        return pl.Series("lease", [None] * rows.height, dtype=LEASES["since"])
    ordered = rows.select("subject", "first", "last").with_row_index("row").sort("first")
    joined = ordered.join_asof(held, left_on="first", right_on="since", by="subject", strategy="backward", check_sortedness=False)
    covers = pl.col("until").is_null() | (pl.col("last") <= pl.col("until"))
    return joined.sort("row").select(pl.when(covers).then("since").alias("lease")).to_series()


def _ended(leases: pl.DataFrame) -> pl.DataFrame:
    """Leases without an end, or with one that came too late, end where the address went to another device."""
    ordered = leases.sort("source_ip", "since").with_columns(pl.struct("source_ip", "source_mac", "host_name").rle_id().alias("tenancy"))
    begins = ordered.group_by("tenancy", maintain_order=True).agg(pl.col("source_ip").first(), pl.col("since").min().alias("begin"))
    ends = begins.select("tenancy", pl.col("begin").shift(-1).over("source_ip").alias("end"))
    return (
        ordered.join(ends, on="tenancy", maintain_order="left").with_columns(pl.min_horizontal("until", "end").alias("until")).select(LEASES.keys())
    )
