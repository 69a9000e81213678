"""The first administrator proves with the code from the terminal that they started Gnomon; then the code is worth nothing."""

import re

import pytest
from conftest import PASSWORD, SETTINGS, token
from flask.testing import FlaskClient

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from webui import queries
from webui.app import create_app
from webui.commands import demo_
from webui.firstrun import create_admin, first_run_token
from webui.passwords import matches


@pytest.fixture
def newcomer(store: Store) -> FlaskClient:
    return create_app(store, SETTINGS).test_client()


def test_every_page_leads_to_the_welcome(newcomer: FlaskClient) -> None:
    for path in ("/", "/c/any/", "/sign-in"):
        assert newcomer.get(path).headers["Location"] == "/welcome"


def test_the_code_lets_in_once(store: Store, newcomer: FlaskClient) -> None:
    code = first_run_token(store)
    assert code
    form = {"csrf_token": token(newcomer, "/welcome"), "token": code, "name": "Ada", "password": PASSWORD}
    assert newcomer.post("/welcome", data={**form, "token": "aaaa-bbbb-cccc-dddd"}).status_code == 400
    assert newcomer.post("/welcome", data={**form, "password": "short"}).status_code == 400
    assert queries.count_accounts(store) == 0
    answer = newcomer.post("/welcome", data={**form, "token": code.upper().replace("-", " ")})
    assert answer.headers["Location"] == "/welcome/firm"
    assert newcomer.get("/welcome/firm").status_code == 200, "signed in at once"
    assert first_run_token(store) is None
    again = create_app(store, SETTINGS).test_client()
    assert again.get("/welcome").status_code == 302
    with pytest.raises(GnomonError, match="administrator already"):
        create_admin(store, "Mallory", PASSWORD)
    assert queries.count_accounts(store) == 1


def test_codes_cannot_be_guessed_fast(newcomer: FlaskClient) -> None:
    texts = []
    for _ in range(7):
        form = {"csrf_token": token(newcomer, "/welcome"), "token": "guess", "name": "Ada", "password": PASSWORD}
        texts.append(newcomer.post("/welcome", data=form).text)
    assert "Too many tries" in texts[-1]


def test_the_code_has_room_for_no_guess(store: Store) -> None:
    code = first_run_token(store)
    assert code
    assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code), "80 bits, easy to type"


def test_the_way_to_the_first_client(store: Store, newcomer: FlaskClient) -> None:
    code = first_run_token(store)
    newcomer.post("/welcome", data={"csrf_token": token(newcomer, "/welcome"), "token": code, "name": "Ada", "password": PASSWORD})
    form = {"csrf_token": token(newcomer, "/welcome/firm"), "name": "Example & Co", "zone": "Europe/London", "people_expected": "12"}
    assert newcomer.post("/welcome/firm", data={**form, "zone": "Nowhere"}).status_code == 400
    assert newcomer.post("/welcome/firm", data={**form, "people_expected": "a dozen"}).status_code == 400
    answer = newcomer.post("/welcome/firm", data=form)
    assert answer.headers["Location"] == "/c/example-co/welcome/tools"
    tools = {"csrf_token": form["csrf_token"], "suite": ["zoom"], "tool": ['File "server" 漢', ""], "capability": ["cloud_storage", ""]}
    answer = newcomer.post("/c/example-co/welcome/tools", data=tools)
    assert answer.headers["Location"].startswith("/c/example-co/imports/")
    page = newcomer.get("/c/example-co/settings/").text
    assert "File &#34;server&#34; 漢" in page
    assert "Zoom" in page


def test_a_firm_can_be_put_off_and_named_later(store: Store, newcomer: FlaskClient) -> None:
    newcomer.post("/welcome", data={"csrf_token": token(newcomer, "/welcome"), "token": first_run_token(store), "name": "Ada", "password": PASSWORD})
    form = {"csrf_token": token(newcomer, "/welcome/firm")}
    assert newcomer.post("/welcome/firm", data={**form, "skip": "yes", "name": ""}).headers["Location"] == "/c/my-firm/welcome/tools"
    assert 'href="/c/my-firm/welcome/firm' in newcomer.get("/c/my-firm/imports/?welcome=1").text, "every step can be gone to"
    assert newcomer.post("/c/my-firm/welcome/firm", data={**form, "name": "", "zone": "Europe/London"}).status_code == 400
    newcomer.post("/c/my-firm/welcome/firm", data={**form, "name": "Example & Co", "zone": "Europe/London", "people_expected": "12"})
    assert kept.get_client(store, "my-firm").name == "Example & Co"


def test_whoever_starts_the_demo_again_can_sign_in(store: Store) -> None:
    first, again = demo_.password(store), demo_.password(store)
    account = queries.find_account(store, "demo")
    assert account is not None
    assert first is not None
    assert again is not None
    assert (matches(account.password, first), matches(account.password, again)) == (False, True)


def test_the_demo_opens_nobody_elses_installation(store: Store) -> None:
    create_admin(store, "Ada", PASSWORD)
    assert demo_.password(store) is None
