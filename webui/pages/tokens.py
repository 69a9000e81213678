"""Tokens for programs: made, shown once, and revoked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from webui.api import queries
from webui.desk import client, desk
from webui.roles import ADMINISTRATOR, allow

blueprint = Blueprint("tokens", __name__, url_prefix="/c/<slug>/settings/tokens")


@blueprint.get("/")
@allow(ADMINISTRATOR)
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """What there is."""
    return render_template("settings/tokens.html", tokens=queries.tokens(desk().store, client()), fresh=None)


@blueprint.post("/")
@allow(ADMINISTRATOR)
def make(slug: str) -> ResponseReturnValue:
    """A new token, shown this once."""
    try:
        fresh = queries.make_token(desk().store, client(), request.form.get("name", ""), current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(url_for("tokens.index", slug=slug), code=303)
    return render_template("settings/tokens.html", tokens=queries.tokens(desk().store, client()), fresh=fresh)


@blueprint.post("/revoke")
@allow(ADMINISTRATOR)
def revoke(slug: str) -> ResponseReturnValue:
    """It opens nothing from now on."""
    number = request.form.get("token", "")
    if number.isascii() and number.isdigit() and len(number) < 10:  # noqa: PLR2004 (no database has more)
        queries.revoke(desk().store, client(), int(number))
        flash("Revoked. The token opens nothing any more.", "good")
    return redirect(url_for("tokens.index", slug=slug), code=303)
