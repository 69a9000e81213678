"""Unknown domains become services in two clicks, overrides are listed and removed, findings are confirmed or refuted: all of it can be undone."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import SETTINGS, post, signed_in, text_of, with_client
from flask import Flask
from flask.testing import FlaskClient

from discovery import catalogue
from discovery import store as kept
from discovery.catalogue import Catalogue
from discovery.store.own import place_host
from rules.spotcheck import queries
from webui.app import create_app
from webui.cli import gnomon

PLACES = ("app.boxy.example", "upload.boxy.example", "www.news.example", "login.evil-dropbox.com", "www.dropbox.com", "www.example-ledger.example")


def squid() -> str:
    """Three people, each at six sites for some minutes on three days."""
    lines = []
    for day in range(3):
        for person in ("ann", "bob", "cy"):
            for number, host in enumerate(PLACES):
                for turn in range(12):
                    at = 1_795_000_000 + 86_400 * day + 3_600 * number + 31 * turn + 7 * turn**2
                    lines.append(f"{at}.000 100 10.0.0.1 TCP_TUNNEL/200 9000 CONNECT {host}:443 {person} HIER_DIRECT/192.0.2.1 -")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home_with_log(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose client has taken in that log, made once."""
    folder = tmp_path_factory.mktemp("taken") / "home"
    shutil.copytree(new_home, folder)
    log = folder.parent / "access.log"
    log.write_text(squid(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_HOME", str(folder))
        store = kept.open_store()
        with_client(store)
        assert kept.import_log(store, kept.get_client(store, "example"), log).state == "published"
        store.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return catalogue.load()


@pytest.fixture
def app(home_with_log: Path, tmp_path: Path, shipped: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """That installation; every test has its own."""
    shutil.copytree(home_with_log, tmp_path / "home")
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    made = create_app(None, SETTINGS)
    made.extensions["gnomon"].__dict__["shipped"] = shipped  # loaded once for all tests
    yield made
    made.extensions["gnomon"].store.engine.dispose()


@pytest.fixture
def taken_in(app: Flask) -> FlaskClient:
    return signed_in(app)


def test_the_list_says_what_each_may_be_and_flags_names_that_deceive(taken_in: FlaskClient) -> None:
    page = text_of(taken_in.get("/c/example/unknown/"))
    assert "1 name looks like a known service" in page
    assert "Looks like Dropbox : holds “dropbox”, as in dropbox.com." in page
    assert "boxy.example May be a tool for sending large files. An application (app.), files are moved (upload.)." in page
    assert "news.example" not in page
    assert "news.example" in text_of(taken_in.get("/c/example/unknown/?show=sites"))
    assert "boxy.example" in text_of(taken_in.get("/c/example/unknown/?search=boxy"))
    assert "No domain here holds “zzz”" in text_of(taken_in.get("/c/example/unknown/?search=zzz"))


def test_a_domain_becomes_a_service_in_two_clicks_and_it_can_be_undone(taken_in: FlaskClient) -> None:
    form = "/c/example/unknown/boxy.example"
    page = taken_in.get(form).text
    chosen = re.search(r'<option value="(\w+)" selected>', page)  # everything is filled in: the second click sends it
    name = re.search(r'id="name" name="name" value="([^"]+)"', page)
    assert chosen
    assert name
    said = {"name": name[1], "capability": chosen[1], "role": "use", "host": "boxy.example", "means": "service"}
    answer = post(taken_in, form, form, **said)
    assert answer.location.startswith("/c/example/unknown/?added=own-boxy")
    page = text_of(taken_in.get(answer.location))
    assert "“Boxy” is a service of Example & Co now" in page
    assert "Boxy" in text_of(taken_in.get("/c/example/services/?activity=any"))
    assert "3 of 41 people" in text_of(taken_in.get("/c/example/services/own-boxy"))
    assert taken_in.get(form).status_code == 303
    answer = post(taken_in, "/c/example/unknown/undo", answer.location, service="own-boxy")
    assert "The domain is unknown again" in text_of(taken_in.get(answer.location))
    assert taken_in.get("/c/example/services/own-boxy").status_code == 404
    assert taken_in.get(form).status_code == 200


def test_a_domain_becomes_background_or_ones_own_site(taken_in: FlaskClient) -> None:
    form = "/c/example/unknown/example-ledger.example"
    assert "button little first" not in taken_in.get("/c/example/unknown/news.example").text
    assert "button little first" not in taken_in.get(form).text  # "exampleledger" is more than the firm's name
    answer = post(taken_in, form, form, host="example-ledger.example", means="own_site")
    page = text_of(taken_in.get(answer.location))
    assert "example-ledger.example is your own site from now on and counts for nobody." in page
    assert "example-ledger.example" not in text_of(taken_in.get("/c/example/unknown/?show=sites"))


def test_what_cannot_be_a_service_is_said(taken_in: FlaskClient) -> None:
    form = "/c/example/unknown/boxy.example"
    answer = post(taken_in, form, form, name="Boxy", capability="", role="use", host="boxy.example", means="service")
    assert "Please choose what people need the service for." in text_of(taken_in.get(answer.location))
    assert taken_in.get("/c/example/unknown/no-such.example").status_code == 404


def test_downloads_and_the_command_hold_what_is_set_aside_too(taken_in: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(taken_in.get("/c/example/unknown/?format=csv").text.lstrip("\ufeff"))))
    assert {"boxy.example", "news.example", "evil-dropbox.com"} <= {row["domain"] for row in rows}
    run = CliRunner().invoke(gnomon, ["unknown", "example", "--output", "json"])
    assert run.exit_code == 0, run.output
    told = {row["domain"]: row for row in json.loads(run.stdout)}
    assert told["evil-dropbox.com"]["looks_like"]["service"] == "dropbox"
    assert told["boxy.example"]["kind"] == "tool"
    assert told["boxy.example"]["looks_like"] is None
    run = CliRunner().invoke(gnomon, ["unknown", "example", "--output", "csv"])
    assert [row["domain"] for row in csv.DictReader(io.StringIO(run.stdout.lstrip("\ufeff")))] == list(told)
    run = CliRunner().invoke(gnomon, ["unknown", "example"])
    assert "boxy.example" in run.output


OWN = "/c/example/own-services/"


def test_own_services_teach_when_there_are_none(taken_in: FlaskClient) -> None:
    assert "Nothing of your own yet" in text_of(taken_in.get(OWN))


def test_a_service_of_the_catalogue_is_called_otherwise_and_says_so(taken_in: FlaskClient) -> None:
    post(taken_in, f"{OWN}services/change", OWN, service="dropbox", name="The Box", capability="")
    page = text_of(taken_in.get(OWN))
    assert "The catalogue calls it Dropbox, for Cloud storage and sync. Yours counts." in page
    assert "The Box" in text_of(taken_in.get("/c/example/services/dropbox"))
    post(taken_in, f"{OWN}remove", OWN, service="dropbox")
    assert "“The Box” is removed." in text_of(taken_in.get(OWN))
    post(taken_in, f"{OWN}put-back", OWN)
    assert "The Box" in text_of(taken_in.get("/c/example/services/dropbox"))


def test_a_service_is_found_by_its_name_as_people_type_it(taken_in: FlaskClient) -> None:
    post(taken_in, f"{OWN}hosts", OWN, domain="https://box.acme.example/files", means="service", service="dropbox business", role="use")
    assert "There is no such service." in text_of(taken_in.get(OWN))
    post(taken_in, f"{OWN}hosts", OWN, domain="https://box.acme.example/files", means="service", service="DROPBOX", role="use")
    assert "box.acme.example · A host of Dropbox" in text_of(taken_in.get(OWN))


def test_a_whole_service_is_added_changed_removed_and_put_back(taken_in: FlaskClient) -> None:
    post(taken_in, f"{OWN}services", OWN, name="Boxy", capability="backup", hosts="boxy.example, boxy.test", role="sync")
    page = text_of(taken_in.get(OWN))
    assert "Boxy · Backup" in page
    assert "boxy.example sync client" in page
    post(taken_in, f"{OWN}services/change", OWN, service="own-boxy", name="Boxy Two", capability="backup")
    post(taken_in, f"{OWN}remove", OWN, service="own-boxy")
    page = text_of(taken_in.get(OWN))
    assert "“Boxy Two” is removed." in page
    post(taken_in, f"{OWN}put-back", OWN)
    page = text_of(taken_in.get(OWN))
    assert "Boxy Two · Backup" in page
    assert "boxy.test sync client" in page
    assert post(taken_in, f"{OWN}put-back", OWN).status_code == 404
    assert post(taken_in, f"{OWN}remove", OWN, host="no-such.example").status_code == 404


def test_what_the_client_says_can_be_taken_along(taken_in: FlaskClient) -> None:
    path = "/c/example/own-services"
    assert "Download" not in text_of(taken_in.get(f"{path}/"))
    post(taken_in, f"{path}/services", name="Boxy", capability="file_transfer", hosts="boxy.example", role="use")
    post(taken_in, f"{path}/hosts", domain="news.example", means="own_site")
    header, *rows = csv.reader(taken_in.get(f"{path}/?format=csv").text.lstrip("\ufeff").splitlines())
    assert header[:4] == ["host", "means", "service", "capability"]
    assert {tuple(row[:4]) for row in rows} == {
        ("", "Only here", "Boxy", "file_transfer"),
        ("boxy.example", "A host of", "Boxy", ""),
        ("news.example", "Our own site", "", ""),
    }
    assert "Download" in text_of(taken_in.get(f"{path}/"))


def test_names_that_people_type_stay_text(taken_in: FlaskClient) -> None:
    post(taken_in, f"{OWN}services", OWN, name="<b>Boxy</b>", capability="backup", hosts="boxy.example", role="use")
    page = taken_in.get(OWN).text
    assert "&lt;b&gt;Boxy&lt;/b&gt;" in page
    assert "<b>Boxy" not in page


CHECK = "/c/example/spot-check/"


def test_findings_are_confirmed_and_refuted_and_the_precision_is_told(app: Flask, taken_in: FlaskClient) -> None:
    page = taken_in.get(CHECK)
    assert "how often they hold here is not known" in text_of(page)
    marks = sorted(set(re.findall(r'type="radio" name="([0-9a-f]{64})"', page.text)))
    assert len(marks) == 3
    assert not re.search(r"\b(ann|bob|cy)\b", text_of(page))
    post(taken_in, CHECK, CHECK, **{marks[0]: "yes", marks[1]: "program"})
    page = text_of(taken_in.get(CHECK))
    assert "2 answers are kept." in page
    assert "1 of 2 findings of active use that were looked at hold (50 %; with 95 % confidence between 9 % and 91 % do)." in page
    assert "Not a person, but a program: Dropbox?" in page
    store = app.extensions["gnomon"].store
    assert queries.found_precision(store, kept.get_client(store, "example")).judged == 2
    post(taken_in, f"{CHECK}undo", CHECK)
    assert "how often they hold here is not known" in text_of(taken_in.get(CHECK))


def test_a_program_becomes_an_override(taken_in: FlaskClient) -> None:
    mark = re.findall(r'type="radio" name="([0-9a-f]{64})"', taken_in.get(CHECK).text)[0]
    post(taken_in, CHECK, CHECK, **{mark: "program"})
    post(taken_in, f"{CHECK}background", CHECK, host="www.dropbox.com")
    page = text_of(taken_in.get(CHECK))
    assert "Not a person, but a program" not in page
    assert "0 of 1 findings" in page  # what was found before stays said
    assert "www.dropbox.com · Background for us" in text_of(taken_in.get(OWN))


def test_names_are_not_shown_even_where_pages_show_them(app: Flask, taken_in: FlaskClient) -> None:
    store = app.extensions["gnomon"].store
    kept.update_client(store, kept.get_client(store, "example"), show_names=True)
    assert re.search(r"\bann\b", text_of(taken_in.get("/c/example/people/")))
    assert not re.search(r"\b(ann|bob|cy)\b", text_of(taken_in.get(CHECK)))


def test_nothing_to_check_says_what_to_do(app: Flask, taken_in: FlaskClient) -> None:
    kept.create_client(app.extensions["gnomon"].store, "Empty")
    assert "Nothing to check yet" in text_of(taken_in.get("/c/empty/spot-check/"))
    assert "No answer was chosen" in text_of(taken_in.get(post(taken_in, CHECK).location))


def test_ones_own_word_shows_in_reports(app: Flask, taken_in: FlaskClient) -> None:
    desk = app.extensions["gnomon"]
    place_host(desk.store, kept.get_client(desk.store, "example"), desk.shipped, "dropbox.com", "background", by="Ada")
    assert "Dropbox" not in text_of(taken_in.get("/c/example/services/?activity=any"))
    run = CliRunner().invoke(gnomon, ["report", "example", "--format", "json"])
    assert run.exit_code == 0, run.output
    assert "dropbox" not in {finding["service"]["id"] for finding in json.loads(run.stdout)["findings"]}
