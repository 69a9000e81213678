"""What every template can use: the client and filter of this page, links to this page with one thing changed, words and marks."""

import re
from typing import Any, Final

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery import store as kept
from webui import facts, words
from webui.assessments import Picture
from webui.crowd import id_of
from webui.desk import client, desk
from webui.filters import ACTIVITIES, PERIODS, STATUSES, Filter
from webui.listing import BETWEEN
from webui.roles import ANALYST, has_role, may, visible_clients

#: Signs that turn the direction of the text after them (Unicode Bidirectional Algorithm, explicit formatting): a name could reverse a sentence.
TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def init_app(app: Flask) -> None:
    """Load the client before each request, and hand the helpers to the templates."""
    app.before_request(load_client)
    app.before_request(join_columns)
    app.context_processor(_context)
    app.jinja_env.finalize = straight
    app.jinja_env.globals.update(words=words, here=here, page_args=page_args, filtered=filtered, id_of=id_of, may=may)
    app.jinja_env.filters["capitalize"] = lambda text: text[:1].upper() + text[1:]
    app.jinja_env.filters["lower_first"] = words.lower_first
    app.jinja_env.filters["source_in_words"] = facts.source_in_words
    app.jinja_env.filters["cited"] = facts.cited
    app.jinja_env.filters["capability_title"] = lambda code: desk().catalogue.capabilities.get(code, code)


def straight(value: object) -> object:
    """What a template prints, with signs that turn the direction of text made visible."""
    return type(value)(TURNING.sub("\ufffd", value)) if isinstance(value, str) and TURNING.search(value) else value


def join_columns() -> ResponseReturnValue | None:
    """A form names each chosen column by itself; the address of a page holds them in one word, as views keep it."""
    if request.method != "GET" or "column" not in request.args:
        return None
    chosen_ones = BETWEEN.join(dict.fromkeys(request.args.getlist("column")))
    return redirect(here(column=None, columns=chosen_ones))


def load_client() -> None:
    """The client named in the address, else 404, as for one that the account does not see. Runs behind the gate: nobody learns which there are."""
    slug = (request.view_args or {}).get("slug")
    if slug is None:
        return
    try:
        found = kept.get_client(desk().store, slug)
    except kept.UnknownClient:
        abort(404)
    if not current_user.sees(found.id):
        abort(404)
    if not has_role(ANALYST):
        found.show_names = False  # of this request only: names are for those who may open the page of a person
    g.client, g.filter = found, Filter.parse(request.args)


def chosen() -> Filter:
    """The filter of this page."""
    found: Filter = g.filter
    return found


#: Parts of the filter; a page names those that it heeds.
PARTS = ("period", "team", "activity", "level", "status", "category", "capability", "search")


def heeds(*parts: str) -> None:
    """Say which parts of the filter this page heeds besides period and team; the others are not offered on it."""
    g.parts = parts


def picture() -> Picture:
    """The judged picture that this page's filter asks for; computed once per request and kept between requests."""
    if "picture" not in g:
        g.picture = desk().assessments.picture(client(), chosen())
    found: Picture = g.picture
    return found


def page_args() -> dict[str, str]:
    """The arguments of this page's address, without names that mean something else where addresses are made."""
    taken = {*(request.view_args or {}), "endpoint"}
    return {name: value for name, value in request.args.items() if name not in taken and not name.startswith("_")}


def here(**changes: Any) -> str:  # noqa: ANN401 (whatever stands in a URL)
    """This page's address with some arguments changed; None drops one."""
    args = {**page_args(), **changes}
    return address(request.endpoint or "", **(request.view_args or {}), **{name: value for name, value in args.items() if value is not None})


def filtered(**changes: Any) -> str:  # noqa: ANN401
    """This page's address with parts of its filter changed; order and columns of tables are kept, their page is not."""
    kept_args = {name: request.args[name] for name in ("sort", "order", "columns") if name in request.args}
    return address(request.endpoint or "", **(request.view_args or {}), **kept_args, **chosen().but(**changes))


def address(endpoint: str, **values: Any) -> str:  # noqa: ANN401
    """The address of a page; `url_for` with arguments of any name."""
    return url_for(endpoint, **values)


def _context() -> dict[str, Any]:
    context: dict[str, Any] = {"theme": session.get("theme"), "client": g.get("client"), "filter": g.get("filter"), "shows_filter": False}
    if "client" in g:
        context |= {"clients": visible_clients(desk().store), "titles": desk().catalogue.capabilities}
    if "picture" in g:
        context |= {"shows_filter": True, "filter_parts": g.get("parts", PARTS), "filter_choices": choices(g.picture), "last_day": g.picture.last_day}
        context |= {"shown_since": g.picture.since, "shown_until": g.picture.until}
    return context


def choices(shown: Picture) -> dict[str, list[tuple[str | None, str]]]:
    """What each part of the filter can be, with its words; only what occurs is offered."""
    findings = shown.firm.findings
    titles = desk().catalogue.capabilities
    capabilities = sorted({finding.capability for finding in findings}, key=lambda code: titles.get(code, code))
    return {
        "periods": list(PERIODS.items()),
        "teams": [(None, "all teams"), *((team, team) for team in shown.teams)],
        "activities": list(ACTIVITIES.items()),
        "levels": [(None, "any risk"), *((level, f"{level.lower()} risk") for level in words.LEVELS)],
        "statuses": [(None, "any status"), *STATUSES.items()],
        "categories": [(None, "all categories"), *((title, title) for title in sorted({finding.category for finding in findings}))],
        "capabilities": [(None, "all needs"), *((code, titles.get(code, code)) for code in capabilities)],
    }
