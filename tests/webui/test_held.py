"""Everything held about a person: all rows that lead to them, and nobody else."""

import io
import json
import re
import zipfile
from typing import Any

import html5lib
import polars as pl
import pytest
from conftest import PASSWORD, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, select

from discovery import store as kept
from discovery.store.base import Base
from discovery.store.identities import shown
from discovery.store.tables import Client, DnsAnswers, Handle, Identity, Subject, Usage
from rules.mentions.queries import _written
from rules.queries import decide
from rules.spotcheck import queries as spotcheck
from webui.crowd import id_of
from webui.desk import Desk
from webui.reveals import queries as reveals
from webui.roles import ADMINISTRATOR
from webui.users import queries as users
from webui.views import queries as views


@pytest.fixture
def app(settled: Flask) -> Flask:
    return settled


@pytest.fixture
def desk(app: Flask) -> Desk:
    made: Desk = app.extensions["gnomon"]
    decide(made.store, firm(made), "dropbox", "approved", decided_by="Ada", owner="Bob Example", reason="Bob Example and Cy Example need it.")
    return made


def firm(desk: Desk) -> Client:
    return kept.get_client(desk.store, "example")


def key_of(desk: Desk, name: str) -> str:
    with desk.store.read() as db:
        every = db.execute(select(Identity.key, Identity.sealed).where(Identity.kind == "person")).all()
    return next(key for key, sealed in every if desk.store.vault(firm(desk)).unseal(sealed) == name)


def called(desk: Desk) -> dict[str, str]:
    with desk.store.read() as db:
        return shown(db, firm(desk), desk.store.vault(firm(desk)), names=firm(desk).show_names)


def download(app: Flask, person: str, browser: FlaskClient | None = None) -> tuple[dict[str, Any], str]:
    answer = (browser or signed_in(app)).get(f"/c/example/people/{id_of(person)}/held/")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        return json.loads(files.read("everything-held.json")), files.read("everything-held.html").decode()


def test_it_is_every_row_that_leads_to_the_person(app: Flask, desk: Desk) -> None:
    bob = key_of(desk, "Bob Example")
    told, _ = download(app, called(desk)[bob])
    with desk.store.read() as db:
        handles = db.scalars(select(Handle).where(Handle.person == bob)).all()
        users = {handle.user_name for handle in handles if handle.user_name}
        subjects = set(db.scalars(select(Subject.id).where(Subject.user_name.in_(users))))
        packed = [pl.read_parquet(block) for block in db.scalars(select(Usage.packed))]
        asked = [pl.read_parquet(block) for block in db.scalars(select(DnsAnswers.packed))]
    rows = pl.concat(packed).filter(pl.col("subject").is_in(list(subjects)))
    assert rows.height == len(told["usage"]) > 20
    assert rows["hits"].sum() == sum(row["hits"] for row in told["usage"]) == sum(row["requests"] for row in told["days"])
    assert sorted(rows["first_line"]) == sorted(row["first_line"] for row in told["usage"])
    assert sum(frame.filter(pl.col("user_name").is_in(list(users))).height for frame in asked) == len(told["dns_questions"])
    assert len(told["people_list"]) == len(handles)
    names = {row["shown_as"] for row in told["names"]}
    assert {called(desk)[key] for key in users | {bob}} <= names
    assert {row["basis"] for row in told["devices"]} == {"user name in the log"}
    assert {row["name"] for row in told["logs"]} == {"access.log.gz"}
    assert {row["service"] for row in told["services"]} >= {"Dropbox"}


