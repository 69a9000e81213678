"""What a role may not do is refused on every route, and shown on no page; what a limited account does not see is not there for it."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from conftest import PASSWORD, token
from flask import Flask
from flask.testing import FlaskClient
from test_gate import addresses
from werkzeug.test import TestResponse

from discovery import store as kept
from webui import guard
from webui.roles import ADMINISTRATOR, ANALYST, ROLES, VIEWER, asked_by
from webui.users import queries

#: Everybody's own, whatever the role.
OWN: Final = {"access.sign_out", "access.theme", "account.save_password"}
#: What an analyst may change: a route that is not named here is the administrators'.
ANALYSTS: Final = OWN | {
    "alerts.mute", "alerts.unmute", "clauses.word", "formats.forget", "gaps.add", "gaps.change", "gaps.keep", "gaps.remove", "gaps.undo",
    "imports.remove", "imports.upload", "meetings.arrange", "meetings.begin", "meetings.describe", "meetings.discard", "meetings.settle",
    "meetings.spent", "meetings.undo", "own.add", "own.change", "own.place", "own.put_back", "own.remove", "register.undo", "reports.give",
    "reports.give_up", "reports.prepare",
    "reveals.ask", "reveals.see", "reports.save_look", "reports.schedule", "services.decide", "services.decide_many", "services.undo",
    "settings.save_tools", "spotcheck.answer", "spotcheck.background", "spotcheck.undo", "teaching.teach", "unknown.add", "unknown.undo",
    "views.put_back", "views.remove", "views.save", "weights.change",
}  # fmt: skip
#: Pages that a viewer does not get, and those that only administrators get.
NOT_VIEWERS: Final = {
    "devices.show", "imports.confirm", "meetings.need", "own.index", "people.show", "settings.index", "settings.tools", "spotcheck.index",
    "teaching.show", "weights.index",
}  # fmt: skip
ADMINISTRATORS: Final = {
    "held.file",
    "practice.index", "practice.logo", "practice.tools", "reveals.index", "tokens.index", "users.index", "users.show",
    "welcome.again", "welcome.firm", "welcome.tools",
}  # fmt: skip


def join(app: Flask, name: str, role: str, clients: list[int] | None = None) -> FlaskClient:
    """The browser of a new user who has just chosen a password."""
    code = queries.invite(app.extensions["gnomon"].store, name, role, clients, by="Ada")
    browser = app.test_client()
    page = f"/join/?code={code}"
    assert browser.post("/join/", data={"csrf_token": token(browser, page), "code": code, "password": PASSWORD}).status_code == 303
    return browser


def without_token(answer: TestResponse) -> str:
    return re.sub(r"""hx-headers:inherited='[^']*'|name="csrf_token" value="[^"]*\"""", "", answer.text)


def refused(role: str, endpoint: str, *, changes: bool) -> bool:
    """What the lists above say."""
    if role == ADMINISTRATOR:
        return False
    if changes:
        return endpoint not in (ANALYSTS if role == ANALYST else OWN)
    return endpoint in ADMINISTRATORS or (role == VIEWER and endpoint in NOT_VIEWERS)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_asks_for_the_role(app: Flask, role: str) -> None:
    browser = join(app, "Vera", role)
    secret = token(browser, "/account/")
    for method in ("GET", "POST"):
        for endpoint, address in addresses(app, method):
            if endpoint in guard.PUBLIC | {"access.sign_out", "settings.remove"}:
                continue
            data = {"csrf_token": secret} if method == "POST" else None
            answer = browser.open(address, method=method, data=data, buffered=True)
            assert (answer.status_code == 403) is refused(role, endpoint, changes=method == "POST"), (role, endpoint, answer.status_code)
            if answer.status_code == 403:
                assert "This needs the account of an" in answer.text, endpoint


