"""A name is shown to one person for one day, after somebody else agreed; the record of it shows every change."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

import pytest
from conftest import NAME, PASSWORD, signed_in, text_of, token
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from test_held import called, download, firm, key_of
from test_roles import join
from werkzeug.test import TestResponse

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store.vault import Vault
from webui.crowd import id_of
from webui.desk import Desk
from webui.reveals import queries
from webui.roles import ADMINISTRATOR, ANALYST
from webui.tables import RevealStep
from webui.users import queries as users

WHY = {"purpose": "incident", "reason": "A password was typed into a false page."}


@pytest.fixture
def app(settled: Flask) -> Flask:
    return settled


@pytest.fixture
def desk(app: Flask) -> Desk:
    made: Desk = app.extensions["gnomon"]
    return made


@pytest.fixture
def page(desk: Desk) -> str:
    """Of a person who is called Bob Example."""
    return f"/c/example/people/{id_of(called(desk)[key_of(desk, 'Bob Example')])}"


def send(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    return browser.post(path, data={"csrf_token": token(browser, "/account/"), **form})


def said(browser: FlaskClient, answer: TestResponse) -> str:
    return text_of(browser.get(answer.location))


def test_a_name_is_asked_for_agreed_to_and_seen(app: Flask, desk: Desk, page: str) -> None:
    asker, other, third = join(app, "Ann", ANALYST), signed_in(app), join(app, "Eve", ADMINISTRATOR)
    assert "You asked for it" in said(asker, send(asker, f"{page}/name/ask", **WHY, ticket="T-17"))
    assert "no leave to see" in said(asker, send(asker, f"{page}/name/"))
    waiting = text_of(other.get("/c/example/names/"))
    assert "Ann asks for the name of U-" in waiting
    assert WHY["reason"] in waiting
    assert 'waiting"' in other.get("/c/example/").text, "the rail says that something waits"
    send(other, "/c/example/names/1", answer="grant")
    assert "Bob Example" not in asker.get(page).text, "it is seen only when it is asked to be"
    assert "Bob Example" in send(asker, f"{page}/name/").text
    for browser in (other, third):
        assert "no leave to see" in said(browser, send(browser, f"{page}/name/")), "whoever agreed does not see it"
    for path in ("people/?format=csv", "services/dropbox?format=csv", "reports/file?kind=json"):
        assert "Bob" not in asker.get(f"/c/example/{path}").text, "exports stay pseudonymous"
    assert [step.step for step in queries.record(desk.store, firm(desk))] == ["asked", "granted", "seen"]
    assert [row["who"] for row in download(app, called(desk)[key_of(desk, "Bob Example")])[0]["names_shown"]] == ["Ann", NAME, "Ann"]
    assert "T-17" in other.get("/c/example/names/?format=csv").text


def test_after_a_day_it_is_masked_again(app: Flask, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asker, other = join(app, "Ann", ANALYST), signed_in(app)
    send(asker, f"{page}/name/ask", **WHY)
    send(other, "/c/example/names/1", answer="grant")
    for late, shown in ((timedelta(hours=24, seconds=-60), True), (timedelta(hours=24), False)):

        class Later(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None, late: timedelta = late) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + late

        with monkeypatch.context() as patch:
            patch.setattr(queries, "datetime", Later)
            assert ("Bob Example" in send(asker, f"{page}/name/").text) is shown


def test_what_is_missing_is_refused(app: Flask, desk: Desk, page: str) -> None:
    alone = signed_in(app)
    assert "an administrator beside you is needed" in text_of(alone.get(page))
    assert "second administrator is needed" in said(alone, send(alone, f"{page}/name/ask", **WHY))
    other = join(app, "Eve", ADMINISTRATOR)
    assert "what the name is needed for" in said(alone, send(alone, f"{page}/name/ask", **{**WHY, "purpose": "performance"}))
    assert "20 characters" in said(alone, send(alone, f"{page}/name/ask", purpose="incident", reason="x" * 19))
    assert queries.record(desk.store, firm(desk)) == []
    send(alone, f"{page}/name/ask", **WHY)
    assert "asked for this name already" in said(alone, send(alone, f"{page}/name/ask", **WHY))
    assert "you asked for this name yourself" in said(alone, send(alone, "/c/example/names/1", answer="grant"))
    assert join(app, "Ann", ANALYST).get("/c/example/names/").status_code == 403
    assert "Refused" in said(other, send(other, "/c/example/names/1", answer="refuse"))
    assert "does not wait" in said(other, send(other, "/c/example/names/1", answer="grant"))
    assert "no leave to see" in said(alone, send(alone, f"{page}/name/"))


def test_who_asks_cannot_make_the_account_that_agrees(app: Flask, desk: Desk, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asker = signed_in(app)
    invited = send(asker, "/users/", name="Second", role=ADMINISTRATOR, sees="all")
    code = re.search(r"code=([^<]+)<", invited.text)
    assert code
    second = app.test_client()
    second.post("/join/", data={"csrf_token": token(second, "/join/"), "code": code[1], "password": PASSWORD})
    send(asker, f"{page}/name/ask", **WHY)
    assert "Until then somebody else has to" in said(second, send(second, "/c/example/names/1", answer="grant"))
    assert "no leave to see" in said(asker, send(asker, f"{page}/name/"))

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=3)

    monkeypatch.setattr(queries, "datetime", Later)
    send(second, "/c/example/names/1", answer="grant")
    granted = queries.record(desk.store, firm(desk))[-1]
    assert granted.step == "granted"
    assert f"by a link from {NAME}" in granted.reason, "whoever reads the record sees whose account it was"


def test_a_name_that_is_given_again_is_another_account(app: Flask, desk: Desk, page: str) -> None:
    asker, other = join(app, "José", ANALYST), signed_in(app)
    send(asker, f"{page}/name/ask", **WHY)
    send(other, "/c/example/names/1", answer="grant")
    with pytest.raises(GnomonError, match="already"):
        users.add(desk.store, "Jose\u0301", PASSWORD, ANALYST, None)
    users.remove(desk.store, users.number_of(desk.store, "José"))
    namesake = join(app, "José", ANALYST)
    assert "agreed" not in text_of(namesake.get(page))
    assert "no leave to see" in said(namesake, send(namesake, f"{page}/name/"))


def test_a_look_is_kept_before_the_name_is_read(app: Flask, desk: Desk, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asker = join(app, "Ann", ANALYST)
    send(asker, f"{page}/name/ask", **WHY)
    send(signed_in(app), "/c/example/names/1", answer="grant")
    secret = token(asker, "/account/")

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(Vault, "unseal", killed)
    with pytest.raises(KeyboardInterrupt):
        asker.post(f"{page}/name/", data={"csrf_token": secret})
    assert queries.record(desk.store, firm(desk))[-1].step == "seen"


def test_names_shown_by_a_setting_stand_in_the_record(app: Flask, desk: Desk, page: str) -> None:
    browser = signed_in(app)
    for show in ("yes", "yes", ""):
        send(browser, "/c/example/settings/names", show_names=show)
    assert [step.step for step in queries.record(desk.store, firm(desk))] == ["all_shown", "all_hidden"]
    assert send(browser, "/c/example/settings/names", show_names="yes").status_code == 303
    send(browser, f"{page}/name/ask", **WHY)
    assert "there is nothing to ask for" in text_of(browser.get("/c/example/names/"))
    assert "every name" in text_of(browser.get("/c/example/names/"))


CHANGES: dict[str, Callable[[int], object]] = {
    "edited": lambda row: update(RevealStep).where(RevealStep.number == row).values(reason="Nothing to see."),
    "removed": lambda row: delete(RevealStep).where(RevealStep.number == row),
}


@pytest.mark.parametrize("row", [1, 2, 3])
@pytest.mark.parametrize("change", [*CHANGES, "re-ordered"])
def test_a_row_that_is_changed_shows(app: Flask, change: str, row: int) -> None:
    store = app.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    for shown in (True, False, True):
        queries.note_setting(store, client, shown=shown, by="Ada")
        client = kept.update_client(store, client, show_names=shown)
    assert queries.check(store, client) is None
    with store.write() as db:
        if change in CHANGES:
            db.execute(CHANGES[change](row))
        else:
            for at, to in ((row, 9), (row % 3 + 1, row), (9, row % 3 + 1)):
                db.execute(update(RevealStep).where(RevealStep.number == at).values(number=to))
    assert queries.check(store, client)
    assert "not as it was written" in signed_in(app).get("/c/example/names/").text


def test_a_row_taken_off_the_end_is_missed_after_the_next_one_too(app: Flask) -> None:
    store = app.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    for shown in (True, False, True):
        queries.note_setting(store, client, shown=shown, by="Ada")
        client = kept.update_client(store, client, show_names=shown)
    with store.write() as db:
        db.execute(CHANGES["removed"](3))
    queries.note_setting(store, client, shown=False, by="Ada")
    assert [step.number for step in queries.record(store, client)] == [1, 2, 3]
    assert "Rows are missing" in str(queries.check(store, client))
