"""The Reports page: every document on screen, every file, block lists, hand-over and look."""

import re
from collections.abc import Callable

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from made_up import Say

from rules.queries import decide
from webui.exports import targets
from webui.reports.documents import DOCUMENTS

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize("document", [document.id for document in DOCUMENTS])
def test_every_document_is_shown(judged: Callable[[Say], Flask], document: str) -> None:
    answer = signed_in(judged(str)).get(f"/c/example/reports/?document={document}")
    assert answer.status_code == 200
    assert 'class="doc' in answer.text
    assert "U-0" not in answer.text, "no document names a person"


def test_without_logs_the_page_says_what_will_be_here(browser) -> None:
    assert "Nothing to report yet" in text_of(browser.get("/c/example/reports/"))


@pytest.mark.parametrize(("kind", "start"), [("html", b"<!doctype"), ("docx", b"PK"), ("xlsx", b"PK"), ("csv", "\ufeff".encode()), ("json", b"{")])
def test_files(judged: Callable[[Say], Flask], kind: str, start: bytes) -> None:
    answer = signed_in(judged(str)).get(f"/c/example/reports/file?document=agenda&kind={kind}")
    assert answer.data.startswith(start)
    assert re.search(rf"filename=[a-z-]+\.{kind}$", answer.headers["Content-Disposition"])


def test_what_there_is_not_is_said(judged: Callable[[Say], Flask]) -> None:
    browser = signed_in(judged(str))
    assert browser.get("/c/example/reports/file?kind=exe").status_code == 404
    assert "There is no document" in text_of(browser.get("/c/example/reports/file?document=x", follow_redirects=True))
    assert "There is no target" in text_of(browser.get("/c/example/reports/blocklist?target=x", follow_redirects=True))
    assert "takes no allow list" in text_of(browser.get("/c/example/reports/blocklist?target=hosts&kind=allow", follow_redirects=True))


def test_block_lists_follow_the_register(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    store = app.extensions["gnomon"].store
    from discovery.store import get_client  # noqa: PLC0415

    decide(store, get_client(store, "example"), "wetransfer", "not_approved", reason="Too\nopen", decided_by="Ada")
    browser = signed_in(app)
    for target in targets().values():
        answer = browser.get(f"/c/example/reports/blocklist?target={target.id}")
        assert "wetransfer.com" in answer.text
        assert "use.wetransfer.example" not in answer.text, "a host in the logs that the catalogue gives to nobody"
        assert answer.headers["Content-Disposition"].endswith(f".{target.ending}")


def test_a_report_handed_over_is_what_the_next_is_compared_with(judged: Callable[[Say], Flask]) -> None:
    browser = signed_in(judged(str))
    answer = post(browser, "/c/example/reports/given", form="/c/example/reports/")
    assert answer.status_code == 303
    assert "Noted." in text_of(browser.get("/c/example/reports/"))


def test_the_look_is_kept_and_bad_ones_are_refused(judged: Callable[[Say], Flask]) -> None:
    import io  # noqa: PLC0415

    browser = signed_in(judged(str))
    path = "/c/example/reports/look"
    sent = {"name": "Bright <IT>", "colour": "#123456", "logo": (io.BytesIO(PNG), "logo.png")}
    assert "Kept." in text_of(_follow(browser, post(browser, path, form="/c/example/reports/", **sent)))
    page = browser.get("/c/example/reports/").text
    assert "#123456" in page
    assert "Bright &lt;IT&gt;" in page
    assert browser.get("/c/example/reports/logo").data == PNG
    for bad in ({"colour": "red"}, {"colour": "#123456", "logo": (io.BytesIO(b"<svg/>"), "x.svg")}):
        answer = _follow(browser, post(browser, path, form="/c/example/reports/", **bad))
        assert re.search(r"A colour is written|has to be a PNG", text_of(answer))
    assert browser.get("/c/example/reports/logo").data == PNG


def _follow(browser, answer):
    return browser.get(answer.headers["Location"])
