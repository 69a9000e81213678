"""The page behind the link that an administrator sent: whoever opens it chooses the password of their account, once."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discovery.errors import GnomonError
from webui.desk import desk
from webui.passwords import SHORTEST
from webui.users import queries

blueprint = Blueprint("joining", __name__, url_prefix="/join")


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The form, with the name to sign in with where the link works."""
    return _page(request.args.get("code", ""))


@blueprint.post("/")
def join() -> ResponseReturnValue:
    """Keep the password and sign in."""
    code = request.form.get("code", "")
    try:
        desk().door.join(code, request.form.get("password", ""), request.remote_addr or "")
    except GnomonError as error:
        return _page(code, wrong=str(error)), 400
    return redirect(url_for("start.home"), code=303)


def _page(code: str, *, wrong: str | None = None) -> str:
    name = None
    try:
        name = queries.invited(desk().store, code) if code else None
    except GnomonError as error:
        wrong = wrong or str(error)
    return render_template("account/join.html", code=code, name=name, wrong=wrong, shortest=SHORTEST)
