"""Meetings: an agenda, one screen for each need, decisions that go straight into the register, and minutes at the end."""

from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from rules import meeting as meetings
from rules.items import COSTS
from rules.meeting import Meeting, agenda, queries
from rules.queries import all_history
from rules.register import Decision
from webui import deciding, downloads, meeting, needs, words
from webui.assessments import Picture
from webui.desk import client, desk
from webui.filters import Filter
from webui.pages import LOOK, Entry
from webui.reports import files, minutes
from webui.reports.pack import Pack
from webui.reports.source import pack_of
from webui.roles import ANALYST, allow

blueprint = Blueprint("meetings", __name__, url_prefix="/c/<slug>/meetings")
MENU = Entry("meetings.index", "Meetings", "meetings", 64, LOOK, filtered=False)

#: Formats in which minutes can be taken along.
FORMATS: Final = {"pdf": "PDF", "html": "HTML", "docx": "Word"}
_PRESENT_LENGTH: Final = 500


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """Every meeting, those that go on first."""
    found = queries.meetings(desk().store, client())
    history = all_history(desk().store, client())
    taken = {one.number: meetings.taken(one, history) for one in found}
    return render_template("meetings/index.html", meetings=found, taken=taken, proposed=agenda.proposed(_candidates()), need_of=_need)


@blueprint.post("/")
@allow(ANALYST)
def begin(slug: str) -> ResponseReturnValue:
    """A new meeting with the proposed agenda."""
    try:
        made = queries.begin(desk().store, client(), agenda.proposed(_candidates()), minutes=meetings.table()["minutes"], by=current_user.name)
    except GnomonError:
        flash("There is nothing to talk about yet: no need shows in these logs that is not met.", "bad")
        return redirect(url_for("meetings.index", slug=slug), code=303)
    return redirect(url_for("meetings.show", slug=slug, number=made.number), code=303)


@blueprint.get("/<int:number>/")
def show(slug: str, number: int) -> ResponseReturnValue:  # noqa: ARG001
    """The agenda: where the meeting begins, and where it ends."""
    found = _meeting(number)
    taken = _taken(found)
    known = _candidates()
    return render_template(
        "meetings/agenda.html",
        meeting=found,
        taken=taken,
        why={one.gap.capability: one.why for one in known},
        others=[(one.gap.capability, _need(one.gap.capability)) for one in known if found.item(one.gap.capability) is None],
        clock=meeting.clock(found, taken),
        next=meeting.next_open(found, taken),
        name=_name,
        need_of=_need,
    )


@blueprint.post("/<int:number>/agenda")
@allow(ANALYST)
def arrange(slug: str, number: int) -> ResponseReturnValue:
    """Move, remove or add a need."""
    found = _meeting(number)
    order = _arranged(found.capabilities)
    try:
        queries.arrange(desk().store, client(), number, order)
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(url_for("meetings.show", slug=slug, number=found.number, _anchor="agenda"), code=303)


@blueprint.post("/<int:number>/")
@allow(ANALYST)
def describe(slug: str, number: int) -> ResponseReturnValue:
    """Keep who is there and how long it may take; then begin, or end."""
    found = _meeting(number)
    try:
        queries.describe(desk().store, client(), number, present=deciding.said("present")[:_PRESENT_LENGTH], minutes=_minutes(found))
        if request.form.get("then") == "end":
            queries.end(desk().store, client(), number)
            return redirect(url_for("meetings.told", slug=slug, number=number), code=303)
        queries.end(desk().store, client(), number, over=False)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(url_for("meetings.show", slug=slug, number=number), code=303)
    capability = meeting.next_open(found, _taken(found)) or found.capabilities[0]
    return redirect(url_for("meetings.need", slug=slug, number=number, capability=capability), code=303)


@blueprint.get("/<int:number>/needs/<capability>")
@allow(ANALYST)
def need(slug: str, number: int, capability: str) -> ResponseReturnValue:  # noqa: ARG001
    """One need, to be projected."""
    found = _meeting(number)
    item = found.item(capability)
    if item is None:
        abort(404)
    history = all_history(desk().store, client())
    taken = meetings.taken(found, history)
    at = found.capabilities.index(capability)
    return render_template(
        "meetings/need.html",
        meeting=found,
        item=item,
        screen=meeting.screen(capability, _picture(), desk().catalogue, taken.get(capability, [])),
        taken=taken,
        at=at,
        before=found.capabilities[at - 1] if at else None,
        after=found.capabilities[at + 1] if at + 1 < len(found.agenda) else None,
        clock=meeting.clock(found, taken),
        today=meeting.today(client().zone),
        owners=sorted({one.owner for one in history if one.owner}, key=str.casefold),
        whose=meeting.WHOSE,
        costs=COSTS,
        need_of=_need,
    )


