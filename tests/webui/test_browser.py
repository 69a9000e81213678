"""The first five minutes in a real browser: first run, a log, the sentence, a decision, a download. Nothing asks another machine for anything."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
import screenshots
from conftest import NAME, PASSWORD
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from test_imports_page import PEOPLE, squid
from test_pages import fill
from test_teaching_page import door
from waitress.server import create_server

from discovery.store import Store
from tests.waiting import LONG
from webui.app import create_app
from webui.desk import Desk
from webui.firstrun import first_run_token

pytestmark = [pytest.mark.browser, pytest.mark.slow]
expect.set_options(timeout=1_000 * LONG)  # of all tests in a browser


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with screenshots.chromium() as browser:
        yield browser


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The pages and their worker as `gnomon serve` runs them; gives their address."""
    desk: Desk = app.extensions["gnomon"]
    desk.start()
    server = create_server(app, host="127.0.0.1", port=0)

    def run() -> None:
        with suppress(OSError):  # it waits at the socket that is closed to end it
            server.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    desk.stop()
    server.close()
    thread.join(5)


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    """A new installation."""
    with serving(create_app(store)) as address:
        yield address


@contextmanager
def visitor(chrome: Browser) -> Iterator[Page]:
    """Somebody's browser; fails the test on a script error, a refusal by the content policy, or a request to anywhere else."""
    context = chrome.new_context(accept_downloads=True, reduced_motion="reduce")  # what moves costs a processor that draws it
    context.set_default_timeout(1_000 * LONG)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith(("http://127.0.0.1:", "blob:")) else wrong.append(request.url))
    try:
        yield opened
    finally:
        context.close()
    assert not wrong


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    with visitor(chrome) as opened:
        yield opened


def test_from_the_first_run_to_a_download(page: Page, url: str, store: Store, tmp_path: Path) -> None:
    log, people = tmp_path / "access.log", tmp_path / "people.csv"
    log.write_bytes(squid("ada") + squid("bob"))
    people.write_bytes(PEOPLE)

    page.goto(f"{url}/welcome?token={first_run_token(store)}")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("button", name="Skip this for now").click()
    page.get_by_role("link", name="Skip this for now").click()
    expect(page.get_by_role("heading", name="Drop logs here")).to_be_visible()
    page.get_by_role("list", name="Steps").get_by_role("link", name="The firm").click()
    page.get_by_label("Name of the firm").fill("Example & Co")
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_label("Number of people").fill("12")
    page.get_by_role("button", name="Continue").click()

    page.get_by_text("Microsoft 365 Business Standard", exact=True).click()
    page.get_by_role("button", name="Continue").click()

    page.locator("input[type=file]").set_input_files([log, people])
    expect(page.get_by_role("heading", name="access.log")).to_be_visible()
    expect(page.locator("#imports .legend").first).to_contain_text("120 requests")
    page.get_by_role("link", name="To the overview").click()

    expect(page.locator(".sentence")).to_contain_text("2 of 12 people used 1 online service")
    page.get_by_role("link", name="Decide on ChatGPT").click()
    expect(page.get_by_role("heading", name="ChatGPT", exact=True)).to_be_visible()
    page.get_by_label("Tolerated").check()
    page.get_by_label("Reason", exact=True).fill("Until Copilot is set up.")
    page.get_by_label("Review by").fill("2030-01-31")
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.locator("#decision")).to_contain_text("Tolerated by Ada")

    page.get_by_role("link", name="Services", exact=True).click()
    expect(page.get_by_role("row", name="ChatGPT")).to_contain_text("Tolerated")
    with page.expect_download() as started:
        page.get_by_text("Download", exact=True).click()
        page.get_by_role("link", name="CSV").click()
    saved = tmp_path / started.value.suggested_filename
    started.value.save_as(saved)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["service"], row["status"], row["active people"]) for row in rows] == [("ChatGPT", "Tolerated", "2")]

    page.get_by_role("link", name="Reports", exact=True).click()
    page.get_by_role("button", name="Make PDF").first.click()
    with page.expect_download() as made:
        page.get_by_role("link", name="Download,").click()
    assert made.value.path().read_bytes().startswith(b"%PDF")


@pytest.fixture
def signed_in(page: Page, judged: Callable[[], Flask]) -> Iterator[str]:
    """The address of the made-up firm, with somebody signed in."""
    with serving(judged()) as url:
        screenshots.sign_in(page, url, NAME, PASSWORD)
        yield f"{url}/c/example/"


def test_the_keyboard_is_enough(page: Page, signed_in: str) -> None:
    page.goto(f"{signed_in}services/")
    page.keyboard.press("ArrowDown")
    expect(page.locator("a[data-open]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="DeepSeek", exact=True)).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator("#decide [name=status]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 700, "y": 300})
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Tab")
    page.locator("body").click(position={"x": 700, "y": 300})
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_no_page_is_wider_than_a_phone_whatever_the_names(page: Page, app: Flask) -> None:
    fill(app, lambda text: f"{text}<b>{'W' * 70}\u202e漢字")
    page.set_viewport_size({"width": 360, "height": 800})
    with serving(app) as url:
        screenshots.sign_in(page, url, NAME, PASSWORD)
        for path in screenshots.paths(page, url):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_an_unknown_log_is_taught_with_the_keyboard(page: Page, app: Flask, tmp_path: Path) -> None:
    log = tmp_path / "door.log"
    log.write_bytes(door())
    with serving(app) as address:
        screenshots.sign_in(page, address, NAME, PASSWORD)
        page.goto(f"{address}/c/example/imports/")
        page.locator("input[type=file]").set_input_files([log])
        page.get_by_role("link", name="Teach Gnomon this log").click()

        expect(page.get_by_label("Von")).to_have_value("client")
        page.get_by_label("Wohin").select_option("")
        page.get_by_role("button", name="Show the requests").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("One column must be the site")
        page.get_by_label("Wohin").select_option("Site name")
        page.get_by_role("button", name="Show the requests").press("Enter")
        expect(page.locator("#preview")).to_contain_text("www.dropbox.com")
        page.get_by_label("What this log is called").fill("Door proxy")
        page.get_by_role("button", name="Keep it and read the log").press("Enter")

        expect(page.locator("#imports .legend").first).to_contain_text("40 requests")
        page.get_by_role("link", name="Which logs, and how to get them").click()
        page.get_by_label("Product or word").fill("fortigate")
        page.keyboard.press("Enter")
        expect(page.locator("#fortigate")).to_contain_text("So that it names sites")
