"""The arithmetic of small drawings: points, cells and widths that templates turn into SVG. No markup is made here."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Final

from rules.findings import Assessment, Finding, Reason, Risk
from webui.filters import is_undecided

#: How many shades a heat map has above "nothing".
SHADES: Final = 4
#: Most reasons that stand for themselves, and the points from which one does.
MAIN: Final = 8
#: A trend line is drawn against at least so many people, so that one person coming and going is no mountain range.
FLOOR: Final = 4
SMALL: Final = 2


@dataclass(frozen=True, slots=True)
class Spark:
    """A trend line in a box of 112 × 28: `points` for a polyline, `area` for what lies under it, its last point, and the finding in words."""

    points: str
    area: str
    last: tuple[float, float]
    words: str


def days_between(since: date, until: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]


def spark(by_day: Sequence[tuple[date, int]], since: date | None, until: date | None) -> Spark | None:
    """People per week (or per day in short periods) over the period; None where there is nothing to draw."""
    if since is None or until is None or not by_day or since == until:
        return None
    days = days_between(since, until)
    counts = dict(by_day)
    step = 7 if len(days) > 21 else 1  # noqa: PLR2004 (three weeks of days still fit)
    values = [max(counts.get(day, 0) for day in days[max(0, end - step) : end]) for end in range(len(days), 0, -step)][::-1]
    if len(values) < 2:  # noqa: PLR2004
        return None
    top = max(*values, FLOOR)
    xy = [(round(2 + 108 * n / (len(values) - 1), 1), round(25 - 22 * value / top, 1)) for n, value in enumerate(values)]
    line = " ".join(f"{x},{y}" for x, y in xy)
    unit = "a week" if step > 1 else "a day"
    text = f"From {values[0]} to {values[-1]} {unit}, at most {max(values)}"
    return Spark(line, f"{xy[0][0]},27 {line} {xy[-1][0]},27", xy[-1], text)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stacked bar: where it starts and how long it is, in percent."""

    label: str
    value: float
    start: float
    width: float


def stack(parts: Sequence[tuple[str, float]], whole: float | None = None) -> list[Part]:
    """Pieces of a stacked bar that fills `whole` (their sum where none is given); empty pieces are left out."""
    whole = whole or sum(value for _, value in parts) or 1
    made, at = [], 0.0
    for label, value in parts:
        if value > 0:
            width = 100 * value / whole
            made.append(Part(label, value, round(at, 2), round(width, 2)))
            at += width
    return made


def main_reasons(risk: Risk) -> tuple[list[Reason], list[Reason]]:
    """The reasons that matter (at most eight, from two points on), and the smaller ones."""
    ordered = sorted((reason for reason in risk.reasons if reason.points), key=lambda reason: -abs(reason.points))
    main = [reason for reason in ordered[:MAIN] if abs(reason.points) >= SMALL]
    main.sort(key=lambda reason: -reason.points)
    return main, [reason for reason in ordered if reason not in main]


def risk_parts(risk: Risk) -> list[Part]:
    """What raises a score as pieces of a bar of 100: the main reasons, the smaller ones together, and what unknown facts could still add."""
    main, small = main_reasons(risk)
    raised = [(reason.factor, reason.points) for reason in main if reason.points > 0]
    others = sum(reason.points for reason in small if reason.points > 0)
    whole = sum(points for _, points in raised) + others
    return stack(
        [*raised, ("smaller reasons", others), ("unknown", max(0, risk.high - risk.score))], whole=max(100.0, whole + risk.high - risk.score)
    )


def shade(value: float, top: float) -> int:
    """0 for nothing, else 1 to `SHADES`."""
    return 0 if value <= 0 or top <= 0 else min(SHADES, max(1, ceil(SHADES * value / top)))


def shade_by_root(value: float, top: float) -> int:
    """The same on a scale of squares, where a few values are many times the others: the steps end where `root_steps` says."""
    return shade(sqrt(max(value, 0)), sqrt(max(top, 0)))


def root_steps(top: float) -> list[int]:
    """The most that each shade of `shade_by_root` stands for."""
    return [round(top * (step / SHADES) ** 2) for step in range(1, SHADES + 1)]


@dataclass(frozen=True, slots=True)
class Bubble:
    """A service on the map of risk × share of people."""

    finding: Finding
    x: float  # share of people in percent
    y: int  # score
    radius: float
    undecided: bool


def bubbles(findings: Sequence[Finding], people: int | None, provided: AbstractSet[str]) -> list[Bubble]:
    """Services with known people; the area of a bubble is what was uploaded."""
    counted = [finding for finding in findings if finding.active_people]
    whole = people or max((finding.active_people or 0 for finding in counted), default=1)
    top = max((finding.uploaded_bytes or 0 for finding in counted), default=0) or 1
    return [
        Bubble(
            finding,
            round(100 * (finding.active_people or 0) / whole, 1),
            finding.risk.score,
            round(5 + 23 * sqrt((finding.uploaded_bytes or 0) / top), 1),
            is_undecided(finding, provided),
        )
        for finding in counted
    ]


def by_capability(assessment: Assessment) -> Mapping[str, list[Finding]]:
    """Findings in active use for each capability, in their order."""
    found: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        if finding.activity == "active":
            found.setdefault(finding.capability, []).append(finding)
    return found
