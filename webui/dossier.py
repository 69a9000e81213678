"""Everything a page about one service shows, gathered from the finding, the catalogue and the daily rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from discovery.catalogue import Catalogue, Service
from rules.findings import Evidence, Finding, Gap, PersonUse, Reason, Sighting, Step
from webui import charts, facts, heat
from webui.assessments import Picture
from webui.crowd import PERSON


@dataclass(frozen=True, slots=True)
class Dossier:
    """The parts of the page.

    Attributes:
        gap: the need behind it; None where it meets none that is judged.
        rivals: other services in active use for the same need.
        uses: who, the active ones first.
        known: what other records than traffic say of whom, the latest first.
        lifted: what the business plan changes in the score, with the difference in points; empty where it would not lower it.
        step: what the roadmap says about the need.
        reasons, smaller: why the score is what it is; the main reasons, and those of less than two points.
    """

    service: Service | None
    parts: Sequence[charts.Part]
    reasons: Sequence[Reason]
    smaller: Sequence[Reason]
    grid: heat.Grid | None
    gap: Gap | None
    rivals: Sequence[Finding]
    uses: Sequence[PersonUse]
    known: Sequence[tuple[PersonUse, Sighting]]
    teams: Sequence[str]
    by_plan: Sequence[facts.Row]
    whole: Sequence[facts.Row]
    evidence: Sequence[Evidence]
    need: str
    lifted: Sequence[Reason]
    step: Step | None


def of(finding: Finding, shown: Picture, catalogue: Catalogue) -> Dossier:
    """The dossier of a finding."""
    service = catalogue.services.get(finding.service)
    usage = shown.observations.usage.filter((pl.col("service") == finding.service) & (pl.col("person_kind") == PERSON))
    grid = heat.people_by_day(usage, shown.since, shown.until) if shown.since and shown.until and usage.height else None
    uses = sorted(finding.by_person, key=lambda use: (_ORDER.get(use.activity, 9), -use.days, use.person or ""))
    main, small = charts.main_reasons(finding.risk)
    return Dossier(
        service=service,
        parts=charts.risk_parts(finding.risk),
        reasons=main,
        smaller=small,
        grid=grid,
        gap=next((gap for gap in shown.firm.gaps if gap.capability == finding.capability), None),
        rivals=[other for other in charts.by_capability(shown.firm).get(finding.capability, []) if other.service != finding.service],
        uses=[use for use in uses if use.kind == "traffic"],
        known=sorted(((use, seen) for use in uses for seen in use.sightings), key=lambda pair: pair[1].last_seen, reverse=True),
        teams=sorted({use.team for use in uses if use.team and use.activity == "active"}),
        by_plan=facts.by_plan(service) if service else [],
        whole=facts.of_whole(service) if service else [],
        evidence=sorted(finding.evidence, key=lambda part: -part.hits),
        need=catalogue.capabilities.get(finding.capability, finding.capability),
        lifted=_lifted(finding),
        step=next((step for step in shown.firm.roadmap if step.capability == finding.capability), None),
    )


def _lifted(finding: Finding) -> list[Reason]:
    """What differs on the business plan, what lowers the score most first; together exactly the difference of the two scores."""
    if finding.on_business is None or finding.on_business.score >= finding.risk.score:
        return []
    before, after = ({reason.factor: reason for reason in risk.reasons} for risk in (finding.risk, finding.on_business))
    gone = [replace(reason, points=-reason.points, text=f"No longer: {reason.text}") for factor, reason in before.items() if factor not in after]
    moved = [replace(reason, points=reason.points - before[factor].points) if factor in before else reason for factor, reason in after.items()]
    changes = sorted((change for change in (*gone, *moved) if abs(change.points) >= _WORTH_SAYING), key=lambda change: change.points)
    rest = finding.on_business.score - finding.risk.score - sum(change.points for change in changes)
    smaller = [Reason("smaller changes", rest, "Smaller changes together.", "")] if round(rest, 1) else []
    return [replace(change, points=round(change.points, 1)) for change in (*changes, *smaller)]


#: From how many points on a difference between plans is told.
_WORTH_SAYING = 0.5

_ORDER = {"active": 0, "background": 1, "visit": 2, "embedded": 3}
