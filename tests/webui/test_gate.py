"""One gate: deny by default, changes only from our own pages, and headers that leave a bug nowhere to go."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import argon2
import pytest
from conftest import NAME, PASSWORD, post, signed_in, token
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from made_up import Say
from sqlalchemy import event

from discovery import store as kept
from tests.gate import examples
from webui import accounts, guard, passwords, queries

PROTECTED = (
    "/",
    "/c/example/",
    "/c/example/services/",
    "/c/example/people/",
    "/c/example/imports/",
    "/c/example/settings/",
    "/welcome/firm",
    "/theme",
)


ARGUMENTS = {
    "slug": "example",
    "service": "chatgpt",
    "member_id": "0" * 16,
    "number": "1",
    "filename": "css/design.css",
    "format_id": "csv",
    "item_id": "0",
    "device_id": "0",
    "capability": "chat",
    "domain": "example.com",
    "target": "hosts",
}


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Endpoint and address of every route that takes a method."""
    with app.test_request_context():
        build = app.url_map.bind("localhost").build
        rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
        return [(rule.endpoint, build(rule.endpoint, {name: ARGUMENTS[name] for name in rule.arguments})) for rule in rules]


def test_only_these_pages_are_public() -> None:
    assert {
        "static", "access.sign_in", "access.sign_in_post", "access.health", "welcome.administrator", "welcome.administrator_post",
        "joining.show", "joining.join",
    } == guard.PUBLIC  # fmt: skip


def test_everything_else_needs_a_sign_in(app: Flask, anonymous: FlaskClient) -> None:
    for endpoint, address in addresses(app, "GET"):
        answer = anonymous.get(address, buffered=True)
        if endpoint in guard.PUBLIC:
            assert answer.status_code in {200, 302}, address
        else:
            assert answer.status_code == 303, address
            assert answer.headers["Location"].startswith("/sign-in"), address


def test_nobody_learns_which_clients_exist_without_signing_in(anonymous: FlaskClient) -> None:
    there, not_there = (anonymous.get(f"/c/{slug}/services/") for slug in ("example", "nothing"))
    assert (there.status_code, there.data.replace(b"example", b"")) == (not_there.status_code, not_there.data.replace(b"nothing", b""))


def test_a_foreign_client_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/c/nothing/services/").status_code == 404
    assert browser.get("/c/example/imports/99/remove").status_code in {400, 404}


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(PROTECTED),
    st.lists(st.tuples(st.sampled_from(["//", "%2e%2e/", ";", "\\", "%00", "/./", "?x", "%2F", ".json", "SIGN-IN"]), st.integers(0, 30)), max_size=3),
)
def test_no_spelling_of_a_path_opens_a_page(anonymous: FlaskClient, path: str, pieces: list[tuple[str, int]]) -> None:
    for piece, at in pieces:
        path = path[:at] + piece + path[at:]
    answer = anonymous.get("/" + path.lstrip("/"), buffered=True)
    assert answer.status_code != 200 or b"Sign in" in answer.data, path


def test_headers_on_every_answer(app: Flask, browser: FlaskClient) -> None:
    for _, address in [*addresses(app, "GET"), ("none", "/nowhere")]:
        headers = browser.get(address, buffered=True).headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'", address
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store", address
        assert "Server" not in headers


def test_static_files_are_cached_only_with_their_fingerprint(browser: FlaskClient) -> None:
    assert "immutable" in browser.get("/static/css/design.css?v=1", buffered=True).headers["Cache-Control"]
    assert browser.get("/static/css/design.css", buffered=True).headers["Cache-Control"] == "no-store"


#: Headers of a change, and whether it passes with the right token.
ORIGINS = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Origin": "http://localhost"}, True),
    ({"Origin": "http://evil.example"}, False),
    ({"Origin": "https://localhost"}, False),
    ({"Origin": "http://localhost:81"}, False),
    ({"Origin": "null"}, False),
    ({}, True),
]


@pytest.mark.parametrize(("headers", "passes"), ORIGINS)
def test_changes_come_from_our_own_pages(browser: FlaskClient, headers: dict[str, str], passes: bool) -> None:
    answer = browser.post("/theme", data={"csrf_token": token(browser, "/c/example/settings/"), "theme": "dark"}, headers=headers)
    assert (answer.status_code == 303) is passes
    with browser.session_transaction() as session:
        assert (session.get("theme") == "dark") is passes


def test_every_change_needs_the_token(app: Flask, browser: FlaskClient) -> None:
    for endpoint, address in addresses(app, "POST"):
        assert browser.post(address, data={"csrf_token": "wrong"}).status_code == 403, endpoint
        assert browser.post(address).status_code == 403, endpoint


def test_looking_changes_nothing(app: Flask, judged: Callable[[Say], Flask]) -> None:
    judged(str)
    browser = signed_in(app)
    store = app.extensions["gnomon"].store
    written: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _u, statement, *_: written.append(statement))
    for _, address in addresses(app, "GET"):
        browser.get(address, buffered=True)
        browser.head(address, buffered=True)
    assert written
    assert not [statement for statement in written if re.match(r"\s*(insert|update|delete|replace|alter|drop|create)\b", statement, re.IGNORECASE)]


def test_a_large_body_is_refused_except_where_logs_are_uploaded(app: Flask, browser: FlaskClient) -> None:
    limit = app.config["MAX_CONTENT_LENGTH"]
    assert post(browser, "/theme", theme="x" * limit).status_code == 413
    with Path(__file__).open("rb") as log:
        assert post(browser, "/c/example/imports/", form="/c/example/imports/", log=(log, "x")).status_code == 303


