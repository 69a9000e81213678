"""The interface: opened by a token of one client, the pages' filters, everything of a choice, and nothing changed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient
from made_up import Say

from discovery import store as kept
from rules.queries import decide
from webui.api import queries
from webui.exports import targets

PATHS = ("services", "gaps", "unknown", "logs", "assessment", "register", "meetings", "blocklists/hosts")


@pytest.fixture
def ask(judged: Callable[[Say], Flask]) -> Callable[..., Any]:
    """A program with a token, outside any browser."""
    app = judged(str)
    store = app.extensions["gnomon"].store
    token = queries.make_token(store, kept.get_client(store, "example"), "a test", "Ada")
    client = app.test_client()

    def get(path: str, token: str = token) -> Any:
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"} if token else {})

    get.store = store  # type: ignore[attr-defined]
    return get


def test_everything_is_told(ask: Callable[..., Any]) -> None:
    services = ask("services?activity=any").json
    assert services["total"] == len(services["rows"]) == 15
    assert services["client"] == "example"
    assert services["shown"] == "Last 30 days, all teams, any use, any risk"
    assert ask("unknown").json["total"] == 130
    assert {"findings", "gaps", "logs", "coverage"} <= set(ask("assessment").json)


@pytest.mark.parametrize(
    "query", ["level=High", "status=undecided", "capability=ai_assistant", "search=dropbox", "activity=background", "category=AI"]
)
def test_the_filters_are_those_of_the_pages(ask: Callable[..., Any], judged: Callable[[Say], Flask], query: str) -> None:
    page = signed_in(judged(str)).get(f"/c/example/services/?{query}&format=json").json
    found = ask(f"services?{query}").json
    assert [row["service"]["name"] for row in found["rows"]] == [row["service"] for row in page["rows"]]
    assert found["shown"] == page["about"]["Shown"]


def test_what_is_no_choice_is_refused_with_its_name(ask: Callable[..., Any]) -> None:
    answer = ask("services?level=Purple")
    assert answer.status_code == 422
    assert "level" in str(answer.json)


def test_the_register_and_block_lists(ask: Callable[..., Any]) -> None:
    store = ask.store  # type: ignore[attr-defined]
    decide(store, kept.get_client(store, "example"), "wetransfer", "not_approved", reason="No", decided_by="Ada")
    assert [row["status"] for row in ask("register").json["rows"]] == ["not_approved"]
    assert "decided_by" not in ask("register").json["rows"][0]
    for target in targets():
        answer = ask(f"blocklists/{target}")
        assert answer.mimetype == "text/plain"
        assert "wetransfer.com" in answer.text
    assert ask("blocklists/none").status_code == 404
    assert ask("blocklists/hosts?kind=allow").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_nothing_opens_without_a_token(ask: Callable[..., Any], path: str) -> None:
    for wrong in ("", "gnomon_wrong", "x" * 5000, "ü"):
        assert ask(path, wrong).status_code == 401
    assert ask(path).status_code == 200


def test_a_sign_in_of_a_browser_opens_nothing_here(browser: FlaskClient) -> None:
    assert browser.get("/api/v1/services").status_code == 401


def test_wrong_tokens_are_slowed_down(ask: Callable[..., Any]) -> None:
    assert [ask("gaps", "wrong").status_code for _ in range(31)][-1] == 429
    assert ask("gaps").status_code == 200, "who guesses locks nobody out"


def test_a_token_opens_its_own_client_only(ask: Callable[..., Any]) -> None:
    store = ask.store  # type: ignore[attr-defined]
    other = kept.create_client(store, "Other", slug="other")
    token = queries.make_token(store, other, "theirs", "Ada")
    assert ask("register", token).json["client"] == "other"
    queries.revoke(store, kept.get_client(store, "example"), queries.tokens(store, other)[0].id)
    assert ask("register", token).status_code == 200, "another client's token cannot be revoked"
    kept.delete_client(store, other)
    assert ask("register", token).status_code == 401


def test_the_database_holds_no_token(ask: Callable[..., Any]) -> None:
    store = ask.store  # type: ignore[attr-defined]
    token = queries.make_token(store, kept.get_client(store, "example"), "x", "Ada")
    store.engine.dispose()
    assert token.encode() not in b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())


def test_tokens_are_made_shown_once_and_revoked(app: Flask, browser: FlaskClient) -> None:
    path = "/c/example/settings/tokens/"
    fresh = re.search(r'id="fresh">(gnomon_[\w-]+)<', post(browser, path, form=path, name="The <b>firewall</b>").text)
    assert fresh
    assert fresh[1] not in browser.get(path).text
    assert "The <b>firewall</b>" in text_of(browser.get(path))
    headers = {"Authorization": f"Bearer {fresh[1]}"}
    assert app.test_client().get("/api/v1/register", headers=headers).status_code == 200
    number = re.search(r'name="token" value="(\d+)"', browser.get(path).text)
    assert number
    post(browser, f"{path}revoke", form=path, token=number[1])
    assert app.test_client().get("/api/v1/register", headers=headers).status_code == 401
    assert "needs a name" in text_of(browser.get(post(browser, path, form=path, name=" ").headers["Location"]))


def test_it_describes_itself(ask: Callable[..., Any]) -> None:
    described = ask("openapi.json").json
    assert set(described["paths"]) == {f"/{path}" for path in PATHS if "/" not in path} | {"/blocklists/{target}"}
    assert described["servers"] == [{"url": "/api/v1"}]
    for entry in described["paths"].values():
        assert set(entry) == {"get"}, "it reads, and changes nothing"
        assert entry["get"]["security"]
    parameters = {one["name"] for one in described["paths"]["/services"]["get"]["parameters"]}
    assert parameters == {"period", "since", "until", "team", "capability", "category", "level", "status", "activity", "search"}


def test_answers_carry_the_headers_of_the_pages(ask: Callable[..., Any]) -> None:
    for path in ("services", "nowhere"):
        headers = ask(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in headers
        assert "Set-Cookie" not in headers
