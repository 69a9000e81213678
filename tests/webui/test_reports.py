"""The policy pack: what it says, that it tells of no person, that it is inert, and that the same data give the same bytes."""

import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Thread
from types import SimpleNamespace
from typing import Any

import docx
import html5lib
import pytest
from made_up import TEAMS, Say, made_up

from discovery import catalogue
from rules.register import Decision
from rules.spotcheck import Precision
from rules.toolset import Toolset
from rules.weights import Weight, as_facts
from webui.reports import look, pdf
from webui.reports.documents import PACK
from webui.reports.look import Look
from webui.reports.pack import Pack, Past, gather
from webui.reports.render import html
from webui.reports.teams import least_group, team_sheets
from webui.reports.word import word

CLIENT = SimpleNamespace(name="Example & Co", zone="Europe/London")
WHEN = datetime(2026, 11, 12, 9, tzinfo=UTC)
CHECKED = Precision(right=18, wrong=2, cannot_say=1)
PAYLOADS = (
    "<script>alert(1)</script>", "<img src=http://127.0.0.1:1/x>", '"><svg onload=alert(1)>', "' onmouseover='x", "javascript:alert(1)", "{{7*7}}",
    "${7*7}", "<?php echo 1 ?>", "<style>@import url(http://127.0.0.1:1/y)</style>", "]]>", "<!--", "&lt;b&gt;", "\u202eabc", "\x00\x07", "</title>",
    "<link rel=attachment href=file:///etc/passwd>", "url(http://127.0.0.1:1/z)",
)  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> catalogue.Catalogue:
    return catalogue.load()


@pytest.fixture(scope="module")
def make(shipped: catalogue.Catalogue) -> Any:
    def build(
        say: Say = str, *, style: Look | None = None, people: int = 41, decisions: int = 9, checked: Precision = CHECKED, weights: Any = ()
    ) -> Pack:
        firm = made_up(say, people=people)
        shown = replace(firm.shown, firm=replace(firm.shown.firm, rules_in_force={"version": "made up", "weights": as_facts(weights)}))
        statuses = (("wetransfer", "not_approved"), ("canva", "approved"), ("dropbox", "tolerated"), ("chatgpt", "approved_with_conditions"))
        history = [
            Decision(service, status, say("Ann"), say("It does the job."), say("business plan"), date(2027, 2, 1), WHEN, "Ada")
            for service, status in statuses[:decisions]
        ]
        past = Past(firm.earlier, "the 30 days before", date(2026, 10, 14))
        client: Any = replace_name(say)
        return gather(client, shown, past, history, shipped, Toolset(), style or Look(), checked)

    return build


def replace_name(say: Say) -> SimpleNamespace:
    return SimpleNamespace(**{**CLIENT.__dict__, "name": say(CLIENT.name)})


def text_of(document: str) -> str:
    tree = html5lib.parse(document, namespaceHTMLElements=False)
    return " ".join(" ".join(tree.find("body").itertext()).split())


def test_the_pack_tells_what_was_found(make: Any) -> None:
    pack = make()
    text = text_of(html(pack))
    assert f"worked with {pack.situation.services} online services" in text
    assert f"Nobody has decided on {pack.situation.undecided} of them" in text
    assert "Decided since: Canva (approved)" in text
    assert "More people: ChatGPT" in text
    assert "Leaving WeTransfer" in text
    assert "118,000 requests" in text, "the account of every line"
    for finding in pack.findings:
        assert f'id="evidence-{finding.service}"' in html(pack)


@pytest.mark.parametrize("document", ["executive", "annex"])
def test_it_says_how_often_findings_hold_and_by_which_rules(make: Any, document: str) -> None:
    weights = [Weight("times", "encryption:files", 3, "only sealed files leave", "Ada", WHEN), Weight("level", "High", 55, "we are careful")]
    text = text_of(html(make(weights=weights), [document]))
    assert "18 of 20 findings of active use that were looked at hold (90 %; with 95 % confidence between 70 % and 97 % do)" in text
    assert "Encryption at rest for Files counts 3 times its points: only sealed files leave (2026-11-12)" in text
    assert "High begins at 55: we are careful" in text
    assert "Ada" not in text, "who changed it is no matter of a report"
    plain = text_of(html(make(checked=Precision(0, 0)), [document]))
    assert "how often they hold here is not known" in plain
    assert "the firm changed no weight" in plain


