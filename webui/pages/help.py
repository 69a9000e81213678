"""Help: what each page answers, and what its numbers mean, in a few lines each; every page links to its own part."""

from collections.abc import Mapping
from functools import cache
from tomllib import loads
from typing import Any, Final

from flask import Blueprint, render_template
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from webui.assets import STATIC
from webui.pages import SET_UP, Entry

blueprint = Blueprint("help", __name__, url_prefix="/c/<slug>/help")
MENU = Entry("help.index", "Help", "help", 120, SET_UP, filtered=False)

#: A page without a part of its own -> the one that speaks of it.
BESIDE: Final[Mapping[str, str]] = {"teaching": "imports", "formats": "imports", "weights": "settings", "tokens": "settings"}


@blueprint.record
def _offer(setup: BlueprintSetupState) -> None:
    """Let every page link to its part."""
    setup.app.jinja_env.globals["help_on"] = help_on


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """All parts on one page."""
    return render_template("help/index.html", parts=parts())


@cache
def parts() -> dict[str, dict[str, Any]]:
    """Name of a blueprint -> `title`, `answers` (a sentence) and `numbers` (what stands there -> what it means)."""
    found: dict[str, dict[str, Any]] = loads((STATIC.parent / "help.toml").read_text(encoding="utf-8"))
    return found


def help_on(page: str | None) -> str | None:
    """The part that explains a page (name of its blueprint); None where there is none."""
    name = BESIDE.get(page or "", page or "")
    return name if name in parts() else None
