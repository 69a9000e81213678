"""Users: added by a link that works once, changed with effect at once, removed; an administrator always stays."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from click.testing import CliRunner
from conftest import NAME, PASSWORD, text_of, token
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from rules.queries import all_history
from webui.api.queries import make_token
from webui.cli import gnomon
from webui.queries import find_account
from webui.roles import ADMINISTRATOR, ANALYST, VIEWER
from webui.users import queries


def post(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    return browser.post(path, data={"csrf_token": token(browser, "/account/"), **form})


def invite(browser: FlaskClient, **form: str) -> str:
    """The code of the link that the page shows."""
    answer = post(browser, "/users/", **({"name": "Vera", "role": VIEWER, "sees": "all"} | form))
    found = re.search(r'id="link">http://localhost/join/\?code=([^<]+)<', answer.text)
    assert found, text_of(answer)
    return found[1]


def choose(app: Flask, code: str, password: str = PASSWORD) -> FlaskClient:
    browser = app.test_client()
    answer = browser.post("/join/", data={"csrf_token": token(browser, "/join/"), "code": code, "password": password})
    browser.environ_base["joined"] = str(answer.status_code)
    return browser


def number(app: Flask, name: str) -> int:
    return queries.number_of(app.extensions["gnomon"].store, name)


def sees(app: Flask, name: str) -> frozenset[int] | None:
    """Numbers of the clients that a user sees; None: all."""
    found = find_account(app.extensions["gnomon"].store, name)
    assert found
    return found.clients


def test_a_link_lets_somebody_in_once(app: Flask, browser: FlaskClient) -> None:
    code = invite(browser)
    assert "Invited, until" in text_of(browser.get("/users/"))
    stranger = app.test_client()
    sign_in = {"csrf_token": token(stranger, "/sign-in"), "name": "Vera", "password": ""}
    assert stranger.post("/sign-in", data=sign_in).status_code == 401, "an account without a password opens to nobody"
    assert "Welcome, Vera" in stranger.get(f"/join/?code={code}").text
    short = choose(app, code, "short")
    assert short.environ_base["joined"] == "400"
    vera = choose(app, code.upper().replace("-", " "))
    assert vera.get("/c/example/services/").status_code == 200
    again = choose(app, code)
    assert again.environ_base["joined"] == "400"
    assert again.get("/c/example/").status_code == 303
    assert "does not work any more" in text_of(again.get(f"/join/?code={code}"))


def test_a_link_ends_after_three_days_and_with_the_next(app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    code = invite(browser)
    newer = re.search(r"code=([^<]+)<", post(browser, f"/users/{number(app, 'Vera')}/link").text)
    assert newer
    assert choose(app, code).environ_base["joined"] == "400"

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=3, seconds=1)

    monkeypatch.setattr(queries, "datetime", Later)
    assert choose(app, newer[1]).environ_base["joined"] == "400"
    monkeypatch.undo()
    assert choose(app, newer[1]).environ_base["joined"] == "303"


def test_links_cannot_be_guessed_fast(app: Flask) -> None:
    browser = app.test_client()
    for _ in range(6):
        answer = browser.post("/join/", data={"csrf_token": token(browser, "/join/"), "code": "aaaa-bbbb", "password": PASSWORD})
    assert "Too many tries" in answer.text


def test_neither_code_nor_password_is_kept(app: Flask, browser: FlaskClient) -> None:
    code = invite(browser)
    raw = b"".join(path.read_bytes() for path in app.extensions["gnomon"].store.folder.rglob("*") if path.is_file())
    assert code.encode() not in raw
    assert code.replace("-", "").encode() not in raw


def test_a_change_holds_from_the_next_page_on(app: Flask, browser: FlaskClient) -> None:
    kept.create_client(app.extensions["gnomon"].store, "Second")
    vera = choose(app, invite(browser, role=ANALYST))
    assert vera.get("/c/example/settings/").status_code == 200
    who = f"/users/{number(app, 'Vera')}"
    post(browser, who, role=VIEWER, client="second")
    assert vera.get("/c/second/settings/").status_code == 403
    assert vera.get("/c/example/").status_code == 404
    assert text_of(browser.get(who)).count("1 browser is signed in") == 1
    post(browser, f"{who}/sign-out")
    assert vera.get("/c/second/").status_code == 303
    assert post(browser, who, role=VIEWER, client="gone").status_code == 303
    assert "not there any more" in text_of(browser.get(who)), "a client that is gone opens no other"
    store = app.extensions["gnomon"].store
    kept.delete_client(store, kept.get_client(store, "second"))
    assert "so no page is left" in text_of(browser.get(who))
    post(browser, who, role=ANALYST, sees="some")
    assert sees(app, "Vera") == frozenset(), "nothing ticked opens nothing"
    post(browser, who, role=ANALYST, sees="all")
    assert sees(app, "Vera") is None


def test_who_is_removed_is_gone_and_what_was_done_stays(app: Flask, browser: FlaskClient) -> None:
    store = app.extensions["gnomon"].store
    vera = choose(app, invite(browser, role=ANALYST))
    form = {"csrf_token": token(vera, "/account/"), "status": "not_approved", "reason": "No contract."}
    assert vera.post("/c/example/services/dropbox/decide", data=form).status_code == 303
    assert "Vera is removed" in text_of(browser.get(post(browser, f"/users/{number(app, 'Vera')}/remove").location))
    assert vera.get("/c/example/").status_code == 303
    history = all_history(store, kept.get_client(store, "example"))
    assert [step.decided_by for step in history] == ["Vera"]
    assert browser.get("/users/999").status_code == 404


@pytest.mark.parametrize("keep", ["", "yes"])
def test_tokens_go_with_whoever_saw_them(app: Flask, browser: FlaskClient, keep: str) -> None:
    store = app.extensions["gnomon"].store
    eve = choose(app, invite(browser, name="Eve", role=ADMINISTRATOR))
    made = re.search(r"gnomon_[\w-]+", post(eve, "/c/example/settings/tokens/", name="Figures").text)
    assert made
    queries.add(store, "Bob", PASSWORD, ADMINISTRATOR, None)
    others = make_token(store, kept.get_client(store, "example"), "Block list", "Bob")
    assert "“Figures” of Example & Co" in text_of(browser.get(f"/users/{number(app, 'Eve')}"))
    post(browser, f"/users/{number(app, 'Eve')}/remove", keep_tokens=keep)

    def opens(token: str) -> bool:
        return app.test_client().get("/api/v1/register", headers={"Authorization": f"Bearer {token}"}).status_code == 200

    assert opens(made[0]) is bool(keep)
    assert opens(others)


def test_an_administrator_of_everything_always_stays(app: Flask, browser: FlaskClient) -> None:
    store, me = app.extensions["gnomon"].store, number(app, NAME)
    queries.invite(store, "Not yet", ADMINISTRATOR, None, by="Ada")
    queries.add(store, "Limited", PASSWORD, ADMINISTRATOR, [1])
    for role, clients in ((VIEWER, None), (ADMINISTRATOR, [1])):
        with pytest.raises(GnomonError, match="last administrator"):
            queries.change(store, me, role, clients)
    assert "last administrator" in text_of(browser.get(post(browser, f"/users/{me}/remove").location))
    queries.add(store, "Second", PASSWORD, ADMINISTRATOR, None)
    queries.change(store, me, VIEWER, None)
    assert browser.get("/users/").status_code == 403


@pytest.mark.parametrize("form", [{"name": " "}, {"name": NAME.upper()}, {"role": "owner"}, {"sees": "some", "client": "gone"}, {"sees": "some"}])
def test_what_is_wrong_is_said_and_nobody_is_added(app: Flask, browser: FlaskClient, form: dict[str, str]) -> None:
    answer = post(browser, "/users/", **({"name": "Vera", "role": VIEWER, "sees": "all"} | form))
    assert answer.status_code == 400
    assert "Nobody was added" in answer.text
    assert len(queries.users(app.extensions["gnomon"].store, not_before=datetime.now(UTC))) == 1


def test_the_commands_let_a_locked_out_administrator_in(store: Store) -> None:
    kept.create_client(store, "Example & Co", slug="example")
    run = CliRunner().invoke
    assert "first user is an administrator" in str(run(gnomon, ["user", "add", "Ada", "--role", "viewer"], input=PASSWORD).exception)
    assert run(gnomon, ["user", "add", "Ada"], input=f"{PASSWORD}\n").exit_code == 0
    assert run(gnomon, ["user", "add", "Vera", "--role", "viewer", "--client", "example"], input=PASSWORD).exit_code == 0
    assert run(gnomon, ["user", "list"]).stdout == "Ada  administrator  all clients\nVera  viewer  example\n"
    before = find_account(store, "ada")
    assert run(gnomon, ["user", "password", "ada"], input="another good phrase").exit_code == 0
    after = find_account(store, "ada")
    assert before
    assert after
    assert before.password != after.password
    assert run(gnomon, ["user", "role", "Vera", "analyst"]).exit_code == 0
    assert "Vera  analyst  example" in run(gnomon, ["user", "list"]).stdout, "another role opens no other client"
    assert run(gnomon, ["user", "role", "Vera", "viewer", "--all-clients"]).exit_code == 0
    assert "Vera  viewer  all clients" in run(gnomon, ["user", "list"]).stdout
    assert "last administrator" in str(run(gnomon, ["user", "remove", "Ada"]).exception)
    assert run(gnomon, ["user", "remove", "Vera"]).exit_code == 0
    assert "no user named" in str(run(gnomon, ["user", "password", "Vera"], input=PASSWORD).exception)
    assert "No password" in str(run(gnomon, ["user", "password", "Ada"], input="").exception)
