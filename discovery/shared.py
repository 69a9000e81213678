"""Addresses that many people stand behind (translation of a whole office, a terminal server, one proxy for all), known by their spread.

Several users, or more services than one person reaches, in the same ten minutes cannot be one device's. Such an address is nobody: it is
shown as shared, and never counted as a person or a device.
"""

from typing import Final

import numpy as np
import polars as pl

from discovery.runs import Runs

#: `person_kind` and `basis` of such an address.
SHARED: Final = "shared"
WHY: Final = "address that many people stand behind"

#: So many users in the same ten minutes: colleagues take turns at a machine, but three do not within minutes.
_USERS: Final = 3

#: So many services in the same ten minutes: see `tests/discovery/test_shared.py` for what one busy person reaches.
_SERVICES: Final = 40

_SLOTS: Final = 6


def users(rows: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    """Who of those known by name was at which device in which hour: device, start, thing (the person) and mask.

    Args:
        rows: who, start and mask (of the hour's ten minutes; null: not known).
        who: who (its number is its place), person, person_kind and device.
    """
    named = who.filter((pl.col("person_kind") == "person") & pl.col("device").is_not_null())
    found = _once(rows.select("who", "start", "mask").join(named.select("who", "device", thing="person"), on="who"))
    return found.with_columns(pl.col("device", "thing").cast(pl.String))


def by_users(found: pl.DataFrame) -> set[str]:
    """The devices with so many of them (rows of `users`, of any days and people) at once."""
    several = found.filter(pl.col("thing").n_unique().over("device") >= _USERS)
    return _together(several, _USERS)


def by_services(rows: pl.DataFrame, who: pl.DataFrame, domains: pl.DataFrame) -> set[str]:
    """The devices from which more services were in use at once than one person's.

    Args:
        rows: who, domain, start and mask of all rows of some devices on some days.
        who: as of `users`.
        domains: domain (its number is its place), target, match and role.
    """
    lone = who.filter((pl.col("person_kind") == "device") & pl.col("device").is_not_null())
    worked = domains.filter((pl.col("match") == "service") & (pl.col("role") == "use"))
    if not lone.height or worked["target"].n_unique() < _SERVICES:
        return set()
    places = rows.select("who", "domain", "start", "mask").join(worked.select("domain", thing="target"), on="domain")
    return _together(_once(places.join(lone.select("who", "device"), on="who")), _SERVICES)


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of device, start, thing and mask, each thing once an hour."""
    known = rows.filter(pl.col("mask").is_not_null())
    runs = Runs(known, ("device", "start", "thing"))
    return pl.DataFrame([*(known[name].gather(runs.rows) for name in ("device", "start", "thing")), runs.reduced(known["mask"], np.bitwise_or)])


def _together(rows: pl.DataFrame, least: int) -> set[str]:
    """Devices with so many things in the same ten minutes."""
    slots = [((pl.col("mask").cast(pl.Int64) // (1 << slot)) % 2).sum().alias(str(slot)) for slot in range(_SLOTS)]
    counts = rows.group_by("device", "start").agg(slots)
    return set(counts.filter(pl.max_horizontal(*map(str, range(_SLOTS))) >= least)["device"].cast(pl.String))


def as_shared(rows: pl.DataFrame, crowd: set[str]) -> pl.DataFrame:
    """Rows of `OBSERVED`, or of who was there, in which these devices are shared addresses."""
    if not crowd:
        return rows
    many = pl.col("person").is_in(list(crowd)) & (pl.col("person_kind") == "device")
    told = [pl.when(many).then(pl.lit(SHARED)).otherwise("person_kind").alias("person_kind")]
    if "basis" in rows.columns:
        told.append(pl.when(many).then(pl.lit(WHY)).otherwise("basis").alias("basis"))
        told.append(pl.when(~pl.col("device").is_in(list(crowd))).then("device").alias("device"))
    return rows.with_columns(told)
