"""From observations to judgement: findings with their risk and activity, unknown domains with a guess, and gaps.

What is counted is counted over all rows at once (`counting`); what is judged is judged per service, in plain Python.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Final

from discovery import activity, shipped
from discovery.catalogue import Catalogue
from discovery.coverage import working_days
from discovery.observations import Observations
from rules import risk, sightings, unknown
from rules.counting import Counts, Row, count
from rules.factors import Exposure, rules
from rules.findings import Assessment, Evidence, Finding, PersonUse, counted
from rules.gaps import Use, gaps
from rules.register import Decision, status_of
from rules.toolset import Toolset

_FILES: Final = ("risk.toml", "capabilities.toml", "suites.toml", "gaps.toml", "guesses.toml")

_PERSON_USE: Final = tuple(field.name for field in fields(PersonUse) if field.default is MISSING)
_EVIDENCE: Final = tuple(field.name for field in fields(Evidence))


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
    bench = _Bench(observations, catalogue, register, toolset, today, count(observations.usage), sightings.gathered(observations.sightings))
    rows = bench.counts.services
    uses = [bench.use(row) for row in (*rows, *bench.others.alone(row["service"] for row in rows))]
    findings = sorted((use.finding for use in uses), key=lambda finding: (-finding.risk.score, -(finding.people or 0), finding.name))
    return Assessment(
        findings=tuple(findings),
        unknown=unknown.domains(observations),
        gaps=gaps(uses, catalogue.capabilities, toolset, bench.whole),
        coverage=observations.coverage,
        logs=observations.logs,
        since=observations.since,
        until=observations.until,
        rules_in_force=in_force(),
        unlisted=sightings.unlisted(observations.sightings),
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
class _Bench:
    """What one judgement rests on."""

    observations: Observations
    catalogue: Catalogue
    register: Mapping[str, Decision]
    toolset: Toolset
    today: date
    counts: Counts
    others: sightings.Sightings

    @property
    def whole(self) -> int | None:
        """People in the firm, else those seen."""
        return self.observations.coverage.people_expected or self.observations.coverage.people_seen

    def use(self, row: Row) -> Use:
        """The finding of one service."""
        service = self.catalogue.services[row["service"]]
        by_person = tuple(PersonUse(**{name: one[name] for name in _PERSON_USE}) for one in self.counts.people.get(service.id, ()))
        met = self.others.meet(service.id, by_person)
        active_days = frozenset(one["day"] for one in self.counts.active_days.get(service.id, ()))
        strongest = min((one.activity for one in by_person or met), key=activity.ACTIVITIES.index)
        people, active_people = self._people(by_person)
        exposure = Exposure(
            activity=strongest,
            active_people=active_people,
            people=self.whole,
            active_days=len(active_days),
            working_days=working_days(self.observations.since, self.observations.until),
            uploaded_bytes=row["uploaded_bytes"],
            refused=row["blocked_hits"],
        )
        plan = "business" if service.id in self.toolset.services else "free"
        finding = Finding(
            **row,
            name=service.name,
            vendor=service.vendor,
            category=service.category_title,
            capability=service.capability,
            status=status_of(self.register, service.id, self.today),
            activity=strongest,
            risk=risk.here(service, exposure, self.today, plan),
            people=people,
            active_people=active_people,
            by_person=met,
            evidence=tuple(Evidence(**{name: one[name] for name in _EVIDENCE}) for one in self.counts.domains.get(service.id, ()))
            + self.others.evidence(service.id),
            by_day=tuple((one["day"], one["people"]) for one in self.counts.days.get(service.id, ())),
            active_days=len(active_days),
            sighted_people=counted(told) if (told := [one for one in met if one.sightings]) else 0,
        )
        return Use(finding, active_days)

    def _people(self, by_person: Sequence[PersonUse]) -> tuple[int | None, int | None]:
        """How many use it, and how many actively; None where they cannot be told apart."""
        if not by_person and self.observations.people_told_apart:
            return 0, 0
        people = counted(by_person) if self.observations.people_told_apart else None
        if people is None:
            return None, None
        active = counted(one for one in by_person if one.activity == "active") or 0
        return max(people, active), active
