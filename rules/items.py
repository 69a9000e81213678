"""Items of the roadmap as a firm keeps them: proposed by the rules or added by hand, edited, assigned, ticked off; and what became of them.

What an item looked like when it was planned is kept with it (its baseline), so that later logs can show whether use fell, stayed, or moved on to
another service that nobody approved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from discovery.errors import GnomonError
from rules import words
from rules.findings import Assessment, Finding, Step, counted
from rules.roadmap import table

#: State -> how it reads. `proposed` are those that nobody has kept yet.
STATES: Final = {"proposed": "Proposed", "planned": "Planned", "doing": "Under way", "done": "Done", "dropped": "Dropped"}

#: What an item is about; shadow IT is one part of a technology review.
AREAS: Final = {"gap": "A need of people", "network": "Network", "servers": "Servers", "devices": "Devices", "licences": "Licences", "other": "Other"}

COSTS: Final = {"none": "no extra cost", "low": "low cost", "medium": "medium cost", "high": "high cost"}


@dataclass(frozen=True, slots=True)
class Baseline:
    """How things stood when an item was planned: in that period so many people worked with each of the services it is to close.

    Attributes:
        since, until: the period.
        people: who worked with any of the services, each counted once; None where people cannot be told apart.
        services: id -> people.
        names: id -> name.
        others: people on other services for the same need that the firm neither provides nor approved; None as before.
        target: id of the service that people are given, if it is one.
        removed: points of risk that it promised to remove.
    """

    since: date
    until: date
    people: int | None
    services: Mapping[str, int | None] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    others: int | None = 0
    target: str = ""
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item in force.

    Attributes:
        id: "gap:…" of a step, or "own:…" of one added by hand.
        area: one of `AREAS`.
        capability: code; empty for one added by hand.
        quarter: as "2027-Q1"; empty: not planned for one.
        effort: days of work; None: not known.
        cost: one of `COSTS`.
        state: one of `STATES`.
        changed_by, changed_at: of the last change; None for a proposal.
        step: what the rules propose today; None where the gap is gone or there never was one.
    """

    id: str
    title: str
    text: str = ""
    area: str = "gap"
    capability: str = ""
    quarter: str = ""
    effort: float | None = None
    cost: str = "none"
    owner: str = ""
    state: str = "planned"
    baseline: Baseline | None = None
    changed_by: str = ""
    changed_at: datetime | None = None
    step: Step | None = None

    @property
    def removed(self) -> int | None:
        """Points of risk it removes, scored today, else as promised when it was planned; None: it is not about risk of services."""
        if self.step is not None:
            return self.step.removed
        return self.baseline.removed if self.baseline else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What later logs show of an item: fell, stayed, grew, moved, waiting or unknown; in words, and people before and now."""

    kind: str
    text: str
    before: int | None = None
    now: int | None = None
    elsewhere: int | None = None


def check(item: Item) -> Item:
    """The item, if it can be kept.

    Raises:
        GnomonError: it has no title, or a part is none of its choices; the sentence says which.
    """
    if not item.title.strip():
        raise GnomonError("An item needs a title.")
    for name, value, choices in (("state", item.state, STATES), ("area", item.area, AREAS), ("cost", item.cost, COSTS)):
        if value not in choices:
            raise GnomonError(f"“{value}” is no {name} of an item. It can be: {', '.join(choices)}.")
    if item.effort is not None and not 0 <= item.effort <= 1000:  # noqa: PLR2004 (days; a typing error otherwise)
        raise GnomonError("The effort is a number of days between 0 and 1,000.")
    return item


def proposal(step: Step, assessment: Assessment) -> Item:
    """A step of the rules as an item, with how things stand now."""
    return Item(
        id=step.id,
        title=step.title,
        text=step.text,
        capability=step.capability,
        quarter=step.quarter,
        effort=step.effort,
        cost=step.cost,
        state="proposed",
        baseline=baseline(step.closes, step.capability, assessment, target=step.target or "", removed=step.removed),
        step=step,
    )


def baseline(closes: Iterable[str], capability: str, assessment: Assessment, *, target: str = "", removed: int = 0) -> Baseline | None:
    """How things stand with the services that an item is to close; None without logs."""
    if assessment.since is None or assessment.until is None:
        return None
    closed, others = _split(closes, capability, target, assessment)
    return Baseline(
        since=assessment.since,
        until=assessment.until,
        people=_people(closed),
        services={finding.service: finding.active_people for finding in closed},
        names={finding.service: finding.name for finding in closed},
        others=_people(others),
        target=target,
        removed=removed,
    )


def plan(assessment: Assessment, kept: Iterable[Item]) -> list[Item]:
    """Everything on the roadmap: what was kept, in the firm's own words, and what the rules propose beside it; by quarter, then in their order."""
    steps = {step.id: step for step in assessment.roadmap}
    mine = [replace(item, step=steps.get(item.id)) for item in kept]
    known = {item.id for item in mine}
    proposed = [proposal(step, assessment) for step in assessment.roadmap if step.id not in known]
    rank = {id_: number for number, id_ in enumerate(steps)}
    return sorted((*mine, *proposed), key=lambda item: (item.quarter or "9999", rank.get(item.id, len(rank)), item.title))


def outcome(item: Item, assessment: Assessment) -> Outcome | None:
    """What became of it, by an assessment of a later period of the same length; None where there is nothing to compare, as before it is kept."""
    before = item.baseline
    if before is None or not before.services or item.state == "proposed":
        return None
    said = table()["outcome"]
    if assessment.until is None or assessment.until <= before.until:
        return Outcome("waiting", said["waiting"])
    there, others = _split(before.services, item.capability, before.target, assessment)
    now, there_now = _people(there), _people(others)
    if before.people is None or before.others is None or now is None or there_now is None:
        return Outcome("unknown", said["unknown"])
    elsewhere = max(0, there_now - before.others)
    kind = _kind(before.people, now, elsewhere, said)
    values = {
        "before": words.people(before.people),
        "now": words.people(now),
        "left": words.people(before.people - now),
        "won": words.people(elsewhere),
        "closed": words.listed([before.names.get(service, service) for service in before.services], 2),
        "others": words.listed([finding.name for finding in others], 2),
    }
    return Outcome(kind, words.sentence(said[kind].format(**values)), before.people, now, elsewhere)


def _kind(before: int, now: int, elsewhere: int, said: Mapping[str, float]) -> str:
    left = before - now
    if left > 0 and elsewhere >= said["moved_from"] * left:
        return "moved"
    if left > 0 and now <= said["fell_below"] * before:
        return "fell"
    return "grew" if left < 0 else "stayed"


def _split(services: Iterable[str], capability: str, target: str, assessment: Assessment) -> tuple[list[Finding], list[Finding]]:
    """Findings of these services, and of others that are used instead of what is provided or given, the most used first."""
    chosen = frozenset(services)
    gap = next((gap for gap in assessment.gaps if gap.capability == capability), None)
    instead = [finding for id_ in (gap.services if gap and gap.gap != "covered" else ()) if (finding := assessment.finding(id_))]
    there = [finding for finding in assessment.findings if finding.service in chosen and finding.activity == "active"]
    return there, [finding for finding in instead if finding.service not in {*chosen, target}]


def _people(findings: Sequence[Finding]) -> int | None:
    if any(finding.active_people is None for finding in findings):
        return None
    return counted(use for finding in findings for use in finding.by_person if use.activity == "active") or 0
