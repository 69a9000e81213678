"""A meeting in a real browser, with the keyboard: begin, decide on two needs, take one back, end, and the minutes say what the register says."""

from collections.abc import Iterator

import pytest
import screenshots
from axe_playwright_python.sync_playwright import Axe
from conftest import NAME, PASSWORD
from flask import Flask
from made_up import made_up
from playwright.sync_api import Browser, Page, expect
from test_browser import chrome, page, serving  # noqa: F401 (fixtures)
from test_meetings_pages import held, meeting, with_options

from tests.waiting import eventually
from webui import words

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def address(app: Flask, page: Page) -> Iterator[str]:  # noqa: F811 (the fixture)
    """The made-up firm, with somebody signed in."""
    app.extensions["gnomon"].__dict__["assessments"] = with_options(made_up())
    with serving(app) as url:
        screenshots.sign_in(page, url, NAME, PASSWORD)
        yield f"{url}/c/example/"


def begin(page: Page, address: str) -> None:  # noqa: F811
    """To the screen of the first need: two clicks."""
    page.goto(address + "meetings/")
    page.get_by_role("button", name="New meeting").click()
    page.get_by_label("Who is here?").fill("The director, IT")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/needs/*")


def press(page: Page, key: str) -> None:  # noqa: F811
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_two_needs_are_decided_and_the_minutes_equal_the_register(page: Page, address: str, app: Flask) -> None:  # noqa: F811
    begin(page, address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Get help with writing")
    page.keyboard.press("d")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("in the register")

    page.goto(page.url.rsplit("/", 1)[0] + "/file_transfer")
    page.keyboard.press("2")
    expect(page.get_by_label("Close it")).to_be_checked()
    page.keyboard.press("o")
    page.keyboard.type("Head of sales")
    page.get_by_label("Customers'").check()
    page.keyboard.press("n")
    page.keyboard.type("Clients were asked.")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Send files too big for mail: 1 decision in the register.")

    decided = {one.service: one for one in held(app)}
    assert {service: one.status for service, one in decided.items()} == {
        "chatgpt": "tolerated",
        "deepseek": "tolerated",
        "wetransfer": "not_approved",
    }
    made = decided["wetransfer"]
    assert (made.owner, made.data_held, made.reason) == ("Head of sales", "customers' data", "Close it. Clients were asked.")

    press(page, "a")
    page.get_by_role("button", name="End and write the minutes").click()
    minutes = page.locator("#minutes")
    for one in decided.values():
        name = app.extensions["gnomon"].catalogue.services[one.service].name
        entry = minutes.locator(".entry").filter(has_text=name)
        for said in (words.STATUSES[one.status], one.reason, one.owner or "nobody yet", words.day(one.review_by)):
            expect(entry).to_contain_text(said)
    expect(minutes).to_contain_text("The director, IT")
    expect(page.locator("#clauses")).to_contain_text("WeTransfer is not used for the firm's work.")
    page.get_by_role("link", name="Register", exact=True).first.click()
    expect(page.get_by_role("row", name="WeTransfer").first).to_contain_text("Not approved")


def test_keys_go_between_needs_and_take_back(page: Page, address: str, app: Flask) -> None:  # noqa: F811
    begin(page, address)
    first = page.url
    press(page, "ArrowRight")
    expect(page).not_to_have_url(first)
    press(page, "ArrowLeft")
    expect(page).to_have_url(first)

    page.get_by_label("In a sentence").fill("Ask first")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(first)  # somebody is typing
    page.locator("h1").click()
    press(page, "PageDown")
    expect(page).not_to_have_url(first)
    press(page, "PageUp")
    expect(page.get_by_label("In a sentence")).to_have_value("Ask first")

    page.get_by_role("button", name="Decide").click()
    assert {one.reason for one in held(app)} == {"Choose one tool. Ask first"}
    page.goto(first)
    press(page, "u")
    expect(page.get_by_role("status")).to_contain_text("taken back")
    assert held(app) == []
    assert meeting(app).ended_at is None

    page.goto(address + "meetings/")  # the tab was closed, and opened again
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_label("Who is here?")).to_have_value("The director, IT")


def test_the_time_on_the_screen_is_kept_when_it_is_left(page: Page, address: str, app: Flask) -> None:  # noqa: F811
    begin(page, address)
    page.wait_for_timeout(1600)
    press(page, "ArrowRight")
    assert eventually(lambda: meeting(app).agenda[0].seconds >= 1), "the page that is left tells the server beside the next one"


@pytest.mark.parametrize(
    ("scheme", "paths"), [("light", ("", "1/", "1/needs/file_transfer", "1/needs/chat", "1/minutes")), ("dark", ("1/", "1/needs/file_transfer"))]
)
def test_everybody_can_read_the_screens(chrome: Browser, address: str, scheme: str, paths: tuple[str, ...]) -> None:  # noqa: F811
    opened = chrome.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
    screenshots.sign_in(opened, address.removesuffix("/c/example/"), NAME, PASSWORD)
    begin(opened, address)
    for path in paths:
        opened.goto(f"{address}meetings/{path}")
        found = Axe().run(opened, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert not found.response["violations"], (path, found.generate_report())
        for width in (390, 1440):
            opened.set_viewport_size({"width": width, "height": 900})
            assert opened.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    opened.context.close()
