"""The pages of judgement: the roadmap that people edit, weights that they change, questions that they ask, and what a block would do."""

import csv
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient

from rules.findings import Rescored, Step
from rules.kept import queries

BASE = "/c/example/gaps/roadmap"
STEPS = (
    Step(
        "gap:file_transfer", "file_transfer", "license", "Provide WeTransfer on its business plan", "License it.", "People chose it.", "cheap", "low",
        2.5, 12, (), "wetransfer", (Rescored("wetransfer", "WeTransfer", 71, 30),), "2026-Q4",
    ),
    Step(
        "gap:chat", "chat", "extend", "Add what is missing in Teams", "Ask.", "They know it.", "cheap", "low", 3, 19, ("whatsapp",), None,
        (Rescored("whatsapp", "WhatsApp", 66, 0),), "2027-Q1", "gap:file_transfer", "one after the other",
    ),
    Step("gap:design", "design", "accept", "Accept: Design", "Little is at stake.", "It is one person.", "owned", "none", 0.5, 1, (), None, ()),
)  # fmt: skip


@pytest.fixture
def planned(judged: Callable[..., Flask]) -> Flask:
    """The made-up firm with three steps of the rules."""
    app = judged()
    firm = app.extensions["gnomon"].__dict__["assessments"]
    judgement = replace(firm.shown.assessment, roadmap=STEPS)
    app.extensions["gnomon"].__dict__["assessments"] = replace(firm, shown=replace(firm.shown, assessment=judgement, firm=judgement))
    return app


@pytest.fixture
def ann(planned: Flask) -> FlaskClient:
    return signed_in(planned)


def kept(app: Flask) -> list[Any]:
    desk = app.extensions["gnomon"]
    return queries.items(desk.store, _client(app))


def _client(app: Flask) -> Any:
    from discovery import store  # noqa: PLC0415 (only this needs it)

    return store.get_client(app.extensions["gnomon"].store, "example")


def send(client: FlaskClient, path: str, **data: Any) -> str:
    answer = post(client, path, form=BASE, **data)
    assert answer.status_code == 303
    return text_of(client.get(answer.headers["Location"].split("#")[0]))


def test_what_the_rules_propose_stands_in_its_quarter(ann: FlaskClient) -> None:
    page = text_of(ann.get(BASE))
    assert "2 items over 2 quarters, about 5.5 days of work" in page
    assert "2 items are proposals" in page
    assert page.index("Q4 2026") < page.index("Provide WeTransfer") < page.index("Q1 2027") < page.index("Add what is missing in Teams")
    assert "−41 points" in page
    assert "Left as it is Needs where nothing has to change now; each would come back if its risk grew. Design and stock media" in page


def test_proposals_are_kept_with_how_things_stand(ann: FlaskClient, planned: Flask) -> None:
    assert "2 items kept" in send(ann, f"{BASE}/keep")
    found = {item.id: item for item in kept(planned)}
    assert set(found) == {"gap:file_transfer", "gap:chat"}
    assert {item.state for item in found.values()} == {"planned"}
    assert found["gap:chat"].baseline.services == {"whatsapp": 19}
    assert "proposals" not in text_of(ann.get(BASE)).split("How this roadmap")[0]


def test_an_item_is_moved_assigned_ticked_off_and_undone(ann: FlaskClient, planned: Flask) -> None:
    path = f"{BASE}/gap:chat"
    assert "Priya" in send(ann, path, state="doing", quarter="2027-Q2", owner="Priya")
    send(ann, path, state="done")
    (item,) = kept(planned)
    assert (item.state, item.quarter, item.owner, item.title) == ("done", "2027-Q2", "Priya", "Add what is missing in Teams")
    assert "No logs since it was planned" in text_of(ann.get(path))
    assert "Undone" in send(ann, f"{path}/undo")
    assert [one.state for one in kept(planned)] == ["doing"]
    assert "Taken off" in send(ann, f"{path}/remove")
    assert kept(planned) == []
    assert "Add what is missing in Teams" in text_of(ann.get(BASE))


def test_an_item_of_ones_own_is_added(ann: FlaskClient, planned: Flask) -> None:
    page = send(ann, f"{BASE}/add", title="New switch", area="network", quarter="2027-Q1", effort="1,5", cost="medium", owner="IT")
    assert "“New switch” is kept." in page
    (item,) = kept(planned)
    assert (item.title, item.area, item.effort, item.cost, item.state, item.removed) == ("New switch", "network", 1.5, "medium", "planned", None)
    assert "Network" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"title": " "}, "An item needs a title."),
        ({"title": "x", "effort": "soon"}, "The effort is a number of days, such as 2 or 0.5."),
        ({"title": "x", "effort": "nan"}, "The effort is a number of days, such as 2 or 0.5."),
        ({"title": "x", "effort": "inf"}, "The effort is a number of days between 0 and 1,000."),
        ({"title": "x", "state": "finished"}, "“finished” is no state of an item."),
    ],
)
def test_what_makes_no_sense_is_said(ann: FlaskClient, planned: Flask, data: dict[str, str], sentence: str) -> None:
    assert sentence in send(ann, f"{BASE}/add", **data)
    assert kept(planned) == []


