"""DNS answers as they are kept: what gives names to addresses of logs that come later, and of those that came before.

Clients and addresses are keyed hashes. An answer about a private class is not kept; one about a domain that must not carry a person is kept
without its client. As with usage, hours become days once they are a week old.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Final

import polars as pl
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from discovery import naming, unmask
from discovery.answers import ALIASES, ANSWERS, Told
from discovery.catalogue import Catalogue
from discovery.events import SUBJECT
from discovery.identity import attribute
from discovery.matching import matcher
from discovery.shelf import Shelf
from discovery.store.blocks import DAY, HOUR
from discovery.store.identities import keyed
from discovery.store.tables import DnsAnswers, Import
from discovery.store.vault import Vault

#: Columns of kept answers; grain day: `since` is the begin of the client's day.
KEPT: Final[dict[str, pl.DataType]] = {**ANSWERS, "grain": pl.Enum((HOUR, DAY))}

_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What may be kept of the DNS answers of a log: columns of `KEPT` and of `ALIASES`."""

    answers: pl.DataFrame
    aliases: pl.DataFrame


def kept(told: Told, domains: pl.DataFrame, vault: Vault, zone: str, before: datetime) -> Kept:
    """Answers as they may be kept.

    Args:
        told: what the log tells.
        domains: destination_domain and keeps (see `minimise.judge_domains`); answers about other names are not kept.
        vault: of the client.
        zone: the client's.
        before: hours older than this become days.
    """
    texts = (table.with_columns(pl.col(pl.Categorical).cast(pl.String)) for table in (told.answers, told.aliases))
    answers, aliases = (_known(table, domains) for table in texts)
    counted = pl.col("keeps") == "count"
    nobody = answers.with_columns(pl.when(~counted).then(name).alias(name) for name in SUBJECT)
    addresses = vault.keys(naming.ADDRESS, nobody["address"].unique().to_list())
    hashed, _ = keyed(nobody.with_columns(_renamed(nobody["address"], addresses), pl.lit(HOUR).alias("grain")), vault)
    rows = hashed.select(pl.col(name).cast(kind) for name, kind in KEPT.items()).unique()
    return Kept(compacted(rows, zone, before), aliases.select(*ALIASES))


def _known(table: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    judged = domains.select(pl.col("destination_domain").alias("asked"), "keeps").filter(pl.col("keeps") != "private")
    return table.join(judged, on="asked")


def _renamed(column: pl.Series, keys: Mapping[str, str]) -> pl.Series:
    return column.replace_strict(keys, default=None, return_dtype=pl.String) if keys else column


def compacted(rows: pl.DataFrame, zone: str, before: datetime) -> pl.DataFrame:
    """Answers of which those older than a moment only tell the day."""
    old = (pl.col("grain") == HOUR) & (pl.col("since") < before)
    day = pl.col("since").dt.convert_time_zone(zone).dt.truncate("1d").dt.convert_time_zone("UTC")
    days = rows.with_columns(
        pl.when(old).then(day).otherwise("since").alias("since"), pl.when(old).then(pl.lit(DAY)).otherwise("grain").alias("grain")
    )
    return days.with_columns(pl.col("grain").cast(KEPT["grain"])).unique().sort("since", *SUBJECT, "asked", "address")


def packed(told: Kept) -> Iterator[dict[str, object]]:
    """The values of rows of the table of answers."""
    aliases = told.aliases
    for rows in told.answers.iter_slices(_ROWS) if told.answers.height else [told.answers][: aliases.height]:
        hours = rows.filter(pl.col("grain") == HOUR)["since"]
        yield {"hours_since": hours.min(), "packed": _parquet(rows), "aliases": _parquet(aliases)}
        aliases = aliases.clear()


def _parquet(table: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    table.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def compact_older(session: Session, client_id: int, zone: str, before: datetime) -> None:
    """Turn answers that are older than a week by now into days."""
    old = select(DnsAnswers).join(Import).where(DnsAnswers.client_id == client_id, DnsAnswers.hours_since < before, Import.state == "published")
    for row in list(session.scalars(old)):
        told = Kept(compacted(pl.read_parquet(row.packed), zone, before), pl.read_parquet(row.aliases))
        session.execute(delete(DnsAnswers).where(DnsAnswers.id == row.id))
        session.execute(insert(DnsAnswers), [{"client_id": client_id, "import_id": row.import_id, **values} for values in packed(told)])


def answers_of(session: Session, client_id: int) -> Kept:
    """The answers of a client's published imports."""
    query = select(DnsAnswers.packed, DnsAnswers.aliases).join(Import).where(DnsAnswers.client_id == client_id, Import.state == "published")
    rows = session.execute(query.order_by(DnsAnswers.id)).all()
    answers = [pl.DataFrame(schema=KEPT), *(pl.read_parquet(row.packed) for row in rows)]
    return Kept(pl.concat(answers), unmask.together([pl.read_parquet(row.aliases) for row in rows]))


def hashed_addresses(domains: pl.DataFrame, vault: Vault) -> pl.DataFrame:
    """Domains (of `blocks.Numbered`) whose addresses are keyed hashes."""
    name = pl.col("destination_domain")
    plain = domains.filter(name.str.starts_with(naming.ADDRESS))["destination_domain"].to_list()
    keys = vault.keys(naming.ADDRESS, [text.removeprefix(naming.ADDRESS) for text in plain])
    renamed = {text: naming.ADDRESS + keys[text.removeprefix(naming.ADDRESS)] for text in plain}
    return domains.with_columns(name.replace(renamed)) if renamed else domains


def aliases_of(session: Session, client_id: int) -> pl.DataFrame:
    """The names that are other names, as the answers of a client's published imports say."""
    query = select(DnsAnswers.aliases).join(Import).where(DnsAnswers.client_id == client_id, Import.state == "published")
    return unmask.together([pl.read_parquet(one) for one in session.scalars(query.order_by(DnsAnswers.id))])


def split(usage: pl.DataFrame) -> pl.DataFrame:
    """Usage whose addresses stand in `destination_ip` again and not among the domains."""
    name = pl.col("destination_domain")
    address = name.str.starts_with(naming.ADDRESS).fill_null(value=False)
    return usage.with_columns(
        pl.when(address).then(name.str.strip_prefix(naming.ADDRESS)).alias("destination_ip"), pl.when(~address).then(name).alias("destination_domain")
    )


def named(
    usage: pl.DataFrame, subjects: pl.DataFrame, told: Kept, leases: pl.DataFrame, people: pl.DataFrame, catalogue: Catalogue, zone: str
) -> pl.DataFrame:
    """Usage of a client, keyed, in which addresses have names as far as the answers go; adds `naming`.

    Args:
        usage: rows of `BLOCK` with `hour`, as `split` returns them.
        subjects: the client's.
        told: its answers.
        leases, people: the client's, keyed.
        catalogue: says which names go to one place.
        zone: the client's.
    """
    if not told.answers.height or not usage["destination_ip"].count():
        return usage
    who = partial(attribute, leases=leases, people=people)
    targets = partial(unmask.targets, matcher(catalogue), told.aliases)
    (found,) = naming.named([Shelf([usage])], [told.answers], partial(_handles, who, subjects), targets, zone=zone)
    return found.whole()


def _handles(who: Callable[[pl.DataFrame], pl.DataFrame], subjects: pl.DataFrame, rows: pl.DataFrame) -> list[pl.Series]:
    """See `naming.handles`; subjects of usage are numbers here."""
    return naming.handles(who, rows if "subject" not in rows.columns else rows.join(subjects, on="subject", how="left", maintain_order="left"))
