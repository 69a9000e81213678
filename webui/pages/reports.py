"""The reports: choose for whom, see it as it will print, take it along; how it looks; and block lists from what was decided."""

from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from rules.queries import decisions
from webui import blocklists, downloads, wording
from webui.desk import client, desk
from webui.exports import targets
from webui.exports.base import KINDS
from webui.filters import Filter
from webui.helpers import address, chosen, heeds, picture
from webui.pages import Entry
from webui.reports import files, look, prepared, queries, scheduled
from webui.reports.documents import BY_ID, DOCUMENTS, context, template
from webui.reports.pack import Pack
from webui.reports.scheduled import queries as schedules
from webui.reports.source import pack_of
from webui.roles import ANALYST, allow

blueprint = Blueprint("reports", __name__, url_prefix="/c/<slug>/reports")
MENU = Entry("reports.index", "Reports", "reports", 60)

FORMATS: Final = {"pdf": "PDF", "html": "HTML", "docx": "Word", "xlsx": "Excel workbook", "csv": "CSV", "json": "JSON"}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:
    """One document as it will print, and the ways to take it along."""
    heeds()
    shown = picture()
    document = BY_ID.get(request.args.get("document", ""), DOCUMENTS[0])
    if shown.last_day is None:
        return render_template("reports/index.html", documents=DOCUMENTS, document=document, pack=None)
    pack = _pack()
    known = {finding.service for finding in pack.findings}
    values = context(
        pack,
        logo=url_for("reports.logo", slug=slug) if pack.look.logo else "",
        proof=lambda service: address("services.show", slug=slug, service=service, **chosen().args()) if service in known else None,
    )
    return render_template(
        "reports/index.html",
        documents=DOCUMENTS,
        document=document,
        template=template(document.id),
        formats=FORMATS,
        targets=targets(),
        kinds={"block": "Block list", "allow": "Allow list", "rollback": "Take the block list back"},
        refused=sum(ruling.status == "not_approved" for ruling in pack.rulings),
        wording=wording.of(desk().store, client()),
        own_look=queries.own_look(desk().store, client()) is not None,
        **made(),
        **_schedule(),
        given=queries.given_before(desk().store, client(), pack.until) if pack.until else None,
        **values,
    )


@blueprint.get("/file")
def file(slug: str) -> ResponseReturnValue:
    """One document, or the whole pack, as a file."""
    name, kind = request.args.get("document", "pack"), request.args.get("kind", "html")
    if kind not in files.TYPES:
        abort(404)
    try:
        documents = files.chosen(name)
        if kind in files.DOCUMENTS:
            return downloads.attachment([files.document(_pack(), kind, documents)], f"{slug}-{name}", kind, files.TYPES[kind])
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(address("reports.index", slug=slug, **chosen().args()), code=303)
    made = files.data(picture().firm, kind, client=client().name, version=version("gnomon"), catalogue=desk().catalogue)
    return downloads.attachment(list(made), f"{slug}-findings", kind)


@blueprint.post("/prepare")
@allow(ANALYST)
def prepare(slug: str) -> ResponseReturnValue:
    """Have a document, or the whole pack, made as PDF in the background."""
    name, period = request.form.get("document", ""), Filter(period=chosen().period, since=chosen().since, until=chosen().until)
    try:
        files.chosen(name)
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        desk().printing.submit(client(), name, period.args(), by=current_user.name)
    shown = name if name in BY_ID else None
    return redirect(address("reports.index", slug=slug, document=shown, **chosen().args()) + "#prepared", code=303)


