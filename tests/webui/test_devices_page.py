"""Devices: whose they are, from rows of usage; what has no person is listed here and never among the people."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
from conftest import signed_in, text_of
from flask import Flask

from discovery.observations import OBSERVED
from webui import crowd
from webui.devices import devices, met

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def rows(*told: tuple[str | None, str | None, str | None, str]) -> pl.DataFrame:
    """Usage of a person (or device), its kind, the device and a service."""
    usual = {"day": date(2026, 11, 2), "first": AT, "last": AT, "source": "squid: access.log", "match": "service"}
    made = [{**usual, "person": who, "person_kind": kind, "device": at, "service": service, "basis": kind} for who, kind, at, service in told]
    return pl.DataFrame(made, schema=OBSERVED)


def test_whose_a_device_is() -> None:
    usage = rows(
        ("U-1", "person", "D-laptop", "chatgpt"),
        ("U-1", "person", "D-hall", "chatgpt"),
        ("U-2", "person", "D-hall", "dropbox"),
        ("D-hall", "device", "D-hall", "trello"),
        ("D-guests", "shared", None, "chatgpt"),
        ("D-lone", "device", "D-lone", "chatgpt"),
        (None, None, None, "chatgpt"),
    )
    found = {one.name: one for one in devices(usage, [])}
    assert {name: one.group for name, one in found.items()} == {"D-lone": "nobody", "D-guests": "shared", "D-hall": "shared", "D-laptop": "somebody"}
    assert next(iter(found)) == "D-lone", "what has no person comes first"
    assert found["D-hall"].people == ("U-1", "U-2")
    assert (found["D-hall"].services, found["D-hall"].days) == (3, 1)
    assert [(service, who) for service, _, _, who in met(usage, "D-hall")] == [("chatgpt", ("U-1",)), ("dropbox", ("U-2",)), ("trello", ())]


def test_what_has_no_person_stands_under_devices(judged: Callable[..., Flask]) -> None:
    browser = signed_in(judged())
    people, listed = (text_of(browser.get(f"/c/example/{page}/")) for page in ("people", "devices"))
    assert "U-012" not in people
    assert "U-012" in listed
    assert "U-000" not in listed, "it is one person's, in the other group"
    assert "U-000" in text_of(browser.get("/c/example/devices/?show=somebody"))
    moved = browser.get(f"/c/example/people/{crowd.id_of('U-012')}")
    assert moved.headers["Location"] == f"/c/example/devices/{crowd.id_of('U-012')}"
    page = text_of(browser.get(moved.headers["Location"]))
    assert "counts as no person" in page
    assert "several ten-minute slots" in page, "why its use is held to be active"
    assert browser.get("/c/example/devices/0123456789abcdef").status_code == 404


def test_devices_as_a_table(judged: Callable[..., Flask]) -> None:
    answer = signed_in(judged()).get("/c/example/devices/?format=csv")
    table = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    groups = {row["group"] for row in table}
    assert groups == {"Without a person", "Of one person"}
    assert all(row["people"] for row in table if row["group"] == "Of one person")
