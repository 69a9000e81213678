"""From observations to judgement: findings with their risk and activity, unknown domains with a guess, and gaps.

Everything that is counted is counted by Polars over all rows at once; what is judged is judged per service, in plain Python.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Final

import polars as pl

from discovery import activity, shipped
from discovery.catalogue import Catalogue, Service
from discovery.coverage import working_days
from discovery.observations import Observations
from rules import risk, unknown
from rules.factors import Exposure, rules
from rules.findings import Assessment, Evidence, Finding, PersonUse
from rules.gaps import Use, gaps
from rules.register import Decision, status_of
from rules.toolset import Toolset

_TOLD: Final = ("person", "device")
_FILES: Final = ("risk.toml", "capabilities.toml", "suites.toml", "gaps.toml", "guesses.toml")

_PERSON_USE: Final = tuple(field.name for field in fields(PersonUse))

Row = Mapping[str, Any]


def assess(
    observations: Observations, catalogue: Catalogue, register: Mapping[str, Decision], toolset: Toolset, *, today: date | None = None
) -> Assessment:
    """What the observations mean.

    Args:
        observations: of one firm in one period.
        catalogue: the one they were matched with.
        register: service id -> the decision in force.
        toolset: what the firm provides.
        today: the day on which decisions are read and facts are aged; None: the last day with events, so that the same logs give the same result.
    """
    today = today or observations.until or date.min
    uses = _uses(observations, catalogue, register, today)
    whole = observations.coverage.people_expected or observations.coverage.people_seen
    findings = sorted((use.finding for use in uses), key=lambda finding: (-finding.risk.score, -(finding.people or 0), finding.name))
    return Assessment(
        findings=tuple(findings),
        unknown=unknown.domains(observations),
        gaps=gaps(uses, catalogue.capabilities, toolset, whole),
        coverage=observations.coverage,
        logs=observations.logs,
        since=observations.since,
        until=observations.until,
        rules_in_force=in_force(),
    )


@cache
def in_force() -> Mapping[str, Any]:
    """Which rules judged: their version, the levels, and the thresholds of activity."""
    digest = hashlib.sha256(b"".join(shipped.beside("rules", name).read_bytes() for name in _FILES))
    limits = activity.thresholds()
    return {
        "version": digest.hexdigest()[:12],
        "levels": dict(rules().levels),
        "activity": {name: getattr(limits, name) for name in limits.__slots__},
    }


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted of the matched usage, by service id."""

    services: Sequence[Row]
    people: Mapping[str, Sequence[Row]]
    domains: Mapping[str, Sequence[Row]]
    days: Mapping[str, Sequence[Row]]
    active_days: Mapping[str, Sequence[Row]]


def _uses(observations: Observations, catalogue: Catalogue, register: Mapping[str, Decision], today: date) -> list[Use]:
    counts = _counted(observations.usage)
    return [
        _use(row, counts, observations, catalogue.services[row["service"]], status_of(register, row["service"], today), today)
        for row in counts.services
    ]


def _use(row: Row, counts: _Counts, observations: Observations, service: Service, status: str, today: date) -> Use:
    by_person = tuple(PersonUse(**{name: one[name] for name in _PERSON_USE}) for one in counts.people[service.id])
    told = [one for one in by_person if one.kind in _TOLD and one.person is not None] if observations.people_told_apart else []
    active_days = frozenset(one["day"] for one in counts.active_days[service.id])
    strongest = min((one.activity for one in by_person), key=activity.ACTIVITIES.index)
    active_people = sum(one.activity == "active" for one in told) if told else None
    exposure = Exposure(
        activity=strongest,
        active_people=active_people,
        people=observations.coverage.people_expected or observations.coverage.people_seen,
        active_days=len(active_days),
        working_days=working_days(observations.since, observations.until),
        uploaded_bytes=row["uploaded_bytes"],
        refused=row["blocked_hits"],
    )
    finding = Finding(
        **row,
        name=service.name,
        vendor=service.vendor,
        category=service.category_title,
        capability=service.capability,
        status=status,
        activity=strongest,
        risk=risk.here(service, exposure, today),
        people=len(told) or None,
        active_people=active_people,
        by_person=by_person,
        evidence=tuple(Evidence(one["domain"], one["role"], one["hits"], one["log"], one["first_line"]) for one in counts.domains[service.id]),
        by_day=tuple((one["day"], one["people"]) for one in counts.days[service.id]),
        active_days=len(active_days),
    )
    return Use(finding, active_days)


