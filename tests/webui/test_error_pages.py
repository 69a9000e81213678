"""Errors as pages: in the frame of all others, so that nobody is lost; a disk that takes nothing more in one sentence."""

import errno

import pytest
from conftest import post
from flask import Flask
from flask.testing import FlaskClient

from discovery.errors import NoRoom, NotWritable
from webui import helpers
from webui.accounts import SignedIn

HOME = "/c/example/"
RAIL = '<nav class="rail"'


def fail_with(app: Flask, error: BaseException) -> None:
    """Let the list of services fail."""

    def view(**_: str) -> str:
        raise error

    app.view_functions["services.index"] = view


def test_an_error_leads_on(app: Flask, browser: FlaskClient) -> None:
    fail_with(app, RuntimeError("a mistake"))
    for answer, code in (
        (browser.get(f"{HOME}imports/99/remove"), 404),
        (browser.get("/nowhere"), 404),
        (browser.post(f"{HOME}settings/firm"), 403),
        (post(browser, "/theme", theme="x" * app.config["MAX_CONTENT_LENGTH"]), 413),
        (browser.get(f"{HOME}services/"), 500),
    ):
        assert answer.status_code == code
        assert RAIL in answer.text, code
    assert f'href="{HOME}"' in browser.get(f"{HOME}services/").text, "back to the overview of this client"


def test_a_client_that_somebody_does_not_see_is_not_named(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SignedIn, "sees", lambda *_: False)
    answer = browser.get(HOME)
    assert answer.status_code == 404
    assert "Example &amp; Co" not in answer.text


def test_what_breaks_the_rail_breaks_no_error(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(helpers, "visible_clients", broken)
    answer = browser.get(f"{HOME}imports/99/remove")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert RAIL not in answer.text


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (NoRoom(), 507, str(NoRoom())),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507, str(NoRoom())),
        (OSError(errno.EROFS, "Read-only file system"), 507, str(NotWritable())),
        (OSError(errno.ECONNRESET, "Connection reset"), 500, "Something went wrong in Gnomon"),
    ],
)
def test_a_disk_that_takes_nothing_more_is_one_sentence(app: Flask, browser: FlaskClient, error: OSError, code: int, said: str) -> None:
    fail_with(app, error)
    answer = browser.get(f"{HOME}services/")
    assert answer.status_code == code
    assert said.replace("'", "&#39;") in answer.text
    assert "not understood" not in answer.text
