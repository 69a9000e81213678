"""Which clients need somebody first: how much each reason weighs, and when logs are old or thin, as `urgency.toml` says."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from rules.factors import toml


@dataclass(frozen=True, slots=True)
class Urgency:
    """What `urgency.toml` says.

    Attributes:
        urgent: from this weight on a client cannot wait.
        old_after: days without an event after which a client's picture is old.
        thin_below: share of working days with logs below which a picture has holes.
        weights: reason -> what it weighs by itself, what each case adds, and how many cases count.
    """

    urgent: int
    old_after: int
    thin_below: float
    weights: dict[str, tuple[int, int, int]]

    def weight(self, reason: str, cases: int = 0) -> int:
        """How much a reason weighs with so many cases."""
        once, each, most = self.weights[reason]
        return once + each * min(cases, most)

    def is_old(self, last: date, today: date) -> bool:
        """Whether logs that end on a day are old."""
        return (today - last).days > self.old_after

    def is_thin(self, share: float | None) -> bool:
        """Whether so many of the working days with logs are too few; not where the share is not known."""
        return share is not None and share < self.thin_below


@cache
def urgency() -> Urgency:
    """The shipped rules."""
    table = toml("urgency.toml")
    weights = {name: (entry["weight"], entry.get("each", 0), entry.get("most", 0)) for name, entry in table["reason"].items()}
    return Urgency(table["urgent"], table["logs"]["old_after_days"], table["logs"]["thin_below"], weights)
