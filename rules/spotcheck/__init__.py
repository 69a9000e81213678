"""Accuracy from reality: the client confirms or refutes findings of active use, drawn at random, and the share that holds is told with its interval.

A draw is fair because its order is that of a keyed hash of person and service, which knows nothing of the finding; so nothing is drawn twice, and the
same draw is there again after the page was closed. What was found is no measure of what was missed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final

from rules.findings import Assessment, Finding, PersonUse

#: What can be said of a finding. `program`: it was no person but a program or a widget; then an override can say so for good.
ANSWERS: Final = {
    "yes": "Yes, active use",
    "program": "No, a program or widget of ours",
    "no": "No",
    "cannot_say": "Cannot say",
}

#: Findings that are drawn at a time.
DRAWN: Final = 20

#: Of a normal distribution, for 95 %.
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the findings that were looked at hold.

    Attributes:
        right, wrong: what was confirmed and what was refuted.
        cannot_say: what could not be judged; it counts neither way.
    """

    right: int
    wrong: int
    cannot_say: int = 0

    @property
    def judged(self) -> int:
        """The denominator."""
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """Of the judged ones, how many hold; None where none was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The shares that these answers leave open, with 95 % confidence; None where none was judged.

        The score interval of E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212: it holds for few answers and for
        shares near one, where others do not.
        """
        if not self.judged:
            return None
        n, p = self.judged, self.right / self.judged
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def text(self) -> str:
        """For a page or a report."""
        if self.interval is None:
            return "Nobody has confirmed or refuted findings yet, so how often they hold here is not known."
        low, high = self.interval
        open_ = f" {self.cannot_say} more could not be judged." if self.cannot_say else ""
        held = f"{self.right} of {self.judged} findings of active use that were looked at hold"
        return f"{held} ({_percent(self.right / self.judged)}; with 95 % confidence between {_percent(low)} and {_percent(high)} do).{open_}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def precision(answers: Iterable[str]) -> Precision:
    """What answers (keys of `ANSWERS`) come to."""
    counts = Counter(answers)
    return Precision(counts["yes"], counts["no"] + counts["program"], counts["cannot_say"])


@dataclass(frozen=True, slots=True)
class Question:
    """A finding to confirm or refute. `mark` is its keyed hash: it names nobody."""

    mark: str
    finding: Finding
    use: PersonUse


def draw(assessment: Assessment, mark: Callable[[str], str], answered: Collection[str], most: int = DRAWN) -> list[Question]:
    """The next findings to look at: a person's or a device's active use of a service.

    Args:
        assessment: with pseudonyms, so that the answer is about the evidence.
        mark: the client's keyed hash of a text.
        answered: marks of what was answered already.
        most: so many at most.
    """
    every = (
        Question(mark(f"{use.person}\0{finding.service}"), finding, use)
        for finding in assessment.findings
        for use in finding.by_person
        if use.activity == "active" and use.person is not None
    )
    return sorted((question for question in every if question.mark not in answered), key=lambda question: question.mark)[:most]
