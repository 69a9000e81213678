"""What other records than traffic say, on the pages: lines of their own with kind, date and doubt, and nobody counted for them."""

from pathlib import Path

import pytest
from conftest import text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from webui import crowd

SIGN_INS = (
    "Date (UTC),Request ID,Username,User type,Application,Resource tenant ID,Home tenant ID,IP address,Status,Sign-in error code\n"
    "2026-11-19T08:00:00Z,r1,ann@acme.example,Member,Dropbox,t1,t1,203.0.113.77,Success,0\n"
    + "".join(
        f"2026-11-19T09:0{n}:00Z,x{n},{who}@acme.example,Member,<b>Acme Ledger</b>,t1,t1,203.0.113.77,Success,0\n"
        for n, who in enumerate(("ann", "bob", "cy"))
    )
)


@pytest.fixture
def taken_in(app: Flask, browser: FlaskClient, tmp_path: Path) -> FlaskClient:
    path = tmp_path / "signins.csv"
    path.write_text(SIGN_INS, encoding="utf-8")
    store = app.extensions["gnomon"].store
    assert kept.import_log(store, kept.get_client(store, "example"), path).state == "published"
    return browser


def test_a_service_known_from_sign_ins_alone_says_so(taken_in: FlaskClient) -> None:
    page = text_of(taken_in.get("/c/example/services/dropbox"))
    assert "No traffic to it was seen in this period; it is known from other records only." in page
    assert "Known from other records" in page
    assert "Sign-in: signed in to “Dropbox”, once" in page
    assert "A sign-in says that there is an account, not how much it is used." in page
    assert "19 Nov 2026" in page
    assert "company account" in page
    assert "worked with" not in page.split("Why this risk", maxsplit=1)[0]


def test_a_person_known_from_sign_ins_alone_appears(app: Flask, taken_in: FlaskClient) -> None:
    store = app.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    (person,) = set(kept.observations(store, client, app.extensions["gnomon"].catalogue).sightings.drop_nulls("service")["person"])
    assert person in text_of(taken_in.get("/c/example/people/"))
    page = text_of(taken_in.get(f"/c/example/people/{crowd.id_of(person)}"))
    assert "Works with 0 online services" in page
    assert "Sign-in: signed in to “Dropbox”, once" in page
    assert "Met without working with it" not in page


def test_names_of_no_catalogue_are_listed_as_text(taken_in: FlaskClient) -> None:
    answer = taken_in.get("/c/example/unknown/")
    assert "Not in the catalogue" in text_of(answer)
    assert "&lt;b&gt;Acme Ledger&lt;/b&gt;" in answer.text
    assert "<b>Acme Ledger" not in answer.text
