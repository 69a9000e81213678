"""One's own account: what it may, which clients it sees, and its password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from webui.desk import desk
from webui.roles import ROLES, VIEWER, allow, visible_clients

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What there is to know, and the form for another password."""
    limited = current_user.clients is not None
    return render_template("account/index.html", means=ROLES[current_user.role], firms=visible_clients(desk().store) if limited else None)


@blueprint.post("/password")
@allow(VIEWER)
def save_password() -> ResponseReturnValue:
    """One's own password; other sign-ins of the account end."""
    try:
        desk().door.change_password(request.form.get("old", ""), request.form.get("new", ""), request.remote_addr or "")
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash("The password is changed. Every other sign-in of this account has ended.", "good")
    return redirect(url_for("account.index"), code=303)