@blueprint.get("/prepared")
def prepared_list(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    """The list alone, which the page fetches again while a report is made."""
    return render_template("reports/prepared.html", **made())


@blueprint.get("/prepared/<int:number>")
def prepared_file(slug: str, number: int) -> ResponseReturnValue:
    """One that is ready."""
    found = prepared.fetch(desk().store, client(), number)
    if found is None:
        abort(404)
    name = found[0] if found[0] in BY_ID else "pack"
    return downloads.attachment([found[1]], f"{slug}-{name}", "pdf", files.TYPES["pdf"])


@blueprint.post("/prepared/<int:number>/give-up")
@allow(ANALYST)
def give_up(slug: str, number: int) -> ResponseReturnValue:
    """Take one off the list; one that is being made is not kept."""
    prepared.give_up(desk().store, client(), number)
    return redirect(address("reports.index", slug=slug), code=303)


@blueprint.post("/schedule")
@allow(ANALYST)
def schedule(slug: str) -> ResponseReturnValue:
    """Have the pack made by itself from now on, or no more."""
    firm, form = client(), request.form
    try:
        if form.get("every") == "never":
            schedules.drop(desk().store, firm)
            flash("No pack is made by itself any more. Those that are there stay.", "good")
        else:
            wanted = scheduled.checked(form.get("every", ""), form.get("day", ""), form.getlist("document"))
            schedules.keep(desk().store, firm, *wanted, on=schedules.today(firm), by=current_user.name)
            flash("Kept. The next pack will stand here on its day.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(address("reports.index", slug=slug, **chosen().args()) + "#schedule", code=303)


def made() -> dict[str, Any]:
    """What was asked for or fell due, with its title and its period in words."""
    found = prepared.listed(desk().store, client())
    return {"prepared": found, "title_of": _title, "spans": {one.id: Filter.parse(one.args).period_in_words() for one in found}}


def _title(document: str) -> str:
    ids = files.chosen(document)
    return BY_ID[ids[0]].title if len(ids) == 1 else "Policy pack" if document == "pack" else f"Policy pack, {len(ids)} documents"


def _schedule() -> dict[str, Any]:
    """What the part of the page about the schedule shows."""
    found = schedules.schedule(desk().store, client())
    upcoming = found.next(schedules.today(client())) if found else None
    return {"schedule": found, "upcoming": upcoming, "often": scheduled.OFTEN, "days": scheduled.DAYS}


@blueprint.get("/blocklist")
def blocklist(slug: str) -> ResponseReturnValue:
    """What was decided, as a list for a target."""
    target, kind = request.args.get("target", "hosts"), request.args.get("kind", "block")
    if kind not in KINDS:
        abort(404)
    try:
        blocklists.find(target, kind)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(address("reports.index", slug=slug, **chosen().args()), code=303)
    shown, firm = picture(), client()
    found = blocklists.names(decisions(desk().store, firm), desk().catalogue, shown.provided, target, shown.last_day, shown.firm.findings)
    text = blocklists.text(found, target, kind, client=firm.name, day=shown.last_day)
    return downloads.attachment([text], f"{slug}-{target}-{kind}", targets()[target].ending, "text/plain; charset=utf-8")


@blueprint.post("/given")
@allow(ANALYST)
def give(slug: str) -> ResponseReturnValue:
    """Note that the report was handed over: the next one tells what changed since."""
    until = picture().until
    if until is not None:
        queries.give(desk().store, client(), until, current_user.name)
        flash("Noted. Reports about later days will say what changed since this one.", "good")
    return redirect(address("reports.index", slug=slug, **chosen().args()), code=303)


@blueprint.post("/look")
@allow(ANALYST)
def save_look(slug: str) -> ResponseReturnValue:
    """Name, colour and picture of the reports."""
    store, firm = desk().store, client()
    before = queries.look(store, firm)
    if request.form.get("inherit") == "yes":
        queries.drop_look(store, firm)
        flash("These reports look as the practice's do again.", "good")
        return redirect(address("reports.index", slug=slug, **chosen().args()), code=303)
    sent = request.files.get("logo")
    picture_sent = sent.read(look.LOGO_BYTES + 1) if sent and sent.filename else b""
    kept = b"" if request.form.get("no_logo") else before.logo
    try:
        queries.set_look(store, firm, look.checked(request.form.get("name", ""), request.form.get("colour", look.COLOUR), picture_sent or kept))
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash("Kept. Every report looks so from now on.", "good")
    return redirect(address("reports.index", slug=slug, **chosen().args()), code=303)


@blueprint.get("/logo")
def logo(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The picture of the reports."""
    found = queries.look(desk().store, client())
    if not found.logo_type:
        abort(404)
    return Response(found.logo, mimetype=found.logo_type)


def _pack() -> Pack:
    return pack_of(desk().store, desk().assessments, desk().catalogue, client(), chosen())
