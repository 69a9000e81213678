"""Whose addresses are whose, entered in Settings; and what the Imports page tells of a log beside its lines."""

import io
from collections.abc import Callable

import pytest
from conftest import post, text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from webui.desk import Desk

SETTINGS, IMPORTS = "/c/example/settings/", "/c/example/imports/"
MONDAY = 1_762_156_800  # 2025-11-03 08:00 UTC


def squid(first: int, last: int, *, without: range = range(0), who: str = "192.0.2.7") -> bytes:
    """A request every five minutes, without some."""
    asked = "TCP_TUNNEL/200 48211 CONNECT chatgpt.com:443 - HIER_DIRECT/203.0.113.9 -"
    return "".join(f"{MONDAY + 300 * n}.123    187 {who} {asked}\n" for n in range(first, last) if n not in without).encode()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["gnomon"]
    return found


@pytest.fixture
def upload(browser: FlaskClient, desk: Desk) -> Callable[..., str]:
    def send(content: bytes, name: str) -> str:
        assert post(browser, IMPORTS, form=IMPORTS, log=[(io.BytesIO(content), name)]).status_code == 303
        desk.jobs.work_off()
        return text_of(browser.get(IMPORTS))

    return send


def test_ranges_are_entered_shown_again_and_applied(browser: FlaskClient, upload: Callable[..., str]) -> None:
    entered = {"staff": "192.0.2.0/24", "guest": "192.0.2.128/25", "vpn": "", "server": "192.0.2.5"}
    assert post(browser, SETTINGS + "networks", form=SETTINGS, **entered).status_code == 303
    page = browser.get(SETTINGS).text
    assert "192.0.2.128/25" in page
    assert "192.0.2.5/32" in page
    assert "10 requests from guest networks" in upload(squid(0, 10, who="192.0.2.200") + squid(10, 20), "access.log")


def test_a_mistake_is_shown_beside_what_was_typed(browser: FlaskClient, desk: Desk) -> None:
    answer = post(browser, SETTINGS + "networks", form=SETTINGS, guest="192.0.2.0/24\nthe <b>guests</b>")
    assert answer.status_code == 400
    assert "is no range of addresses" in text_of(answer)
    assert "the &lt;b&gt;guests&lt;/b&gt;" in answer.text
    assert kept.network_ranges(desk.store, kept.get_client(desk.store, "example")) == []


def test_overlap_silence_and_working_hours_stand_on_the_page(upload: Callable[..., str]) -> None:
    first = upload(squid(0, 100, without=range(24, 48)), "a.log")
    assert "about 2 h of it in working hours" in first
    assert "the logs cover 7" in first
    second = upload(squid(60, 120), "b.log")
    assert "67%: 40 requests stand in another log of the same source as well, and are counted once." in second


def test_a_mixture_names_its_formats(upload: Callable[..., str]) -> None:
    dns = "".join(f"Nov  3 08:{n:02}:00 dnsmasq[812]: query[A] chatgpt.com from 192.0.2.7\n" for n in range(20)).encode()
    assert "Squid access log (30 lines), dnsmasq or Pi-hole query log (20 lines)" in upload(squid(0, 30) + dns, "relay.log")
