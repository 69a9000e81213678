"""Everything that is kept of one person: what somebody may ask for who wants to know what is held about them.

Rows stand here as they are kept, also those that another log told before and that no page counts. What is shared with others is given as far as it is
about this person; nobody else appears. Names, devices and addresses are called what the pages call them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from discovery.catalogue import Catalogue
from discovery.events import SUBJECT
from discovery.identity import USER, WHO, attribute
from discovery.leases import LEASES
from discovery.matching import matcher
from discovery.naming import ADDRESS
from discovery.networks import servers_apart
from discovery.store.blocks import BLOCK, HOUR, domains_of, load, subjects_of
from discovery.store.identities import shown
from discovery.store.store import Store
from discovery.store.tables import Client, DnsAnswers, Identity, Import, Lease
from discovery.store.who import leases_of, people_of, told, whose

#: Kinds of names that stand for a person.
PEOPLE: Final = ("person", "user_name")
#: What of a row of usage says something: all but the numbers by which rows find each other.
_SAYS: Final = tuple(name for name in BLOCK if name not in {"subject", "domain", "segment", "people", "start"})
_ADDRESS_ONLY: Final = "an address without a name"


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of one person; tables of plain values, oldest first.

    Attributes:
        person: as the pages call them.
        keys: keyed hashes of their names.
        names: under what they are known: kind, what it is shown as. The name itself stays sealed where the pages show pseudonyms.
        people_list: the rows of the firm's people list that are theirs.
        devices: device, basis of attribution, days, requests, first and last.
        usage: one row for each log, domain and hour or day.
        answers: names that they asked a DNS server for.
        leases: when an address was a device of theirs.
        logs: where all of it comes from.
    """

    person: str
    keys: frozenset[str]
    names: pl.DataFrame
    people_list: pl.DataFrame
    devices: pl.DataFrame
    usage: pl.DataFrame
    answers: pl.DataFrame
    leases: pl.DataFrame
    logs: pl.DataFrame


def held(store: Store, client: Client, catalogue: Catalogue, person: str) -> Held | None:
    """Everything kept of whom the pages call `person`; None where they call nobody so."""
    with store.read() as session:
        called = shown(session, client, store.vault(client), names=client.show_names)
        mine = _keys_of(session, client.id, called, person)
        if not mine:
            return None
        usage = _usage(session, client.id, mine)
        answers = _answers(session, client.id, mine)
        people = people_of(session, client.id).filter(pl.col("person").is_in(mine))
        leases = _leases(session, client.id, people)
        domains, logs = domains_of(session, client.id), _logs(session, client.id, [*usage["log"].unique(), *answers["log"].unique()])
        keys = frozenset(mine | _handles(people) | _handles(usage) | _handles(answers))
        kinds = _kinds(session, client.id, keys)
    matched = _services(usage, domains, catalogue)
    return Held(
        person=person,
        keys=keys,
        names=_called(kinds, called, ("key",)).rename({"key": "shown_as"}).sort("kind", "shown_as"),
        people_list=_called(people.drop("person"), called, ("team", *SUBJECT)),
        devices=_called(_devices(usage), called, ("device",)),
        usage=_called(_named(matched, logs, client.zone), called, ("team", "device", *SUBJECT)),
        answers=_called(_named(answers, logs, client.zone), called, SUBJECT).drop("address"),
        leases=_called(leases, called, ("source_ip", "source_mac", "host_name")),
        logs=logs.drop("log"),
    )


def people_named(store: Store, client: Client) -> dict[str, tuple[str, str]]:
    """Every person's name (of the people list, or that of a user) -> its keyed hash and its pseudonym. Not to be shown."""
    vault = store.vault(client)
    query = select(Identity.key, Identity.pseudonym, Identity.sealed).where(Identity.client_id == client.id, Identity.kind.in_(PEOPLE))
    with store.read() as session:
        return {vault.unseal(sealed): (key, pseudonym) for key, pseudonym, sealed in session.execute(query)}


def _keys_of(session: Session, client_id: int, called: Mapping[str, str], person: str) -> set[str]:
    query = select(Identity.key).where(Identity.client_id == client_id, Identity.kind.in_(PEOPLE))
    return {key for key in session.scalars(query) if called[key] == person}


def _usage(session: Session, client_id: int, mine: Collection[str]) -> pl.DataFrame:
    """Rows of `BLOCK` of every published log that are this person's, with whose device it was and how that is known; all keyed."""
    subjects, leases, people = subjects_of(session, client_id), leases_of(session, client_id), people_of(session, client_id)
    found = [pl.DataFrame(schema={**BLOCK, "log": pl.Int32()})]
    for number in _published(session, client_id):
        rows = load(session, client_id, of=number).get(number)
        if rows is not None:
            found.append(rows.with_columns(pl.lit(number, pl.Int32).alias("log")))
    leased, who = whose(pl.concat(found), subjects, leases, people)
    theirs = servers_apart(told(leased, who), USER).filter(pl.col("person").is_in(mine))
    return theirs.join(subjects, on="subject", how="left", maintain_order="left").sort("first", "log", "domain")


