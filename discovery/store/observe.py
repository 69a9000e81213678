"""What is kept of a client, as the hand-over that rules and pages read."""

from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from discovery.catalogue import Catalogue
from discovery.identity import USER, WHO
from discovery.networks import servers_apart
from discovery.observations import Observations
from discovery.observe import observe
from discovery.parts import Part, handed_over
from discovery.shelf import Shelf
from discovery.store.account import account
from discovery.store.answers import aliases_of, answers_of, named, split
from discovery.store.blocks import BLOCK, STANDING, domains_of, load, subjects_of
from discovery.store.identities import shown
from discovery.store.store import Store
from discovery.store.tables import Client, Import
from discovery.store.who import leases_of, people_of, told, whose

#: Observations kept in memory: some clients and periods.
CACHED: Final = 8

_NAMED: Final = ("person", "team", "device")
_cache: OrderedDict[tuple[object, ...], Observations] = OrderedDict()
_lock = Lock()


def observations(
    store: Store,
    client: Client,
    catalogue: Catalogue,
    *,
    since: date | None = None,
    until: date | None = None,
    names: bool = False,
    only: int | None = None,
) -> Observations:
    """Everything seen of a client in a period. The last answers are kept in memory while the client's data stays as it is.

    Args:
        since, until: first and last day, in the client's zone; None: unbounded.
        names: the caller may see names; they are shown if the client's settings say so, else pseudonyms.
        only: number of an import, to see what it shows by itself, whatever others tell of the same minutes.
    """
    with store.read() as session:
        version = session.scalar(select(Client.data_version).where(Client.id == client.id))
    settings = (client.zone, client.people_expected, names and client.show_names)
    key = (store.engine.url, client.vault, version, catalogue.version, settings, since, until, only)
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    parts, people = usage_parts(store, client, since, until, names=names, catalogue=catalogue, only=only)
    with store.read() as session:
        aliases = aliases_of(session, client.id)
    seen = observe(handed_over(parts), people, catalogue, zone=client.zone, people_expected=client.people_expected, aliases=aliases)
    with _lock:
        _cache[key] = seen
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
    return seen


def usage_parts(
    store: Store,
    client: Client,
    since: date | None,
    until: date | None,
    *,
    names: bool = False,
    catalogue: Catalogue | None = None,
    only: int | None = None,
) -> tuple[list[Part], pl.DataFrame]:
    """The attributed usage of every published log, and the people list, both with people as they are shown.

    Args: as `observations` takes them; without a catalogue addresses stay without a name.
    """
    with store.read() as session:
        published = select(Import).where(Import.client_id == client.id, Import.state == "published").order_by(Import.id)
        logs = [log for log in session.scalars(published) if only in {None, log.id}]
        blocks = load(session, client.id, since=_midnight(client, since), until=_midnight(client, until and until + timedelta(days=1)), of=only)
        blocks |= {log.id: rows for log in logs if log.family == "identity" and (rows := _standing(session, client, log, since, until)) is not None}
        subjects, domains = subjects_of(session, client.id), domains_of(session, client.id)
        leases, people = leases_of(session, client.id), people_of(session, client.id)
        dns = None if catalogue is None else answers_of(session, client.id)
        spoken = _spoken(session, store, client, names=names)
    if not logs:
        return [], _shown(people, spoken)
    every = [rows.with_columns(pl.lit(number, pl.Int32).alias("log")) for number, rows in blocks.items()]
    leased, who = whose(pl.concat(every or [pl.DataFrame(schema={**BLOCK, "log": pl.Int32()})]), subjects, leases, people)
    usage = leased.join(domains, on="domain", how="left", maintain_order="left").with_columns(pl.col("start").alias("hour"))
    usage = split(usage)
    if catalogue is not None and dns is not None:
        usage = named(usage, subjects, dns, leases, people, catalogue, client.zone)
    usage = servers_apart(told(usage, _shown(who, spoken)), USER).with_columns(pl.col(WHO).cast(pl.Categorical))
    by_log = usage.drop("subject", "domain", "lease").partition_by("log", as_dict=True)
    nothing = usage.clear().drop("subject", "domain", "lease")
    parts = [Part(Shelf([by_log.get((log.id,), nothing)]), account(log), log.source) for log in logs]
    return [one for part in parts for one in part.by_format()], _shown(people, spoken)


def _standing(session: Session, client: Client, log: Import, since: date | None, until: date | None) -> pl.DataFrame | None:
    """What a file of sightings says of a period: what happened in it, and what held on from before. None where it holds none."""
    rows = load(session, client.id, until=_midnight(client, until and until + timedelta(days=1)), of=log.id).get(log.id)
    if rows is None or since is None:
        return rows
    return rows.filter((pl.col("start") >= _midnight(client, since)) | pl.col("sighting").is_in(STANDING))


def last_event_day(store: Store, client: Client) -> date | None:
    """The day of the last event that is kept, in the client's zone: where "last 30 days" ends. None without events.

    Where there is traffic, files without any do not move it.
    """
    latest = select(func.max(Import.last)).where(Import.client_id == client.id, Import.state == "published", Import.events > 0)
    with store.read() as session:
        last = session.scalar(latest.where(Import.family != "identity")) or session.scalar(latest)
    return last.astimezone(ZoneInfo(client.zone)).date() if last else None


def first_event_day(store: Store, client: Client) -> date | None:
    """The day of the first event that is kept, in the client's zone: a period may begin before. None without events."""
    earliest = select(func.min(Import.first)).where(Import.client_id == client.id, Import.state == "published", Import.family != "identity")
    with store.read() as session:
        first = session.scalar(earliest)
    return first.astimezone(ZoneInfo(client.zone)).date() if first else None


def _midnight(client: Client, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(client.zone)).astimezone(UTC) if day else None


def _spoken(session: Session, store: Store, client: Client, *, names: bool) -> pl.DataFrame:
    """What each keyed hash is called here."""
    called = shown(session, client, store.vault(client), names=names and client.show_names)
    return pl.DataFrame({"key": called.keys(), "shown": called.values()}, schema={"key": pl.String(), "shown": pl.String()})


def _shown(table: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """A table whose people, teams and devices are called what they are shown as."""
    for who in _NAMED:
        if who in table.columns:
            called = spoken.rename({"key": who, "shown": "_shown"})
            table = table.join(called, on=who, how="left", maintain_order="left").with_columns(pl.col("_shown").alias(who)).drop("_shown")
    return table