def test_the_roadmap_is_a_table_too(ann: FlaskClient) -> None:
    lines = ann.get(f"{BASE}?format=csv").text.splitlines()
    assert lines[0].lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").startswith("quarter,item,state")
    assert len([line for line in lines if "Provide WeTransfer" in line]) == 1


@pytest.mark.parametrize("act", ["", "/undo", "/remove"])
def test_an_item_that_is_not_there_is_not_found(ann: FlaskClient, act: str) -> None:
    assert post(ann, f"{BASE}/own:nothing{act}", form=BASE, title="x").status_code == 404


def test_the_cards_lead_to_the_roadmap(ann: FlaskClient) -> None:
    page = text_of(ann.get("/c/example/gaps/"))
    assert "On the roadmap: Provide WeTransfer on its business plan , Q4 2026" in page


def test_the_cards_name_the_controls_they_speak_to(ann: FlaskClient) -> None:
    page = text_of(ann.get("/c/example/gaps/"))
    assert "A need without a tool that people use" in page
    assert "CIS Controls v8 2.1 Software Inventory 15.2 Service Provider Management Policy" in page


def test_weights_are_changed_with_a_note_and_taken_back(browser: FlaskClient, app: Flask) -> None:
    path = "/c/example/settings/weights/"
    assert "Nothing is changed" in text_of(browser.get(path))

    def change(**data: str) -> str:
        return text_of(browser.get(post(browser, path, form=path, **data).headers["Location"]))

    assert "Second factor is changed" in change(kind="factor", key="mfa", value="2", note="a stolen password last year")
    page = change(kind="service", key="dropbox", value="\N{MINUS SIGN}12", note="our own contract")
    assert "Dropbox −12 points our own contract" in page.replace("-12", "−12")
    assert "counts 2 times as much" in page
    assert "please say why" in change(kind="factor", key="mfa", value="1", note="").lower()
    assert "The value is a number." in change(kind="factor", key="mfa", value="much", note="x")
    assert "no service “Drop Box 9”" in change(kind="service", key="Drop Box 9", value="1", note="x")
    header, *rows = csv.reader(browser.get(f"{path}?format=csv").text.lstrip("\ufeff").splitlines())
    assert header == ["part", "what", "points or start", "weight", "changed by", "why"]
    changed = {(part, what): (points, why) for part, what, points, _, _, why in rows if why}
    assert changed["Changed here", "Dropbox"][1] == "our own contract"
    assert [why for (_, what), (_, why) in changed.items() if what.lower() == "second factor"] == ["a stolen password last year"]
    page = change(kind="times", key="encryption", group="files", value="3", note="only sealed files leave")
    assert "Encryption at rest for Files counts 3 times its points only sealed files leave (Ada Example" in page
    assert "Files × 3" in page, "beside the factor"
    assert "choose a category" in change(kind="times", key="encryption", group="cheese", value="3", note="x")
    assert "Encryption at rest for Files is as shipped again" in change(kind="times", key="encryption", group="files", value="", note="as it was")
    assert "as shipped again" in change(kind="factor", key="mfa", value="", note="as it was")
    assert [one.key for one in queries.weights(app.extensions["gnomon"].store, _client(app))] == ["dropbox"]


def test_a_question_selects_services_and_stands_in_the_address(judged: Callable[..., Flask]) -> None:
    app = judged()
    firm = app.extensions["gnomon"].__dict__["assessments"]
    findings = tuple(
        replace(
            one,
            answers=frozenset({"weak_sign_in"} if one.service == "trello" else ()),
            unanswered=frozenset({"weak_sign_in"} if one.service == "canva" else ()),
        )
        for one in firm.shown.assessment.findings
    )
    shown = replace(firm.shown, assessment=replace(firm.shown.assessment, findings=findings))
    app.extensions["gnomon"].__dict__["assessments"] = replace(firm, shown=shown)
    browser = signed_in(app)
    everything, chosen = (browser.get(f"/c/example/services/{query}") for query in ("", "?question=weak_sign_in"))
    assert 'href="/c/example/services/?question=weak_sign_in"' in everything.text
    page = text_of(chosen)
    assert "Trello" in page
    assert "Smallpdf" not in page
    assert "For 1 other service of this choice it is not known." in page
    assert browser.get("/c/example/services/?question=nonsense").status_code == 200


def test_a_service_says_what_a_block_would_do(judged: Callable[..., Flask]) -> None:
    browser = signed_in(judged())
    page = text_of(browser.get("/c/example/services/wetransfer"))
    assert "What if we block it" in page
    assert "If you leave it" in page
    other = text_of(browser.get("/c/example/services/wetransfer?target=category"))
    assert "Filters draw their categories differently" in other
