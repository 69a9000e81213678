"""Every page, from a firm in plain words and the same firm in hostile ones: nothing that was stored becomes markup, and numbers say why."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from conftest import made_twin, post, signed_in, text_of
from flask import Flask
from flask.testing import FlaskClient
from made_up import Say, made_up

from discovery import store as kept
from rules.queries import decide, decisions
from webui import crowd
from webui.filters import Filter

PAGES = (
    "", "?period=all", "?status=undecided&level=High", "services/", "services/?activity=any&sort=people", "services/chatgpt",
    "services/dropbox?period=7", "services/1password", "people/", "people/{person}", "gaps/", "unknown/", "unknown/?search=supplier-1",
    "imports/", "imports/progress", "imports/1/remove", "settings/", "settings/tools", "welcome/tools", "catalogue/", "catalogue/?q=pdf",
    "formats/", "formats/?q=fortigate", "formats/?q=<b>",
    "register/", "register/controls", "alerts/", "maturity/", "bandwidth/",
    "devices/?show=somebody", "devices/{person}", "reports/", "views/",
)  # fmt: skip
TABLES = (
    "",
    "services/",
    "services/chatgpt",
    "people/",
    "people/{person}",
    "devices/",
    "devices/{person}",
    "gaps/",
    "unknown/",
    "imports/",
    "register/",
    "register/controls",
    "alerts/",
)
PAYLOADS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</title><svg onload=alert(1)>",
    "javascript:alert(1)", "{{ 7*7 }}{% raw %}", "<!--", "]]>", "&lt;b&gt;", "\u202egnp.exe", "=1+1", "</textarea><b>",
    "<a href=//evil.example>", "\"}', hx-get='//evil.example",
)  # fmt: skip


def hostile(text: str) -> str:
    return f"{PAYLOADS[len(text) % len(PAYLOADS)]}{text}"


def fill(app: Flask, say: Say) -> FlaskClient:
    """Everything that is free text: settings, toolset, decisions, accounts, imports, and the whole firm."""
    store = app.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    toolset = f'[[tool]]\nname = {html.unescape(_toml(say("File server")))}\ncapabilities = ["cloud_storage"]\n'
    kept.update_client(store, client, name=say("Example & Co"), toolset=toolset)
    for status in ("tolerated", "approved"):
        decide(store, client, "chatgpt", status, owner=say("Ann"), reason=say("Because."), conditions=say("No client data"), decided_by=say("Ada"))
    job = kept.start_import(store, client, name=say("access.log"))
    kept.remove_import(store, client, job.id)
    kept.start_import(store, client, name=say("access.log"))
    app.extensions["gnomon"].__dict__["assessments"] = made_up(say)
    return signed_in(app)


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def markup(page: str) -> Counter[tuple[str, tuple[str, ...]]]:
    """Elements with the names of their attributes."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return Counter((str(element.tag), tuple(sorted(element.attrib))) for element in tree.iter())


@pytest.fixture(scope="module")
def firms(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[FlaskClient]]:
    """The firm in plain and in hostile words; the tests only look."""
    with pytest.MonkeyPatch.context() as patch:
        apps = [made_twin(new_home, tmp_path_factory.mktemp("firm") / "home", patch) for _ in range(2)]
        yield [fill(app, say) for app, say in zip(apps, (str, hostile), strict=True)]
    for app in apps:
        app.extensions["gnomon"].store.engine.dispose()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_stored_becomes_markup(firms: list[FlaskClient], path: str) -> None:
    pages = []
    for client, say in zip(firms, (str, hostile), strict=True):
        answer = client.get(f"/c/example/{path.format(person=crowd.id_of(say('U-002')))}")
        assert answer.status_code == 200
        pages.append(answer.text)
    plain, evil = map(markup, pages)
    assert evil == plain
    tree = html5lib.parse(pages[1], namespaceHTMLElements=False)
    links = [
        str(element.attrib[name]) for element in tree.iter() for name in ("href", "src", "action", "hx-get", "hx-post") if name in element.attrib
    ]
    assert not [link for link in links if not link.startswith(("/", "#", "?"))]
    assert "\u202e" not in pages[1], "a name cannot turn the text around it"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "imports/progress"])
def test_pages_name_their_parts_for_everybody(firms: list[FlaskClient], path: str) -> None:
    page = firms[0].get(f"/c/example/{path.format(person=crowd.id_of('U-002'))}")
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)), [name for name, n in Counter(ids).items() if n > 1]
    labelled = {element.attrib.get("for") for element in tree.iter("label")}
    for element in tree.iter():
        if (
            element.tag in {"input", "select", "textarea"}
            and element.attrib.get("type") not in {"hidden", "checkbox", "radio"}
            and "hidden" not in element.attrib
        ):
            assert element.attrib.get("id") in labelled, html5lib.serialize(element)
        if element.attrib.get("role") == "img":
            assert element.attrib.get("aria-label"), "a picture says what it shows"
    assert len(list(tree.iter("h1"))) == 1
    assert len(list(tree.iter("main"))) == 1


