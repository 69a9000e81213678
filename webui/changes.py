"""What changed against the period before: new, gone, grown, shrunk, and people who moved from one tool to another.

Both periods are judged with today's catalogue, rules and decisions, so a change comes from what people did or from what the logs cover.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rules.findings import Assessment, Finding
from webui import words
from webui.assessments import Picture

#: A change in people counts from so many people and so large a share on.
LEAST: Final = 2
SHARE: Final = 0.25
#: A period with less than this share of the other's days with logs cannot be compared.
COMPARABLE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `kind` is new, gone, grown, shrunk or moved, and `text` says it in words after the name of the service."""

    kind: str
    service: str
    name: str
    text: str
    weight: int
    to: Finding | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, the largest first in their kind, and what to keep in mind when reading them."""

    changes: Sequence[Change]
    caveat: str

    def of(self, kind: str) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


def compare(now: Picture, before: Picture | None) -> Comparison | None:
    """What changed from `before` to `now`; None where there is nothing to compare with."""
    if before is None or not before.observations.usage.height:
        return None
    new, old = _active(now.assessment), _active(before.assessment)
    moves = list(_moves(new, old))
    moved = {(change.service, change.to.service) for change in moves if change.to}
    left, joined = {a for a, _ in moved}, {b for _, b in moved}
    changes = [*moves, *(change for service in new.keys() | old.keys() if (change := _change(new.get(service), old.get(service), left, joined)))]
    return Comparison(sorted(changes, key=lambda change: (-change.weight, change.name)), _caveat(now, before))


def _active(assessment: Assessment) -> dict[str, Finding]:
    return {finding.service: finding for finding in assessment.findings if finding.activity == "active"}


def _users(finding: Finding) -> set[str]:
    return {use.person for use in finding.by_person if use.activity == "active" and use.person}


def _change(now: Finding | None, then: Finding | None, left: set[str], joined: set[str]) -> Change | None:
    if now and then:
        return _grown(now, then)
    if now and now.service not in joined:
        return Change("new", now.service, now.name, f"{words.people(now.active_people)}, since {_day(now)}", now.active_people or 1)
    if then and then.service not in left:
        return Change("gone", then.service, then.name, f"{_had(then)} before, nobody now", then.active_people or 1)
    return None


def _grown(now: Finding, then: Finding) -> Change | None:
    if now.active_people is None or then.active_people is None:
        return None
    difference = now.active_people - then.active_people
    if abs(difference) < LEAST or abs(difference) < SHARE * max(then.active_people, 1):
        return None
    text = f"{words.people(now.active_people)}, {then.active_people} before"
    return Change("grown" if difference > 0 else "shrunk", now.service, now.name, text, abs(difference))


def _moves(new: dict[str, Finding], old: dict[str, Finding]) -> Iterable[Change]:
    """People who stopped with one tool and began with another for the same need."""
    for service, then in old.items():
        gone = _users(then) - (_users(new[service]) if service in new else set())
        for other in new.values():
            if other.capability != then.capability or other.service == service:
                continue
            came = _users(other) - (_users(old[other.service]) if other.service in old else set())
            both = len(gone & came)
            if both >= LEAST:
                yield Change("moved", service, then.name, f"{words.people(both)} moved to", both, other)


def _caveat(now: Picture, before: Picture) -> str:
    days, then = (picture.observations.usage["day"].n_unique() for picture in (now, before))
    if then < COMPARABLE * days:
        return f"The period before has logs for only {words.plural(then, 'day')} against {days} now: part of this is coverage, not behaviour."
    if days < COMPARABLE * then:
        return f"This period has logs for only {words.plural(days, 'day')} against {then} before: part of this is coverage, not behaviour."
    return "Both periods are judged with today's catalogue, rules and decisions: what changed is what people did."


def _day(finding: Finding) -> str:
    first = finding.first_seen.date()
    return f"{first.day} {first:%B}"


def _had(finding: Finding) -> str:
    return words.people(finding.active_people)
