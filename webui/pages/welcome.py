"""The first five minutes: who looks after this, which firm, what it provides, and its logs. Each step can be skipped and returned to."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discovery import store as kept
from discovery.errors import GnomonError
from rules.practice import queries as practice
from rules.toolset import suites
from webui import firm as firms
from webui import queries
from webui import sample as samples
from webui.desk import client, desk
from webui.roles import ADMINISTRATOR, allow

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/welcome")
def administrator() -> ResponseReturnValue:
    """The form for the first administrator; gone once there is one."""
    if queries.count_accounts(desk().store):
        return redirect(url_for("start.home"))
    return render_template("welcome/administrator.html", step=0, name="", token=request.args.get("token", ""), wrong=None)


@blueprint.post("/welcome")
def administrator_post() -> ResponseReturnValue:
    """Make the first administrator for whoever shows the start code, and sign them in."""
    said = {name: request.form.get(name, "") for name in ("token", "name", "password")}
    try:
        desk().door.first_administrator(**said, address=request.remote_addr or "")
    except GnomonError as error:
        return render_template("welcome/administrator.html", step=0, name=said["name"], token=said["token"], wrong=str(error)), 400
    return redirect(url_for("welcome.firm"), code=303)


@blueprint.get("/welcome/firm")
@allow(ADMINISTRATOR, everywhere=True)
def firm() -> ResponseReturnValue:
    """The form for a new client."""
    return render_template(
        "welcome/firm.html", step=1, zones=firms.zones(), form={"name": "", "zone": firms.local_zone(), "people_expected": ""}, wrong=None
    )


@blueprint.post("/welcome/firm")
@allow(ADMINISTRATOR, everywhere=True)
def firm_post() -> ResponseReturnValue:
    """Make a client; one that is put off gets a name to go on with."""
    try:
        said = {**firms.FOR_NOW, "zone": firms.local_zone()} if "skip" in request.form else firms.settings_in(request.form)
        made = kept.create_client(desk().store, **said)
    except GnomonError as error:
        return render_template("welcome/firm.html", step=1, zones=firms.zones(), form=request.form, wrong=str(error)), 400
    return redirect(url_for("welcome.tools", slug=made.slug), code=303)


@blueprint.get("/c/<slug>/welcome/firm")
@allow(ADMINISTRATOR)
def again(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The same form for a client that is there already."""
    return render_template("welcome/firm.html", step=1, zones=firms.zones(), form=firms.form_of(client()), wrong=None)


@blueprint.post("/c/<slug>/welcome/firm")
@allow(ADMINISTRATOR)
def again_post(slug: str) -> ResponseReturnValue:
    """Keep what was changed and go on."""
    try:
        if "skip" not in request.form:
            kept.update_client(desk().store, client(), **firms.settings_in(request.form))
    except GnomonError as error:
        return render_template("welcome/firm.html", step=1, zones=firms.zones(), form=request.form, wrong=str(error)), 400
    return redirect(url_for("welcome.tools", slug=slug), code=303)


@blueprint.post("/welcome/sample")
@allow(ADMINISTRATOR, everywhere=True)
def sample() -> ResponseReturnValue:
    """The made-up firm, with its logs in line."""
    made = samples.load(desk())
    flash("This is a made-up firm. Its logs are being read; remove it in Settings whenever you like.")
    return redirect(url_for("imports.index", slug=made.slug), code=303)


@blueprint.get("/c/<slug>/welcome/tools")
@allow(ADMINISTRATOR)
def tools(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """What the firm provides: suites as tiles."""
    provided = firms.provided(practice.toolset(desk().store, client()))
    return render_template("welcome/tools.html", step=2, suites=suites(), provided=provided, blank=firms.BLANK_ROWS)


@blueprint.post("/c/<slug>/welcome/tools")
@allow(ADMINISTRATOR)
def tools_post(slug: str) -> ResponseReturnValue:
    """Keep the choice and go on to the logs."""
    handed_on = practice.template(desk().store).toolset
    text = firms.toolset_in(request.form, practice.toolset(desk().store, client()))
    kept.update_client(desk().store, client(), toolset=firms.own_toolset(text, handed_on))
    return redirect(url_for("imports.index", slug=slug, welcome="1"), code=303)
