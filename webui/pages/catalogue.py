"""The catalogue: look a service or a domain up, whether anyone here uses it or not."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.pages import Entry

blueprint = Blueprint("catalogue", __name__, url_prefix="/c/<slug>/catalogue")
MENU = Entry("catalogue.index", "Catalogue", "catalogue", 80, more=True, filtered=False)
SHOWN = 60


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """Search by name, vendor, domain or description."""
    text = request.args.get("q", "").strip()[:200]
    found = desk().catalogue.search(text) if text else []
    return render_template("catalogue/index.html", text=text, found=found[:SHOWN], total=len(found), stats=desk().catalogue)
