"""What people need and the firm does not give them: one card per capability."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from rules.findings import Gap
from webui import csvs, needs, words
from webui.desk import client
from webui.helpers import heeds, picture
from webui.pages import Entry

blueprint = Blueprint("gaps", __name__, url_prefix="/c/<slug>/gaps")
MENU = Entry("gaps.index", "Gaps", "gaps", 40)


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The cards, the widest gaps first."""
    heeds()
    shown = picture()
    order = list(words.GAPS)
    gaps = sorted(shown.assessment.gaps, key=lambda gap: (order.index(gap.gap), -(gap.people or 0), -gap.days))
    names = {finding.service: finding.name for finding in shown.firm.findings}
    if request.args.get("format") == "csv":
        return csvs.download(f"{client().slug}-gaps", *as_table(gaps, names))
    whole = shown.firm.coverage.people_expected or shown.firm.coverage.people_seen
    groups = {code: [gap for gap in gaps if gap.gap == code and gap.services] for code in words.GAPS}
    idle = [gap.title for gap in gaps if not gap.services]
    return render_template("gaps/index.html", picture=shown, groups=groups, idle=idle, names=names, whole=whole, need_of=needs.in_words)


def as_table(gaps: list[Gap], names: dict[str, str]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The cards as a table for export."""
    header = ["need", "gap", "people", "days", "used instead", "provided", "fragmented", "evidence", "question to ask", "recommendation"]
    rows: list[list[csvs.Cell]] = [
        [
            *(gap.title, words.GAPS[gap.gap], gap.people, gap.days, words.listed([names.get(service, service) for service in gap.services])),
            *(words.listed(gap.toolset), gap.fragmented, gap.evidence, gap.question, gap.recommendation),
        ]
        for gap in gaps
    ]
    return header, rows
