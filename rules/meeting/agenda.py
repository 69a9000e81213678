"""Which needs a policy discussion should take up: those that matter most, undecided ones first."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rules import words
from rules.findings import Assessment, Finding, Gap
from rules.meeting import table
from rules.register import UNDECIDED


@dataclass(frozen=True, slots=True)
class Candidate:
    """A need that could be talked about.

    Attributes:
        undecided: services that nobody has decided on.
        weight: scores of those services (of all, where every one is decided on), each times the people who use it: what the order goes by.
        why: the reason for its place, in words.
    """

    gap: Gap
    undecided: tuple[Finding, ...]
    weight: int
    why: str


def services_of(capability: str, assessment: Assessment, provided: AbstractSet[str]) -> list[Finding]:
    """The services that people work with for a need and the firm does not provide, decided on or not; most people first."""
    mine = [one for one in assessment.findings if one.capability == capability and one.activity == "active" and one.service not in provided]
    return sorted(mine, key=lambda one: (-(one.active_people or 0), -one.risk.score, one.name))


def candidates(assessment: Assessment, provided: AbstractSet[str]) -> list[Candidate]:
    """Every need that is not covered, in the order in which it should be talked about.

    Args:
        assessment: of the whole firm.
        provided: ids of services that belong to what the firm provides.
    """
    made = [_candidate(gap, assessment, provided) for gap in assessment.gaps if gap.gap != "covered"]
    return sorted(made, key=lambda one: (not one.undecided, -one.weight, one.gap.capability))


def proposed(found: Iterable[Candidate]) -> list[str]:
    """The needs of a proposed agenda, of candidates in their order: as many undecided ones as an hour takes, others where these are few."""
    order = list(found)
    open_ = sum(bool(one.undecided) for one in order)
    return [one.gap.capability for one in order[: min(max(open_, table()["least"]), table()["most"])]]


def _candidate(gap: Gap, assessment: Assessment, provided: AbstractSet[str]) -> Candidate:
    used = services_of(gap.capability, assessment, provided)
    undecided = tuple(one for one in used if one.status in UNDECIDED)
    weight = sum(one.risk.score * (one.active_people or 1) for one in undecided or used)
    return Candidate(gap, undecided, weight, _why(gap, undecided, assessment))


def _why(gap: Gap, undecided: tuple[Finding, ...], assessment: Assessment) -> str:
    who = words.people(gap.people, assessment.coverage.people_expected or assessment.coverage.people_seen)
    if not undecided:
        return words.sentence(f"{who}; every service is decided on, the need is still unmet")
    worst = max(undecided, key=lambda one: one.risk.score)
    return words.sentence(f"{who}; {words.count(len(undecided), 'service')} undecided, {worst.name} at {worst.risk.level.lower()} risk")