def test_numbers_are_those_of_the_assessment(make: Any) -> None:
    pack = make()
    assert sum(pack.by_level.values()) == pack.situation.services == len(pack.findings)
    assert pack.situation.undecided == len(pack.points)
    assert sum(finding.uploaded_bytes or 0 for finding in pack.findings) == sum(
        finding.uploaded_bytes or 0 for finding in pack.picture.firm.findings if finding.activity == "active"
    )


def test_no_document_names_a_person(make: Any) -> None:
    text = html(make())
    assert not re.search(r"U-\d{3}", text)
    assert "U-0" not in "".join(re.findall(r"<w:t[^>]*>[^<]*", zipfile.ZipFile(io.BytesIO(word(make()))).read("word/document.xml").decode()))


@pytest.mark.parametrize("people", [12, 41, 100])
def test_small_groups_are_counted_and_not_shown(make: Any, people: int) -> None:
    pack = make(people=people)
    least = least_group(people)
    assert least == (3 if people < 30 else 5)
    sheets = team_sheets(pack.findings, people).sheets
    assert sheets
    for team in sheets:
        assert team.people >= least
        assert all(use.people >= least for use in team.uses)
        assert team.name in TEAMS
    for topic in pack.topics:
        assert set(topic.teams) <= set(TEAMS)


def test_links_lead_to_the_evidence_and_nowhere_else(make: Any) -> None:
    document = html(make())
    targets = set(re.findall(r'id="([^"]+)"', document))
    for href in re.findall(r'href="([^"]+)"', document):
        assert href.startswith("#")
        assert href[1:] in targets
    assert "href=" not in html(make(), ("executive",)), "without the annex there is nothing to lead to"


def test_the_file_is_inert_and_needs_nothing(make: Any) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
    document = html(make(style=Look("IT & Co", "#123456", png)))
    style = re.search(r"<style>(.*?)</style>", document, re.DOTALL)
    assert style
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:" in document
    assert not re.search(r"<script|\son\w+=|\sstyle=|@import|url\(|https?://", document.replace(style[1], ""))
    assert re.findall(r'<img[^>]+src="([^"]{22})', document) == ["data:image/png;base64,"] * len(re.findall("<img", document))
    assert "IT &amp; Co" in document


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(make: Any, payload: str) -> None:
    plain, hostile = html(make()), html(make(lambda text: text + payload))
    first, second = (html5lib.parse(text, namespaceHTMLElements=False) for text in (plain, hostile))
    assert [element.tag for element in first.iter()] == [element.tag for element in second.iter()]
    assert [sorted(element.attrib) for element in first.iter()] == [sorted(element.attrib) for element in second.iter()]
    assert not re.search(r"<\?|\{\{|\$\{|[\u202a-\u202e\x00-\x08]", hostile)
    hostile.encode("utf-8")


def test_the_same_data_give_the_same_bytes(make: Any) -> None:
    assert html(make()) == html(make())
    assert word(make()) == word(make())
    paper = docx.Document(io.BytesIO(word(make(lambda text: text + "\x00\ufffe<w:p>"))))
    assert any("Draft clauses" in paragraph.text for paragraph in paper.paragraphs)


def test_bad_looks_are_refused() -> None:
    from discovery.errors import GnomonError  # noqa: PLC0415

    for colour, logo in (
        ("red", b""),
        ("#12345", b""),
        ("#123456;}", b""),
        ("#123456", b"GIF89a"),
        ("#123456", b"\x89PNG\r\n\x1a\n" + bytes(300_000)),
    ):
        with pytest.raises(GnomonError):
            look.checked("x", colour, logo)
    assert look.checked(" a\n b ", "#ABCDEF", b"") == Look("a b", "#abcdef", b"")


