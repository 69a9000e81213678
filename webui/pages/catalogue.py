"""The catalogue: browse it, look a service or a domain up, and see all that is known of one, whether anyone here uses it or not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from discovery import catalogue_edition
from discovery.catalogue import ROLES, Catalogue, Service
from rules import alternatives
from webui import facts
from webui.desk import desk
from webui.listing import Column, arrange
from webui.pages import SET_UP, Entry

blueprint = Blueprint("catalogue", __name__, url_prefix="/c/<slug>/catalogue")
MENU = Entry("catalogue.index", "Catalogue", "catalogue", 84, SET_UP, filtered=False)

#: From this age in days on, the page says that an update is due.
OLD: Final = 180

#: What one needs to know to leave a service.
LEAVING: Final = ("data_export", "account_deletion", "deletion_steps", "retention")

COLUMNS: Final[Mapping[str, Column[Service]]] = {
    "closest": Column("", lambda _: 0),  # as they were found
    "name": Column("Service", lambda service: service.name.casefold(), fixed=True),
    "need": Column("Used for", lambda service: service.capability),
    "known": Column("Known facts", lambda service: len(service.facts), largest_first=True),
}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The shelves; or the services of one category or need, or those that a text finds."""
    catalogue = desk().catalogue
    text = request.args.get("q", "").strip()[:200]
    category, need = request.args.get("category", ""), request.args.get("need", "")
    title = _title(catalogue, category, need)
    found = _found(catalogue, text, category, need) if text or title else []
    listing = arrange(found, COLUMNS, request.args, default="closest")
    return render_template("catalogue/index.html", **_numbers(catalogue), text=text, title=title, listing=listing, category=category, need=need)


@blueprint.get("/<service>")
def show(slug: str, service: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """All that is known of a service."""
    found = desk().catalogue.services.get(service)
    if found is None:
        abort(404)
    return render_template(
        "catalogue/show.html",
        service=found,
        by_plan=facts.by_plan(found),
        whole=facts.of_whole(found, without=LEAVING),
        leaving=facts.some(found, LEAVING),
        fixes=facts.fixes(found),
        others=alternatives.in_suites(found),
        hosts=[(role, found.domains[role]) for role in ROLES if role in found.domains],
        sources=[facts.SOURCES.get(source, source) for source in found.sources],
    )


def _title(catalogue: Catalogue, category: str, need: str) -> str:
    """What was chosen, in words; empty where nothing was, or nothing that exists."""
    chosen = catalogue.categories.get(category)
    return catalogue.capabilities.get(need, "") or (chosen.title if chosen else "")


def _found(catalogue: Catalogue, text: str, category: str, need: str) -> list[Service]:
    """Services of a choice: the closest to the text first; else those mainly for the need, and of these the best known."""
    services = (
        catalogue.search(text) if text else sorted(catalogue.services.values(), key=lambda service: (service.capability != need, -len(service.facts)))
    )
    return [
        service
        for service in services
        if (need not in catalogue.capabilities or need in (service.capability, *service.also))
        and (category not in catalogue.categories or service.category == category)
    ]


def _numbers(catalogue: Catalogue) -> dict[str, Any]:
    stats = catalogue.stats()
    known = [(facts.title(name), share) for name, share in stats["facts_written_by_hand"].items() if name in facts.vocabulary()]
    age = catalogue.age(datetime.now(UTC).date())
    return {
        "stats": stats,
        "categories": catalogue.categories,
        "known": known,
        "age": age,
        "old": age is not None and age >= OLD,
        "origin": catalogue_edition.origin(),
    }
