"""The catalogue's pages: shelves, look-up, one service, and an update that is taken in while the pages are open."""

import os
from pathlib import Path

import pytest
from conftest import text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import catalogue, catalogue_edition
from discovery.catalogue import Fact, Service

HERE = "/c/example/catalogue/"


@pytest.fixture(scope="module")
def shipped() -> catalogue.Catalogue:
    return catalogue.load()


@pytest.fixture
def reader(app: Flask, browser: FlaskClient, shipped: catalogue.Catalogue) -> FlaskClient:
    """Somebody who has signed in, where the catalogue has been read already."""
    app.extensions["gnomon"].__dict__["catalogue"] = shipped
    return browser


def service(**known: Fact) -> Service:
    return Service(
        "id", "Name", "Vendor", "files", "Files", "cloud_storage", (), (), "", {}, {name.replace("__", "."): fact for name, fact in known.items()}
    )


def test_the_shelves_lead_to_every_need(reader: FlaskClient, shipped: catalogue.Catalogue) -> None:
    page = reader.get(HERE)
    stats = shipped.stats()
    assert f"{stats['services']:,} services" in text_of(page)
    assert "came with Gnomon" in text_of(page)
    for need in stats["by_capability"]:
        assert f"need={need}" in page.text
    assert "Second factor at sign-in" in text_of(page)  # how much is known


def test_a_need_lists_the_services_that_are_for_it_first(reader: FlaskClient) -> None:
    page = text_of(reader.get(HERE + "?need=esign"))
    assert page.index("Docusign") < page.index("Dropbox Sign")
    assert "Page 1 of" in page
    assert "What the catalogue" not in page
    whole = text_of(reader.get(HERE + "?category=files&q=dropbox"))
    assert "Dropbox" in whole
    assert "Dropbox Sign" not in whole  # another category


def test_nothing_found_says_what_to_do(reader: FlaskClient) -> None:
    assert "Unknown domains" in text_of(reader.get(HERE + "?q=nothing-is-called-this"))
    assert reader.get(HERE + "?need=%3Cb%3E&page=99&sort=x").status_code == 200


def test_a_service_shows_each_fact_with_source_date_and_confidence(reader: FlaskClient) -> None:
    page = text_of(reader.get(HERE + "chatgpt"))
    assert "Trains models on what is entered yes, unless switched off general knowledge, Nov 2026, very sure no" in page
    assert "JustDeleteMe, 21 Aug 2026" in page
    assert "What is entered trains no models." in page  # an upgrade would fix
    assert "Copilot Chat Microsoft 365 Business Basic" in page
    assert "Taking the data out" in page
    assert "chat.openai.com" in page
    assert reader.get(HERE + "no-such-service").status_code == 404


def test_an_upgrade_fixes_only_what_is_known_on_both_plans() -> None:
    yes, no = Fact(True, "editor", "2026-11"), Fact(False, "editor", "2026-11")
    assert service(free__sso=no, business__sso=yes, business__audit_log=yes, free__dpa=no).upgrade_fixes == ("sso",)
    assert service(mfa=no, business__mfa=yes).upgrade_fixes == ("mfa",)
    assert service(mfa=yes, business__mfa=yes).upgrade_fixes == ()
    opt_out, never = Fact("opt_out", "editor", "2026-11"), Fact("no", "editor", "2026-11")
    assert service(free__trains_on_input=opt_out, business__trains_on_input=never).upgrade_fixes == ("trains_on_input",)


def test_pages_that_are_open_follow_an_update(reader: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GNOMON_CACHE")  # another catalogue
    before = text_of(reader.get(HERE))
    root = tmp_path / "newer"
    (root / "catalogue").mkdir(parents=True)
    (root / "categories.toml").write_text('[files]\ntitle = "Files"\ncapabilities = { cloud_storage = "Cloud storage" }\n')
    (root / "catalogue" / "files.jsonl").write_text("")
    (root / "edition.toml").write_text("made = 2999-01-01\n")
    archive = catalogue_edition.pack(catalogue_edition.sources(root))
    kept = Path(os.environ["GNOMON_HOME"]) / "catalogue.update"
    kept.write_bytes(catalogue_edition.Update("0" * 16, b"as if it had been verified", archive).folded())
    after = text_of(reader.get(HERE))
    assert "0 services" in after
    assert "update signed with key 0000000000000000" in after
    kept.unlink()
    assert text_of(reader.get(HERE)) == before
