"""What can be decided about a need, and what follows: each action of the roadmap as statuses of the register for the services in use."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rules.findings import Assessment, Finding, Step
from rules.meeting import table
from rules.register import UNDECIDED

#: A choice gives these a new status; what is approved or not approved stays as it is.
_OPEN: Final = UNDECIDED | {"tolerated"}
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One choice.

    Attributes:
        step: what it would take and bring, as the roadmap says it.
        statuses: service -> the status it would get.
        conditions: of what would be approved with conditions.
        months: until when it would hold, from today.
        proposed: the roadmap proposes it.
    """

    step: Step
    statuses: Mapping[str, str]
    conditions: str
    months: int
    proposed: bool

    @property
    def id(self) -> str:
        """The action."""
        return self.step.action

    def until(self, today: date) -> date:
        """The last day on which it would hold."""
        return later(today, self.months)


def options(capability: str, services: Iterable[Finding], assessment: Assessment) -> list[Option]:
    """The choices for a need, the roadmap's own proposal first; none where nothing is to be done.

    Args:
        capability: its code.
        services: in use for it, see `agenda.services_of`.
        assessment: holds what could be done.
    """
    used = list(services)
    wanted = next((step.action for step in assessment.roadmap if step.capability == capability), "")
    made = [_option(step, used, wanted) for step in assessment.options if step.capability == capability]
    return sorted(made, key=lambda option: not option.proposed)


def later(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // _MONTHS, month % _MONTHS + 1
    _, last = monthrange(year, month)
    return date(year, month, min(day.day, last))


def _option(step: Step, services: Sequence[Finding], wanted: str) -> Option:
    said = table()["option"][step.action]
    statuses = {one.service: said["target" if one.service == step.target else "others"] for one in services if one.status in _OPEN}
    return Option(step, statuses, said.get("conditions", "").format(text=step.text), said["months"], step.action == wanted)