def test_what_a_role_may_not_do_is_not_shown(settled: Flask) -> None:
    app = settled
    kept.create_client(app.extensions["gnomon"].store, "Second")
    for role, clients in ((VIEWER, None), (ANALYST, None), (ADMINISTRATOR, [1])):
        shown = dict(offered(app, join(app, f"Vera {role}", role, clients)))
        with app.test_request_context():
            asked = {endpoint: asked_by(endpoint) for endpoint in shown}
        order = list(ROLES)
        beyond = {endpoint for endpoint, mark in asked.items() if order.index(mark.role) > order.index(role) or (clients and mark.everywhere)}
        assert not {endpoint: shown[endpoint] for endpoint in beyond}
        assert len(shown) > 30, "pages were walked through"


def offered(app: Flask, browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """Endpoint of every link and form on every page that can be reached, and the page that it stands on."""
    router, seen, todo = app.url_map.bind("localhost"), {"start.home"}, ["/"]
    while todo:
        page = todo.pop()
        answer = browser.get(page, follow_redirects=True)
        assert answer.status_code in {200, 403}, page
        if answer.mimetype != "text/html":
            continue
        links = [(link, "GET") for link in re.findall(r'(?:href|src|hx-get)="(/(?!api/)[^"#]*)', answer.text)]
        forms = [(path or page, "POST") for path in re.findall(r'<form[^>]*method="post"(?:[^>]*action="([^"]*)")?', answer.text)]
        for path, method in [*links, *forms]:
            endpoint = router.match(path.replace("&amp;", "&").partition("?")[0], method=method)[0]
            yield endpoint, page
            if method == "GET" and endpoint not in seen and endpoint != "static":
                seen.add(endpoint)
                todo.append(path.replace("&amp;", "&"))


def test_a_new_route_that_changes_something_is_the_administrators(app: Flask) -> None:
    app.add_url_rule("/new", "new", lambda: "done", methods=["GET", "POST"])
    secrets = {role: (browser := join(app, f"Vera {role}", role), token(browser, "/account/")) for role in ROLES}
    said = {role: browser.post("/new", data={"csrf_token": secret}).status_code for role, (browser, secret) in secrets.items()}
    assert said == {VIEWER: 403, ANALYST: 403, ADMINISTRATOR: 200}


def test_another_client_is_not_there_for_a_limited_account(app: Flask) -> None:
    store = app.extensions["gnomon"].store
    own = kept.create_client(store, "Own Firm")
    limited, free = join(app, "Vera", ADMINISTRATOR, [own.id]), join(app, "Free", ADMINISTRATOR)
    for _, address in addresses(app, "GET"):
        if "/example/" not in address:
            continue
        foreign, nowhere = (limited.get(address.replace("example", slug, 1), buffered=True) for slug in ("example", "nothing"))
        assert (foreign.status_code, nowhere.status_code) == (404, 404), address
        assert without_token(foreign) == without_token(nowhere), address
    secret = token(limited, "/account/")
    for endpoint, address in addresses(app, "POST"):
        if "/example/" in address:
            assert limited.post(address, data={"csrf_token": secret}).status_code == 404, endpoint
    assert limited.get("/").headers["Location"] == "/c/own-firm/"
    for page in ("/clients/", "/clients/?format=csv", "/c/own-firm/settings/"):
        assert "Example" not in limited.get(page).text, page
        assert "Example" in free.get(page).text, page
    assert limited.get("/c/own-firm/settings/tokens/").status_code == 200
    kept.delete_client(store, own)
    assert "No client to show" in limited.get("/", follow_redirects=True).text, "an account whose clients are gone sees none, not all"
    assert limited.get("/c/example/").status_code == 404


def test_a_viewer_never_sees_a_name(settled: Flask) -> None:
    store = settled.extensions["gnomon"].store
    kept.update_client(store, kept.get_client(store, "example"), show_names=True)
    viewer, analyst = join(settled, "Vera", VIEWER), join(settled, "Ann", ANALYST)
    assert "Bob Example" in analyst.get("/c/example/people/").text
    for page in ("", "services/", "services/dropbox", "people/", "devices/?show=somebody", "people/?format=csv", "reports/file?kind=json"):
        answer = viewer.get(f"/c/example/{page}")
        assert answer.status_code == 200, page
        assert not re.search(r"\b(Bob|Cy) Example", answer.text), page
    assert "Bob Example" in analyst.get("/c/example/people/").text
