"""What people need and the firm does not give them, one card per capability; and the roadmap that follows, quarters as columns."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from rules import controls, items
from rules.findings import Assessment, Gap
from rules.kept import queries
from rules.practice import queries as practice
from webui import csvs, downloads, needs, planning, words
from webui.desk import client, desk
from webui.filters import Filter
from webui.helpers import heeds, picture
from webui.pages import Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("gaps", __name__, url_prefix="/c/<slug>/gaps")
MENU = Entry("gaps.index", "Gaps & roadmap", "gaps", 40)

#: What a person can choose; a proposal is what nobody has chosen yet.
_STATES: Final = [(state, text) for state, text in items.STATES.items() if state != "proposed"]


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The cards, the widest gaps first."""
    heeds()
    shown = picture()
    order = list(words.GAPS)
    gaps = sorted(shown.assessment.gaps, key=lambda gap: (order.index(gap.gap), -(gap.people or 0), -gap.days))
    names = {finding.service: finding.name for finding in shown.firm.findings}
    if downloads.wanted():
        return downloads.table(f"{client().slug}-gaps", *as_table(gaps, names))
    whole = shown.firm.coverage.people_expected or shown.firm.coverage.people_seen
    groups = {code: [gap for gap in gaps if gap.gap == code and gap.services] for code in words.GAPS}
    idle = [gap.title for gap in gaps if not gap.services]
    plan = {item.capability: item for item in _board().items}
    return render_template(
        "gaps/index.html",
        picture=shown,
        groups=groups,
        idle=idle,
        names=names,
        whole=whole,
        need_of=needs.in_words,
        plan=plan,
        provided=practice.toolset(desk().store, client()).strip(),
        controls_of=controls.of_gap,
    )


@blueprint.get("/roadmap")
def roadmap(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    """Quarters as columns."""
    drawn = _board()
    if downloads.wanted():
        return downloads.table(f"{client().slug}-roadmap", *items_as_table(drawn))
    return render_template(
        "gaps/roadmap.html",
        board=drawn,
        firm=_recent(),
        choices=_quarters(),
        items=items,
        actions=words.ACTIONS,
        states=_STATES,
        top=max((item.removed or 0 for item in drawn.items), default=0) or 1,
    )


@blueprint.post("/roadmap/keep")
@allow(ANALYST)
def keep(slug: str) -> ResponseReturnValue:
    """Keep every proposal as it stands, so that what it brings can be followed."""
    proposed = [planning.filled(item, {}) for item in _board().proposed]
    queries.keep_items(desk().store, client(), proposed, changed_by=current_user.name)
    flash(f"{words.plural(len(proposed), 'item')} kept. From now on later logs show what each one brings.", "good")
    return redirect(url_for("gaps.roadmap", slug=slug), code=303)


@blueprint.post("/roadmap/add")
@allow(ANALYST)
def add(slug: str) -> ResponseReturnValue:
    """An item of the firm's own."""
    return _kept(planning.blank(), slug)


@blueprint.get("/roadmap/<item_id>")
def show(slug: str, item_id: str) -> ResponseReturnValue:  # noqa: ARG001
    """One item: why, what it would bring, its history, and the form."""
    item = _item(item_id)
    return render_template(
        "gaps/item.html",
        item=item,
        outcome=items.outcome(item, _recent()),
        history=queries.item_history(desk().store, client(), item_id),
        quarters=_quarters(item),
        items=items,
        states=_STATES,
        gap=next((gap for gap in _recent().gaps if gap.capability == item.capability), None),
    )


@blueprint.post("/roadmap/<item_id>")
@allow(ANALYST)
def change(slug: str, item_id: str) -> ResponseReturnValue:
    """Keep what the form says of an item."""
    return _kept(_item(item_id), slug)


@blueprint.post("/roadmap/<item_id>/undo")
@allow(ANALYST)
def undo(slug: str, item_id: str) -> ResponseReturnValue:
    """Bring back the version before the last change."""
    try:
        queries.undo_item(desk().store, client(), item_id, changed_by=current_user.name)
    except GnomonError:
        abort(404)
    flash("Undone. Undo again to have the change back.", "good")
    return redirect(url_for("gaps.roadmap", slug=slug, _anchor=item_id), code=303)


@blueprint.post("/roadmap/<item_id>/remove")
@allow(ANALYST)
def remove(slug: str, item_id: str) -> ResponseReturnValue:
    """Take an item off the roadmap."""
    try:
        queries.take_off(desk().store, client(), item_id, changed_by=current_user.name)
    except GnomonError:
        abort(404)
    flash("Taken off the roadmap. What the rules propose stands there again, if there is a gap.", "good")
    return redirect(url_for("gaps.roadmap", slug=slug), code=303)


def _recent() -> Assessment:
    """The last 30 days of the whole firm: the roadmap does not depend on what the page is filtered by."""
    return desk().assessments.picture(client(), Filter()).firm


def _board() -> planning.Board:
    return planning.board(_recent(), queries.items(desk().store, client()))


def _item(item_id: str) -> items.Item:
    found = planning.find(_recent(), queries.items(desk().store, client()), item_id)
    if found is None:
        abort(404)
    return found


def _quarters(item: items.Item | None = None) -> list[str]:
    known = planning.quarters(_recent().until)
    return sorted({*known, item.quarter}) if item and item.quarter else known


def _kept(item: items.Item, slug: str) -> ResponseReturnValue:
    try:
        made = planning.filled(item, request.form)
        queries.keep_items(desk().store, client(), [made], changed_by=current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(url_for("gaps.roadmap", slug=slug), code=303)
    flash(f"“{made.title}” is kept.", "good")
    return redirect(url_for("gaps.roadmap", slug=slug, _anchor=made.id), code=303)


def as_table(gaps: list[Gap], names: dict[str, str]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The cards as a table for export."""
    header = ["need", "gap", "people", "days", "teams", "uploaded bytes", "used instead", "provided", "people using what is provided"]
    header += ["fragmented", "evidence", "doubt", "question to ask", "recommendation"]
    rows: list[list[csvs.Cell]] = [
        [
            *(gap.title, words.GAPS[gap.gap], gap.people, gap.days, words.listed(gap.teams), gap.uploaded_bytes),
            *(words.listed([names.get(service, service) for service in gap.services]), words.listed(gap.toolset), gap.tool_people),
            *(gap.fragmented, gap.evidence, " ".join(gap.doubt), gap.question, gap.recommendation),
        ]
        for gap in gaps
    ]
    return header, rows


def items_as_table(board: planning.Board) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The roadmap as a table for export."""
    header = ["quarter", "item", "state", "owner", "effort (days)", "cost", "people", "risk removed", "what to do", "why", "what became of it"]
    rows: list[list[csvs.Cell]] = [
        [
            *(item.quarter, item.title, items.STATES[item.state], item.owner, item.effort, items.COSTS[item.cost]),
            *(item.step.people if item.step else None, item.removed, item.text, item.step.because if item.step else ""),
            board.outcomes[item.id].text if item.id in board.outcomes else "",
        ]
        for item in (*board.items, *board.accepted, *board.dropped)
    ]
    return header, rows
