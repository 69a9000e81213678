"""What is different between two judged periods or imports, or since a decision, each difference with its cause.

Causes: `behaviour`, what people did; `coverage`, what the logs could show; `catalogue`, what is known of a service; `rules`, how it is judged.
What logs, catalogue and rules explain is never put down to people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from rules import words
from rules.factors import rules as shipped_rules
from rules.findings import Assessment, Finding
from rules.register import Snapshot

#: Cause -> how it is said.
CAUSES: Final = {
    "behaviour": "what people did",
    "coverage": "what the logs could show",
    "catalogue": "what is known of the service",
    "rules": "how it is judged",
}
LEVELS: Final = ("Low", "Guarded", "Elevated", "High", "Severe")
#: A change in people counts from so many people and so large a share on.
LEAST: Final = 2
SHARE: Final = 0.25
#: A period with less than this share of the other's days with logs cannot be compared.
COMPARABLE: Final = 0.8
#: Points below this round to nothing.
TELLING: Final = 0.5


@dataclass(frozen=True)
class Judged:
    """One side of a comparison: an assessment, the rows of `OBSERVED` it rests on, and the version of the catalogue that matched them."""

    assessment: Assessment
    usage: pl.DataFrame
    catalogue: str

    @property
    def rules(self) -> tuple[Any, ...]:
        """What tells one set of rules from another: the version of the shipped ones, and what the firm changed in them."""
        in_force = self.assessment.rules_in_force
        return in_force["version"], *((one["kind"], one["key"], one["value"]) for one in in_force["weights"])

    @property
    def days(self) -> int:
        """Days with logs."""
        return self.usage["day"].n_unique()

    def kinds_of_log(self, service: str | None = None) -> frozenset[str]:
        """The kinds of log (squid, fortigate, …) that were there, or that show one service."""
        return self._kinds.get(service, frozenset()) if service else frozenset[str]().union(*self._kinds.values())

    def told_otherwise(self, other: "Judged", service: str) -> str:
        """Why the logs alone could make the two differ on a service, in words; empty where they tell alike."""
        if self.kinds_of_log(service) - other.kinds_of_log() or other.kinds_of_log(service) - self.kinds_of_log():
            return "the two are told by different kinds of log"
        same_days = self.distinct["day"] == other.distinct["day"]
        return "these are different logs of the same days" if same_days and self.distinct["log"].isdisjoint(other.distinct["log"]) else ""

    @cached_property
    def distinct(self) -> Mapping[str, set[Any]]:
        """The days with logs, and the logs."""
        return {name: set(self.usage[name].unique()) for name in ("day", "log")}

    @cached_property
    def _kinds(self) -> Mapping[str | None, frozenset[str]]:
        """Service -> the kinds of log that show it."""
        found: dict[str | None, set[str]] = {}
        for service, source in self.usage.select("service", "source").unique().iter_rows():
            found.setdefault(service, set()).update([] if source is None else [source.partition(":")[0]])
        return {service: frozenset(kinds) for service, kinds in found.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is different: what, then and now in words, and the cause, a key of `CAUSES`."""

    what: str
    text: str
    cause: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a service; `kind` is new, gone, grown, shrunk, moved, riskier or calmer; `text` says it in words after the service's name.

    `cause` is a key of `CAUSES`, and `because` says more where it is not what people did. `weight` orders changes of a kind.
    """

    kind: str
    service: str
    name: str
    text: str
    weight: int
    to: Finding | None = None
    cause: str = "behaviour"
    because: str = ""


def compare(now: Judged, before: Judged) -> list[Change]:
    """What changed from `before` to `now` in services that people work with, the largest first."""
    new, old = _active(now.assessment), _active(before.assessment)
    moves = [
        move for move in _moves(new, old) if move.to and not (now.told_otherwise(before, move.service) or now.told_otherwise(before, move.to.service))
    ]
    moved = {(change.service, change.to.service) for change in moves if change.to}
    left, joined = {a for a, _ in moved}, {b for _, b in moved}
    both = (_grown(new[service], old[service], now, before) for service in new.keys() & old.keys())
    levels = (_level(new[service], old[service], now, before) for service in new.keys() & old.keys())
    came = (_new(new[service], now, before) for service in new.keys() - old.keys() - joined)
    went = (_gone(old[service], now, before) for service in old.keys() - new.keys() - left)
    changes = [*moves, *came, *went, *(change for change in (*both, *levels) if change)]
    return sorted(changes, key=lambda change: (-change.weight, change.name, change.kind))


def caveat(now: Judged, before: Judged) -> str:
    """What to keep in mind when the two are compared."""
    if before.days < COMPARABLE * now.days:
        return (
            f"The period before has logs for only {words.count(before.days, 'day')} against {now.days} now: part of this is coverage, not behaviour."
        )
    if now.days < COMPARABLE * before.days:
        return f"This period has logs for only {words.count(now.days, 'day')} against {before.days} before: part of this is coverage, not behaviour."
    if otherwise := next((said for service in _active(now.assessment) if (said := now.told_otherwise(before, service))), ""):
        return f"Part of this is coverage, not behaviour: {otherwise}."
    differing = [noun for noun, a, b in (("catalogue", now.catalogue, before.catalogue), ("rules", now.rules, before.rules)) if a != b]
    if differing:
        return f"The two were judged with different {' and '.join(differing)}; what comes from that is marked."
    return "Both periods are judged with today's catalogue, rules and decisions: what changed is what people did, where nothing else is said."


def since_decision(then: Snapshot, now: Finding, catalogue: str, rules_in_force: Mapping[str, Any]) -> list[Difference]:
    """What is different from what was known when somebody decided; the points of the score apart by cause.

    Args:
        then: kept with the decision.
        now: the finding of today.
        catalogue: version of the one in use.
        rules_in_force: as `Assessment.rules_in_force`.
    """
    found = list(_people_since(then, now))
    parts: dict[str, float] = {}
    for reason in now.risk.reasons:
        parts[reason.part] = parts.get(reason.part, 0.0) + reason.points
    by_cause: dict[str, float] = {}
    for part in parts.keys() | then.parts.keys():
        by_cause_of = _cause_of_part(part, then, catalogue, rules_in_force["version"])
        by_cause[by_cause_of] = by_cause.get(by_cause_of, 0.0) + parts.get(part, 0.0) - then.parts.get(part, 0.0)
    if now.risk.score != then.score:
        found += [
            Difference("risk", f"risk {then.score} then, {now.risk.score} now; {points:+.0f} of it from {CAUSES[cause]}", cause)
            for cause, points in sorted(by_cause.items(), key=lambda pair: -abs(pair[1]))
            if abs(points) >= TELLING
        ]
    return found


def _people_since(then: Snapshot, now: Finding) -> Iterator[Difference]:
    if then.people is not None and now.active_people is not None and then.people != now.active_people:
        yield Difference("people", f"{words.people(then.people)} then, {now.active_people} now", "behaviour")


def _cause_of_part(part: str, then: Snapshot, catalogue: str, rules: str) -> str:
    """Where points of a part come from: use is behaviour; facts change with the catalogue, and what they count with the rules."""
    if rules != then.rules:
        return "rules"
    return "behaviour" if part in {shipped_rules().parts["use"], ""} or catalogue == then.catalogue else "catalogue"


# Kinds of change


def _active(assessment: Assessment) -> dict[str, Finding]:
    return {finding.service: finding for finding in assessment.findings if finding.activity == "active"}


def _users(finding: Finding) -> set[str]:
    return {use.person for use in finding.by_person if use.activity == "active" and use.person}


_WHY_NEW: Final = {
    "coverage": "only the {logs} log shows it, and there was none before",
    "catalogue": "its domains were seen before, and the catalogue did not know them",
}
_WHY_GONE: Final = {
    "coverage": "only the {logs} log showed it, and there is none now",
    "catalogue": "its domains are seen now, and the catalogue does not know them as this",
}


def _new(found: Finding, now: Judged, before: Judged) -> Change:
    cause, because = _why(found, now, before, _WHY_NEW)
    text = f"{words.people(found.active_people)}, since {_day(found)}"
    return Change("new", found.service, found.name, text, found.active_people or 1, cause=cause, because=because)


def _why(found: Finding, here: Judged, there: Judged, said: Mapping[str, str]) -> tuple[str, str]:
    """Why a service shows on one side only: the cause, and what speaks for it in words."""
    logs = here.kinds_of_log(found.service)
    if logs and not logs & there.kinds_of_log():
        return "coverage", said["coverage"].format(logs=words.listed(sorted(logs)))
    if here.catalogue != there.catalogue and _is_there(found, there.usage):
        return "catalogue", said["catalogue"]
    otherwise = here.told_otherwise(there, found.service)
    return "coverage" if otherwise else "behaviour", otherwise


def _is_there(found: Finding, usage: pl.DataFrame) -> bool:
    names = [evidence.domain for evidence in found.evidence]
    return bool(usage.filter(pl.col("domain").is_in(names) & (pl.col("service").fill_null("") != found.service)).height)


def _gone(found: Finding, now: Judged, before: Judged) -> Change:
    cause, because = _why(found, before, now, _WHY_GONE)
    text = f"{words.people(found.active_people)} before, nobody now"
    return Change("gone", found.service, found.name, text, found.active_people or 1, cause=cause, because=because)


def _grown(now: Finding, then: Finding, new: Judged, old: Judged) -> Change | None:
    if now.active_people is None or then.active_people is None:
        return None
    difference = now.active_people - then.active_people
    if abs(difference) < LEAST or abs(difference) < SHARE * max(then.active_people, 1):
        return None
    more = difference > 0
    fewer_days = old.days < COMPARABLE * new.days if more else new.days < COMPARABLE * old.days
    text = f"{words.people(now.active_people)}, {then.active_people} before"
    because = "the other period has logs for far fewer days" if fewer_days else new.told_otherwise(old, now.service)
    cause = "coverage" if because else "behaviour"
    return Change("grown" if more else "shrunk", now.service, now.name, text, abs(difference), cause=cause, because=because)


def _level(now: Finding, then: Finding, new: Judged, old: Judged) -> Change | None:
    """A service that came to another level of risk."""
    step = LEVELS.index(now.risk.level) - LEVELS.index(then.risk.level)
    if not step:
        return None
    cause = "rules" if new.rules != old.rules else "catalogue" if new.catalogue != old.catalogue else "behaviour"
    text = f"{now.risk.level}, {then.risk.level} before ({then.risk.score} to {now.risk.score}{_most_of_it(now, then)})"
    because = f"{CAUSES[cause]} changed" if cause != "behaviour" else new.told_otherwise(old, now.service)
    cause = "coverage" if because and cause == "behaviour" else cause
    return Change("riskier" if step > 0 else "calmer", now.service, now.name, text, abs(step), cause=cause, because=because)


def _most_of_it(now: Finding, then: Finding) -> str:
    """The reason that moved the score the most: ", most by data sent to it: +6"; floor and ceiling, which belong to no part, explain nothing."""
    new, old = ({reason.factor: reason.points for reason in finding.risk.reasons if reason.part} for finding in (now, then))
    direction = 1 if now.risk.score >= then.risk.score else -1
    moved = {factor: direction * (new.get(factor, 0.0) - old.get(factor, 0.0)) for factor in sorted(new | old)}
    most = max(moved, key=lambda factor: moved[factor], default="")
    return f", most by {most}: {words.signed(direction * moved[most])}" if most and moved[most] >= TELLING else ""


def _moves(new: Mapping[str, Finding], old: Mapping[str, Finding]) -> Iterable[Change]:
    """People who stopped with one tool and began with another for the same need."""
    for service, then in old.items():
        gone = _users(then) - (_users(new[service]) if service in new else set())
        for other in _rivals(then, new.values()):
            came = _users(other) - (_users(old[other.service]) if other.service in old else set())
            both = len(gone & came)
            if both >= LEAST:
                yield Change("moved", service, then.name, f"{words.people(both)} moved to", both, other)


def _rivals(found: Finding, others: Iterable[Finding]) -> Sequence[Finding]:
    return [other for other in others if other.capability == found.capability and other.service != found.service]


def _day(finding: Finding) -> str:
    first = finding.first_seen.date()
    return f"{first.day} {first:%B}"
