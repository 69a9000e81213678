"""Pictures of every page, wide and narrow, light and dark, to look at: `python tests/webui/screenshots.py URL NAME PASSWORD FOLDER`.

Also what the browser tests drive: one way to start Debian's Chromium so that it speaks to nobody but the server under test.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # tests run as root in a container
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
PAGES = (
    "",
    "services/",
    "people/",
    "gaps/",
    "devices/",
    "gaps/roadmap",
    "meetings/",
    "register/",
    "reports/",
    "alerts/",
    "maturity/",
    "bandwidth/",
    "views/",
    "help/",
    "imports/",
    "unknown/",
    "catalogue/?q=pdf",
    "settings/",
    "settings/tools",
    "settings/weights/",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def take(url: str, name: str, password: str, folder: Path) -> list[Path]:
    """Every page of the first client, and one service and one person, at each size and in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    with chromium() as browser:
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(f"{url}/sign-in")
                page.screenshot(path=folder / f"sign-in-{size}-{theme}.png", full_page=True)
                sign_in(page, url, name, password)
                for path in paths(page, url):
                    page.goto(path)
                    page.wait_for_load_state("networkidle")
                    picture = folder / f"{_label(path)}-{size}-{theme}.png"
                    page.screenshot(path=picture, full_page=True)
                    pictures.append(picture)
                context.close()
    return pictures


def paths(page: Page, url: str) -> list[str]:
    """Addresses of the pages to look at, found from the start page."""
    page.goto(url)
    start = page.url.split("?")[0]
    found = [start + path for path in PAGES] + [f"{url}/welcome/firm"]
    for listing in ("services/", "people/", "devices/?show=somebody"):
        page.goto(start + listing)
        first = page.locator("a[data-open]").first
        if first.count():
            found.append(url + str(first.get_attribute("href")))
    return found


def _label(path: str) -> str:
    inside = re.sub(r"^https?://[^/]+/(c/[^/]+/)?", "", path).split("?")[0].strip("/")
    return re.sub(r"[^a-z0-9]+", "-", inside) or "overview"


if __name__ == "__main__":
    for made in take(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3], Path(sys.argv[4])):
        print(made)  # noqa: T201
