"""The users of this installation: who they are, what they may, which clients they see; added with a link that works once."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery import store as kept
from discovery.errors import GnomonError
from webui.accounts import AT_MOST
from webui.desk import desk
from webui.roles import ADMINISTRATOR, ROLES, allow
from webui.users import queries
from webui.users.queries import User

blueprint = Blueprint("users", __name__, url_prefix="/users")


@blueprint.get("/")
@allow(ADMINISTRATOR, everywhere=True)
def index() -> ResponseReturnValue:
    """Everybody, and the form to add somebody."""
    return _index()


@blueprint.post("/")
@allow(ADMINISTRATOR, everywhere=True)
def invite() -> ResponseReturnValue:
    """Add somebody, and show the link this once."""
    try:
        code = queries.invite(desk().store, request.form.get("name", ""), request.form.get("role", ""), _clients(), by=current_user.name)
    except GnomonError as error:
        return _index(wrong=str(error)), 400
    return _index(link=_link(code), link_for=request.form["name"].strip())


@blueprint.get("/<int:number>")
@allow(ADMINISTRATOR, everywhere=True)
def show(number: int) -> ResponseReturnValue:
    """One user: role, clients, link, sign-ins."""
    return _show(_user(number))


@blueprint.post("/<int:number>")
@allow(ADMINISTRATOR, everywhere=True)
def change(number: int) -> ResponseReturnValue:
    """Another role or other clients; they hold from the next page on that the user opens."""
    return _done(number, lambda: queries.change(desk().store, number, request.form.get("role", ""), _clients()), "Kept. It holds at once.")


@blueprint.post("/<int:number>/link")
@allow(ADMINISTRATOR, everywhere=True)
def link(number: int) -> ResponseReturnValue:
    """A new link to choose a password, shown this once."""
    _user(number)
    code = queries.invite_again(desk().store, number, by=current_user.name)
    return _show(_user(number), link=_link(code))


@blueprint.post("/<int:number>/sign-out")
@allow(ADMINISTRATOR, everywhere=True)
def sign_out(number: int) -> ResponseReturnValue:
    """End every sign-in of a user."""
    return _done(number, lambda: queries.end_sign_ins(desk().store, number), "Every sign-in of this user has ended.")


@blueprint.post("/<int:number>/remove")
@allow(ADMINISTRATOR, everywhere=True)
def remove(number: int) -> ResponseReturnValue:
    """Remove a user."""
    user = _user(number)
    try:
        queries.remove(desk().store, number, keep_tokens=request.form.get("keep_tokens") == "yes")
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(url_for("users.show", number=number), code=303)
    flash(f"{user.name} is removed and can no longer sign in. What {user.name} did stays under that name.", "good")
    return redirect(url_for("users.index"), code=303)


def _done(number: int, act: Callable[[], object], said: str) -> ResponseReturnValue:
    _user(number)
    try:
        act()
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash(said, "good")
    if number == current_user.account:  # one's own role may be another now, or one's own sign-in have ended
        return redirect(url_for("start.home"), code=303)
    return redirect(url_for("users.show", number=number), code=303)


def _index(*, wrong: str | None = None, link: str | None = None, link_for: str = "") -> str:
    """The list; where something was wrong, the form as it was filled in."""
    everybody = queries.users(desk().store, not_before=datetime.now(UTC) - AT_MOST)
    told = {"wrong": wrong, "link": link, "link_for": link_for, "now": datetime.now(UTC)}
    form = request.form if wrong else {}
    chosen = [client.id for client in kept.clients(desk().store) if wrong and client.slug in request.form.getlist("client")]
    return render_template("users/index.html", users=everybody, roles=ROLES, firms=kept.clients(desk().store), form=form, chosen=chosen, **told)


def _show(user: User, *, link: str | None = None) -> str:
    firms = kept.clients(desk().store)
    tokens = queries.tokens_of(desk().store, user.name)
    return render_template("users/show.html", user=user, roles=ROLES, firms=firms, link=link, tokens=tokens, now=datetime.now(UTC))


def _user(number: int) -> User:
    found = queries.get_user(desk().store, number, not_before=datetime.now(UTC) - AT_MOST)
    if found is None:
        abort(404)
    return found


def _clients() -> list[int] | None:
    """Numbers of the clients that were ticked; None: all, where that was chosen. One that is gone, and none ticked, opens no other: GnomonError."""
    if request.form.get("sees") == "all":
        return None
    ticked = set(request.form.getlist("client"))
    if not ticked:
        raise GnomonError("Please tick the clients, or choose every client.")
    found = [client.id for client in kept.clients(desk().store) if client.slug in ticked]
    if len(found) < len(ticked):
        raise GnomonError("One of these clients is not there any more. Please tick again.")
    return found


def _link(code: str) -> str:
    return url_for("joining.show", code=code, _external=True)
