"""A meeting from its agenda to its minutes: what is decided on the screens is what the register says, and what every file says."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient
from made_up import MadeUp, Say, made_up
from test_pages import hostile, markup
from test_reports import read, reader  # noqa: F401 (a fixture)

from discovery import store as kept
from rules import queries
from rules.findings import Step
from rules.meeting import queries as meetings
from rules.register import Decision
from webui import words
from webui.meeting import screen as screens_of

MEETINGS = "/c/example/meetings/"
TRANSFER = f"{MEETINGS}1/needs/file_transfer"


def with_options(firm: MadeUp, say: Say = str) -> MadeUp:
    """The made-up firm with what could be done about two of its needs."""
    adopt = Step(
        "gap:file_transfer",
        "file_transfer",
        "adopt",
        say("Choose one tool"),
        say("Try two."),
        say("Nothing is there."),
        "project",
        "medium",
        4,
        12,
        ("wetransfer",),
        None,
        (),
    )
    restrict = replace(adopt, action="restrict", title=say("Close it"), text=say("Say why."), cost="none", effort=0.5)
    ai = replace(adopt, capability="ai_assistant", closes=("chatgpt", "deepseek"))
    judged = replace(firm.shown.assessment, roadmap=(adopt,), options=(restrict, adopt, ai))
    return MadeUp(replace(firm.shown, assessment=judged, firm=judged), firm.earlier)


@pytest.fixture
def firm(app: Flask) -> Flask:
    app.extensions["gnomon"].__dict__["assessments"] = with_options(made_up())
    return app


@pytest.fixture
def browser(firm: Flask) -> FlaskClient:
    made = signed_in(firm)
    assert post(made, MEETINGS, form=MEETINGS).headers["Location"].endswith("/meetings/1/")
    return made


def held(app: Flask) -> list[Decision]:
    store = app.extensions["gnomon"].store
    return queries.decisions(store, kept.get_client(store, "example")).every()


def meeting(app: Flask) -> Any:
    store = app.extensions["gnomon"].store
    return meetings.meeting(store, kept.get_client(store, "example"), 1)


def settle(browser: FlaskClient, path: str = TRANSFER, **form: Any) -> Any:
    sent = {
        "option": "adopt",
        "review_by": "2027-05-31",
        "owner": "Head of sales",
        "whose": ["customers", "people"],
        "note": "Until summer.",
        "then": "decide",
    }
    return post(browser, path, form=path, **sent | form)


def test_the_agenda_begins_with_undecided_needs_and_can_be_changed(browser: FlaskClient, firm: Flask) -> None:
    assert meeting(firm).capabilities == ["ai_assistant", "file_transfer", "file_conversion", "project_mgmt", "chat"], (
        "chat is decided on and still unmet"
    )
    first = meeting(firm).capabilities
    change, form = f"{MEETINGS}1/agenda", f"{MEETINGS}1/"
    post(browser, change, form=form, down=first[0])
    assert meeting(firm).capabilities[:2] == [first[1], first[0]]
    post(browser, change, form=form, up=first[0])
    post(browser, change, form=form, remove=first[-1])
    assert meeting(firm).capabilities == first[:-1]
    post(browser, change, form=form, add=first[-1])
    assert meeting(firm).capabilities == first


def test_a_screen_tells_who_needs_it_without_naming_anybody(browser: FlaskClient) -> None:
    page = browser.get(TRANSFER)
    text = text_of(page)
    assert "of 41 people have this need" in text
    assert re.search(r"This would stop 1\d people in what they do today", text)
    assert "proposed" in text
    assert not re.search(r"U-\d{3}", page.text)


def test_groups_too_small_are_not_shown(app: Flask) -> None:
    app.extensions["gnomon"].__dict__["assessments"] = with_options(made_up(people=100))
    made = signed_in(app)
    post(made, MEETINGS, form=MEETINGS)
    page = text_of(made.get(f"{MEETINGS}1/needs/project_mgmt"))  # six people in four teams, of which five would have to be in one
    assert "no team large enough to be shown" in page
    assert not re.search(r"(Sales|Studio|Back office) \d", page)


@pytest.mark.parametrize("people", [12, 41, 100])
def test_what_numbers_of_teams_leave_over_is_no_small_group(app: Flask, people: int) -> None:
    shown, catalogue = made_up(people=people).shown, app.extensions["gnomon"].shipped
    screens = [screens_of(gap.capability, shown, catalogue, ()) for gap in shown.firm.gaps]
    assert {one.least for one in screens} == {3 if people < 30 else 5}
    for one in screens:
        assert all(number >= one.least for number in one.teams.values())
        assert not one.team_sizes or one.others == 0 or one.others >= one.least


def test_one_form_decides_for_every_service_of_the_need(browser: FlaskClient, firm: Flask) -> None:
    answer = settle(browser)
    (made,) = held(firm)
    assert (made.service, made.status, made.owner, str(made.review_by)) == ("wetransfer", "tolerated", "Head of sales", "2027-05-31")
    assert (made.reason, made.data_held) == ("Choose one tool. Until summer.", "customers' data and data about people")
    assert made.snapshot
    assert "/needs/" in answer.headers["Location"], "on to the next need"
    assert "file_transfer" not in answer.headers["Location"]
    page = text_of(browser.get(TRANSFER))
    assert "Take it back" in page
    assert "31 May 2027" in page


def test_a_service_can_be_decided_otherwise(browser: FlaskClient, firm: Flask) -> None:
    chosen = {"status-chatgpt": "approved_with_conditions", "status-deepseek": "as_it_is", "conditions": "No client names."}
    settle(browser, f"{MEETINGS}1/needs/ai_assistant", **chosen)
    (made,) = held(firm)
    assert (made.service, made.status, made.conditions, made.reason) == ("chatgpt", "approved_with_conditions", "No client names.", "Until summer.")


def test_without_a_choice_or_a_day_nothing_is_decided(browser: FlaskClient, firm: Flask) -> None:
    settle(browser, option="", note="Later.")
    assert "Nothing is decided yet" in text_of(browser.get(TRANSFER))
    settle(browser, review_by="")
    assert "Tolerated until when?" in text_of(browser.get(TRANSFER))
    assert held(firm) == []
    settle(browser, then="note", note="Ask the studio.")
    assert meeting(firm).item("file_transfer").note == "Ask the studio."
    assert "Open: Ask the studio." in text_of(browser.get(f"{MEETINGS}1/"))


def test_a_decision_is_taken_back_on_its_screen(browser: FlaskClient, firm: Flask) -> None:
    settle(browser)
    post(browser, f"{TRANSFER}/undo", form=TRANSFER)
    assert held(firm) == []
    assert "1 decision taken back" in text_of(browser.get(TRANSFER))
    post(browser, f"{TRANSFER}/undo", form=TRANSFER)
    assert "no decision to take back" in text_of(browser.get(TRANSFER))


def test_the_screen_says_how_long_it_was_open(browser: FlaskClient, firm: Flask) -> None:
    post(browser, f"{TRANSFER}/spent", form=TRANSFER, seconds="130")
    post(browser, f"{TRANSFER}/spent", form=TRANSFER, seconds="soon")
    assert meeting(firm).seconds == 130
    assert "2 min gone, 43 left" in text_of(browser.get(TRANSFER))


def finished(browser: FlaskClient) -> None:
    """Two needs decided, one noted, one decision taken back later by the register, and the meeting ended."""
    settle(browser)
    settle(browser, f"{MEETINGS}1/needs/ai_assistant", owner="", **{"status-deepseek": "not_approved"})
    settle(browser, f"{MEETINGS}1/needs/chat", then="note", note="Ask the site managers.")
    post(browser, f"{MEETINGS}1/", form=f"{MEETINGS}1/", present="The director, IT", minutes="45", then="end")


def told(decision: Decision, name: str) -> list[str]:
    """What every form of the minutes must say of a decision of the register, in this order."""
    said = [name, words.STATUSES[decision.status], decision.reason, decision.data_held, decision.owner or "nobody yet", words.day(decision.review_by)]
    return [part for part in said if part]


def assert_told(text: str, decisions: list[Decision], catalogue: Any) -> None:
    flat = " ".join(text.split())
    for decision in decisions:
        at = -1
        for part in told(decision, catalogue.services[decision.service].name):
            at = flat.find(part, max(at, 0))
            assert at >= 0, (decision.service, part)
    assert "Ask the site managers." in flat
    assert "The director, IT" in flat


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_minutes_and_clauses_equal_the_register(browser: FlaskClient, firm: Flask, kind: str, request: pytest.FixtureRequest) -> None:
    finished(browser)
    answer = browser.get(f"{MEETINGS}1/minutes/file?kind={kind}")
    assert answer.headers["Content-Disposition"].endswith(f"example-minutes-1.{kind}")
    if kind == "docx":
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs)
    elif kind == "pdf":
        text = read(request.getfixturevalue("reader"), answer.data)
    else:
        text = text_of(answer)
    catalogue = firm.extensions["gnomon"].catalogue
    decisions = held(firm)
    assert {(one.service, one.status) for one in decisions} == {("wetransfer", "tolerated"), ("chatgpt", "tolerated"), ("deepseek", "not_approved")}
    assert_told(text, decisions, catalogue)
    minutes, _, clauses = " ".join(text.split()).partition("Draft clauses for the acceptable-use policy")
    for decision in decisions:
        assert catalogue.services[decision.service].name in clauses
    assert "Canva" not in minutes, "nothing but what was on the agenda and decided"
    assert browser.get(f"{MEETINGS}1/minutes/file?kind={kind}").data == answer.data, "same data, same bytes"


def test_what_the_register_says_by_now_stands_beside_it(browser: FlaskClient, firm: Flask) -> None:
    finished(browser)
    store = firm.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    queries.decide(store, client, "wetransfer", "approved", decided_by="Ann")
    queries.undo(store, client, "deepseek", undone_by="Ann")
    text = text_of(browser.get(f"{MEETINGS}1/minutes"))
    today = words.local_day(datetime.now(UTC), "Europe/London")
    assert f"The register says since {today}: approved." in text
    assert "DeepSeek · Not approved" not in text, "it was taken back"
    assert "Still open" in text


def test_a_meeting_is_found_again_and_can_go_on(browser: FlaskClient, firm: Flask) -> None:
    assert "Go on" in text_of(browser.get(MEETINGS))
    finished(browser)
    page = text_of(browser.get(MEETINGS))
    assert "Past meetings" in page
    assert "2 of" in page
    assert "Take it back" not in text_of(browser.get(TRANSFER)), "it is over"
    post(browser, f"{MEETINGS}1/", form=f"{MEETINGS}1/minutes", present="The director, IT")
    assert meeting(firm).ended_at is None
    assert meeting(firm).present == "The director, IT"
    assert "Take it back" in text_of(browser.get(TRANSFER))


def test_without_needs_the_page_says_what_will_be_here(app: Flask) -> None:
    browser = signed_in(app)
    assert "As soon as logs show needs that are not met" in text_of(browser.get(MEETINGS))
    post(browser, MEETINGS)
    assert "There is nothing to talk about yet" in text_of(browser.get(MEETINGS))
    assert browser.get(f"{MEETINGS}1/").status_code == 404


@pytest.mark.parametrize("path", ["", "1/", "1/needs/file_transfer", "1/needs/ai_assistant", "1/minutes"])
def test_nothing_that_was_stored_becomes_markup(twins: list[Flask], path: str) -> None:
    pages = []
    for app, say in zip(twins, (str, hostile), strict=True):
        app.extensions["gnomon"].__dict__["assessments"] = with_options(made_up(say), say)
        made = signed_in(app)
        post(made, MEETINGS, form=MEETINGS)
        settle(made, f"{MEETINGS}1/needs/ai_assistant", owner=say("Ann"), note=say("Because."))
        settle(made, f"{MEETINGS}1/needs/chat", then="note", note=say("Later."))
        post(made, f"{MEETINGS}1/", form=f"{MEETINGS}1/", present=say("The director"), then="go")
        answer = made.get(MEETINGS + path)
        assert answer.status_code == 200
        pages.append(answer.text)
    plain, evil = map(markup, pages)
    assert evil == plain
    assert "\u202e" not in pages[1]


def test_the_interface_tells_of_meetings(browser: FlaskClient, firm: Flask) -> None:
    from webui.api.queries import make_token  # noqa: PLC0415

    finished(browser)
    store = firm.extensions["gnomon"].store
    token = make_token(store, kept.get_client(store, "example"), "a test", "Ada")
    found = firm.test_client().get("/api/v1/meetings", headers={"Authorization": f"Bearer {token}"}).json
    (row,) = found["rows"]
    assert (row["present"], row["minutes"], row["seconds"], bool(row["ended_at"])) == ("The director, IT", 45, 0, True)
    decided = {need["capability"]: [one["service"] for one in need["decisions"]] for need in row["agenda"] if need["decisions"]}
    assert decided == {"file_transfer": ["wetransfer"], "ai_assistant": ["chatgpt", "deepseek"]}
    assert {need["capability"]: need["note"] for need in row["agenda"] if need["note"]} == {"chat": "Ask the site managers."}
