"""The practice's template: what every client gets that says nothing of its own. Changes wait as a draft until their effect was seen and applied."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery import store as kept
from discovery.errors import GnomonError
from rules.clauses import general
from rules.factors import rules as shipped
from rules.practice import Template, queries
from rules.register import Decision
from rules.toolset import suites
from rules.weights import Weight, check
from webui import deciding, firm, words
from webui.desk import desk
from webui.practice import effects
from webui.reports import look
from webui.reports import queries as looks
from webui.roles import ADMINISTRATOR, allow

blueprint = Blueprint("practice", __name__, url_prefix="/template")

#: Characters of a clause's heading.
HEADING: Final = 100


@blueprint.get("/")
@allow(ADMINISTRATOR, everywhere=True)
def index() -> ResponseReturnValue:
    """The template as it would be, with what is not in force yet and whom that changes."""
    store = desk().store
    in_force, draft = queries.template(store), queries.draft(store)
    shown = draft or in_force
    effect = effects.told(store, in_force, draft, _names()) if draft else []
    return render_template(
        "practice/index.html",
        shown=shown,
        draft=draft is not None,
        effect=effect,
        sentence=effects.in_one_sentence(effect),
        provided=firm.provided(shown.toolset).names,
        names=_names(),
        clients=kept.clients(store),
        look=looks.practice_look(store) or look.Look(),
        seen=queries.edition(store),
        own_looks=[client.name for client in kept.clients(store) if looks.own_look(store, client)],
        general=general(),
        levels={level: level for level in words.LEVELS[1:]},
        factors={factor.id: f"{factor.title[:1].upper()}{factor.title[1:]}" for factor in shipped().factors},
    )


@blueprint.get("/tools")
@allow(ADMINISTRATOR, everywhere=True)
def tools() -> ResponseReturnValue:
    """What every client provides: suites as tiles."""
    return render_template(
        "practice/tools.html",
        suites=suites(),
        provided=firm.provided(_shown().toolset),
        blank=firm.BLANK_ROWS,
        titles=_titles(),
        seen=queries.edition(desk().store),
    )


@blueprint.post("/tools")
@allow(ADMINISTRATOR, everywhere=True)
def save_tools() -> ResponseReturnValue:
    """Keep the chosen suites and tools in the draft."""
    text = firm.toolset_in(request.form, _shown().toolset)
    return _change(lambda template: replace(template, toolset=firm.own_toolset(text, "")))


@blueprint.post("/decisions")
@allow(ADMINISTRATOR, everywhere=True)
def decide() -> ResponseReturnValue:
    """Put a decision on a service into the draft."""
    return _change(lambda template: template.deciding(_decision()), "decisions")


@blueprint.post("/decisions/remove")
@allow(ADMINISTRATOR, everywhere=True)
def undecide() -> ResponseReturnValue:
    """Take the decisions on a service out of the draft."""
    return _change(lambda template: template.without(request.form.get("service", "")), "decisions")


@blueprint.post("/weights")
@allow(ADMINISTRATOR, everywhere=True)
def weigh() -> ResponseReturnValue:
    """Put a weight into the draft, or take it out where it has no value."""
    return _change(lambda template: template.weighing(check(_weight(), template.weights)), "weights")


@blueprint.post("/clauses")
@allow(ADMINISTRATOR, everywhere=True)
def say() -> ResponseReturnValue:
    """Put a clause into the draft, or take it out where it has no text."""
    return _change(lambda template: template.saying(_heading(), deciding.said("text")), "clauses")


@blueprint.post("/copy")
@allow(ADMINISTRATOR, everywhere=True)
def copy() -> ResponseReturnValue:
    """Take over into the draft what a client decided, provides or weighs."""
    client = next((one for one in kept.clients(desk().store) if one.slug == request.form.get("source")), None)
    if client is None:
        abort(404)
    own, wanted = effects.own_of(desk().store, client), set(request.form.getlist("part"))

    def copied(template: Template) -> Template:
        if "toolset" in wanted and own.toolset.strip():
            template = replace(template, toolset=own.toolset)
        for decision in own.register.every() if "decisions" in wanted else ():
            template = template.deciding(queries.handed_on(decision))
        for weight in own.weights if "weights" in wanted else ():
            template = template.weighing(replace(weight, inherited=True))
        return template

    return _change(copied)


@blueprint.post("/apply")
@allow(ADMINISTRATOR, everywhere=True)
def apply() -> ResponseReturnValue:
    """Put the draft in force."""
    try:
        if queries.apply_draft(desk().store, seen=_seen()):
            flash("In force. Every client that says nothing of its own follows at once.", "good")
    except queries.Meanwhile as error:
        flash(f"{error} Nothing was put in force: please look at what is in the draft now.", "bad")
    return redirect(url_for("practice.index"), code=303)


@blueprint.post("/discard")
@allow(ADMINISTRATOR, everywhere=True)
def discard() -> ResponseReturnValue:
    """Forget the draft."""
    try:
        queries.drop_draft(desk().store, seen=_seen())
        flash("The changes are forgotten; the template is as it was.", "good")
    except queries.Meanwhile as error:
        flash(f"{error} Nothing was forgotten: please look at what is in the draft now.", "bad")
    return redirect(url_for("practice.index"), code=303)


@blueprint.post("/look")
@allow(ADMINISTRATOR, everywhere=True)
def save_look() -> ResponseReturnValue:
    """Name, colour and picture of the reports of all clients without a look of their own."""
    store, sent = desk().store, request.files.get("logo")
    before = looks.practice_look(store) or look.Look()
    picture = sent.read(look.LOGO_BYTES + 1) if sent and sent.filename else b""
    kept_picture = b"" if request.form.get("no_logo") else before.logo
    try:
        chosen = look.checked(request.form.get("name", ""), request.form.get("colour", look.COLOUR), picture or kept_picture)
        looks.set_practice_look(store, chosen)
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash("Kept. The reports of every client without a look of its own look so from now on.", "good")
    return redirect(url_for("practice.index") + "#look", code=303)


@blueprint.get("/logo")
@allow(ADMINISTRATOR, everywhere=True)
def logo() -> ResponseReturnValue:
    """The picture of the reports."""
    found = looks.practice_look(desk().store)
    if found is None or not found.logo_type:
        abort(404)
    return Response(found.logo, mimetype=found.logo_type)


def _change(changed: Callable[[Template], Template], part: str = "") -> ResponseReturnValue:
    """Change the draft as a form asks. Where somebody else changed it meanwhile, both are shown and nothing is lost."""
    try:
        queries.keep_draft(desk().store, changed, changed_by=current_user.name, seen=_seen())
    except queries.Meanwhile as error:
        return render_template("practice/meanwhile.html", error=error, sent=_sent(), seen=queries.edition(desk().store), part=part), 409
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(url_for("practice.index") + (f"#{part}" if part else ""), code=303)


def _seen() -> str | None:
    """The edition of the template that the form was opened with."""
    return request.form.get("seen")


def _sent() -> list[tuple[str, str]]:
    """What was entered, field by field."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in {"csrf_token", "seen"}]


