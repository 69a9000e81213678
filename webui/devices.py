"""The devices and addresses of a period: what nobody's name could be found for, what several people stand behind, and what is somebody's.

A device is never counted as a person. Requests and bytes are not added up for it: several logs may tell of the same visit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from rules.findings import Finding
from webui import crowd
from webui.crowd import PERSON, Member, id_of

SHARED: Final = "shared"
#: Group -> its heading, and what to make of it.
GROUPS: Final = {
    "nobody": ("Without a person", "No name could be found for these. They use services, and are never counted as people."),
    SHARED: ("Shared", "Many people stand behind these, or several are known by name: a terminal server, a router, a guest network, a meeting room."),
    "somebody": ("Of one person", "What is used here is counted for the person."),
}


@dataclass(frozen=True, slots=True)
class Device:
    """One device or address.

    Attributes:
        name: as shown: a pseudonym, or its name where names are shown.
        many: whether many people stand behind it, by what is asked there.
        people: those known by name who used it.
        bases: how we know what or whose it is, in words.
        sources: the logs that tell of it.
        services: how many services were met there, in whatever way.
        days: how many days it was seen.
        first, last: UTC.
        member: what is held to be its own use, where no person is known.
    """

    name: str
    many: bool
    people: tuple[str, ...]
    bases: tuple[str, ...]
    sources: tuple[str, ...]
    services: int
    days: int
    first: datetime
    last: datetime
    member: Member | None

    @property
    def id(self) -> str:
        """What stands in the address of the page."""
        return id_of(self.name)

    @property
    def group(self) -> str:
        """One of `GROUPS`."""
        if self.many or len(self.people) > 1:
            return SHARED
        return "somebody" if self.people else "nobody"

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "address" if self.bases and all(basis.startswith("address") for basis in self.bases) else "device"


def of_rows(usage: pl.DataFrame) -> pl.DataFrame:
    """Usage (columns of `OBSERVED`) with `at`: the device it came from; rows that tell neither device nor address are left out."""
    nameless = pl.when(pl.col("person_kind") != PERSON).then("person")
    return usage.with_columns(pl.coalesce("device", nameless).alias("at")).drop_nulls("at")


def devices(usage: pl.DataFrame, findings: Iterable[Finding]) -> list[Device]:
    """Every device of the period, those without a person first, then by name.

    Args:
        usage: columns of `OBSERVED`.
        findings: of the same period.
    """
    own = {member.name: member for member in crowd.devices(findings)}
    kind = pl.col("person_kind")
    found = (
        of_rows(usage)
        .group_by(pl.col("at").alias("name"))
        .agg(
            (kind == SHARED).any().alias("many"),
            pl.col("person").filter(kind == PERSON).drop_nulls().unique().sort().alias("people"),
            pl.col("basis").drop_nulls().unique().sort().alias("bases"),
            pl.col("source").unique().sort().alias("sources"),
            pl.col("service").drop_nulls().n_unique().alias("services"),
            pl.col("day").n_unique().alias("days"),
            pl.col("first").min(),
            pl.col("last").max(),
        )
    )
    made = [_device(row, own) for row in found.iter_rows(named=True)]
    return sorted(made, key=lambda device: (list(GROUPS).index(device.group), device.name.casefold()))


def _device(row: dict[str, Any], own: Mapping[str, Member]) -> Device:
    lists: dict[str, Any] = {column: tuple(row.pop(column)) for column in ("people", "bases", "sources")}
    return Device(**row, **lists, member=own.get(row["name"]))


def find(found: Sequence[Device], device_id: str) -> Device | None:
    """The device of an address of a page, or None."""
    return next((device for device in found if device.id == device_id), None)


def met(usage: pl.DataFrame, name: str) -> list[tuple[str, int, datetime, tuple[str, ...]]]:
    """Services met at a device: id, days, when last, and the people known there; those of most days first."""
    at = of_rows(usage).filter((pl.col("at") == name) & pl.col("service").is_not_null())
    people = pl.col("person").filter(pl.col("person_kind") == PERSON).drop_nulls().unique().sort()
    table = at.group_by("service").agg(pl.col("day").n_unique(), pl.col("last").max(), people)
    ordered = table.sort("day", "service", descending=[True, False])
    return [(service, days, last, tuple(who)) for service, days, last, who in ordered.iter_rows()]
