"""Serving binds loopback; anything else needs TLS in front or a word that says what is given up."""

import pytest
from waitress.server import create_server

from discovery.errors import GnomonError
from webui import serve, uploads


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
