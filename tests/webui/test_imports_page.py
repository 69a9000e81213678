"""Logs through the page: streamed to disk, read in the background, accounted for, removable, and safe from a killed process."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from discovery.errors import NoRoom
from discovery.store import Store
from rules.assess import assess
from tests.waiting import eventually
from webui import assessments
from webui.desk import Desk
from webui.jobs import Jobs

IMPORTS = "/c/example/imports/"
PEOPLE = b"person,team,user\nAda Example,Sales,ada\nBob Example,Studio,bob\n"


def squid(user: str = "ada") -> bytes:
    """A Squid log of somebody who sits down to ChatGPT three times a day, for six minutes, on two days."""
    text = ""
    for n in range(60):
        at = 1_762_160_400 + n // 30 * 86_400 + n % 30 // 10 * 7_200 + n % 10 * 40
        text += f"{at}.123    187 192.0.2.7 TCP_TUNNEL/200 48211 CONNECT chatgpt.com:443 {user} HIER_DIRECT/203.0.113.9 -\n"
    return text.encode()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["gnomon"]
    return found


@pytest.fixture
def upload(browser: FlaskClient, desk: Desk) -> Callable[..., str]:
    """Send files as the page does, read them, and say what the page says then."""

    def send(*files: tuple[bytes, str], work: bool = True) -> str:
        answer = post(browser, IMPORTS, form=IMPORTS, log=[(io.BytesIO(content), name) for content, name in files])
        assert answer.status_code == 303
        if work:
            desk.jobs.work_off()
        return text_of(browser.get(IMPORTS))

    return send


def states(desk: Desk) -> list[tuple[str, str]]:
    return [(row.name, row.state) for row in kept.imports(desk.store, kept.get_client(desk.store, "example"))]


def test_a_log_becomes_findings(upload: Callable[..., str], browser: FlaskClient, desk: Desk) -> None:
    said = upload((squid(), "access.log"))
    assert "60 requests" in said
    assert "0 not understood" in said
    assert states(desk) == [("access.log", "published")]
    assert not list(desk.jobs.spool.iterdir()), "the upload itself is gone"
    assert "ChatGPT" in browser.get("/c/example/services/").text
    page = text_of(browser.get("/c/example/services/chatgpt"))
    assert "line 1 of access.log" in page


def test_it_waits_in_line_and_says_so(upload: Callable[..., str], desk: Desk) -> None:
    assert "In line. It is read in a moment, or as soon as those before it are done." in upload((squid(), "access.log"), work=False)
    assert states(desk) == [("access.log", "staging")]


def test_what_could_not_be_read_is_not_called_read(upload: Callable[..., str]) -> None:
    assert "Everything is read." in upload((squid(), "access.log"))
    assert "1 file could not be read; everything else is." in upload((b"hello world\n" * 40, "letter.txt"))


def test_a_report_begins_where_the_logs_do(upload: Callable[..., str], browser: FlaskClient) -> None:
    upload((squid(), "access.log"))
    assert "From 3 November to 4 November 2025, 1 of 41 people worked" in text_of(browser.get("/c/example/reports/"))
    assert "The logs begin on 3 November 2025." in text_of(browser.get("/c/example/"))
    assert "On 4 November 2025, 1 of 41 people worked" in text_of(browser.get("/c/example/reports/?since=2025-11-04&until=2025-11-04"))


def test_leases_are_no_requests(upload: Callable[..., str]) -> None:
    leases = "1794214477 aa:bb:cc:00:11:22 10.20.0.11 ada-laptop *\n1794214490 aa:bb:cc:00:11:23 10.20.0.12 bob-laptop *\n"
    said = upload((leases.encode(), "dnsmasq.leases"))
    assert "2 lines of leases" in said
    assert "2 leases were taken in" in said
    assert "skipped" not in said


def test_the_same_log_again_adds_nothing(upload: Callable[..., str], desk: Desk) -> None:
    upload((squid(), "access.log"))
    assert "Nothing was added" in upload((gzip.compress(squid()), "copy.gz"))
    assert states(desk) == [("copy.gz", "already"), ("access.log", "published")]


def test_an_archive_becomes_one_import_per_log(upload: Callable[..., str], desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("monday.log", squid("ada"))
        archive.writestr("../../tuesday.log", squid("bob"))
    upload((packed.getvalue(), "week.zip"))
    assert states(desk) == [("week.zip/../../tuesday.log", "published"), ("week.zip/monday.log", "published")]


def test_a_picture_in_an_archive_is_named_and_an_empty_archive_is_no_archive_in_another(upload: Callable[..., str], desk: Desk) -> None:
    packed, empty = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("plan.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
        archive.writestr("one.log", squid("ada").splitlines(keepends=True)[0])
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("folder/", "")
    said = upload((packed.getvalue(), "week.zip")) + upload((empty.getvalue(), "nothing.zip"))
    rows = {row.name: row.message for row in kept.imports(desk.store, kept.get_client(desk.store, "example"))}
    assert rows["week.zip/plan.png"].startswith("This is a PNG picture")
    assert rows["week.zip/one.log"] == "1 request of 1 line was taken in."
    assert rows["nothing.zip"] == "nothing.zip is an archive without files."
    assert "1 requests" not in said


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40, b"hello world\n" * 40])
def test_what_is_no_log_says_why(upload: Callable[..., str], desk: Desk, content: bytes) -> None:
    upload((content, "picture.log"))
    assert states(desk) == [("picture.log", "failed")]
    row = kept.imports(desk.store, kept.get_client(desk.store, "example"))[0]
    assert row.message.endswith(".")
    assert not list(desk.jobs.spool.iterdir())


def test_a_disk_too_full_to_say_so_is_said_once_the_upload_made_room(upload: Callable[..., str], desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise NoRoom

    monkeypatch.setattr(kept, "run_import", full)
    assert "There is no room left" in upload((squid(), "access.log"))
    assert states(desk) == [("access.log", "failed")]
    assert not list(desk.jobs.spool.iterdir())


def test_a_people_list_is_recognised_and_in_force_at_once(upload: Callable[..., str], desk: Desk, browser: FlaskClient) -> None:
    assert "There is none yet: whoever neither a log nor a lease names" in browser.get("/c/example/imports/").text
    said = upload((squid(), "access.log"), (PEOPLE, "staff.csv"))
    assert "staff.csv is a people list with 2 people" in said
    assert "2 people in the list that is in force." in browser.get("/c/example/imports/").text
    assert states(desk) == [("access.log", "published")]
    kept.update_client(desk.store, kept.get_client(desk.store, "example"), show_names=True)
    assert "Ada Example" in browser.get("/c/example/people/").text


def test_a_directorys_users_are_a_people_list(upload: Callable[..., str], desk: Desk) -> None:
    users = b"DistinguishedName,GivenName,Surname,SamAccountName\nCN=Ada,Ada,Example,ada.example\n"
    assert "users.csv is a people list with 1 person" in upload((users, "users.csv"))
    assert not states(desk)


def test_removing_needs_the_name_and_takes_the_numbers_along(upload: Callable[..., str], desk: Desk, browser: FlaskClient) -> None:
    upload((squid(), "access.log"))
    assert post(browser, f"{IMPORTS}1/remove", name="something else").status_code == 400
    assert states(desk) == [("access.log", "published")]
    assert post(browser, f"{IMPORTS}1/remove", name="access.log").status_code == 303
    assert states(desk) == [("access.log", "removed")]
    assert "No logs yet" in text_of(browser.get("/c/example/"))


def test_a_waiting_log_can_be_stopped(upload: Callable[..., str], desk: Desk, browser: FlaskClient) -> None:
    upload((squid(), "access.log"), work=False)
    post(browser, f"{IMPORTS}1/remove")
    desk.jobs.work_off()
    assert states(desk) == [("access.log", "removed")]
    assert not list(desk.jobs.spool.iterdir())


def test_uploads_in_line_survive_the_process(upload: Callable[..., str], desk: Desk) -> None:
    upload((squid(), "access.log"), work=False)
    (desk.jobs.spool / "arriving-half").write_bytes(b"half of an upload")
    again = Jobs(desk.store)
    assert again.resume() == 1
    again.work_off()
    assert states(desk) == [("access.log", "published")]
    assert not list(again.spool.iterdir())


def test_a_log_that_was_being_read_starts_anew(upload: Callable[..., str], desk: Desk) -> None:
    upload((squid(), "access.log"), work=False)
    desk.jobs.stop()  # as when the server is stopped while the log is read
    desk.jobs.work_off()
    assert states(desk) == [("access.log", "failed")]
    again = Jobs(desk.store)
    assert again.resume() == 1
    again.work_off()
    assert states(desk) == [("access.log", "published"), ("access.log", "removed")]


def test_the_worker_reads_in_the_background_and_stops(desk: Desk, upload: Callable[..., str]) -> None:
    desk.jobs.start()
    try:
        upload((squid(), "access.log"), work=False)
        assert eventually(lambda: states(desk) == [("access.log", "published")])
    finally:
        desk.jobs.stop()


def test_names_of_files_are_only_names(upload: Callable[..., str], desk: Desk) -> None:
    upload((squid(), "../../C:/logs/acc\u202eess.log"))
    assert states(desk) == [("access.log", "published")]
    assert {path.name for path in Path(desk.store.folder).iterdir()} >= {"spool"}


def test_one_firm_never_sees_the_logs_of_another(app: Flask, upload: Callable[..., str], store: Store) -> None:
    upload((squid(), "access.log"))
    kept.create_client(store, "Other", slug="other")
    browser = signed_in(app)
    assert "access.log" not in browser.get("/c/other/imports/").text
    foreign, missing = (browser.get(f"/c/other/imports/{number}/remove") for number in (1, 999))
    assert foreign.status_code == missing.status_code == 404
    assert post(browser, "/c/other/imports/1/remove", form="/c/other/settings/", name="access.log").status_code == 404
    assert kept.imports(store, kept.get_client(store, "example"))[0].state == "published"


def test_one_judgement_serves_all_pages(upload: Callable[..., str], browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[object] = []
    monkeypatch.setattr(assessments, "assess", lambda seen, *args, **how: (judged.append(seen), assess(seen, *args, **how))[1])
    upload((squid(), "access.log"))
    assert len(judged) == 3, "this period, the one before and all before it, as soon as the log is in"
    for page in ("", "services/", "people/", "gaps/", "unknown/", "services/chatgpt"):
        assert browser.get(f"/c/example/{page}").status_code == 200
    assert len(judged) == 3
    post(browser, "/c/example/services/chatgpt/decide", status="approved")
    browser.get("/c/example/services/")
    assert len(judged) == 4, "a decision changes what is judged"
