"""Every page in a real browser: WCAG 2.2 AA by axe-core, light and dark, wide and narrow; quiet, small, and alone with its server.

Pages are found by following links from the start, one for each route, so that a page nobody can reach or nobody listed fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import screenshots
from axe_playwright_python.sync_playwright import Axe
from conftest import NAME, PASSWORD, signed_in
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from test_browser import serving
from werkzeug.routing import RequestRedirect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Routes that are no pages: files, and parts that a page asks for.
FILES: Final = {
    "static",
    "access.health",
    "reports.file",
    "reports.blocklist",
    "reports.logo",
    "reports.prepared_file",
    "meetings.file",
    "practice.logo",
    "held.file",
}
NO_PAGES: Final = FILES | {"imports.progress", "reports.prepared_list"}
#: Pages that no link of somebody who has signed in leads to, or only after a search.
UNLINKED: Final = {
    "access.sign_in": "/sign-in",
    "welcome.tools": "/c/example/welcome/tools",
    "welcome.again": "/c/example/welcome/firm",
    "catalogue.index": "/c/example/catalogue/?q=pdf",
    "clients.index": "/clients/",  # where there are several
    "joining.show": "/join/",
}
#: Only for an installation without an administrator; it is tried by the first run.
BEFORE: Final = {"welcome.administrator", "start.home"}
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Rules whose answer depends on colours, and those where it depends on width; the others need asking once.
COLOURS: Final = ["color-contrast", "link-in-text-block"]
WIDTHS: Final = ["target-size", "scrollable-region-focusable"]
#: A page answers to its new width in the next picture: axe looks at the one after that.
AXE: Final = """async options => {
  for (let drawn = 0; drawn < 2; drawn++) await new Promise(requestAnimationFrame);
  return (await axe.run(options)).violations;
}"""
#: What is folded away is looked at, too; menus that lie over the page stay closed.
UNFOLD: Final = "document.querySelectorAll('details:not(.drop)').forEach(folded => { folded.open = true; })"
FIRST_PAINT: Final = 300_000
WIDE, NARROW, NARROWEST = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 360, "height": 780}
#: What a page fetches before it is drawn, as the network carries it.
SIZES: Final = "performance.getEntries().filter(e => e.transferSize).reduce((sum, e) => sum + e.transferSize, 0)"


@dataclass
class Heard:
    """What went wrong in the browser while a page was open."""

    wrong: list[str]

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self.wrong.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(("http://127.0.0.1:", "blob:")) else self.wrong.append(request.url))


def pages(app: Flask, client: FlaskClient) -> dict[str, str]:
    """One address for every route, found by following links."""
    router, found, todo = app.url_map.bind("localhost"), dict(UNLINKED), [("start.home", "/"), *UNLINKED.items()]
    while todo:
        _, address = todo.pop(0)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        for link in re.findall(r'href="(/(?!api/)[^"#]*)', answer.text):  # the interface has pages of its own
            endpoint = _endpoint(router, link.partition("?")[0])
            if endpoint not in found and endpoint not in NO_PAGES:
                found[endpoint] = link.replace("&amp;", "&")
                todo.append((endpoint, found[endpoint]))
    return found


def _endpoint(router: Any, path: str) -> str:
    try:
        return str(router.match(path)[0])
    except RequestRedirect as found:
        return str(router.match(found.new_url.removeprefix("http://localhost"))[0])


def breaches(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds, one line for each rule and element."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(AXE, {"runOnly": only, "resultTypes": ["violations"], "preload": False})
    return [f"{breach['id']}: {node['html'][:200]} {node['failureSummary'][:300]}" for breach in found for node in breach["nodes"]]


def looked_at(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open, in every look."""
    yield from breaches(page)
    page.emulate_media(color_scheme="dark")
    yield from (f"dark: {breach}" for breach in breaches(page, COLOURS))
    page.set_viewport_size(NARROW)
    yield from (f"dark, narrow: {breach}" for breach in breaches(page, COLOURS + WIDTHS))
    page.emulate_media(color_scheme="light")
    yield from (f"narrow: {breach}" for breach in breaches(page, WIDTHS))
    page.set_viewport_size(NARROWEST)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROWEST["width"]:
        yield f"{width} px wide where there are {NARROWEST['width']}"
    page.set_viewport_size(WIDE)


def test_every_page_can_be_used_by_everybody(settled: Flask) -> None:
    found = pages(settled, signed_in(settled))
    routes = {rule.endpoint for rule in settled.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")}
    assert sorted((routes - NO_PAGES - BEFORE) ^ (found.keys() - BEFORE)) == [], "every page is linked from another, and every route is known here"
    wrong: list[str] = []
    with serving(settled) as url, screenshots.chromium() as chrome:
        page = chrome.new_page(viewport=WIDE, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        page.add_init_script(Axe().axe_script)
        (heard := Heard([])).listen(page)
        for endpoint, address in sorted(found.items(), key=lambda pair: pair[0] != "access.sign_in"):
            page.goto(url + address)
            size = page.evaluate(SIZES)
            page.evaluate(UNFOLD)
            said = [*looked_at(page), *heard.wrong] + ([f"{size:,} bytes before it is drawn"] if size > FIRST_PAINT else [])
            heard.wrong.clear()
            wrong += [f"{endpoint} {address}: {what}" for what in said]
            if endpoint == "access.sign_in":
                screenshots.sign_in(page, url, NAME, PASSWORD)
    assert not wrong, "\n".join(wrong)
