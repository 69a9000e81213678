"""The overview: the sentence, what needs a decision, the map, what people lack, what changed, and what the logs can show."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from discovery import store as kept
from rules.findings import Assessment, Finding, Gap
from webui import changes, charts, crowd, csvs, downloads, needs, words
from webui.assessments import Picture
from webui.desk import client, desk
from webui.filters import is_undecided
from webui.helpers import chosen, picture
from webui.pages import Entry

blueprint = Blueprint("overview", __name__, url_prefix="/c/<slug>")
MENU = Entry("overview.show", "Overview", "overview", 10)

AT_MOST: Final = 5
BARS: Final = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """The numbers of the first sentence."""

    people: int | None
    expected: int | None
    services: int
    undecided: int
    risky: int
    needs: tuple[Gap, ...]


@blueprint.get("/")
def show(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The page; on a client without logs, the way to them."""
    shown = picture()
    if shown.last_day is None:
        return render_template("overview/empty.html", imports=kept.imports(desk().store, client()))
    active = list(chosen().select(shown.assessment, shown.provided))
    points = charts.bubbles(active, shown.firm.coverage.people_expected or shown.firm.coverage.people_seen, shown.provided)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-map", *as_table(points))
    return render_template(
        "overview/show.html",
        picture=shown,
        sentence=sentence(shown, active),
        undecided=[finding for finding in active if is_undecided(finding, shown.provided)][:AT_MOST],
        reasons=reasons(shown.firm),
        bubbles=points,
        lacks=lacks(shown.assessment),
        comparison=changes.compare(shown, desk().assessments.before(client(), chosen())),
        coverage=shown.sources,
    )


def sentence(shown: Picture, active: list[Finding]) -> Sentence:
    """Count what the sentence tells."""
    coverage = shown.assessment.coverage
    return Sentence(
        people=crowd.count_active(active),
        expected=coverage.people_expected or coverage.people_seen,
        services=len(active),
        undecided=sum(is_undecided(finding, shown.provided) for finding in active),
        risky=sum(finding.risk.level in words.RISKY for finding in active),
        needs=tuple(needs.unmet(shown.assessment.gaps)[:2]),
    )


def lacks(assessment: Assessment) -> list[tuple[Gap, float]]:
    """The widest gaps with the length of their bars in percent of the longest."""
    found = needs.unmet(assessment.gaps)[:BARS]
    most = max((gap.people or 0 for gap in found), default=0) or 1
    return [(gap, round(100 * (gap.people or 0) / most, 1)) for gap in found]


def reasons(assessment: Assessment) -> dict[str, tuple[str, str]]:
    """Service -> what speaks for it and what against, a sentence each."""
    gaps = {gap.capability: gap for gap in assessment.gaps}
    return {finding.service: (_speaks_for(finding, gaps.get(finding.capability)), _speaks_against(finding)) for finding in assessment.findings}


def _speaks_for(finding: Finding, gap: Gap | None) -> str:
    if gap is None:
        return (
            "People find it useful."
            if finding.active_people is None
            else f"{words.people(finding.active_people)} {words.verb(finding.active_people, 'works', 'work')} with it."
        )
    if gap.gap == "no_tool":
        return "Nothing is provided for this need."
    tools = words.listed(gap.toolset)
    return (
        f"Provided for this, but hardly used: {tools}."
        if gap.gap == "tool_unused"
        else f"Provided for this as well: {tools}. Ask what it does better."
    )


def _speaks_against(finding: Finding) -> str:
    worst = max((reason for reason in finding.risk.reasons if reason.points > 0), key=lambda reason: reason.points, default=None)
    return worst.text if worst else "No known fact raises its risk."


def as_table(points: list[charts.Bubble]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The map as a table for export."""
    header = ["service", "risk score", "level", "active people", "share of people in %", "uploaded bytes", "decided"]
    rows: list[list[csvs.Cell]] = []
    for point in points:
        found = point.finding
        rows.append([found.name, found.risk.score, found.risk.level, found.active_people, point.x, found.uploaded_bytes, not point.undecided])
    return header, rows
