"""The page that puts two sides together: what differs is told with its cause, and a log alone is a side too."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from conftest import signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient
from made_up import LAST

from webui.pages.compare import Side

PATH = "/c/example/compare/"
USUAL = (date(2026, 11, 1), date(2026, 11, 10))


def test_without_logs_the_page_says_what_will_be_here(browser: FlaskClient) -> None:
    assert "Nothing to compare yet" in text_of(browser.get(PATH))


def test_what_differs_is_told_with_its_cause(judged: Callable[..., Flask]) -> None:
    page = text_of(signed_in(judged()).get(PATH))
    assert "by what people did" in page
    assert "24 people" in page
    assert "Days with logs" in page


def test_every_change_can_be_taken_along_as_a_table(judged: Callable[..., Flask]) -> None:
    browser = signed_in(judged())
    answer = browser.get(f"{PATH}?format=csv")
    header, *rows = csv.reader(answer.text.lstrip("\ufeff").splitlines())
    assert header == ["change", "service", "what", "moved to", "cause", "why"]
    page = text_of(browser.get(PATH))
    assert rows
    assert all(name in page for _, name, *_ in rows)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_same_days_are_no_change(judged: Callable[..., Flask]) -> None:
    page = text_of(signed_in(judged()).get(f"{PATH}?b_since=2026-11-01&b_until={LAST}"))
    assert "Nothing of note" in page


ODD = ("a_log=99", "a_log=x", "a_log=" + "9" * 400, "a_since=2026-13-01", "b_since=2026-11-10&b_until=2026-11-01", "a_rules=x")


def test_what_is_not_understood_is_the_usual(judged: Callable[..., Flask]) -> None:
    browser = signed_in(judged())
    for asked in ODD:
        assert 'value="2026-10-15"' in browser.get(f"{PATH}?{asked}").text, asked


def test_a_log_alone_has_its_own_days_on_the_clock_of_the_client() -> None:
    log: Any = SimpleNamespace(id=3, first=datetime(2026, 10, 1, 23, 30, tzinfo=UTC), last=datetime(2026, 10, 9, 12, tzinfo=UTC))
    firm: Any = SimpleNamespace(zone="Europe/London")
    side = Side.parse("a", {"a_log": "3", "a_since": "2026-01-01", "a_until": "2026-01-02", "a_rules": "shipped"}, USUAL, {3: log}, firm)
    assert (side.log, side.since, side.until, side.shipped) == (log, date(2026, 10, 2), date(2026, 10, 9), True)
    assert Side.parse("b", {"a_log": "3"}, USUAL, {3: log}, firm) == Side("b", *USUAL)