@pytest.mark.parametrize("path", TABLES)
def test_every_table_is_a_download_too(judged: Callable[[Say], Flask], path: str) -> None:
    browser = signed_in(judged(hostile))
    person = crowd.people(made_up(hostile).shown.assessment.findings)[0]
    answer = browser.get(f"/c/example/{path.format(person=person.id)}?format=csv&activity=any")
    assert answer.mimetype == "text/csv"
    assert re.fullmatch(r"attachment; filename=[a-z0-9-]+\.csv", answer.headers["Content-Disposition"])
    assert answer.text.startswith("\ufeff")


def test_the_download_holds_what_the_page_selects(judged: Callable[[Say], Flask]) -> None:
    browser = signed_in(judged(str))
    shown = Filter.parse({"level": "High"}).select(made_up().shown.assessment)
    rows = browser.get("/c/example/services/?level=High&format=csv").text.splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == [finding.name for finding in shown]


def test_the_sentence(judged: Callable[[Say], Flask]) -> None:
    said = text_of(signed_in(judged(str)).get("/c/example/"))
    assert "In the last 30 days 38 of 41 people used 12 online services . 8 of them nobody has decided on; 6 put company data at high risk." in said
    assert "counted back from 13 November 2026, the day of the last event" in said


def test_pages_without_logs_teach(browser: FlaskClient) -> None:
    assert "All it takes is a log" in text_of(browser.get("/c/example/"))
    assert "No logs yet" in text_of(browser.get("/c/example/imports/"))
    for page in ("services/", "people/", "gaps/", "unknown/"):
        assert re.search(r'class="(card )?empty"', browser.get(f"/c/example/{page}").text), page


def test_a_decision_is_kept_shown_and_taken_back(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    store = app.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    path = "/c/example/services/chatgpt"
    post(browser, f"{path}/decide", status="tolerated", reason="Until the summer.", review_by="2027-06-30", owner="Ann")
    post(browser, f"{path}/decide", status="not_approved", reason="No client data there.")
    page = text_of(browser.get(path))
    assert "Not approved by Ada Example" in page
    assert "No client data there." in page
    post(browser, f"{path}/undo")
    decision = decisions(store, client)["chatgpt"]
    assert (decision.status, decision.reason, decision.owner, str(decision.review_by)) == ("tolerated", "Until the summer.", "Ann", "2027-06-30")
    post(browser, f"{path}/decide", status="nonsense")
    assert decisions(store, client)["chatgpt"] == decision


def test_many_services_are_decided_at_once(judged: Callable[[Say], Flask]) -> None:
    app = judged(str)
    browser = signed_in(app)
    store = app.extensions["gnomon"].store
    post(browser, "/c/example/services/decide", service=["smallpdf", "ilovepdf", "no-such-service"], status="not_approved", reason="One tool for it.")
    found = decisions(store, kept.get_client(store, "example"))
    assert {service: decision.status for service, decision in found.items()} == {"smallpdf": "not_approved", "ilovepdf": "not_approved"}


def test_names_are_shown_only_on_purpose(app: Flask, browser: FlaskClient) -> None:
    store = app.extensions["gnomon"].store
    assert "often the consent of their representatives" in text_of(browser.get("/c/example/settings/"))
    post(browser, "/c/example/settings/names", show_names="yes")
    assert kept.get_client(store, "example").show_names
    post(browser, "/c/example/settings/names")
    assert not kept.get_client(store, "example").show_names


def test_removing_a_client_needs_its_name(app: Flask, browser: FlaskClient) -> None:
    store = app.extensions["gnomon"].store
    post(browser, "/c/example/settings/remove", name="Example")
    assert kept.clients(store)
    post(browser, "/c/example/settings/remove", name="Example & Co")
    assert not kept.clients(store)


def test_how_long_people_are_kept_is_chosen_and_shortened_only_knowingly(app: Flask) -> None:
    browser = signed_in(app)
    store, page = app.extensions["gnomon"].store, "/c/example/settings/"
    assert "Who used what until the log is removed" in text_of(browser.get(page))
    post(browser, page + "kept", people_days="90")
    assert kept.get_client(store, "example").people_days is None, "shorter is for good, so it is asked"
    post(browser, page + "kept", people_days="90", sure="yes")
    assert "for 3 months , then how many people" in text_of(browser.get(page))
    post(browser, page + "kept", people_days="400")
    assert kept.get_client(store, "example").people_days == 400, "longer needs no word"
    post(browser, page + "kept", people_days="1", sure="yes")
    assert kept.get_client(store, "example").people_days == 400


def test_errors_are_sentences(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is nothing here" in browser.get("/c/example/nothing").text
    monkeypatch.setattr(kept, "imports", lambda *_: 1 / 0)
    answer = browser.get("/c/example/imports/")
    assert answer.status_code == 500
    assert "Something went wrong in Gnomon" in answer.text
    assert "ZeroDivision" not in answer.text


def test_first_paint_is_light(judged: Callable[[Say], Flask]) -> None:
    browser = signed_in(judged(str))
    page = browser.get("/c/example/").text
    assets = re.findall(r'(?:href|src)="(/static/[^"#]+\.(?:css|js)[^"]*)"', page)
    sizes = {asset: len(browser.get(asset, headers={"Accept-Encoding": "gzip"}, buffered=True).data) for asset in set(assets)}
    assert len(page.encode()) + sum(sizes.values()) < 300_000, sizes