# Counting


def _counted(usage: pl.DataFrame) -> _Counts:
    rows = usage.filter(pl.col("match") == "service").with_columns(pl.col("person", "service", "domain", "device", "role").cast(pl.Categorical))
    judged = activity.judge(rows)
    return _Counts(
        services=_services(rows).to_dicts(),
        people=_by_service(_people(rows, judged)),
        domains=_by_service(_domains(rows)),
        days=_by_service(_days(rows)),
        active_days=_by_service(_active_days(rows, judged)),
    )


def _by_service(table: pl.DataFrame) -> Mapping[str, Sequence[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table.iter_rows(named=True):
        groups[row["service"]].append(row)
    return groups


def _services(rows: pl.DataFrame) -> pl.DataFrame:
    """Devices known by name or address, and the sums."""
    lone = pl.when(pl.col("person_kind") == "device").then(pl.col("person").cast(pl.String))
    device = pl.coalesce(pl.col("device").cast(pl.String), lone)
    sums = rows.group_by("service").agg(device.drop_nulls().n_unique().alias("devices"), *_sums())
    return sums.with_columns(pl.col("service").cast(pl.String)).sort("service")


def _people(rows: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Each person's use of each service: the most active first."""
    first = pl.col("basis", "person_kind", "team", "account").first()
    sums = rows.group_by("person", "service", maintain_order=True).agg(first, *_sums()).with_columns(pl.col("person", "service").cast(pl.String))
    rank = pl.col("activity").replace_strict({name: number for number, name in enumerate(activity.ACTIVITIES)}, return_dtype=pl.Int64)
    known = sums.join(judged, on=["person", "service"], nulls_equal=True).rename({"person_kind": "kind"})
    return known.sort("service", rank, pl.col("days"), "person", descending=[False, False, True, False], nulls_last=True)


def _domains(rows: pl.DataFrame) -> pl.DataFrame:
    """Each domain with its first line, most requests first."""
    place = pl.col("log", "first_line").sort_by("first", "log", "first_line").first()
    domains = rows.group_by("service", "domain").agg(pl.col("role").first(), pl.col("hits").sum(), place)
    return domains.with_columns(pl.col("service", "domain", "role").cast(pl.String)).sort("hits", "domain", descending=[True, False])


def _days(rows: pl.DataFrame) -> pl.DataFrame:
    """People (or devices) per day; no rows where nobody can be told apart."""
    told = rows.filter(pl.col("person_kind").is_in(list(_TOLD)) & pl.col("person").is_not_null())
    return (
        told.group_by("service", "day").agg(pl.col("person").n_unique().alias("people")).with_columns(pl.col("service").cast(pl.String)).sort("day")
    )


def _active_days(rows: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Days on which somebody who uses a service actively reached a host people work with."""
    active = judged.filter(pl.col("activity") == "active").select(pl.col("person", "service").cast(pl.Categorical))
    used = rows.filter((pl.col("role") == "use") & ((pl.col("hits") > pl.col("blocked_hits")) | (pl.col("hits") == 0)))
    days = used.join(active, on=["person", "service"], how="semi", nulls_equal=True).select("service", "day").unique()
    return days.with_columns(pl.col("service").cast(pl.String))


def _sums() -> list[pl.Expr]:
    """The measures of rows that become one; bytes are null where no row tells them."""
    return [
        pl.col("day").n_unique().cast(pl.Int64).alias("days"),
        pl.col("hits", "blocked_hits").sum(),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("uploaded_bytes", "downloaded_bytes")),
        pl.col("first").min().alias("first_seen"),
        pl.col("last").max().alias("last_seen"),
    ]
