"""Every log that can be read, and how to get a useful one out of each product; linked from Imports."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discovery import store as kept
from discovery.format import LogFormat
from discovery.formats import all_formats
from discovery.leases import LeaseFormat, lease_formats
from discovery.recipes import recipes
from discovery.sightings import SightingFormat, sighting_formats
from webui.desk import client, desk
from webui.roles import ANALYST, allow

Known = LogFormat | LeaseFormat | SightingFormat

blueprint = Blueprint("formats", __name__, url_prefix="/c/<slug>/formats")


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """All formats, or those whose name or recipe holds every word asked for; one that is asked for by its id stands open."""
    text = request.args.get("q", "").strip()[:200]
    every: list[Known] = [*all_formats().values(), *lease_formats().values(), *sighting_formats().values()]
    known = sorted(every, key=lambda one: one.title.lower())
    readable = [one for one in known if not getattr(one, "declines", None)]
    found = [one for one in readable if one.id == text] or [one for one in readable if _holds(one, text)]
    taught = kept.taught_formats(desk().store, client()).values()
    return render_template("formats/index.html", text=text, found=found, total=len(readable), recipes=recipes(), taught=taught)


@blueprint.post("/<format_id>/forget")
@allow(ANALYST)
def forget(slug: str, format_id: str) -> ResponseReturnValue:
    """Remove a format that was taught; what was read with it stays."""
    if not kept.forget_format(desk().store, client(), format_id):
        abort(404)
    flash("The format is removed. Logs that were read with it stay.", "good")
    return redirect(url_for("formats.index", slug=slug), code=303)


def _holds(known: Known, text: str) -> bool:
    how = recipes().get(known.id)
    words = " ".join([known.id, known.title, known.family, *(how.steps().values() if how else ())]).lower()
    return all(word in words for word in text.lower().split())
