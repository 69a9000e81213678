"""Clauses in the client's own words, in place of the practice's or the shipped ones."""

from typing import Final

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from rules.practice.queries import say
from webui import deciding
from webui.desk import client, desk
from webui.helpers import address
from webui.roles import ANALYST, allow

blueprint = Blueprint("clauses", __name__, url_prefix="/c/<slug>/clauses")

#: Characters of a heading.
HEADING: Final = 100


@blueprint.post("/")
@allow(ANALYST)
def word(slug: str) -> ResponseReturnValue:
    """Keep a clause in the client's own words, leave it out, or go back to what is inherited."""
    heading, action = " ".join(deciding.said("heading").split()), request.form.get("action")
    if not heading or len(heading) > HEADING:
        flash(f"A clause needs a heading of up to {HEADING} characters.", "bad")
    else:
        text = {"inherit": None, "leave_out": ""}.get(action or "", deciding.said("text"))
        say(desk().store, client(), heading, text)
        flash(f"“{heading}” is {'inherited again' if text is None else 'kept' if text else 'left out'}.", "good")
    return redirect(address("reports.index", slug=slug, document="clauses"), code=303)
