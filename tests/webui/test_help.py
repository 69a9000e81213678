"""Help: every page of the rail has its part, and links to it."""

import re

import pytest
from flask.testing import FlaskClient

from webui.pages import help as helps

#: Pages that explain themselves.
PLAIN = {"help"}


def test_every_part_says_what_its_numbers_mean() -> None:
    for name, part in helps.parts().items():
        assert part["answers"].endswith(("?", ".")), name
        assert part["numbers"], name
        assert all(sentence.endswith(".") for sentence in part["numbers"].values()), name


@pytest.mark.parametrize("page", ["services", "people", "devices", "imports", "settings", "formats", "settings/weights"])
def test_a_page_links_to_its_part(browser: FlaskClient, page: str) -> None:
    link = re.search(r'href="(/c/example/help/)#(\w+)"[^>]*aria-label="Help', browser.get(f"/c/example/{page}/").text)
    assert link
    assert f'id="{link[2]}"' in browser.get(link[1]).text


def test_parts_are_those_of_the_pages(browser: FlaskClient) -> None:
    known = set(browser.application.blueprints)
    assert set(helps.parts()) <= known
    assert set(helps.BESIDE) <= known
    rail = re.findall(r'<li><a href="/c/example/([\w-]*)', browser.get("/c/example/settings/").text)
    named = {"": "overview", "own-services": "own", "spot-check": "spotcheck", "names": "reveals"}
    explained = {named.get(path, path) for path in rail} - PLAIN
    assert explained - {"client"} <= set(helps.parts()) | set(helps.BESIDE)
