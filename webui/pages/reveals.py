"""Names behind pseudonyms: asked for on a person's page, agreed to by somebody else, looked at for a day, and the record of all of it."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from rules.reveal import terms
from webui import crowd, csvs, downloads, reveals
from webui.desk import client, desk
from webui.filters import Filter
from webui.pages import SET_UP, Entry
from webui.queries import folded
from webui.reveals import STEPS, WAITING, Step, queries
from webui.roles import ADMINISTRATOR, ANALYST, allow

blueprint = Blueprint("reveals", __name__, url_prefix="/c/<slug>")


def _waiting() -> int:
    """Requests that somebody else made."""
    found = reveals.requests(queries.record(desk().store, client()), datetime.now(UTC))
    return sum(one.state == WAITING and folded(one.asked.by) != folded(current_user.name) for one in found)


MENU = Entry("reveals.index", "Names shown", "people", 95, SET_UP, filtered=False, count=_waiting)


@blueprint.get("/names/")
@allow(ADMINISTRATOR)
def index(slug: str) -> ResponseReturnValue:
    """What waits for an answer, and the whole record."""
    record = queries.record(desk().store, client())
    if downloads.wanted():
        return downloads.table(f"{slug}-names-shown", *as_table(record))
    asked = [one for one in reveals.requests(record, datetime.now(UTC)) if one.state == WAITING]
    mine = folded(current_user.name)
    return render_template(
        "reveals/index.html",
        waiting=[(one, folded(one.asked.by) == mine) for one in asked],
        record=record[::-1],
        wrong=queries.check(desk().store, client()),
        steps=STEPS,
        purposes=terms().purposes,
    )


@blueprint.post("/names/<int:number>")
@allow(ADMINISTRATOR)
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Agree to a request, or refuse it."""
    agrees = request.form.get("answer") == "grant"
    try:
        found = queries.answer(desk().store, client(), number, agrees=agrees, by=current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash(f"{found.asked.by} may see the name for a day." if agrees else "Refused. The name stays hidden.", "good")
    return redirect(url_for("reveals.index", slug=slug), code=303)


@blueprint.post("/people/<member_id>/name/ask")
@allow(ANALYST)
def ask(slug: str, member_id: str) -> ResponseReturnValue:
    """Ask for the name of one person."""
    said = {name: request.form.get(name, "") for name in ("purpose", "reason", "ticket")}
    try:
        queries.ask(desk().store, client(), _pseudonym(member_id), **said, by=current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash("Asked. As soon as an administrator agrees, the name can be seen here for a day.", "good")
    return redirect(url_for("people.show", slug=slug, member_id=member_id) + "#name", code=303)


@blueprint.post("/people/<member_id>/name/")
@allow(ANALYST)
def see(slug: str, member_id: str) -> ResponseReturnValue:
    """The name, this once; each look is kept."""
    try:
        pseudonym = _pseudonym(member_id)
        name = queries.see(desk().store, client(), pseudonym, by=current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(url_for("people.show", slug=slug, member_id=member_id) + "#name", code=303)
    return render_template("reveals/name.html", name=name, pseudonym=pseudonym, member_id=member_id)


def as_table(record: list[Step]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The record for export, with its digests, so that it can be checked elsewhere."""
    header = ["row", "at (UTC)", "who", "step", "request", "pseudonym", "purpose", "reason", "ticket", "digest before", "digest"]
    rows: list[list[csvs.Cell]] = [
        [one.number, one.at, one.by, one.step, one.request or None, one.pseudonym, one.purpose, one.reason, one.ticket, one.before, one.digest]
        for one in record
    ]
    return header, rows


def _pseudonym(member_id: str) -> str:
    """Whose page it is. Raises GnomonError where pages show names by a setting anyway."""
    if client().show_names:
        raise GnomonError("Pages show names here by a setting, so there is nothing to ask for.")
    member = crowd.find(desk().assessments.picture(client(), Filter(period="all")).firm.findings, member_id)
    if member is None or member.kind != crowd.PERSON:
        abort(404)
    return member.name
