"""How one client stands, in a few numbers: worked out when its data change and kept, so that thirty clients are on one page at once.

It names no person, pseudonym or device.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from discovery import store as kept
from discovery.store import Store
from discovery.store.tables import Client
from rules import assess, queries
from webui import growth, words
from webui.assessments import Assessments
from webui.filters import Filter, is_undecided
from webui.growth import Stretch
from webui.lookout import Lookout
from webui.needs import UNMET


@dataclass(frozen=True, slots=True)
class Summary:
    """How a client stands on the last day with events, over the thirty days before it.

    Attributes:
        until: that day; None: no log was read yet, and everything else is empty.
        step: step of maturity, from 1; its title; and how many criteria the next one takes.
        levels: level -> services in active use.
        services: ids of services in active use.
        open: findings nobody has decided on; severe, high: of them.
        alerts: that nobody answered.
        overdue: decisions to be reviewed by an earlier day.
        unmet: needs without a tool that is used.
        covered, working: days with logs, of working days.
        seen, expected: people; None: not known.
    """

    until: date | None = None
    step: int = 0
    step_title: str = ""
    missing: int = 0
    levels: Mapping[str, int] | None = None
    services: tuple[str, ...] = ()
    open: int = 0
    severe: int = 0
    high: int = 0
    alerts: int = 0
    overdue: int = 0
    unmet: int = 0
    covered: int = 0
    working: int = 0
    seen: int | None = None
    expected: int | None = None

    @property
    def level(self) -> str | None:
        """The highest level among services in active use."""
        return max(self.levels or (), key=words.LEVELS.index, default=None)

    @property
    def share(self) -> float | None:
        """Of working days, those with logs."""
        return self.covered / self.working if self.working else None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """From what `plain` made of it."""
        day = plain.get("until")
        return cls(**{**plain, "until": date.fromisoformat(day) if day else None, "services": tuple(plain.get("services", ()))})

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {**asdict(self), "until": self.until.isoformat() if self.until else None, "services": list(self.services)}


def basis(store: Store, client: Client, catalogue_version: str) -> str:
    """What a summary rests on: with another basis it is to be worked out anew."""
    return f"{kept.data_version(store, client)} {catalogue_version} {assess.in_force()['version']}"


def work_out(store: Store, client: Client, assessments: Assessments, lookout: Lookout) -> Summary:
    """How a client stands now."""
    shown = assessments.picture(client, Filter())
    now = growth.latest(store, client, assessments, lookout)
    if shown.last_day is None or now is None:
        return Summary()
    active = [finding for finding in shown.firm.findings if finding.activity == "active"]
    undecided = [finding for finding in active if is_undecided(finding, shown.provided)]
    levels = [finding.risk.level for finding in active]
    register = queries.decisions(store, client)
    return Summary(
        until=shown.last_day,
        **_maturity(now),
        levels={level: levels.count(level) for level in words.LEVELS if level in levels},
        services=tuple(finding.service for finding in active),
        open=len(undecided),
        severe=sum(finding.risk.level == "Severe" for finding in undecided),
        high=sum(finding.risk.level == "High" for finding in undecided),
        alerts=len(lookout.heard(client).open),
        overdue=sum(one.is_overdue(shown.last_day) and one.status != "not_approved" for one in register.every()),
        unmet=sum(gap.gap in UNMET[:2] for gap in shown.firm.gaps),
        covered=now.covered,
        working=now.working,
        seen=shown.firm.coverage.people_seen,
        expected=shown.firm.coverage.people_expected,
    )


def _maturity(now: Stretch) -> dict[str, Any]:
    reached = now.reached
    missing = sum(not one.holds for one in reached.next.criteria) if reached.next else 0
    return {"step": reached.level, "step_title": reached.steps[reached.level - 1].title, "missing": missing}
