"""Register, alerts, maturity and bandwidth as people use them."""

from collections.abc import Callable
from datetime import date

from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient
from made_up import Say

from discovery import store as kept
from rules import queries
from rules.register import Decision

SERVICE = "/c/example/services/chatgpt"


def history(app: Flask, service: str = "chatgpt") -> list[Decision]:
    store = app.extensions["gnomon"].store
    return queries.history(store, kept.get_client(store, "example"), service)


def test_a_decision_keeps_what_was_known(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    said = {"owner": "Ann", "data_held": "Draft texts", "conditions": "No client names", "review_by": "2027-01-31", "reason": "It helps."}
    post(browser, f"{SERVICE}/decide", status="approved_with_conditions", **said)
    made = history(app)[0]
    assert (made.owner, made.data_held, made.conditions, made.review_by) == ("Ann", "Draft texts", "No client names", date(2027, 1, 31))
    assert made.snapshot
    assert (made.snapshot.people, made.snapshot.whole, made.snapshot.score, made.snapshot.level) == (24, 41, 78, "High")
    page = text_of(browser.get("/c/example/register/"))
    assert "1 decision in force" in page
    assert "Known then: 24 of 41 people" in page
    assert "Draft texts" in page


def test_tolerated_needs_a_last_day(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    post(browser, f"{SERVICE}/decide", status="tolerated")
    assert history(app) == []
    assert "Tolerated until when?" in text_of(browser.get(SERVICE))
    post(browser, f"{SERVICE}/decide", status="tolerated", review_by="2026-11-12")
    page = text_of(browser.get("/c/example/register/"))
    assert "1 review overdue" in page
    assert "It was tolerated until 12 November 2026. 24 people still worked with it." in page
    assert "in review again" in text_of(browser.get(SERVICE))


def test_the_last_decision_is_taken_back_from_the_register(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    post(browser, f"{SERVICE}/decide", status="approved", reason="First.")
    post(browser, "/c/example/register/chatgpt/undo")
    assert [(step.status, step.undone_by) for step in history(app)] == [("approved", "Ada Example")]
    assert "Nothing is on the register yet" in text_of(browser.get("/c/example/register/"))
    post(browser, "/c/example/register/chatgpt/undo")
    assert "There is no decision to take back." in text_of(browser.get("/c/example/register/"))


def test_a_class_of_account_that_there_is_not_is_refused(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    post(signed_in(app), f"{SERVICE}/decide", status="approved", account="mine")
    assert history(app) == []


def test_the_export_is_the_whole_asset_register(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    post(browser, f"{SERVICE}/decide", status="not_approved", reason="No.")
    rows = browser.get("/c/example/register/?format=csv").text.splitlines()
    assert rows[0].removeprefix("\ufeff").startswith("service,vendor,category,need,decision,stands for,overdue,owner,data held")
    decisions = {row.split(",")[0]: row.split(",")[4] for row in rows[1:]}
    assert decisions["ChatGPT"] == "Not approved"
    assert decisions["WeTransfer"] == "Unreviewed"
    assert "Grammarly" not in decisions, "nobody works with it"


def test_an_alert_is_muted_with_a_reason_and_heard_again(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    post(browser, f"{SERVICE}/decide", status="approved", review_by="2026-11-01")
    assert "Approved until 1 November 2026" in text_of(browser.get("/c/example/alerts/"))
    store = app.extensions["gnomon"].store
    heard = app.extensions["gnomon"].lookout.heard(kept.get_client(store, "example"))
    key = dict(zip(("kind", "service", "mark"), next(one.key for one in heard.open if one.service == "chatgpt"), strict=True))
    post(browser, "/c/example/alerts/mute", reason=" ", **key)
    assert "An alert is muted for a reason." in text_of(browser.get("/c/example/alerts/"))
    post(browser, "/c/example/alerts/mute", reason="Decided next week.", **key)
    page = text_of(browser.get("/c/example/alerts/"))
    assert page.index("Muted 1") < page.index("“Decided next week.” Ada Example")
    post(browser, "/c/example/alerts/unmute", **key)
    assert "It is heard again." in text_of(browser.get("/c/example/alerts/"))
    assert "Muted 1" not in text_of(browser.get("/c/example/alerts/"))
    post(browser, "/c/example/alerts/mute", reason="x", kind="nonsense", service="chatgpt", mark="")
    assert "There is no such alert any more." in text_of(browser.get("/c/example/alerts/"))


def test_pages_without_logs_teach(browser: FlaskClient) -> None:
    assert "Nothing is on the register yet" in text_of(browser.get("/c/example/register/"))
    for page in (
        "services/",
        "people/",
        "devices/",
        "gaps/",
        "unknown/",
        "gaps/roadmap",
        "register/",
        "alerts/",
        "maturity/",
        "bandwidth/",
        "register/controls",
    ):
        answer = browser.get(f"/c/example/{page}")
        assert 'class="card empty"' in answer.text, page
        assert "Add logs" in answer.text, page
        assert 'class="filter-row"' not in answer.text, f"{page}: there is nothing to choose from"
