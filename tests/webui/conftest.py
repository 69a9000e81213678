"""An application over a store of its own, with nobody in it, with an administrator, or with a made-up firm to look at."""

import html
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from discovery import store as kept
from discovery.store import Store
from webui.app import create_app
from webui.firstrun import create_admin

sys.path.insert(0, str(Path(__file__).parent))  # for what these tests share: made_up, screenshots
import small_firm
from made_up import Say, made_up

NAME, PASSWORD = "Ada Example", "correct horse battery"
SETTINGS = {"UPLOAD_LIMIT": 64 * 1024 * 1024, "TESTING": True, "PROPAGATE_EXCEPTIONS": False}


class _Compiled(BytecodeCache):
    """Templates as the first application of a process compiled them."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Each test has an application of its own; compiling the templates of a page costs more than drawing it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Compiled()})
        yield


@pytest.fixture(scope="session", autouse=True)
def _routes_compiled_once() -> Iterator[None]:
    """Werkzeug writes a function for every route that makes its addresses: for 200 routes that costs more than most pages."""
    write, written = Rule._compile_builder, {}  # noqa: SLF001 (it keeps them for one application only)

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
        if key not in written:
            written[key] = write(rule, append_unknown)
        return written[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the empty database of an installation, to copy: making it takes a second."""
    folder = tmp_path_factory.mktemp("new") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_HOME", str(folder))
        patch.delenv("GNOMON_DATABASE", raising=False)
        kept.open_store().engine.dispose()
    return folder


@pytest.fixture
def twins(new_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Flask]]:
    """Two installations that differ in nothing yet."""
    made = [made_twin(new_home, tmp_path / name, monkeypatch) for name in ("plain", "hostile")]
    yield made
    for app in made:
        app.extensions["gnomon"].store.engine.dispose()


def made_twin(new_home: Path, home: Path, patch: pytest.MonkeyPatch) -> Flask:
    """One of several installations, in a home of its own."""
    shutil.copytree(new_home, home)
    patch.setenv("GNOMON_HOME", str(home))
    patch.delenv("GNOMON_DATABASE", raising=False)
    return with_client(kept.open_store())


@pytest.fixture
def store(new_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    shutil.copytree(new_home, tmp_path / "home")
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    opened = kept.open_store()
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(store: Store) -> Flask:
    """With its administrator, and one client without logs."""
    return with_client(store)


@pytest.fixture(scope="session")
def small_home(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the small firm, to copy: reading its logs takes a second."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(new_home, folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_HOME", str(folder / "home"))
        patch.delenv("GNOMON_DATABASE", raising=False)
        made = with_client(kept.open_store())
        small_firm.settle(made.extensions["gnomon"], folder)
        made.extensions["gnomon"].store.close()
    return folder / "home"


@pytest.fixture
def settled(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """With its administrator, and the small firm of which every list has something to show."""
    shutil.copytree(small_home, tmp_path / "home")
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    opened = kept.open_store()
    yield create_app(opened, SETTINGS)
    opened.engine.dispose()


def with_client(store: Store) -> Flask:
    create_admin(store, NAME, PASSWORD)
    kept.create_client(store, "Example & Co", slug="example", zone="Europe/London", people_expected=41)
    return create_app(store, SETTINGS)


@pytest.fixture
def judged(app: Flask) -> Callable[[Say], Flask]:
    """The same application with the made-up firm behind every page, in whatever words."""

    def build(say: Say = str, **how: Any) -> Flask:
        app.extensions["gnomon"].__dict__["assessments"] = made_up(say, **how)
        return app

    return build


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """Somebody who has signed in."""
    return signed_in(app)


def signed_in(app: Flask, name: str = NAME) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def token(client: FlaskClient, path: str) -> str:
    """The CSRF token of the form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path, follow_redirects=True).text)
    assert found, path
    return found[1]


def post(client: FlaskClient, path: str, form: str = "/account/", **data: Any) -> TestResponse:
    """Send a form as its page would; the token of a session is the same on every page."""
    return client.post(path, data={"csrf_token": token(client, form), **data})


def text_of(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())
