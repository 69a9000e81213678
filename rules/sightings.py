"""What other records than traffic say of a person and a service: in words, each with date and doubt. They make no use active and move no count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from rules import words
from rules.findings import Evidence, PersonUse, Sighting, Unlisted

#: What each kind is called, and how a line of it begins.
KINDS: Final = {"sign-in": "a sign-in", "consent": "a consent", "installed": "an installation", "expensed": "a payment", "declared": "a declaration"}

_CANNOT_BE_TOLD: Final = "cannot_be_told"
_GRANTS: Final = {"directory": "the directory of people"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sightings:
    """Rows of `SIGHTED` that name a service, by its id."""

    by_service: Mapping[str, Sequence[Row]]

    def meet(self, service: str, uses: Sequence[PersonUse]) -> tuple[PersonUse, ...]:
        """One line for each person: what traffic told of them with what else is known; then those whom traffic never saw."""
        by_person: dict[str | None, list[Row]] = defaultdict(list)
        for row in self.by_service.get(service, ()):
            by_person[row["person"]].append(row)
        met = tuple(replace(use, sightings=_told(by_person.pop(use.person, ()))) for use in uses)
        return (*met, *(_unseen(rows) for rows in by_person.values()))

    def evidence(self, service: str) -> tuple[Evidence, ...]:
        """The names that led here, with the first line each stands in; they are no requests."""
        first: dict[tuple[str, str, str], Row] = {}
        for row in self.by_service.get(service, ()):
            key = (row["name"], row["kind"], row["log"])
            if key not in first or (row["first_line"] or 0) < (first[key]["first_line"] or 0):
                first[key] = row
        return tuple(
            Evidence(row["name"], row["kind"], 0, row["log"], row["first_line"], "named by other records than traffic") for row in first.values()
        )

    def alone(self, seen: Iterable[str]) -> list[Row]:
        """Services that no traffic went to, as rows of `counting.Counts.services`: nothing was counted."""
        counted = set(seen)
        none = {"devices": 0, "days": 0, "hits": 0, "blocked_hits": 0, "uploaded_bytes": None, "downloaded_bytes": None}
        return [
            {"service": service, **none, "first_seen": min(row["first"] for row in rows), "last_seen": max(row["last"] for row in rows)}
            for service, rows in sorted(self.by_service.items())
            if service not in counted
        ]


def gathered(sighted: pl.DataFrame) -> Sightings:
    """The sightings of services, from rows of `SIGHTED`."""
    by_service: dict[str, list[Row]] = defaultdict(list)
    for row in sighted.drop_nulls("service").iter_rows(named=True):
        by_service[row["service"]].append(row)
    return Sightings(by_service)


def unlisted(sighted: pl.DataFrame) -> tuple[Unlisted, ...]:
    """Names that match nothing in the catalogue, those of most people first."""
    rows = sighted.filter(pl.col("match") == "unknown")
    named = pl.col("person").filter(pl.col("person_kind") == "person").drop_nulls().n_unique().cast(pl.Int64)
    people = pl.max_horizontal(pl.when(named > 0).then(named), pl.col("people").max()).alias("people")
    table = (
        rows.group_by("name", "kind")
        .agg(people, pl.col("times").sum())
        .sort("people", "times", "name", "kind", descending=[True, True, False, False], nulls_last=True)
    )
    return tuple(Unlisted(**row, text=_not_listed(row)) for row in table.iter_rows(named=True))


def _not_listed(row: Row) -> str:
    return f"{row['name']} is not in the catalogue; known from {KINDS[row['kind']]}, {_times(row['times'])}."


def _told(rows: Iterable[Row]) -> tuple[Sighting, ...]:
    """Rows of one person and service, the latest first."""
    ordered = sorted(rows, key=lambda row: (row["last"], row["kind"], row["name"]), reverse=True)
    return tuple(
        Sighting(row["kind"], row["account"], _in_words(row), row["times"], row["first"], row["last"], row["doubt"], row["source"]) for row in ordered
    )


def _unseen(rows: Sequence[Row]) -> PersonUse:
    """Somebody whom no traffic shows at the service."""
    told, row = _told(rows), rows[0]
    accounts = {one.account for one in told}
    kinds = list(dict.fromkeys(KINDS[one.kind] for one in told))
    return PersonUse(
        person=row["person"],
        basis=row["basis"],
        person_kind=row["person_kind"],
        team=row["team"],
        account=accounts.pop() if len(accounts) == 1 else _CANNOT_BE_TOLD,
        activity="visit",
        rule=f"known from {words.listed(kinds)}; not seen in traffic",
        days=0,
        hits=0,
        blocked_hits=0,
        uploaded_bytes=None,
        downloaded_bytes=None,
        first_seen=min(one.first_seen for one in told),
        last_seen=told[0].last_seen,
        kind=told[0].kind,
        sightings=told,
    )


def _in_words(row: Row) -> str:
    """What the record says: "granted “Calendly” access to mail and files"."""
    name = f"“{row['name']}”"
    match row["kind"]:
        case "sign-in":
            return f"signed in to {name}, {_times(row['times'])}"
        case "consent":
            grants = [_GRANTS.get(one, one) for one in (row["grants"] or "").split(",") if one]
            return f"granted {name} access" + (f" to {words.listed(grants)}" if grants else "")
        case "installed":
            return f"{name} is installed" + (f" on {words.count(row['times'], 'device')}" if row["person"] is None else "")
        case "expensed":
            return f"paid for {name}, {_times(row['times'])}"
    if row["uploaded_bytes"] is not None or row["downloaded_bytes"] is not None:
        sent = "" if row["uploaded_bytes"] is None else f", {words.size(row['uploaded_bytes'])} uploaded"
        return f"a report counts {name}" + (f" for {words.people(row['times'])}" if row["person"] is None else "") + sent
    return f"declared the use of {name}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")
