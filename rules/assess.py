"""From observations to judgement: findings with their risk and activity, unknown domains with a guess, and gaps.

What is counted is counted over all rows at once (`counting`); what is judged is judged per service, in plain Python.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any, Final

from discovery import activity, shipped
from discovery.catalogue import Catalogue, Service
from discovery.coverage import working_days
from discovery.observations import Observations
from discovery.thresholds import thresholds
from rules import questions, risk, roadmap, sightings, unknown
from rules.counting import Counts, Row, count
from rules.factors import Exposure, RiskRules
from rules.findings import Assessment, Evidence, Finding, PersonUse, Risk, counted
from rules.gaps import Use, gaps, needs
from rules.register import Decision, status_of
from rules.toolset import Toolset
from rules.weights import Weight, as_facts
from rules.weights import in_force as weighed

_FILES: Final = ("risk.toml", "capabilities.toml", "suites.toml", "gaps.toml", "questions.toml", "roadmap.toml", "guesses.toml", "lookalikes.toml")

#: Days at the end of the period by which use "goes on".
_LATE: Final = 14

_PERSON_USE: Final = tuple(one.name for one in fields(PersonUse) if one.default is MISSING)
_EVIDENCE: Final = tuple(one.name for one in fields(Evidence))


def assess(
    observations: Observations,
    catalogue: Catalogue,
    register: Mapping[str, Decision],
    toolset: Toolset,
    *,
    today: date | None = None,
    weights: tuple[Weight, ...] = (),
) -> Assessment:
    """What the observations mean.

    Args:
        observations: of one firm in one period.
        catalogue: the one they were matched with.
        register: service id -> the decision in force.
        toolset: what the firm provides.
        today: the day on which decisions are read and facts are aged; None: the last day with events, so that the same logs give the same result.
        weights: what the firm changed in the shipped rules of risk.
    """
    today = today or observations.until or date.min
    counts, others = count(observations.usage), sightings.gathered(observations.sightings)
    bench = _Bench(observations, catalogue, register, toolset, today, counts, others, weighed(weights))
    rows = bench.counts.services
    uses = [bench.use(row) for row in (*rows, *bench.others.alone(row["service"] for row in rows))]
    needed = needs(uses, catalogue.capabilities, toolset, bench.whole)
    findings = sorted((use.finding for use in uses), key=lambda finding: (-finding.risk.score, -(finding.people or 0), finding.name))
    return Assessment(
        findings=tuple(findings),
        find_unknown=partial(unknown.domains, observations, catalogue),
        gaps=gaps(needed, toolset, observations.coverage),
        coverage=observations.coverage,
        logs=observations.logs,
        since=observations.since,
        until=observations.until,
        rules_in_force=in_force(weights),
        unlisted=sightings.unlisted(observations.sightings),
        roadmap=roadmap.steps(needed, toolset, catalogue, bench.score, observations.until),
        options=roadmap.options(needed, toolset, catalogue, bench.score),
    )


@lru_cache(maxsize=64)
def in_force(weights: tuple[Weight, ...] = ()) -> Mapping[str, Any]:
    """Which rules judged: their version, the levels, the thresholds of activity, and what the firm changed."""
    digest = hashlib.sha256(b"".join(shipped.beside("rules", name).read_bytes() for name in _FILES))
    limits = thresholds()
    return {
        "version": digest.hexdigest()[:12],
        "levels": dict(weighed(weights).levels),
        "activity": {name: getattr(limits, name) for name in limits.__slots__},
        "weights": as_facts(weights),
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
    rules: RiskRules
    scores: dict[tuple[str, ...], int] = field(default_factory=dict)  # what `score` found already: the roadmap asks for the same more than once

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
        sent, refused = row["uploaded_bytes"], row["blocked_hits"]
        exposure = self._exposure(strongest, active_people, active_days, sent, refused, provided=self._provided(service))
        plan = "business" if service.id in self.toolset.services else "free"
        yes, not_known = questions.answers(service, self.today, plan)
        finding = Finding(
            **row,
            name=service.name,
            vendor=service.vendor,
            category=service.category_title,
            capability=service.capability,
            status=status_of(self.register, service.id, self.today, {one.account for one in by_person if one.activity == "active"}),
            activity=strongest,
            risk=risk.here(service, exposure, self.today, plan, self.rules),
            inherent=risk.inherent(service, self.today, plan, self.rules),
            on_business=self._on_business(service, exposure, plan),
            plan=plan,
            exposure=exposure,
            answers=yes,
            unanswered=not_known,
            people=people,
            active_people=active_people,
            by_person=met,
            evidence=tuple(Evidence(**{name: one[name] for name in _EVIDENCE}) for one in self.counts.domains.get(service.id, ()))
            + self.others.evidence(service.id),
            by_day=tuple((one["day"], one["people"]) for one in self.counts.days.get(service.id, ())),
            active_days=len(active_days),
            sighted_people=counted(told) if (told := [one for one in met if one.sightings]) else 0,
        )
        return Use(finding, active_days, service)

    def score(self, service_id: str, uses: Sequence[Use]) -> int:
        """The score of a service on its business plan, once everybody and everything of these uses has come to it."""
        key = (service_id, *(use.service.id for use in uses))
        if key not in self.scores:
            self.scores[key] = self._score(service_id, uses)
        return self.scores[key]

    def _score(self, service_id: str, uses: Sequence[Use]) -> int:
        service = self.catalogue.services[service_id]
        people = [use.finding.active_people for use in uses]
        active = None if None in people else counted(one for use in uses for one in use.finding.by_person if one.activity == "active") or 0
        sent = [use.finding.uploaded_bytes for use in uses if use.finding.uploaded_bytes is not None]
        days = frozenset[date]().union(*(use.days for use in uses))
        moved = self._exposure("active", active, days, sum(sent) if sent else None, sum(use.finding.blocked_hits for use in uses), provided=True)
        return risk.here(service, moved, self.today, "business", self.rules).score

    def _exposure(
        self, activity: str, active_people: int | None, active_days: frozenset[date], sent: int | None, refused: int, *, provided: bool | None
    ) -> Exposure:
        since, until = self.observations.since, self.observations.until
        late = max(since, until - timedelta(days=_LATE - 1)) if since and until else None
        return Exposure(
            activity=activity,
            active_people=active_people,
            people=self.whole,
            active_days=len(active_days),
            working_days=working_days(since, until),
            uploaded_bytes=sent,
            refused=refused,
            late_days=sum(late is not None and day >= late for day in active_days),
            late_working_days=working_days(late, until),
            provided=provided,
        )

    def _provided(self, service: Service) -> bool | None:
        """Whether the firm has a tool for what a service does; None where it never said what it provides."""
        if not self.toolset.tools:
            return None
        return service.id in self.toolset.services or bool(self.toolset.providing(service.capability))

    def _on_business(self, service: Service, exposure: Exposure, plan: str) -> Risk | None:
        if plan == "business" or not any(name.startswith("business.") for name in service.facts):
            return None
        return risk.here(service, exposure, self.today, "business", self.rules)

    def _people(self, by_person: Sequence[PersonUse]) -> tuple[int | None, int | None]:
        """How many use it, and how many actively; None where they cannot be told apart."""
        if not by_person and self.observations.people_told_apart:
            return 0, 0
        people = counted(by_person) if self.observations.people_told_apart else None
        if people is None:
            return None, None
        active = counted(one for one in by_person if one.activity == "active") or 0
        return max(people, active), active