def test_an_upload_over_the_limit_leaves_nothing_behind(app: Flask, browser: FlaskClient, tmp_path: Path) -> None:
    app.config["UPLOAD_LIMIT"] = 100_000
    big = tmp_path / "big.log"
    big.write_bytes(b"x" * 300_000)
    with big.open("rb") as file:
        assert post(browser, "/c/example/imports/", form="/c/example/imports/", log=(file, "big.log")).status_code == 413
    assert not list(app.extensions["gnomon"].jobs.spool.iterdir())


def test_a_refused_upload_leaves_nothing_behind(app: Flask, browser: FlaskClient, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"x" * 1000)
    with log.open("rb") as file:
        assert browser.post("/c/example/imports/", data={"csrf_token": "wrong", "log": (file, "a.log")}).status_code == 403
    assert not list(app.extensions["gnomon"].jobs.spool.iterdir())


def test_only_our_own_names_are_answered(browser: FlaskClient) -> None:
    assert browser.get("/health", headers={"Host": "evil.example"}).status_code == 400
    assert browser.get("/health", headers={"Host": "127.0.0.1:8080"}).status_code == 200


def test_the_cookie_cannot_be_read_or_sent_along_from_elsewhere(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": NAME, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\\\\evil.example"])
def test_signing_in_leads_nowhere_else(app: Flask, target: str) -> None:
    client = app.test_client()
    answer = client.post(
        "/sign-in", query_string={"next": target}, data={"csrf_token": token(client, "/sign-in"), "name": NAME, "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"


def test_signing_out_ends_the_sign_in_on_the_server(app: Flask, browser: FlaskClient) -> None:
    stolen = browser.get_cookie("gnomon")
    assert stolen
    post(browser, "/sign-out")
    thief = app.test_client()
    thief.set_cookie("gnomon", stolen.value)
    assert thief.get("/c/example/settings/").status_code == 303


def test_idleness_and_age_end_a_sign_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = signed_in(app)
    with idle.session_transaction() as session:
        session["seen"] = time.time() - accounts.IDLE.total_seconds() - 1
    assert idle.get("/c/example/settings/").status_code == 303
    old = signed_in(app)
    monkeypatch.setattr(accounts, "AT_MOST", accounts.AT_MOST * 0)
    assert old.get("/c/example/settings/").status_code == 303


def test_a_page_that_asks_again_by_itself_keeps_nobody_signed_in(app: Flask) -> None:
    browser = signed_in(app)
    with browser.session_transaction() as session:
        session["seen"] = before = time.time() - 60
    for headers, counts in (({"HX-Request": "true"}, False), ({}, True)):
        assert browser.get("/clients/", headers=headers).status_code == 200
        with browser.session_transaction() as session:
            assert (session["seen"] > before) is counts


def test_a_new_password_ends_the_other_sign_ins(app: Flask) -> None:
    here, elsewhere = signed_in(app), signed_in(app)
    assert post(here, "/account/password", old="wrong", new="another good phrase").status_code == 303
    assert elsewhere.get("/c/example/settings/").status_code == 200, "a wrong present password changes nothing"
    post(here, "/account/password", old=PASSWORD, new="another good phrase")
    assert here.get("/c/example/settings/").status_code == 200
    assert elsewhere.get("/c/example/settings/").status_code == 303


def test_guessing_is_slowed_down(app: Flask) -> None:
    client = app.test_client()
    answers = [client.post("/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": NAME, "password": "wrong"}).text for _ in range(6)]
    assert "Too many tries" not in answers[4]
    assert "Too many tries" in answers[5]
    right = client.post("/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": NAME, "password": PASSWORD})
    assert right.status_code == 401, "the right password has to wait, too"


def test_long_names_take_no_room(app: Flask) -> None:
    client = app.test_client()
    client.post("/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": "x" * 100_000, "password": "wrong"})
    kept_under = app.extensions["gnomon"].door.by_name._seen  # noqa: SLF001
    assert kept_under
    assert max(len(str(key)) for key in kept_under) < 200


def test_the_brake_lets_go_after_its_time() -> None:
    brake = accounts.Brake(tries=2, seconds=10, keys=2)
    for second in (0, 1):
        assert brake.wait("a", second) == 0
        brake.count("a", second)
    assert brake.wait("a", 2) == pytest.approx(8)
    assert brake.wait("a", 10.5) == 0
    for key in "bcd":
        brake.count(key, 3)
    assert len(brake._seen) == 2, "memory is bounded"  # noqa: SLF001


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    assert argon2.extract_parameters(passwords.NOBODY) == argon2.extract_parameters(argon2.PasswordHasher().hash(PASSWORD))
    with pytest.raises(argon2.exceptions.VerifyMismatchError):  # looked at to its end
        argon2.PasswordHasher().verify(passwords.NOBODY, PASSWORD)


def test_neither_tokens_nor_passwords_are_stored(app: Flask, browser: FlaskClient) -> None:
    store = app.extensions["gnomon"].store
    store.engine.dispose()
    raw = b"".join(path.read_bytes() for path in Path(store.folder).rglob("*") if path.is_file())
    assert PASSWORD.encode() not in raw
    person = queries.find_account(store, NAME.upper())
    assert person
    assert person.password.startswith("$argon2id$")
    with browser.session_transaction() as session:
        assert session["_user_id"].encode() not in raw


def test_the_key_of_cookies_is_private(app: Flask) -> None:
    key = kept.home() / "cookie.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) >= 32
    assert app.secret_key == key.read_bytes()