def _answers(session: Session, client_id: int, mine: Collection[str]) -> pl.DataFrame:
    leases, people = leases_of(session, client_id), people_of(session, client_id)
    query = select(DnsAnswers.import_id, DnsAnswers.packed).join(Import).where(DnsAnswers.client_id == client_id, Import.state == "published")
    found = []
    for number, packed in session.execute(query.order_by(DnsAnswers.id)):
        rows = pl.read_parquet(packed).with_columns(pl.lit(number, pl.Int32).alias("log"), first="since", last="since")
        theirs = attribute(rows, leases, people).filter(pl.col("person").cast(pl.String).is_in(mine))
        found.append(theirs.drop("first", "last", *WHO).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String)))
    nothing = pl.DataFrame(schema={**dict.fromkeys((*SUBJECT, "asked", "address", "grain"), pl.String()), "since": BLOCK["start"], "log": pl.Int32()})
    return pl.concat([nothing, *found], how="diagonal").sort("since", "asked")


def _leases(session: Session, client_id: int, people: pl.DataFrame) -> pl.DataFrame:
    """Leases of devices that the people list gives to this person."""
    columns = [getattr(Lease, name) for name in LEASES]
    rows = session.execute(select(*columns).join(Import).where(Lease.client_id == client_id, Import.state == "published").order_by(Lease.id)).all()
    table = pl.DataFrame(rows, schema=LEASES, orient="row")
    mac, host = (people[name].drop_nulls().to_list() for name in ("source_mac", "host_name"))
    return table.filter(pl.col("source_mac").is_in(mac).fill_null(value=False) | pl.col("host_name").is_in(host).fill_null(value=False))


def _published(session: Session, client_id: int) -> list[int]:
    return list(session.scalars(select(Import.id).where(Import.client_id == client_id, Import.state == "published").order_by(Import.id)))


def _logs(session: Session, client_id: int, numbers: Collection[int]) -> pl.DataFrame:
    columns = (Import.id, Import.name, Import.format, Import.sighting, Import.finished)
    rows = session.execute(select(*columns).where(Import.client_id == client_id, Import.id.in_(numbers)).order_by(Import.id)).all()
    schema = {"log": pl.Int32(), "name": pl.String(), "format": pl.String(), "kind": pl.String(), "taken_in": BLOCK["first"]}
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


def _kinds(session: Session, client_id: int, keys: Collection[str]) -> pl.DataFrame:
    rows = session.execute(select(Identity.kind, Identity.key).where(Identity.client_id == client_id)).all()
    return pl.DataFrame([(kind, key) for kind, key in rows if key in keys], schema={"kind": pl.String(), "key": pl.String()}, orient="row")


def _handles(table: pl.DataFrame) -> set[str]:
    return {key for name in SUBJECT for key in table[name].drop_nulls().unique().to_list()}


def _services(usage: pl.DataFrame, domains: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Usage with the names of its domains, and the services that the catalogue knows them as."""
    named = usage.join(domains, on="domain", how="left", maintain_order="left").drop("domain").rename({"destination_domain": "domain"})
    known = matcher(catalogue).match_all(named["domain"].cast(pl.String)).select("domain", "service", "role")
    joined = named.with_columns(pl.col("domain").cast(pl.String)).join(known, on="domain", how="left", maintain_order="left")
    hidden = pl.col("domain").str.starts_with(ADDRESS).fill_null(value=False)
    return joined.with_columns(pl.when(hidden).then(pl.lit(_ADDRESS_ONLY)).otherwise("domain").alias("domain"))


def _named(rows: pl.DataFrame, logs: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Rows with the name of their log and their day in the client's zone; what is kept by day no longer has an hour."""
    begin = "start" if "start" in rows.columns else "since"
    day = pl.col(begin).dt.convert_time_zone(zone).dt.date().alias("day")
    hour = pl.when(pl.col("grain").cast(pl.String) == HOUR).then(pl.col(begin)).alias("hour")
    named = rows.join(logs.select("log", pl.col("name").alias("from_log")), on="log", how="left", maintain_order="left")
    says = [name for name in _SAYS if name in rows.columns and name != "grain"]
    told_of = [name for name in ("domain", "service", "role", "asked", "address", "basis", "team", "device", *SUBJECT) if name in rows.columns]
    return named.select(day, hour, *told_of, *says, "from_log")


def _devices(usage: pl.DataFrame) -> pl.DataFrame:
    counted = usage.group_by("device", "basis", maintain_order=True).agg(
        pl.col("start").dt.date().n_unique().alias("days"), pl.col("hits").sum(), pl.col("first").min(), pl.col("last").max()
    )
    return counted.sort("first")


def _called(table: pl.DataFrame, called: Mapping[str, str], columns: Collection[str]) -> pl.DataFrame:
    """A table with what stands behind keyed hashes called as on the pages, and every value a plain one."""
    there = [name for name in columns if name in table.columns]
    named = table.with_columns(pl.col(name).cast(pl.String).replace_strict(called, default=None, return_dtype=pl.String) for name in there)
    return named.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def plain(table: pl.DataFrame) -> list[dict[str, object]]:
    """Rows as JSON takes them: moments in UTC as RFC 3339."""
    return [{name: _plain(value) for name, value in row.items()} for row in table.to_dicts()]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if hasattr(value, "isoformat") else value