@pytest.mark.parametrize("names", [True, False])
def test_nobody_else_is_in_it(app: Flask, desk: Desk, names: bool) -> None:
    kept.update_client(desk.store, firm(desk), show_names=names)
    bob, known = key_of(desk, "Bob Example"), called(desk)
    told, page = download(app, known[bob])
    text = json.dumps(told, ensure_ascii=False) + page
    with desk.store.read() as db:
        own = {handle.user_name for handle in db.scalars(select(Handle).where(Handle.person == bob))} | {bob}
        others = set(db.scalars(select(Identity.key).where(Identity.kind.in_(("person", "user_name"))))) - own
    assert len(others) >= 4
    for key in others:
        assert not re.search(rf"\b{re.escape(known[key])}\b", text), known[key]
    texts = [known[bob], f"{known[bob]} and another person need it."]
    assert [row["text"] for row in told["mentions"]] == (texts if names else []), "which texts name somebody would tell who it is"
    assert [row["what"] for row in told["left_out"]] == [*([] if names else ["Texts that name this person"]), "Logs that nobody read yet"]
    assert ("Bob" in text) is names, "a sealed name stays sealed"


def test_texts_stand_in_it_for_whoever_may_see_the_name(app: Flask, desk: Desk) -> None:
    store, client, person = desk.store, firm(desk), called(desk)[key_of(desk, "Bob Example")]
    for who in ("Eve", "Ann"):
        users.add(store, who, PASSWORD, ADMINISTRATOR, None)
    views.save(store, client, "What Bob Example and Cy Example use", "services.index", {"search": "Bob Example"}, by="Ann")
    reason = "Bob Example asked, and Cy Example did as well."
    reveals.ask(store, client, person, purpose="subject", reason=reason, ticket="of Cy Example", by="Eve")
    told, _ = download(app, person, signed_in(app, "Eve"))
    assert told["mentions"] == [], "asking is no leave"
    assert [row["reason"] for row in told["names_shown"]] == ["somebody asked, and somebody did as well."]
    reveals.answer(store, client, 1, agrees=True, by="Ann")
    told, page = download(app, person, signed_in(app, "Eve"))
    texts = {row["text"] for row in told["mentions"]}
    assert texts >= {person, f"What {person} and another person use", f'{{"search": "{person}"}}', f"{person} asked, and another person did as well."}
    assert [row["what"] for row in told["left_out"]] == ["Logs that nobody read yet"]
    assert not re.search(r"\b(Bob|Cy) Example", json.dumps(told) + page)
    assert download(app, person, signed_in(app, "Ann"))[0]["mentions"] == [], "the leave is that of whoever asked"


def test_every_text_somebody_could_write_is_searched() -> None:
    tables = [table for table in Base.metadata.tables.values() if "client_id" in table.c]
    with_texts = {table.name for table in tables if any(isinstance(column.type, Text) for column in table.c)}
    assert with_texts - {one.__tablename__ for one in _written()} == {"domains"}


def test_the_page_to_read_is_inert_and_says_when_it_goes(app: Flask, desk: Desk) -> None:
    kept.keep_people_for(desk.store, firm(desk), 400)
    person = called(desk)[key_of(desk, "Bob Example")]
    mark = spotcheck.marker(desk.store, firm(desk))(f"{person}\0dropbox")
    spotcheck.answer(desk.store, firm(desk), mark, "dropbox", "program", by="Ada")
    told, page = download(app, person)
    assert told["spot_checks"] == [{"service": "Dropbox", "answer": "program"}]
    assert told["kept_for"][0]["oldest_goes_on"] > told["usage"][0]["day"]
    assert f"Everything held about {person}" in page
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    assert len(list(tree.iter("h2"))) >= 10
    rows = sum(len(part) for part in told.values() if isinstance(part, list))
    assert sum(len(list(body)) for body in tree.iter("tbody")) == rows, "the page holds what the data holds"


@pytest.mark.usefixtures("desk")
def test_there_is_none_of_a_device_or_of_nobody(app: Flask) -> None:
    browser = signed_in(app)
    assert browser.get("/c/example/people/0000000000000000/held/").status_code == 404
    device = re.search(r"/devices/([0-9a-f]{16})", browser.get("/c/example/devices/").text)
    assert device
    assert browser.get(f"/c/example/people/{device[1]}/held/").status_code == 404
