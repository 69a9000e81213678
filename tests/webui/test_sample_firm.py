"""The sample firm as a consultant would present it: a register with history, alerts, a level, a gap of each class, and a roadmap with a past."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import signed_in, text_of, with_client
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from rules import items, queries
from rules.kept import queries as plans
from webui import planning, sample, sample_register, sample_roadmap
from webui.desk import Desk
from webui.filters import Filter
from webui.lookout import Lookout

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample firm")]


@pytest.fixture(scope="module")
def firm(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Built once, as `gnomon demo` builds it; the tests only look."""
    home = tmp_path_factory.mktemp("sample") / "home"
    shutil.copytree(new_home, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_HOME", str(home))
        patch.delenv("GNOMON_DATABASE", raising=False)
        store = kept.open_store()
        client = sample.create(store)
        for log in sample.logs():
            kept.import_log(store, client, log, zone=client.zone)
        yield with_client(store)
        store.engine.dispose()


@pytest.fixture(scope="module")
def desk(firm: Flask) -> Desk:
    """Its register and its roadmap are settled once, however often that is asked for."""
    found: Desk = firm.extensions["gnomon"]
    client = kept.get_client(found.store, "sample")
    assert sample_register.settle(found.store, client, found.shipped) > 20
    assert sample_roadmap.settle(found.store, client, found.shipped) == 6
    assert sample_register.settle(found.store, client, found.shipped) == sample_roadmap.settle(found.store, client, found.shipped) == 0, "once"
    return found


@pytest.fixture
def browser(firm: Flask, desk: Desk) -> FlaskClient:  # noqa: ARG001 (settled)
    return signed_in(firm)


def test_it_has_a_register_with_history_alerts_and_a_level(desk: Desk, browser: FlaskClient) -> None:
    client = kept.get_client(desk.store, "sample")
    page = text_of(browser.get("/c/sample/register/"))
    assert "2 reviews overdue" in page
    assert "Taken back by" in page or queries.history(desk.store, client, "notion")[0].undone_by
    assert isinstance(desk.lookout, Lookout)
    heard = desk.lookout.heard(client)
    assert {alert.group for alert in heard.open} == {"decide", "talk", "check", "review"}
    assert {alert.kind for alert, _ in heard.muted} == {"upload_spike", "new_breach"}
    stair = text_of(browser.get("/c/sample/maturity/"))
    assert "is on step 3 of 5: best endeavour" in stair
    assert "16 August to 14 September 2026" in stair
    busy = text_of(browser.get("/c/sample/bandwidth/"))
    assert "of it sending large files" in busy


def test_it_has_gaps_of_each_class_and_a_roadmap_to_present(desk: Desk, browser: FlaskClient) -> None:
    client = kept.get_client(desk.store, "sample")
    judged = desk.assessments.picture(client, Filter()).firm
    assert {gap.gap for gap in judged.gaps} == {"no_tool", "tool_unused", "tool_beside", "covered"}
    board = planning.board(judged, plans.items(desk.store, client))
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
