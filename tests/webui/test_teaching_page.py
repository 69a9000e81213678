"""A log that no format understands is taught on its page, read again, and recognised from then on."""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from discovery.own_formats_guess import teachable
from discovery.store import Store
from webui import jobs
from webui.desk import Desk
from webui.jobs import KEPT_UNKNOWN

IMPORTS = "/c/example/imports/"
TEACH = f"{IMPORTS}1/teach/"


def door(day: int = 2, site: str = "www.dropbox.com") -> bytes:
    """A proxy's own notation, in words that no format knows."""
    rows = "".join(f"2026-03-0{day} 09:{n:02}:10;10.1.0.{n % 3 + 1};{site};u{n % 3}\n" for n in range(40))
    return f"Moment;Von;Wohin;Wer\n{rows}".encode()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["gnomon"]
    return found


@pytest.fixture
def upload(browser: FlaskClient, desk: Desk) -> Callable[..., str]:
    def send(content: bytes, name: str = "door.log") -> str:
        assert post(browser, IMPORTS, form=IMPORTS, log=[(io.BytesIO(content), name)]).status_code == 303
        desk.jobs.work_off()
        return text_of(browser.get(IMPORTS))

    return send


def states(desk: Desk) -> list[tuple[str, str, str]]:
    return [(row.name, row.state, row.format) for row in kept.imports(desk.store, kept.get_client(desk.store, "example"))]


COLUMNS = {"column-0": "time", "column-1": "client", "column-2": "domain", "column-3": "user"}


def test_it_is_taught_read_again_and_recognised_from_then_on(upload: Callable[..., str], browser: FlaskClient, desk: Desk) -> None:
    assert "Teach Gnomon this log" in upload(door())
    page = browser.get(TEACH).text
    assert 'value="client" selected' in page
    assert "www.dropbox.com" in page
    looked = text_of(post(browser, TEACH, form=TEACH, **COLUMNS, title="Door", action="preview"))
    assert "100 % of the first lines are understood" in looked or "100% of the first lines are understood" in looked
    assert states(desk) == [("door.log", "failed", "")]
    assert post(browser, TEACH, form=TEACH, **COLUMNS, title="Door", action="save").status_code == 303
    desk.jobs.work_off()
    assert states(desk) == [("door.log", "published", "own-door"), ("door.log", "removed", "")]
    assert not list(desk.jobs.spool.iterdir()), "nothing of the upload is left"
    assert "Dropbox" in browser.get("/c/example/services/").text
    upload(door(day=3), "next.log")
    assert states(desk)[0] == ("next.log", "published", "own-door")
    assert "Taught for Example & Co" in text_of(browser.get("/c/example/formats/"))
    assert post(browser, "/c/example/formats/own-door/forget", form="/c/example/formats/").status_code == 303
    assert "Taught for" not in text_of(browser.get("/c/example/formats/"))
    assert post(browser, "/c/example/formats/own-door/forget", form="/c/example/formats/").status_code == 404
    assert "Dropbox" in browser.get("/c/example/services/").text, "what was read with it stays"


