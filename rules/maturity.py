"""How well the firm handles shadow IT, on five steps, each criterion measured from what is kept; see `maturity.toml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from rules.alerts import Alert
from rules.factors import toml
from rules.findings import Assessment, Finding
from rules.register import UNDECIDED, Decision, Register, register_on, status_of
from rules.words import count, people


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the criteria are measured on: some days of a firm, and the same number of days before.

    Attributes:
        now, before: of these days, and of those before; None: nothing is kept of them.
        covered, working: days with logs among the working days, and the working days.
        history: every decision there ever was, oldest first.
        alerts: open at the end of these days.
        provided: ids of services that belong to what the firm provides.
        tools: how many tools it provides.
        day: the last of these days.
        zone: of the client.
    """

    now: Assessment
    before: Assessment | None
    covered: int
    working: int
    history: Sequence[Decision]
    alerts: Sequence[Alert]
    provided: frozenset[str]
    tools: int
    day: date
    zone: str

    @property
    def register(self) -> Register:
        """As it was on the evening of the last day."""
        return register_on(self.history, datetime.combine(self.day, time.max, ZoneInfo(self.zone)))


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its evidence in words; None: not known."""

    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a step asks for, whether it holds, and by which evidence; `page` is where to work on it."""

    title: str
    holds: bool
    evidence: str
    todo: str
    page: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the stair: `reached` where its criteria hold and those of all below."""

    id: str
    title: str
    text: str
    criteria: tuple[Criterion, ...]
    reached: bool


@dataclass(frozen=True, slots=True)
class Maturity:
    """All steps from the lowest, and the numbers behind them."""

    steps: tuple[Step, ...]
    measured: Mapping[str, Measured]

    @property
    def level(self) -> int:
        """The step that is reached, from 1."""
        return sum(step.reached for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The step to work on; None on the highest."""
        return next((step for step in self.steps if not step.reached), None)


def maturity(evidence: Evidence) -> Maturity:
    """The step that a firm is on, with what is missing for the next."""
    measured = measures(evidence)
    steps: list[Step] = []
    for level in _table()["level"]:
        criteria = tuple(_criterion(entry, measured[entry["measure"]]) for entry in level.get("criterion", []))
        reached = all(one.holds for one in criteria) and all(step.reached for step in steps)
        steps.append(Step(level["id"], level["title"], level["text"], criteria, reached))
    return Maturity(tuple(steps), measured)


def measures(evidence: Evidence) -> Mapping[str, Measured]:
    """Every number that a criterion may ask for."""
    register = evidence.register
    return {
        "covered_share": _share(evidence.covered, evidence.working, "working day", "with logs"),
        "tools_provided": Measured(evidence.tools, f"{count(evidence.tools, 'tool')} entered." if evidence.tools else "Nothing is entered."),
        "seen_share": _seen(evidence),
        "decided_share": _all_decided(evidence, register),
        "in_time_share": _in_time(evidence, register),
        "owner_share": _filled(register, evidence.day, "owner", "an owner"),
        "review_share": _filled(register, evidence.day, "review_by", "a review date", only_permissions=True),
        "overdue": _overdue(register, evidence.day),
        "late_alerts": _late(evidence),
        "refused_change": _refused(evidence, register),
        "unmet_change": _unmet(evidence),
    }


# Measures


def _share(part: int, whole: int, noun: str, what: str, many: str | None = None) -> Measured:
    if not whole:
        return Measured(None, f"There is no {noun} to count.")
    return Measured(part / whole, f"{part:,} of {count(whole, noun, many)} {what}.")


def _in_use(assessment: Assessment, provided: frozenset[str]) -> list[Finding]:
    """What somebody has to decide on."""
    return [finding for finding in assessment.findings if finding.activity == "active" and finding.service not in provided]


def _decided(findings: Sequence[Finding], register: Register, day: date, noun: str) -> Measured:
    done = sum(_status(finding, register, day) not in UNDECIDED for finding in findings)
    return _share(done, len(findings), noun, "decided on", noun.replace("service", "services"))


