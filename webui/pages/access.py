"""Signing in and out, how pages look in this browser, and whether the server is well."""

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from webui import queries
from webui.desk import desk
from webui.guard import safe_next
from webui.roles import VIEWER, allow

blueprint = Blueprint("access", __name__)
THEMES = frozenset({"light", "dark"})


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form; on a new installation, the welcome instead."""
    if not queries.count_accounts(desk().store):
        return redirect(url_for("welcome.administrator"))
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return render_template("sign_in.html", name="", wrong=None)


@blueprint.post("/sign-in")
def sign_in_post() -> ResponseReturnValue:
    """Check name and password."""
    name = request.form.get("name", "")
    try:
        desk().door.sign_in(name, request.form.get("password", ""), request.remote_addr or "")
    except GnomonError as error:
        return render_template("sign_in.html", name=name, wrong=str(error)), 401
    return redirect(safe_next(request.args.get("next")), code=303)


@blueprint.post("/sign-out")
@allow(VIEWER)
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    desk().door.sign_out()
    flash("You are signed out.")
    return redirect(url_for("access.sign_in"), code=303)


@blueprint.post("/theme")
@allow(VIEWER)
def theme() -> ResponseReturnValue:
    """Light, dark, or as the system."""
    wanted = request.form.get("theme")
    if wanted in THEMES:
        session["theme"] = wanted
    else:
        session.pop("theme", None)
    return redirect(safe_next(request.form.get("next")), code=303)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """For a monitor: that the server answers. Says nothing else."""
    return Response("ok", mimetype="text/plain")
