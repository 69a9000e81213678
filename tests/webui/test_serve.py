"""Serving binds loopback; anything else needs TLS in front or a word that says what is given up."""

import socket
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from conftest import signed_in, token
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import BaseWSGIServer, create_server

from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.store import sweep
from webui import accounts, bodies, serve, uploads
from webui.desk import Desk


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_loopback_needs_nothing(host: str) -> None:
    serve.check_address(host, proxy=None, insecure=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "gnomon.example", ""])  # noqa: S104 (never bound)
def test_other_addresses_need_protection_or_a_word(host: str) -> None:
    with pytest.raises(GnomonError, match="not encrypted"):
        serve.check_address(host, proxy=None, insecure=False)
    serve.check_address(host, proxy="192.0.2.1", insecure=False)
    serve.check_address(host, proxy=None, insecure=True)


def test_behind_a_proxy_cookies_need_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNOMON_HOSTS", "gnomon.example, other.example")
    settings = serve.settings("192.0.2.7", "192.0.2.1")
    assert settings["SESSION_COOKIE_SECURE"]
    assert set(settings["TRUSTED_HOSTS"]) == {"localhost", "127.0.0.1", "[::1]", "gnomon.example", "other.example"}
    assert not serve.settings("127.0.0.1", None)["SESSION_COOKIE_SECURE"]


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is served; the steps up to there."""
    steps: list[str] = []
    monkeypatch.setattr(Desk, "start", lambda _: steps.append("start"))
    monkeypatch.setattr(Desk, "stop", lambda _: steps.append("stop"))
    monkeypatch.setattr(BaseWSGIServer, "run", lambda _: steps.append("run"))
    return steps


def test_a_second_server_leaves_the_first_ones_uploads_alone(store: Store, unserved: list[str]) -> None:
    with serve.serving(store), pytest.raises(GnomonError, match="is being served from"):
        serve.run(store, port=1)
    assert unserved == []
    sweep(store)
    with serve.serving(store):
        sweep(store)
        with pytest.raises(GnomonError, match="is being served from"):
            serve.run(store, port=1)


def test_a_port_that_is_taken_is_said_before_anything_begins(store: Store, unserved: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(GnomonError, match=r"cannot be listened on .* already in use"):
        serve.run(store, port=taken.getsockname()[1])
    assert unserved == []


@pytest.mark.parametrize("proxy", [None, "192.0.2.1"])
def test_the_server_takes_these_settings(proxy: str | None) -> None:
    server = create_server(lambda *_: [], host="127.0.0.1", port=0, **serve.server_settings(proxy))
    server.close()


def test_the_limit_of_uploads_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNOMON_UPLOAD_LIMIT", "5000")
    assert uploads.limit() == 5000
    monkeypatch.setenv("GNOMON_UPLOAD_LIMIT", "many")
    with pytest.raises(GnomonError, match="number of bytes"):
        uploads.limit()


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """Of the application behind the real server."""
    server = bodies.server(app, host="127.0.0.1", port=0, **serve.server_settings(None))
    over = Event()

    def work() -> None:
        while not over.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)  # noqa: SLF001 (its own loop never ends)

    thread = Thread(target=work)
    thread.start()
    yield server.effective_port
    server.task_dispatcher.shutdown()
    over.set()
    thread.join()
    server.asyncore.close_all(server._map)  # noqa: SLF001 (connections and all)


def cookie(browser: FlaskClient) -> str:
    found = browser.get_cookie("gnomon")
    assert found
    return f"gnomon={found.value}"


def answer(port: int, path: str, cookie: str, *, length: str, body: bytes = b"") -> bytes:
    """First line of what the server says to headers and the begin of a body."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n{length}\r\n\r\n".encode() + body)
        try:
            return line.recv(100).partition(b"\r\n")[0]
        except TimeoutError:
            return b"waits for the rest"


@pytest.mark.parametrize("path", ["/sign-in", "/join/", "/c/example/imports/", "/nowhere", "/api/v1/services"])
def test_who_has_not_signed_in_cannot_fill_the_disk(port: int, path: str) -> None:
    many = b"%x\r\n%b\r\n" % (1 << 20, b"x" * (1 << 20))
    assert b"413" in answer(port, path, "gnomon=made-up", length=f"Content-Length: {1 << 30}")
    assert b"413" in answer(port, path, "", length="Transfer-Encoding: chunked", body=many * 3)


def test_who_may_upload_can(app: Flask, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(app)
    assert b"413" in answer(port, "/c/example/settings/firm", cookie(browser), length=f"Content-Length: {1 << 30}")
    secret = token(browser, "/c/example/imports/")
    file = b'--x\r\nContent-Disposition: form-data; name="log"; filename="a.log"\r\n\r\n' + b"line\n" * 600_000
    field = f'\r\n--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{secret}\r\n--x--\r\n'.encode()
    body = file + field
    sent = f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}"
    assert b"303" in answer(port, "/c/example/imports/", cookie(browser), length=sent, body=body)
    monkeypatch.setattr("webui.accounts.AT_MOST", accounts.AT_MOST * 0)
    assert b"413" in answer(port, "/c/example/imports/", cookie(browser), length=sent)