def _shown() -> Template:
    """The draft, else the template in force."""
    return queries.draft(desk().store) or queries.template(desk().store)


def _decision() -> Decision:
    status, until = request.form.get("status", ""), deciding.day_of("review_by")
    if status not in words.STATUSES or status == "unreviewed":
        raise GnomonError("Please choose a decision.")
    if status == "tolerated" and until is None:
        raise GnomonError("Tolerated until when? Please give the last day.")
    service = deciding.service_named(request.form.get("service", ""))
    owner, reason, conditions = (deciding.said(name) for name in ("owner", "reason", "conditions"))
    return Decision(service, status, owner, reason, conditions, until, datetime.now(UTC), current_user.name, inherited=True)


def _weight() -> Weight:
    kind, key = request.form.get("kind", ""), request.form.get("key", "").strip()
    if kind == "service":
        key = deciding.service_named(key)
    value, note = deciding.number_in("value"), deciding.said("note")
    return Weight(kind, key, value, note, current_user.name, datetime.now(UTC), inherited=True)


def _heading() -> str:
    heading = " ".join(deciding.said("heading").split())
    if not heading or len(heading) > HEADING:
        raise GnomonError(f"A clause needs a heading of up to {HEADING} characters.")
    return heading


def _names() -> dict[str, str]:
    return {service.id: service.name for service in desk().catalogue.services.values()}


def _titles() -> dict[str, str]:
    return dict(desk().catalogue.capabilities)
