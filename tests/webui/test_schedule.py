"""Packs made by themselves: on their day, once, also after the server was off; and shown with their date."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from discovery import store as kept
from discovery.store import Store
from discovery.store.tables import Client
from webui.filters import Filter
from webui.printing import Printing
from webui.reports import prepared
from webui.reports.documents import PACK
from webui.reports.scheduled import OFTEN, Schedule
from webui.reports.scheduled import queries as schedules

REPORTS = "/c/example/reports/"
SET = date(2026, 11, 22)


@pytest.fixture
def firm(app: Flask) -> Client:
    return kept.get_client(app.extensions["gnomon"].store, "example")


class Server:
    """A server that is started on a day; what it printed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.printed: list[tuple[str, str]] = []

    def on(self, year: int, month: int, day: int) -> Printing:
        """Its line of reports on that day, at half past eight in the evening, UTC."""
        return Printing(self.store, self._make, now=lambda: datetime(year, month, day, 20, 30, tzinfo=UTC))

    def start(self, year: int, month: int, day: int) -> int:
        """Start it, let it work everything off, and say how much there was."""
        printing = self.on(year, month, day)
        found = printing.resume()
        printing.work_off()
        return found

    def _make(self, _client: Client, document: str, chosen: Filter) -> bytes:
        self.printed.append((document, chosen.period))
        return b"%PDF-"


def test_a_pack_is_made_on_its_day_and_once(store: Store, firm: Client) -> None:
    server = Server(store)
    schedules.keep(store, firm, "month", 1, PACK, on=SET, by="Ada")
    assert server.start(2026, 11, 30) == 0
    running = server.on(2026, 12, 1)
    assert running.fall_due() == 1
    running.work_off()
    assert running.fall_due() == 0, "the same hour, or the next, asks for nothing more"
    assert server.start(2026, 12, 31) == 0
    assert server.printed == [("pack", "30")]
    (listed,) = prepared.listed(store, firm)
    assert (listed.due, listed.asked_by, listed.state) == (date(2026, 12, 1), "Ada", "ready")


def test_what_fell_due_while_the_server_was_off_is_made_once_at_the_next_start(store: Store, firm: Client) -> None:
    server = Server(store)
    schedules.keep(store, firm, "quarter", 15, ("one-page", "agenda"), on=SET, by="Ada")
    assert server.start(2027, 8, 3) == 1, "of January, April and July only the last is made"
    assert server.start(2027, 8, 3) == 0
    assert server.printed == [("one-page+agenda", "90")]
    assert prepared.listed(store, firm)[0].due == date(2027, 7, 15)


def test_a_day_begins_on_the_clients_calendar(store: Store) -> None:
    far = kept.create_client(store, "Far Ltd", zone="Pacific/Auckland")
    schedules.keep(store, far, "month", 1, PACK, on=SET, by="Ada")
    assert Server(store).on(2026, 11, 30).fall_due() == 1, "it is December there"


def test_those_of_the_schedule_are_not_pushed_out_by_what_somebody_asks_for(store: Store, firm: Client) -> None:
    server = Server(store)
    schedules.keep(store, firm, "month", 1, PACK, on=SET, by="Ada")
    printing = server.on(2026, 12, 1)
    printing.fall_due()
    for _ in range(20):
        printing.submit(firm, "staff", {}, by="Bob")
    assert [one.due for one in prepared.listed(store, firm)].count(date(2026, 12, 1)) == 1


@given(st.sampled_from(list(OFTEN)), st.integers(1, 28), st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_what_is_due_next_is_due_on_that_day_and_not_before(every: str, day: int, set_on: date, later: int) -> None:
    plan = Schedule(every, day, PACK, set_on, None, "Ada")
    following = plan.next(set_on)
    assert following.day == day
    assert plan.due(following) == following
    assert plan.due(following - timedelta(days=1)) is None
    due = plan.due(set_on + timedelta(days=later))
    assert due is None or (set_on < due <= set_on + timedelta(days=later))
    if due is not None:
        assert Schedule(every, day, PACK, set_on, due, "Ada").due(set_on + timedelta(days=later)) is None


def test_it_is_set_and_ended_on_the_page(judged: Callable[..., Flask]) -> None:
    app = judged()
    store = app.extensions["gnomon"].store
    firm, browser = kept.get_client(store, "example"), signed_in(app)
    for wrong in (
        {"every": "week", "day": "1", "document": "agenda"},
        {"every": "month", "day": "31", "document": "agenda"},
        {"every": "month", "day": "1"},
    ):
        assert "Please choose" in text_of(browser.get(post(browser, f"{REPORTS}schedule", form=REPORTS, **wrong).headers["Location"]))
    assert schedules.schedule(store, firm) is None
    said = post(browser, f"{REPORTS}schedule", form=REPORTS, every="month", day="7", document=["agenda", "one-page"])
    assert "the next policy pack is made on" in text_of(browser.get(said.headers["Location"]))
    found = schedules.schedule(store, firm)
    assert found is not None
    assert (found.every, found.day, found.documents) == ("month", 7, ("one-page", "agenda"))
    with_report = Server(store)
    with_report.on(found.next(schedules.today(firm)).year, found.next(schedules.today(firm)).month, 7).fall_due()
    shown = text_of(browser.get(f"{REPORTS}prepared"))
    assert "Policy pack, 2 documents" in shown
    assert "due on 7" in shown
    post(browser, f"{REPORTS}schedule", form=REPORTS, every="never")
    assert schedules.schedule(store, firm) is None