# PDF


@pytest.fixture(scope="module")
def reader() -> str:
    """Poppler's pdftotext, where PDF can be made and read."""
    found = shutil.which("pdftotext")
    if not found:
        pytest.skip("pdftotext is not installed (tests/setup.sh installs it on Debian, as root)")
    try:
        pdf.pdf("<p>x")
    except Exception as error:  # noqa: BLE001
        pytest.skip(str(error))
    return found


def read(reader: str, content: bytes) -> str:
    return subprocess.run([reader, "-", "-"], input=content, capture_output=True, check=True).stdout.decode()


def test_the_executive_report_has_six_pages_at_most_and_the_owner_s_one(make: Any, reader: str) -> None:
    for document, most in (("one-page", 1), ("executive", 6)):
        content = pdf.pdf(html(make(), (document,)))
        assert read(reader, content).count("\f") <= most
        assert content == pdf.pdf(html(make(), (document,)))


def test_every_script_prints(make: Any, reader: str) -> None:
    if "Noto Sans CJK" not in subprocess.run(["fc-list"], capture_output=True, check=False).stdout.decode():
        pytest.skip("the fonts are not installed (tests/setup.sh installs them on Debian, as root)")
    names = ("Привет", "漢字会社", "안녕", "שלום", "مرحبا", "naïve", "😀")
    found = read(reader, pdf.pdf(html(make(lambda text: text + " ".join(names)), ("one-page",))))
    for name in names:
        assert name in found or name[::-1] in found, name


def test_nothing_is_fetched(reader: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port, met = server.getsockname()[1], []
        done = []

        def listen() -> None:
            while not done:
                try:
                    met.append(server.accept())
                except TimeoutError:
                    continue

        thread = Thread(target=listen)
        thread.start()
        evil = "".join(f'<img src="http://127.0.0.1:{port}/{n}">' for n in range(3)) + f'<link rel=stylesheet href="http://127.0.0.1:{port}/s">'
        evil += '<link rel=attachment href="file:///etc/passwd"><img src="file:///etc/passwd"><style>@import url(file:///etc/passwd)</style>'
        content = pdf.pdf(f"<p>before {evil} after")  # as if the escaping had failed
        done.append(True)
        thread.join()
    assert not met
    assert b"root:" not in content
    assert "after" in read(reader, content)


#: What the PDF takes, told by a small process that starts it: of one that the tests start, the system also counts what they had in memory by then.
MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "webui.reports.pdf_child"], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
"""


def test_five_hundred_findings_in_bounds(make: Any, reader: str) -> None:
    """Seconds are those of the processor: the machine may have other work."""
    if not os.environ.get("GNOMON_GATE"):
        pytest.skip("the long form, a PDF of 500 findings: set GNOMON_GATE=1 to run it")
    pack = make()
    many = tuple(replace(finding, service=f"{finding.service}-{n}", name=f"{finding.name} {n}") for n in range(46) for finding in pack.findings[:11])[
        :500
    ]
    services = {
        finding.service: pack.services[finding.service.rpartition("-")[0]] for finding in many if finding.service.rpartition("-")[0] in pack.services
    }
    text = html(replace(pack, findings=many, services=services), PACK)
    done = subprocess.run([sys.executable, "-c", MEASURED], input=text.encode(), capture_output=True, check=True)
    seconds, kibibytes = map(float, done.stderr.split()[-2:])
    assert seconds < 60
    assert kibibytes < 512 * 1024
    assert read(reader, done.stdout).count("Why:") == 500


def test_without_pango_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from discovery.errors import GnomonError  # noqa: PLC0415

    monkeypatch.setattr(pdf.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=3, stdout=b"", stderr=b""))
    with pytest.raises(GnomonError, match="PDF needs the library Pango"):
        pdf.pdf("<p>x")
