"""What the client's line carried, by hour of week and service, out of what `week` keeps."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from discovery.catalogue import Catalogue
from discovery.matching import matcher
from discovery.store.blocks import domains_of
from discovery.store.overlaps import shadowed
from discovery.store.store import Store
from discovery.store.tables import Client, Import, WeekBytes

#: As handed out: service and capability are null where the catalogue knows none; `format` is of the log.
SPENT: Final[dict[str, pl.DataType]] = {
    "service": pl.String(),
    "capability": pl.String(),
    "format": pl.String(),
    "month": pl.Date(),
    "hour": pl.Int16(),
    "uploaded_bytes": pl.Int64(),
    "downloaded_bytes": pl.Int64(),
}


def week_bytes(store: Store, client: Client, catalogue: Catalogue, *, since: date | None = None, until: date | None = None) -> pl.DataFrame:
    """What the client's line carried by hour of week: rows of `SPENT`, of the months that a period touches.

    Args:
        catalogue: that names the services.
        since, until: first and last day; None: unbounded.
    """
    with store.read() as session:
        parts = [rows.with_columns(pl.lit(kind).alias("format")) for kind, rows in _kept(session, client)]
        domains = domains_of(session, client.id)
    if not parts:
        return pl.DataFrame(schema=SPENT)
    rows = pl.concat(parts).filter(_in(since, until)).join(domains, on="domain", how="left")
    matches = matcher(catalogue).match_all(rows["destination_domain"].drop_nulls().unique()).select(destination_domain="domain", service="service")
    known = rows.join(matches, on="destination_domain", how="left")
    capabilities: Mapping[str, str] = {service.id: service.capability for service in catalogue.services.values()}
    capability = pl.col("service").replace_strict(capabilities, default=None, return_dtype=pl.String).alias("capability")
    renamed = known.rename({"source_bytes": "uploaded_bytes", "destination_bytes": "downloaded_bytes"}).with_columns(capability)
    return renamed.select(pl.col(name).cast(kind) for name, kind in SPENT.items())


def _kept(session: Session, client: Client) -> list[tuple[str, pl.DataFrame]]:
    """Format and rows of each published import, without what another one told before."""
    hidden = shadowed(session, client.id)
    query = select(Import.id, Import.format, WeekBytes.packed).join(Import, Import.id == WeekBytes.import_id)
    query = query.where(WeekBytes.client_id == client.id, Import.state == "published").order_by(WeekBytes.id)
    return [
        (kind, pl.read_parquet(content).filter(~pl.col("segment").is_in(hidden.get(number, [])).fill_null(value=False)))
        for number, kind, content in session.execute(query)
    ]


def _in(since: date | None, until: date | None) -> pl.Expr:
    """Months that a period touches."""
    month = pl.col("month")
    after = pl.lit(value=True) if since is None else month >= since.replace(day=1)
    return after if until is None else after & (month <= until)
