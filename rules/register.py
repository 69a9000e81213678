"""The register: what the firm decided about a service, and what of it is in force on a given day.

A decision never changes a risk score. Only the words are here; `rules.queries` keeps them in the store.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

#: Every status (decision 21). `unreviewed`: nobody has decided; `tolerated`: not wanted, but left alone until the review.
STATUSES: Final = ("unreviewed", "in_review", "approved", "approved_with_conditions", "tolerated", "not_approved")

#: A yes of the firm: the service counts as something it provides.
APPROVED: Final = frozenset({"approved", "approved_with_conditions"})

#: A permission that ends with its review date.
_EXPIRING: Final = APPROVED | {"tolerated"}


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
    """

    service: str
    status: str
    owner: str = ""
    reason: str = ""
    conditions: str = ""
    review_by: date | None = None
    decided_at: datetime | None = None
    decided_by: str = ""

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"{self.status!r} is not a status of the register.")

    def status_on(self, day: date | None) -> str:
        """The status on that day: a permission whose review date has passed is in review again."""
        expired = self.status in _EXPIRING and self.review_by is not None and day is not None and self.review_by < day
        return "in_review" if expired else self.status


def status_of(register: Mapping[str, Decision], service: str, day: date | None) -> str:
    """The status of a service on that day; `unreviewed` where nobody has decided."""
    decision = register.get(service)
    return decision.status_on(day) if decision else "unreviewed"