@blueprint.post("/<int:number>/needs/<capability>")
@allow(ANALYST)
def settle(slug: str, number: int, capability: str) -> ResponseReturnValue:
    """Decide on a need, or keep a note and leave it open."""
    _meeting(number)
    here = url_for("meetings.need", slug=slug, number=number, capability=capability)
    try:
        if request.form.get("then") == "note":
            queries.note(desk().store, client(), number, capability, deciding.said("note"))
        else:
            shown = meeting.screen(capability, _picture(), desk().catalogue, ())
            ruled = meeting.rulings(shown, request.form, request.form.getlist("whose"))
            queries.settle(desk().store, client(), number, capability, ruled, by=current_user.name)
            flash(f"{_need(capability)}: {words.plural(len(ruled), 'decision')} in the register.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(here, code=303)
    after = _meeting(number)
    following = meeting.next_open(after, _taken(after), capability)
    if following is None:
        return redirect(url_for("meetings.show", slug=slug, number=number), code=303)
    return redirect(url_for("meetings.need", slug=slug, number=number, capability=following), code=303)


@blueprint.post("/<int:number>/needs/<capability>/undo")
@allow(ANALYST)
def undo(slug: str, number: int, capability: str) -> ResponseReturnValue:
    """Take back what was decided about a need."""
    try:
        back = queries.undo(desk().store, client(), number, capability, by=current_user.name)
        flash(f"{words.plural(back, 'decision')} taken back. The register shows every step.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(url_for("meetings.need", slug=slug, number=number, capability=capability), code=303)


@blueprint.post("/<int:number>/needs/<capability>/spent")
@allow(ANALYST)
def spent(slug: str, number: int, capability: str) -> ResponseReturnValue:  # noqa: ARG001
    """Seconds that a screen was open; the page says so when it is left."""
    queries.spend(desk().store, client(), number, capability, request.form.get("seconds", 0, type=int))
    return Response(status=204)


@blueprint.get("/<int:number>/minutes")
def told(slug: str, number: int) -> ResponseReturnValue:
    """The minutes as they will print, and the ways to take them along."""
    found = _meeting(number)
    pack = _pack()
    values = minutes.on_page(pack, _minutes_of(found), logo=url_for("reports.logo", slug=slug) if pack.look.logo else "")
    return render_template("meetings/minutes.html", meeting=found, formats=FORMATS, documents=minutes.DOCUMENTS, **values)


@blueprint.get("/<int:number>/minutes/file")
def file(slug: str, number: int) -> ResponseReturnValue:
    """The minutes and draft clauses as a file."""
    kind = request.args.get("kind", "html")
    if kind not in FORMATS:
        abort(404)
    found = _meeting(number)
    try:
        made = minutes.document(_pack(), _minutes_of(found), kind)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(url_for("meetings.told", slug=slug, number=number), code=303)
    return downloads.attachment([made], f"{slug}-minutes-{found.number}", kind, files.TYPES[kind])


@blueprint.post("/<int:number>/discard")
@allow(ANALYST)
def discard(slug: str, number: int) -> ResponseReturnValue:
    """Remove a meeting in which nothing happened."""
    _meeting(number)
    try:
        queries.discard(desk().store, client(), number)
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(url_for("meetings.index", slug=slug), code=303)


def _meeting(number: int) -> Meeting:
    try:
        return queries.meeting(desk().store, client(), number)
    except GnomonError:
        abort(404)


def _taken(found: Meeting) -> dict[str, list[Decision]]:
    return meetings.taken(found, all_history(desk().store, client()))


def _picture() -> Picture:
    """The last 30 days of the whole firm: what is talked about does not depend on how pages are filtered."""
    return desk().assessments.picture(client(), Filter())


def _candidates() -> list[agenda.Candidate]:
    shown = _picture()
    return agenda.candidates(shown.firm, shown.provided)


def _pack() -> Pack:
    return pack_of(desk().store, desk().assessments, desk().catalogue, client(), Filter())


def _minutes_of(found: Meeting) -> minutes.Minutes:
    return minutes.gather(found, all_history(desk().store, client()), _picture(), desk().catalogue)


def _need(capability: str) -> str:
    return needs.in_words(capability, desk().catalogue.capabilities.get(capability, capability))


def _name(service: str) -> str:
    known = desk().catalogue.services.get(service)
    return known.name if known else service


def _minutes(found: Meeting) -> int:
    return request.form.get("minutes", found.minutes, type=int)


def _arranged(order: list[str]) -> list[str]:
    """The order that a button asks for."""
    form, moved = request.form, list(order)
    if (gone := form.get("remove")) in moved:
        moved.remove(str(gone))
    if (added := form.get("add")) in desk().catalogue.capabilities and added not in moved:
        moved.append(str(added))
    for name, by in (("up", -1), ("down", 1)):
        if (code := form.get(name)) in moved:
            at = moved.index(str(code))
            moved.insert(max(0, at + by), moved.pop(at))
    return moved
