"""The register: what the firm decided about a service, and what of it is in force on a given day.

A decision never changes a risk score. It stands for a service, or for one class of its accounts where logs tell them apart: to approve the
company's ChatGPT leaves private accounts undecided. Only the words are here; `rules.queries` keeps them in the store.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from rules.findings import Finding

#: Every status (decision 21). `unreviewed`: nobody has decided; `tolerated`: not wanted, but left alone until the review.
STATUSES: Final = ("unreviewed", "in_review", "approved", "approved_with_conditions", "tolerated", "not_approved")

#: A yes of the firm: the service counts as something it provides.
APPROVED: Final = frozenset({"approved", "approved_with_conditions"})

#: Nobody has come to a conclusion.
UNDECIDED: Final = frozenset({"unreviewed", "in_review"})

#: A permission that ends with its review date.
_EXPIRING: Final = APPROVED | {"tolerated"}

#: What a decision stands for: the service whatever the account, or one class of account.
ANY: Final = "any"
ACCOUNTS: Final = (ANY, "company", "personal", "other_tenant")

#: Of several classes of account, the service as a whole is as far as the least settled one.
_SETTLED: Final = ("unreviewed", "in_review", "not_approved", "tolerated", "approved_with_conditions", "approved")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was known of a service when somebody decided: the evidence of that moment. None is "not known".

    `parts` are the points of the score by part (what is at stake, how well it is guarded, …); `catalogue` and `rules` are the versions that judged.
    """

    people: int | None
    whole: int | None
    days: int
    uploaded_bytes: int | None
    score: int
    low: int
    high: int
    level: str
    parts: Mapping[str, float] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    catalogue: str = ""
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the register.

    Attributes:
        service: id in the catalogue.
        status: one of `STATUSES`.
        owner: who answers for its use.
        reason, conditions: in words.
        review_by: last day on which a permission holds; None: it has no end.
        decided_at: UTC.
        decided_by: who recorded it.
        account: one of `ACCOUNTS`.
        data_held: what data the firm keeps there, in words; empty: not known.
        snapshot: what was known at that moment; None: nothing was seen of it.
        undone_by, undone_at: who took it back, and when; it is in force no longer, and stays in the history.
        number: of the record; 0: not kept yet.
        inherited: from the practice's template; it holds until the client says something of its own about the service.
    """

    service: str
    status: str
    owner: str = ""
    reason: str = ""
    conditions: str = ""
    review_by: date | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    account: str = ANY
    data_held: str = ""
    snapshot: Snapshot | None = None
    undone_by: str | None = None
    undone_at: datetime | None = None
    number: int = 0
    inherited: bool = False

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"{self.status!r} is not a status of the register.")
        if self.account not in ACCOUNTS:
            raise ValueError(f"{self.account!r} is not a class of account.")

    def status_on(self, day: date | None) -> str:
        """The status on that day: a permission whose review date has passed is in review again."""
        return "in_review" if self.status in _EXPIRING and self.is_overdue(day) else self.status

    def is_overdue(self, day: date | None) -> bool:
        """Whether its review date has passed by that day."""
        return self.review_by is not None and day is not None and self.review_by < day


class Register(Mapping[str, Decision]):
    """What is in force: service -> the decision on the service as a whole. Decisions on one class of account are reached by `of`."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        """`decisions`: those in force, one for each service and class of account at most."""
        self._decisions = {(decision.service, decision.account): decision for decision in decisions}

    def __getitem__(self, service: str) -> Decision:
        return self._decisions[service, ANY]

    def __iter__(self) -> Iterator[str]:
        return (service for service, account in self._decisions if account == ANY)

    def __len__(self) -> int:
        return sum(account == ANY for _, account in self._decisions)

    def of(self, service: str, account: str) -> Decision | None:
        """The decision for one class of account: its own, else that on the service as a whole."""
        return self._decisions.get((service, account)) or self._decisions.get((service, ANY))

    def every(self) -> list[Decision]:
        """All that is in force, also for one class of account, by service."""
        return [self._decisions[key] for key in sorted(self._decisions)]

    def about(self, service: str) -> list[Decision]:
        """All that is in force about one service."""
        return [decision for decision in self.every() if decision.service == service]


def in_force(history: Iterable[Decision]) -> Register:
    """The register that a history leads to: of each service and class of account the newest decision that nobody took back.

    Args:
        history: oldest first.
    """
    return _register(one for one in history if one.undone_at is None)


def _register(standing: Iterable[Decision]) -> Register:
    """The newest of each service and class of account. Where the client said anything of its own about a service, nothing is inherited for it."""
    known = list(standing)
    own = {one.service for one in known if not one.inherited}
    return Register({(one.service, one.account): one for one in known if not one.inherited or one.service not in own}.values())


def standing(steps: Iterable[Decision]) -> Decision | None:
    """The first of these decisions that nobody took back; None where there is none."""
    return next((step for step in steps if step.undone_at is None), None)


def register_on(history: Iterable[Decision], moment: datetime) -> Register:
    """The register as it was at a moment: later decisions are left out, and what was taken back later still stands.

    Args:
        history: oldest first, decisions that were taken back included.
        moment: with a zone.
    """
    known = (one for one in history if one.decided_at is None or one.decided_at <= moment)
    return _register(one for one in known if one.undone_at is None or one.undone_at > moment)


def status_of(register: Mapping[str, Decision], service: str, day: date | None, accounts: Iterable[str] = ()) -> str:
    """The status of a service on that day; `unreviewed` where nobody has decided.

    Args:
        register: what is in force.
        service: id in the catalogue.
        day: on which it is asked; None: review dates are left aside.
        accounts: the classes of account in use; the least settled of them speaks for the service.
    """
    if not isinstance(register, Register):
        register = Register(register.values())
    found = {_status(register.of(service, account), day) for account in (set(accounts) or {ANY})}
    return min(found, key=_SETTLED.index)


def _status(decision: Decision | None, day: date | None) -> str:
    return decision.status_on(day) if decision else "unreviewed"


def snapshot(finding: Finding, *, whole: int | None, since: date | None, until: date | None, catalogue: str, rules: Mapping[str, Any]) -> Snapshot:
    """What a finding says today, to be kept beside a decision.

    Args:
        finding: of the whole firm.
        whole: people in the firm, or seen.
        since, until: the period it was judged in.
        catalogue: version of the catalogue.
        rules: as `Assessment.rules_in_force`.
    """
    parts: dict[str, float] = {}
    for reason in finding.risk.reasons:
        parts[reason.part] = round(parts.get(reason.part, 0.0) + reason.points, 1)
    return Snapshot(
        people=finding.active_people,
        whole=whole,
        days=finding.active_days or finding.days,
        uploaded_bytes=finding.uploaded_bytes,
        score=finding.risk.score,
        low=finding.risk.low,
        high=finding.risk.high,
        level=finding.risk.level,
        parts=parts,
        since=since,
        until=until,
        catalogue=catalogue,
        rules=rules["version"],
    )
