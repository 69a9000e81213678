"""What if a service were blocked: past use replayed against a block list, as a chosen kind of target would apply it.

`whatif.toml` says what blocking means on each target (decision 15); here it is only counted who would have been stopped, how often, and which other
services would have broken with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import polars as pl

from discovery.catalogue import Catalogue
from discovery.observations import Observations
from rules import words
from rules.factors import toml
from rules.findings import Assessment, Finding
from rules.register import APPROVED

#: The target that is shown unless another is asked for.
USUAL: Final = "names"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a block list can go; `semantics`: suffix, host or category."""

    id: str
    title: str
    semantics: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Another service that a block list would stop too: in use, and whether the firm provides or approved it."""

    service: str
    name: str
    wanted: bool
    requests: int
    people: int | None
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Past use of a service against a block list.

    Attributes:
        names: on the list.
        people, days, requests: who would have been stopped, on how many days, how often; people are None where they cannot be told apart.
        missed: requests to the service that would have got through.
        teams: people stopped by team, the fewest first; small teams are counted together under None.
        broken: other services that would stop, what the firm wants first.
        rollout: what to do in which order, in words.
        doubt: what the replay cannot tell.
    """

    target: Target
    names: tuple[str, ...]
    people: int | None
    days: int
    requests: int
    missed: int
    teams: tuple[tuple[str | None, int], ...]
    broken: tuple[Broken, ...]
    rollout: tuple[str, ...]
    doubt: str


@cache
def targets() -> Mapping[str, Target]:
    """Every kind of target by id: those of `whatif.toml`, then those that lists are written for."""
    general = {id_: Target(id_, entry["title"], entry["semantics"]) for id_, entry in _table()["target"].items()}
    return general | {id_: Target(id_, entry["title"], entry["matches"]) for id_, entry in toml("blocking.toml").items()}


def replay(
    finding: Finding, target: Target, observations: Observations, assessment: Assessment, catalogue: Catalogue, provided: Iterable[str]
) -> WhatIf:
    """What blocking a service would have done in this period.

    Args:
        finding: the service.
        target: what the list goes to.
        observations: the period's use.
        assessment: of the same period, for names and decisions.
        catalogue: for the service's domains.
        provided: ids of services that belong to what the firm provides.
    """
    names = _names(finding, target, observations.usage, catalogue)
    rows = observations.usage.filter(pl.col("match").is_in(["service", "background"]))
    seen = rows["service"].drop_nulls().unique().to_list()
    stopped = rows.filter(_stops(names, target, finding, catalogue, seen))
    own = pl.col("service") == finding.service
    mine, others = stopped.filter(own), stopped.filter(own.not_() | pl.col("service").is_null())
    used = mine.filter((pl.col("hits") > pl.col("blocked_hits")) & pl.col("role").is_in(["use", "sync"]))
    broken = _broken(others, assessment, frozenset(provided))
    teams = _teams(used)
    people = _people(used, apart=observations.people_told_apart)
    return WhatIf(
        target=target,
        names=tuple(names),
        people=people,
        days=used["day"].n_unique(),
        requests=_hits(mine),
        missed=_hits(rows.filter(own)) - _hits(mine),
        teams=teams,
        broken=broken,
        rollout=tuple(_rollout(finding, teams, people, broken, assessment)),
        doubt=_table()["semantics"][target.semantics]["doubt"],
    )


def _names(finding: Finding, target: Target, usage: pl.DataFrame, catalogue: Catalogue) -> Sequence[str]:
    """The list: the service's own names in the catalogue; where only exact names are stopped, those seen in these logs too."""
    roles = _table()["roles"]["blocked"]
    listed = {host for role, hosts in catalogue.services[finding.service].domains.items() if role in roles for host in hosts}
    if target.semantics == "host":
        seen = usage.filter((pl.col("service") == finding.service) & pl.col("role").is_in(roles))
        listed |= set(seen["domain"].drop_nulls().unique().to_list())
    return sorted(listed)


def _stops(names: Sequence[str], target: Target, finding: Finding, catalogue: Catalogue, seen: Iterable[str]) -> pl.Expr:
    """Whether a row would be stopped; `seen` are the ids of services in these logs."""
    domain = pl.col("domain")
    match target.semantics:
        case "host":
            return domain.is_in(names)
        case "suffix":
            return pl.any_horizontal(pl.lit(value=False), *(((domain == name) | domain.cat.ends_with("." + name)) for name in names))
    same = [id_ for id_ in seen if (known := catalogue.services.get(id_)) and known.capability == finding.capability]
    return pl.col("service").is_in(same)


def _hits(rows: pl.DataFrame) -> int:
    return int(rows["hits"].sum() or 0)


def _broken(rows: pl.DataFrame, assessment: Assessment, provided: frozenset[str]) -> tuple[Broken, ...]:
    """Other services among the stopped rows; background hosts belong to nobody's work and are left out."""
    found = []
    for (service,), those in rows.drop_nulls("service").group_by(["service"]):
        other = assessment.finding(str(service))
        if other is not None:
            wanted = other.service in provided or other.status in APPROVED
            domains = those.group_by("domain").agg(pl.col("hits").sum()).sort("hits", "domain", descending=[True, False])["domain"].to_list()
            found.append(Broken(other.service, other.name, wanted, _hits(those), other.active_people, tuple(domains)))
    return tuple(sorted(found, key=lambda one: (not one.wanted, -one.requests, one.service)))


def _people(rows: pl.DataFrame, *, apart: bool) -> int | None:
    """Persons stopped, or the devices where no name is known; None where neither can be told."""
    kinds = {kind: rows.filter(pl.col("person_kind") == kind)["person"].drop_nulls().n_unique() for kind in ("person", "device")}
    told = kinds["person"] or kinds["device"]
    return told or (0 if not rows.height else None) if apart else None


def _teams(rows: pl.DataFrame) -> tuple[tuple[str | None, int], ...]:
    """People stopped in each team, the fewest first; teams too small to be named last, together."""
    named = rows.filter(pl.col("person_kind") == "person").drop_nulls(["team", "person"])
    counts = dict(named.group_by("team").agg(pl.col("person").n_unique()).iter_rows())
    least = _table()["rollout"]["smallest_group"]
    large = sorted(((team, people) for team, people in counts.items() if people >= least), key=lambda pair: (pair[1], pair[0]))
    small = sum(people for people in counts.values() if people < least)
    return (*large, *([(None, small)] if small else []))


def _rollout(
    finding: Finding, teams: Sequence[tuple[str | None, int]], people: int | None, broken: Sequence[Broken], assessment: Assessment
) -> Iterable[str]:
    said = _table()["rollout"]
    wanted = [one.name for one in broken if one.wanted]
    if wanted:
        yield said["breaks"].format(services=words.listed(wanted))
    if people == 0:
        yield said["nobody"]
        return
    gap = next((gap for gap in assessment.gaps if gap.capability == finding.capability), None)
    yield said["offer"].format(tool=words.listed(gap.toolset)) if gap and gap.toolset else said["provide"]
    yield said["tell"]
    first = next(((team, number) for team, number in teams if team), None)
    if first and len(teams) > 1:
        yield said["try"].format(team=first[0], people=words.people(first[1], people))
    yield said["all"]


@cache
def _table() -> Mapping[str, Any]:
    return toml("whatif.toml")