def test_the_page_looks_again_until_it_can_offer_to_be_taught(
    upload: Callable[..., str], browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def asked(head: bytes) -> bool:
        seen.append(browser.get(f"{IMPORTS}progress").text)
        return teachable(head)

    monkeypatch.setattr(jobs, "teachable", asked)
    assert "Teach Gnomon this log" in upload(door())
    assert "every 1s" in seen[0], "it failed, and whether it can be taught is found out just now"
    assert "every 1s" not in browser.get(f"{IMPORTS}progress").text


def test_what_cannot_be_read_is_not_kept(upload: Callable[..., str], browser: FlaskClient, desk: Desk) -> None:
    upload(door())
    for columns, sentence in (
        ({"column-0": "time"}, "must be the site"),
        ({"column-0": "domain", "column-2": "time"}, "too few of the first lines"),
        ({"column-0": "time", "column-1": "domain", "column-2": "domain"}, "Two columns are"),
        ({**COLUMNS, "column-1": "no-such-role", "title": ""}, "title"),
    ):
        answer = post(browser, TEACH, form=TEACH, **{"title": "Door", **columns}, action="save")
        assert answer.status_code == 400
        assert sentence in text_of(answer)
    assert states(desk) == [("door.log", "failed", "")]
    assert kept.taught_formats(desk.store, kept.get_client(desk.store, "example")) == {}


def test_prose_and_known_logs_are_not_for_teaching(upload: Callable[..., str], browser: FlaskClient, desk: Desk) -> None:
    assert "Teach Gnomon" not in upload(b"Dear all,\n\nplease find, attached, the minutes.\n")
    assert browser.get(TEACH).status_code == 404
    assert not list(desk.jobs.spool.iterdir())


def test_dismissing_it_deletes_the_upload(upload: Callable[..., str], browser: FlaskClient, desk: Desk) -> None:
    upload(door())
    assert len(list(desk.jobs.spool.iterdir())) == 1
    post(browser, f"{IMPORTS}1/remove", form=IMPORTS)
    assert not list(desk.jobs.spool.iterdir())


def test_it_is_deleted_in_time_and_with_its_client(upload: Callable[..., str], desk: Desk) -> None:
    upload(door())
    (left,) = desk.jobs.spool.iterdir()
    desk.jobs.resume()
    assert left.exists(), "a new start does not read it again"
    old = time.time() - KEPT_UNKNOWN.total_seconds() - 60
    os.utime(left, (old, old))
    desk.jobs.resume()
    assert not left.exists()
    upload(door(), "again.log")
    kept.delete_client(desk.store, kept.get_client(desk.store, "example"))
    assert not list(desk.jobs.spool.iterdir())


def test_the_next_client_gets_the_numbers_and_not_the_uploads(app: Flask, desk: Desk, tmp_path: Path) -> None:
    """Databases give numbers of rows again: a log that waits is its client's by the vault, which is never given again."""
    first = kept.create_client(desk.store, "First")
    for name in ("taught.log", "read.log"):
        (tmp_path / name).write_bytes(door())
        desk.jobs.submit(first, tmp_path / name, name)
        if name == "taught.log":
            desk.jobs.work_off()  # it waits to be taught now, the other one to be read
    desk.jobs.huey.flush()
    assert len(list(desk.jobs.spool.iterdir())) == 2
    left = {path.name: path.read_bytes() for path in desk.jobs.spool.iterdir()}
    kept.delete_client(desk.store, first)
    for name, content in left.items():  # as if it could not be deleted while somebody read it
        (desk.jobs.spool / name).write_bytes(content)
    second = kept.create_client(desk.store, "Second")
    assert second.id == first.id
    for number in (1, 2):
        (tmp_path / "prose.txt").write_bytes(b"Dear all\n")
        assert desk.jobs.submit(second, tmp_path / "prose.txt", "prose.txt").id == number
        desk.jobs.work_off()
        assert signed_in(app).get(f"/c/second/imports/{number}/teach/").status_code == 404
    desk.jobs.resume()
    desk.jobs.work_off()
    assert {job.name for job in kept.imports(desk.store, second)} == {"prose.txt"}
    assert not list(desk.jobs.spool.iterdir())


def test_a_format_belongs_to_its_client(upload: Callable[..., str], browser: FlaskClient, app: Flask, store: Store, tmp_path: Path) -> None:
    upload(door())
    post(browser, TEACH, form=TEACH, **COLUMNS, title="Door", action="save")
    other = kept.create_client(store, "Other", slug="other")
    assert signed_in(app).get("/c/other/imports/1/teach/").status_code == 404
    (tmp_path / "door.log").write_bytes(door())
    assert kept.import_log(store, other, tmp_path / "door.log").state == "failed"
    kept.delete_client(store, kept.get_client(store, "example"))
    assert not list((Path(store.folder) / "formats").glob("*/*.toml"))


def test_hostile_columns_stay_text(upload: Callable[..., str], browser: FlaskClient) -> None:
    upload(door(site="<script>alert(1)</script>").replace(b"Wohin", b"<img src=x>"))
    page = browser.get(TEACH).text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_formats_page_finds_the_recipe(browser: FlaskClient) -> None:
    said = text_of(browser.get("/c/example/formats/?q=web filter monitor"))
    assert "FortiGate firewall log" in said
    assert "Squid access log" not in said
    assert "So that it names sites" in text_of(browser.get("/c/example/formats/?q=fortigate"))
    assert "No log of that name is known" in text_of(browser.get("/c/example/formats/?q=zzz"))
