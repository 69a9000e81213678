"""Settings of a client: the firm, its networks, what it provides, whether names are shown and how long people are kept."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.networks import KINDS, in_words
from rules.practice import queries as practice
from rules.toolset import suites
from webui import firm
from webui.desk import client, desk
from webui.pages import SET_UP, Entry
from webui.reveals import queries as reveals
from webui.roles import ADMINISTRATOR, ANALYST, allow

blueprint = Blueprint("settings", __name__, url_prefix="/c/<slug>/settings")
MENU = Entry("settings.index", "Settings", "settings", 90, SET_UP, filtered=False)


@blueprint.get("/")
@allow(ANALYST)
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """All settings."""
    networks = in_words(kept.network_ranges(desk().store, client()))
    return _page(networks, count_guests=client().count_guests)


def _page(networks: Mapping[str, str], *, count_guests: bool, wrong: str | None = None) -> str:
    known = firm.provided(practice.toolset(desk().store, client())).names
    handed_on = practice.template(desk().store)
    told = {
        "handed_on": bool(handed_on.toolset),
        "networks": networks,
        "count_guests": count_guests,
        "wrong_networks": wrong,
        "kept_for": firm.KEPT_FOR,
    }
    return render_template("settings/index.html", zones=firm.zones(), provided=known, form=firm.form_of(client()), **told)


@blueprint.post("/firm")
@allow(ADMINISTRATOR)
def save_firm(slug: str) -> ResponseReturnValue:
    """Name, zone and number of people."""
    try:
        kept.update_client(desk().store, client(), **firm.settings_in(request.form))
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash("Kept. All numbers follow at once.", "good")
    return redirect(url_for("settings.index", slug=slug), code=303)


@blueprint.post("/networks")
@allow(ADMINISTRATOR)
def save_networks(slug: str) -> ResponseReturnValue:
    """Which addresses are of staff, guests, VPN and servers."""
    texts, guests = {kind: request.form.get(kind, "") for kind in KINDS}, request.form.get("count_guests") == "yes"
    try:
        kept.keep_ranges(desk().store, client(), texts, count_guests=guests)
    except GnomonError as error:
        return _page(texts, count_guests=guests, wrong=str(error)), 400
    flash("Kept. They hold for logs that you add from now on.", "good")
    return redirect(url_for("settings.index", slug=slug) + "#networks", code=303)


@blueprint.post("/names")
@allow(ADMINISTRATOR)
def save_names(slug: str) -> ResponseReturnValue:
    """Whether pages show names or pseudonyms."""
    show = request.form.get("show_names") == "yes"
    reveals.note_setting(desk().store, client(), shown=show, by=current_user.name)
    kept.update_client(desk().store, client(), show_names=show)
    flash("Pages show names now." if show else "Pages show pseudonyms now.", "good")
    return redirect(url_for("settings.index", slug=slug), code=303)


@blueprint.post("/kept")
@allow(ADMINISTRATOR)
def save_kept(slug: str) -> ResponseReturnValue:
    """For how long it is kept who used what."""
    try:
        days = firm.people_days_in(request.form, client().people_days)
        kept.keep_people_for(desk().store, client(), days)
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash(f"Kept. Who used what stays {'for ' + firm.KEPT_FOR[str(days)] if days else firm.KEPT_FOR['']}.", "good")
    return redirect(url_for("settings.index", slug=slug) + "#kept", code=303)


@blueprint.get("/tools")
@allow(ANALYST)
def tools(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    """What the firm provides: suites as tiles."""
    store = desk().store
    provided, handed_on = firm.provided(practice.toolset(store, client())), bool(practice.template(store).toolset)
    return render_template("settings/tools.html", suites=suites(), provided=provided, blank=firm.BLANK_ROWS, handed_on=handed_on)


@blueprint.post("/tools")
@allow(ANALYST)
def save_tools(slug: str) -> ResponseReturnValue:
    """Keep the chosen suites and further tools as the client's own, or go back to what it inherits."""
    inherits = request.form.get("inherit") == "yes"
    kept.update_client(desk().store, client(), toolset="" if inherits else _chosen_tools())
    flash("What the firm provides follows the practice's template again." if inherits else "Kept. The gaps follow at once.", "good")
    return redirect(url_for("settings.index", slug=slug), code=303)


def _chosen_tools() -> str:
    store = desk().store
    return firm.own_toolset(firm.toolset_in(request.form, practice.toolset(store, client())), practice.template(store).toolset)


@blueprint.post("/remove")
@allow(ADMINISTRATOR)
def remove(slug: str) -> ResponseReturnValue:
    """Remove a client with everything known of it, once its name is typed."""
    if request.form.get("name", "").strip() != client().name:
        flash("This is not the name of the client. Nothing was removed.", "bad")
        return redirect(url_for("settings.index", slug=slug), code=303)
    kept.delete_client(desk().store, client())
    flash(f"{client().name} is removed with everything that was known of it.", "good")
    return redirect(url_for("start.home"), code=303)
