"""All clients on one page, and what is handed to all of them: seen before it is applied, inherited, and overridden in one step."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient
from made_up import Say

from discovery import store as kept
from rules import queries
from rules.practice import queries as practice
from webui.practice import portfolio
from webui.practice import queries as practice_queries
from webui.practice.queries import LastImport
from webui.practice.summary import Summary

PAGE = "/template/"
TODAY = date(2026, 11, 14)
GOOD = Summary(
    until=date(2026, 11, 13), step=3, step_title="Managed", levels={"Low": 4}, services=("a",) * 4, covered=20, working=21, seen=9, expected=9
)
TAKEN = LastImport(taken=None, running=True)


@pytest.fixture
def two(judged: Callable[[Say], Flask]) -> Flask:
    """Two clients; behind the first the made-up firm."""
    app = judged(str)
    kept.create_client(app.extensions["gnomon"].store, "Other & Sons", slug="other", zone="Europe/London")
    return app


def store_of(app: Flask) -> kept.Store:
    return app.extensions["gnomon"].store


def decisions(app: Flask, slug: str) -> dict[str, tuple[str, bool]]:
    """Service -> status, and whether it is inherited."""
    register = queries.decisions(store_of(app), kept.get_client(store_of(app), slug))
    return {one.service: (one.status, one.inherited) for one in register.every()}


def propose(browser: FlaskClient, **said: str) -> None:
    post(browser, PAGE + "decisions", PAGE, **said)


def test_a_decision_is_handed_to_all_and_overridden_in_one_step(two: Flask) -> None:
    browser = signed_in(two)
    post(browser, "/c/other/services/dropbox/decide", "/c/example/settings/", status="approved", reason="Ours.")
    propose(browser, service="Dropbox", status="not_approved", reason="Not here.")
    page = text_of(browser.get(PAGE))
    assert "This changes 1 of 2 clients. 1 keeps something of its own." in page
    assert "Dropbox: not approved" in page
    assert "Dropbox: stays approved" in page
    assert decisions(two, "example") == {}  # seen, and not yet in force
    post(browser, PAGE + "apply", PAGE)
    assert decisions(two, "example") == {"dropbox": ("not_approved", True)}
    assert decisions(two, "other") == {"dropbox": ("approved", False)}
    register = text_of(browser.get("/c/example/register/"))
    assert "1 of them inherited from the practice's template" in register
    assert "Take the last one back" not in register
    assert "What you decide here holds for Example & Co instead" in text_of(browser.get("/c/example/services/dropbox"))
    post(browser, "/c/example/services/dropbox/decide", status="approved_with_conditions", reason="A customer asks for it.")
    assert decisions(two, "example") == {"dropbox": ("approved_with_conditions", False)}
    post(browser, "/c/example/register/dropbox/undo")
    assert decisions(two, "example") == {"dropbox": ("not_approved", True)}


def test_tools_are_inherited_until_the_client_enters_its_own(two: Flask) -> None:
    browser, store = signed_in(two), store_of(two)
    client = kept.get_client(store, "example")
    post(browser, PAGE + "tools", PAGE, suite="zoom")
    assert practice.toolset(store, client) == ""
    post(browser, PAGE + "apply", PAGE)
    assert "zoom" in practice.toolset(store, client)
    assert "Inherited from the practice's template" in text_of(browser.get("/c/example/settings/"))
    post(browser, "/c/example/settings/tools", suite="zoom")  # kept as it is: still inherited
    assert kept.get_client(store, "example").toolset == ""
    post(browser, "/c/example/settings/tools", suite="slack")
    assert "slack" in practice.toolset(store, kept.get_client(store, "example"))
    post(browser, "/c/example/settings/tools", inherit="yes")
    assert "zoom" in practice.toolset(store, kept.get_client(store, "example"))


def test_weights_clauses_and_look_reach_the_clients(two: Flask) -> None:
    browser = signed_in(two)
    post(browser, PAGE + "weights", PAGE, kind="level", key="High", value="65", note="We are careful.")
    post(browser, PAGE + "weights", PAGE, kind="level", key="High", value="900", note="Too much.")
    assert "The value has to lie between" in text_of(browser.get(PAGE))
    post(browser, PAGE + "clauses", PAGE, heading="Telling us", text="Write to {firm}.")
    post(browser, PAGE + "apply", PAGE)
    post(browser, PAGE + "look", PAGE, name="Careful IT", colour="#123456")
    assert "inherited from the practice's template" in text_of(browser.get("/c/example/settings/weights/"))
    shown = text_of(browser.get("/c/example/reports/?document=clauses"))
    assert "Write to Example & Co." in shown
    assert "Careful IT" in shown
    post(browser, "/c/example/reports/look", name="Own look", colour="#654321")
    assert "Own look" in text_of(browser.get("/c/example/reports/?document=clauses"))
    assert "but not for Example & Co" in text_of(browser.get(PAGE))
    post(browser, "/c/example/reports/look", inherit="yes")
    assert "Careful IT" in text_of(browser.get("/c/example/reports/?document=clauses"))


def test_a_clause_is_reworded_left_out_and_inherited_again(two: Flask) -> None:
    browser, page = signed_in(two), "/c/example/reports/?document=clauses"
    post(browser, PAGE + "clauses", PAGE, heading="Telling us", text="Write to {firm}.")
    post(browser, PAGE + "apply", PAGE)
    post(browser, "/c/example/clauses/", heading="Telling us", text="Call Ann.", action="keep")
    assert "Call Ann." in (shown := text_of(browser.get(page)))
    assert "Write to Example & Co." not in shown
    post(browser, "/c/example/clauses/", heading="Telling us", text="Call Ann.", action="leave_out")
    assert "Telling us left out" in text_of(browser.get(page))
    post(browser, "/c/example/clauses/", heading="Telling us", text="", action="inherit")
    assert "Write to Example & Co." in text_of(browser.get(page))


def test_a_draft_is_taken_over_from_a_client_and_can_be_forgotten(two: Flask) -> None:
    browser = signed_in(two)
    post(browser, "/c/example/services/dropbox/decide", status="approved", reason="It is safe.", owner="Ann", data_held="Plans of the new hall")
    post(browser, PAGE + "copy", PAGE, source="example", part="decisions")
    assert "Dropbox: approved" in text_of(browser.get(PAGE))
    (taken,) = practice.draft(store_of(two)).decisions
    assert (taken.reason, taken.owner, taken.data_held) == ("It is safe.", "", ""), "who and what stay with the client"
    post(browser, PAGE + "discard", PAGE)
    assert practice.draft(store_of(two)) is None
    assert "Nothing is handed to all clients yet" in text_of(browser.get(PAGE))


def test_the_portfolio_says_who_needs_somebody_and_why(two: Flask) -> None:
    browser, store = signed_in(two), store_of(two)
    example = kept.get_client(store, "example")
    desk = two.extensions["gnomon"]
    practice_queries.keep_summary(
        store, example, "old", Summary(**{**GOOD.plain(), "until": GOOD.until, "severe": 2, "open": 9, "levels": {"Severe": 3}})
    )
    assert browser.get("/").headers["Location"] == "/clients/"
    page = browser.get("/clients/?sort=risk")
    text = text_of(page)
    assert "2 severe services undecided" in text
    assert "Step 3 of 5" in text
    assert "20 of 21 working days 9 of 9 people seen" in text
    assert "No logs yet" in text
    assert page.text.index("Example &amp; Co", page.text.index("<tbody>")) < page.text.index("Other &amp; Sons", page.text.index("<tbody>"))
    assert not [name for name in ("U-001", "U-012") if name in page.text]
    assert "Severe" in browser.get("/clients/?format=csv").text
    assert desk.jobs.huey.pending_count() == 2  # both are put in line once, however often the page is asked for


@pytest.mark.parametrize(
    ("summary", "last", "said"),
    [
        (GOOD, TAKEN, []),
        (None, LastImport(), ["No logs yet"]),
        (GOOD, LastImport(failed="proxy.log", running=True), ["proxy.log could not be read"]),
        (Summary(**{**GOOD.plain(), "until": date(2026, 9, 1)}), TAKEN, ["No logs since 1 September"]),
        (
            Summary(**{**GOOD.plain(), "until": GOOD.until, "covered": 3, "alerts": 4}),
            TAKEN,
            ["Logs of 3 of 21 working days only", "4 alerts to look at"],
        ),
        (Summary(**{**GOOD.plain(), "until": GOOD.until, "high": 1, "overdue": 1}), TAKEN, ["1 review overdue", "1 high-risk service undecided"]),
    ],
)
def test_reasons(summary: Summary | None, last: LastImport, said: list[str]) -> None:
    assert [reason.text for reason in portfolio.reasons(summary, last, TODAY)] == said


def test_a_summary_is_kept_whole() -> None:
    assert Summary.of(GOOD.plain()) == GOOD


def test_an_uploaded_bundle_is_taken_in_once_its_key_is_trusted(two: Flask, tmp_path: Path) -> None:
    store, jobs = store_of(two), two.extensions["gnomon"].jobs
    site, office = kept.get_client(store, "example"), kept.get_client(store, "other")
    (tmp_path / "access.log").write_text(
        "1700000000.250 45 10.0.0.1 TCP_MISS/200 10 GET http://www.dropbox.com/x ann HIER_DIRECT/192.0.2.1 text/html\n"
    )
    kept.import_log(store, site, tmp_path / "access.log")
    content, fingerprint, _ = kept.bundle(store, site)

    def upload() -> list[tuple[str, str, str]]:
        arrived = jobs.new_spool_file()
        arrived.write_bytes(content)
        jobs.submit(office, arrived, "example.bundle")
        jobs.work_off()
        return [(job.name, job.state, job.message) for job in kept.imports(store, office)]

    two.extensions["gnomon"].jobs._when_done = None  # noqa: SLF001 (judging is no part of this)
    ((name, state, message),) = upload()
    assert (name, state) == ("example.bundle", "failed")
    assert f"gnomon import other example.bundle --trust {fingerprint}" in message
    (tmp_path / "example.bundle").write_bytes(content)
    kept.take_bundle(store, office, tmp_path / "example.bundle", trust=fingerprint)
    assert [one[:2] for one in upload()][:2] == [("example.bundle", "removed"), ("access.log", "published")]


def test_two_people_at_one_draft_lose_nothing(two: Flask) -> None:
    browser, store = signed_in(two), store_of(two)
    opened = browser.get(PAGE).text
    seen = re.findall(r'name="seen" value="([^"]*)"', opened)[0]
    practice.keep_draft(store, lambda template: template.saying("Passwords", "Ann's words."), changed_by="Ann")
    answer = post(browser, PAGE + "clauses", PAGE, heading="Passwords", text="My longer words.", seen=seen)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Ann changed the template" in shown
    assert "My longer words." in shown
    assert practice.draft(store).clauses == {"Passwords": "Ann's words."}
    for refused in ("apply", "discard"):
        post(browser, PAGE + refused, PAGE, seen=seen)
        assert practice.draft(store) is not None, f"{refused} does nothing to a draft that nobody has seen"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text.partition("What you entered")[2]))
    post(browser, PAGE + "clauses", PAGE, heading=fields["heading"], text=fields["text"], seen=fields["seen"])
    assert practice.draft(store).clauses == {"Passwords": "My longer words."}
