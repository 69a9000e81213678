"""The sample firm as a consultant would present it: a gap of each class, and a roadmap with a past."""

import pytest
from conftest import text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from rules import items
from rules.kept import queries
from webui import planning, sample, sample_register, sample_roadmap
from webui.filters import Filter


@pytest.mark.slow
def test_the_sample_firm_has_gaps_of_each_class_and_a_roadmap_to_present(app: Flask, browser: FlaskClient) -> None:
    desk = app.extensions["gnomon"]
    firm = sample.create(desk.store)
    for log in sample.logs():
        kept.import_log(desk.store, firm, log, zone=firm.zone)
    sample_register.settle(desk.store, firm, desk.shipped)
    assert sample_roadmap.settle(desk.store, firm, desk.shipped) == 6
    assert sample_roadmap.settle(desk.store, firm, desk.shipped) == 0, "once"
    firm = kept.get_client(desk.store, "sample")
    judged = desk.assessments.picture(firm, Filter()).firm
    assert {gap.gap for gap in judged.gaps} == {"no_tool", "tool_unused", "tool_beside", "covered"}
    board = planning.board(judged, queries.items(desk.store, firm))
    assert len(board.items) >= 8
    assert {item.state for item in board.items} == {"proposed", "planned", "doing", "done"}
    assert {item.area for item in board.items} == {"gap", "network", "servers", "licences"}
    (closed,) = [item for item in board.items if item.state == "done"]
    outcome = items.outcome(closed, judged)
    assert outcome is not None
    assert outcome.text == "Use moved: 4 people fewer on TransferNow, 4 people more on WeTransfer and Smash."
    page = text_of(browser.get("/c/sample/gaps/roadmap"))
    assert outcome.text in page
    assert "Second internet line for the studio" in page
    assert browser.get("/c/sample/gaps/").status_code == 200
    assert browser.get("/c/sample/services/chatgpt").status_code == 200