def _all_decided(evidence: Evidence, register: Register) -> Measured:
    """Of all services in use how many are decided on; what the firm provides needs no decision, and is said to be left out."""
    theirs = _in_use(evidence.now, evidence.provided)
    own = len(_in_use(evidence.now, frozenset())) - len(theirs)
    found = _decided(theirs, register, evidence.day, "service in use")
    return replace(found, text=f"{found.text.removesuffix('.')}, apart from {own:,} that the firm provides.") if own else found


def _status(finding: Finding, register: Register, day: date) -> str:
    return status_of(register, finding.service, day, {use.account for use in finding.by_person if use.activity == "active"})


def _in_time(evidence: Evidence, register: Register) -> Measured:
    """Of services in use for more than these days: how many are decided on."""
    if evidence.before is None:
        return Measured(None, "Not known yet: it takes logs of two months.")
    earlier = {finding.service for finding in _in_use(evidence.before, evidence.provided)}
    lasting = [finding for finding in _in_use(evidence.now, evidence.provided) if finding.service in earlier]
    return _decided(lasting, register, evidence.day, "service in use for more than a month")


def _seen(evidence: Evidence) -> Measured:
    seen, expected = evidence.now.coverage.people_seen, evidence.now.coverage.people_expected
    if seen is None or not expected:
        return Measured(None, "How many people work here is not known." if not expected else "These logs do not tell one person from another.")
    return Measured(min(1.0, seen / expected), f"{people(seen, expected)} were seen.")


def _filled(register: Register, day: date, name: str, what: str, *, only_permissions: bool = False) -> Measured:
    """Of the decisions in force, how many say something."""
    made = [one for one in register.every() if one.status_on(day) not in UNDECIDED or one.is_overdue(day)]
    if only_permissions:
        made = [one for one in made if one.status != "not_approved"]
    return _share(sum(bool(getattr(one, name)) for one in made), len(made), "decision", f"with {what}")


def _overdue(register: Register, day: date) -> Measured:
    overdue = sum(one.is_overdue(day) and one.status != "not_approved" for one in register.every())
    return Measured(overdue, f"{count(overdue, 'review')} overdue." if overdue else "No review is overdue.")


def _late(evidence: Evidence) -> Measured:
    limit = evidence.day - timedelta(days=int(_table()["late"]))
    late = sum(alert.day < limit for alert in evidence.alerts)
    return Measured(late, f"{late} of {count(len(evidence.alerts), 'open alert')} stood for longer." if evidence.alerts else "No alert is open.")


def _refused(evidence: Evidence, register: Register) -> Measured:
    """How much less what is not approved was used than before, in days of people; nothing used is as good as less."""
    if evidence.before is None:
        return Measured(None, "Not known yet: it takes logs of two months.")
    refused = {one.service for one in register.every() if one.status == "not_approved"}
    if not refused:
        return Measured(None, "Nothing is marked as not approved.")
    now, then = (sum(days for one in some.findings if one.service in refused for _, days in one.by_day) for some in (evidence.now, evidence.before))
    return Measured(now - then if now else -1, f"{count(now, 'day')} of use by a person, {then:,} before.")


def _unmet(evidence: Evidence) -> Measured:
    """How many fewer needs have no tool that people use; none left is as good as fewer."""
    if evidence.before is None:
        return Measured(None, "Not known yet: it takes logs of two months.")
    now, then = (sum(gap.gap in {"no_tool", "tool_unused"} for gap in some.gaps) for some in (evidence.now, evidence.before))
    return Measured(now - then if now else -1, f"{count(now, 'need')} without a tool in use, {then:,} before.")


def _criterion(entry: Mapping[str, Any], measured: Measured) -> Criterion:
    value = measured.value
    holds = value is not None and value >= entry.get("at_least", value) and value <= entry.get("at_most", value)
    return Criterion(entry["title"], holds, measured.text, entry["todo"], entry["page"])


@cache
def _table() -> Mapping[str, Any]:
    return toml("maturity.toml")
