"""Reports made in the background: asked for, made, fetched; given up, failed, and taken up again after the process ended."""

from collections.abc import Callable

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.tables import Client
from tests.waiting import eventually
from webui.desk import Desk
from webui.filters import Filter
from webui.printing import Printing
from webui.reports import prepared

REPORTS = "/c/example/reports/"


@pytest.fixture
def desk(judged: Callable[..., Flask]) -> Desk:
    found: Desk = judged().extensions["gnomon"]
    return found


@pytest.fixture
def firm(app: Flask) -> Client:
    return kept.get_client(app.extensions["gnomon"].store, "example")


def test_a_document_is_made_while_the_page_is_closed(desk: Desk, app: Flask) -> None:
    browser: FlaskClient = signed_in(app)
    post(browser, f"{REPORTS}prepare?period=90&level=High", form=REPORTS, document="staff")
    page = browser.get(REPORTS)
    assert "Waits its turn" in text_of(page)
    assert "hx-get" in page.text
    assert browser.get(f"{REPORTS}prepared/1").status_code == 404
    desk.printing.work_off()
    said = browser.get(f"{REPORTS}prepared")
    assert "last 90 days" in text_of(said)
    assert "hx-get" not in said.text, "nothing is to come"
    file = browser.get(f"{REPORTS}prepared/1")
    assert file.data.startswith(b"%PDF")
    assert file.headers["Content-Disposition"].endswith("example-staff.pdf")
    post(browser, f"{REPORTS}prepared/1/give-up", form=REPORTS)
    assert "Nobody has asked for one yet" in text_of(browser.get(f"{REPORTS}prepared"))
    assert "There is no document" in text_of(browser.get(post(browser, f"{REPORTS}prepare", form=REPORTS, document="x").headers["Location"]))


def test_what_was_left_is_made_by_the_next_process(store: Store, firm: Client) -> None:
    said: list[tuple[str, str]] = []

    def make(_client: Client, document: str, chosen: Filter) -> bytes:
        said.append((document, chosen.period))
        return b"%PDF-"

    ended = Printing(store, make)
    first = ended.submit(firm, "pack", {"period": "7"}, by="Ada")
    prepared.begin(store, firm, first)
    again = Printing(store, make)
    again.start()
    try:
        assert eventually(lambda: not prepared.listed(store, firm)[0].is_open)
    finally:
        again.stop()
    assert said == [("pack", "7")]
    assert prepared.fetch(store, firm, first) == ("pack", b"%PDF-")


def test_a_reason_is_kept_and_what_is_given_up_is_not_made(store: Store, firm: Client) -> None:
    def make(_client: Client, document: str, _chosen: Filter) -> bytes:
        raise GnomonError("No libraries for PDF here.") if document == "pack" else ValueError("a secret path")

    printing = Printing(store, make)
    gone = printing.submit(firm, "pack", {}, by="Ada")
    prepared.give_up(store, firm, gone)
    printing.submit(firm, "pack", {}, by="Ada")
    printing.submit(firm, "staff", {}, by="Ada")
    printing.work_off()
    broken, refused = prepared.listed(store, firm)
    assert (refused.state, refused.message) == ("failed", "No libraries for PDF here.")
    assert "secret" not in broken.message
    for _ in range(20):
        printing.submit(firm, "staff", {}, by="Ada")
    assert len(prepared.listed(store, firm)) == 8, "the oldest go"


def test_a_report_that_was_given_up_never_becomes_another_clients(store: Store, firm: Client) -> None:
    """Databases give the number of a row that is gone to the next one."""
    other = kept.create_client(store, "Other Ltd", slug="other", zone="UTC")
    numbers: list[int] = []

    def make(client: Client, _document: str, _chosen: Filter) -> bytes:
        if client.slug == firm.slug:
            prepared.give_up(store, firm, numbers[0])
            numbers.append(printing.submit(other, "pack", {}, by="Bob"))
        return client.slug.encode()

    printing = Printing(store, make)
    numbers.append(printing.submit(firm, "pack", {}, by="Ada"))
    printing.work_off()
    assert prepared.listed(store, firm) == []
    assert prepared.fetch(store, other, numbers[1]) == ("pack", b"other")
