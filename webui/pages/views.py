"""The views people keep: a page with its filter and order under a name, one click away in the filter bar; removed with a way back."""

import re
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.routing import BuildError

from discovery.errors import GnomonError
from webui.desk import client, desk
from webui.filters import Filter
from webui.helpers import address
from webui.listing import BETWEEN
from webui.pages import LARGEST, SET_UP, Entry
from webui.roles import ANALYST, allow
from webui.views import queries
from webui.views.queries import View

blueprint = Blueprint("views", __name__, url_prefix="/c/<slug>/views")
MENU = Entry("views.index", "Saved views", "views", 95, SET_UP, filtered=False)

#: What a view keeps beside the filter: the order of its table, its columns, and which group of it is shown.
KEPT: Final = ("sort", "order", "columns", "show")
WORD: Final = re.compile(rf"[a-z_]{{1,40}}(?:{re.escape(BETWEEN)}[a-z_]{{1,40}}){{0,30}}")


@blueprint.record
def _offer(setup: BlueprintSetupState) -> None:
    """Hand the views to the filter bar."""
    offered = {"saved_views": lambda: queries.views(desk().store, client()), "view_url": view_url, "can_be_kept": can_be_kept, "kept_in_views": KEPT}
    setup.app.jinja_env.globals.update(offered)


def view_url(view: View) -> str | None:
    """The address of a view; None where its page is gone."""
    try:
        return address(view.endpoint, slug=client().slug, **view.args)
    except BuildError:
        return None


def can_be_kept() -> bool:
    """Whether the page of this request can be a view: a list, not one thing of it."""
    return set(request.view_args or {}) == {"slug"}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """All views of the client."""
    listed = [(view, view_url(view), Filter.parse(view.args)) for view in queries.views(desk().store, client())]
    gone = min(request.args.get("removed", 0, type=int), LARGEST)
    return render_template("views/index.html", listed=listed, removed=queries.removed(desk().store, client(), gone) if gone else None)


@blueprint.post("/")
@allow(ANALYST)
def save(slug: str) -> ResponseReturnValue:
    """Keep the page that the form stands on."""
    endpoint, args = request.form.get("endpoint", ""), arguments(request.form)
    if endpoint not in {rule.endpoint for rule in current_app.url_map.iter_rules() if rule.arguments == {"slug"} and "GET" in (rule.methods or ())}:
        abort(400)
    try:
        view = queries.save(desk().store, client(), request.form.get("name", ""), endpoint, args, by=current_user.name)
        flash(f"Kept as “{view.name}”. It stands under “Views” above every list.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(address(endpoint, slug=slug, **args), code=303)


@blueprint.post("/<int:number>/remove")
@allow(ANALYST)
def remove(slug: str, number: int) -> ResponseReturnValue:
    """Take a view off the list."""
    if not queries.remove(desk().store, client(), number):
        abort(404)
    return redirect(address("views.index", slug=slug, removed=number), code=303)


@blueprint.post("/<int:number>/put-back")
@allow(ANALYST)
def put_back(slug: str, number: int) -> ResponseReturnValue:
    """Bring it back."""
    back = queries.put_back(desk().store, client(), number)
    flash("It is back." if back else "It cannot be brought back any more.", "good" if back else "bad")
    return redirect(address("views.index", slug=slug), code=303)


def arguments(form: Mapping[str, str]) -> dict[str, str]:
    """What a view keeps of an address: the filter as it is understood, and the order."""
    order = {name: form[name] for name in KEPT if WORD.fullmatch(form.get(name, ""))}
    return {**Filter.parse(form).args(), **order}
