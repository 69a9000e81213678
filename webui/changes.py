"""What changed against the period before, for the overview: `rules.differences` over two pictures of a client."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules import differences
from rules.differences import Change, Judged
from webui.assessments import Picture


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, the largest first in their kind, and what to keep in mind when reading them."""

    changes: Sequence[Change]
    caveat: str

    def of(self, kind: str) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]

    @property
    def causes(self) -> dict[str, int]:
        """Cause in words -> how many of the changes come from it."""
        return {said: sum(change.cause == cause for change in self.changes) for cause, said in differences.CAUSES.items()}


def compare(now: Picture, before: Picture | None) -> Comparison | None:
    """What changed from `before` to `now`; None where there is nothing to compare with."""
    if before is None or not before.observations.usage.height:
        return None
    new, old = (Judged(shown.assessment, shown.observations.usage, shown.catalogue) for shown in (now, before))
    return Comparison(differences.compare(new, old), differences.caveat(new, old))
