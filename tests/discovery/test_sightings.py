"""Exports that tell of accounts, apps and payments: who and what they name, and that they never touch a number of traffic."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from discovery import catalogue, sightings
from discovery.catalogue import Catalogue
from discovery.logs import find
from discovery.matching import Matcher
from discovery.observations import SIGHTED, Observations
from discovery.scan import scan
from tests.formats.reading import SAMPLES, read_bytes, read_events

FILES = sorted(path for name in sightings.sighting_formats() for path in (SAMPLES / name).iterdir() if path.suffix in (".log", ".records"))
LINES = [path for path in FILES if path.suffix == ".log"]
SQUID = "1795161600.000 90 10.0.0.5 TCP_TUNNEL/200 9000 CONNECT www.dropbox.com:443 ann HIER_DIRECT/192.0.2.1 -\n" * 30


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return catalogue.load()


@pytest.fixture(scope="module")
def matcher(shipped: Catalogue) -> Matcher:
    return Matcher(shipped)


@pytest.fixture
def seen(shipped: Catalogue, tmp_path: Path):
    def make(*logs: Path, people: str = "", **more: str) -> Observations:
        for name, text in more.items():
            (tmp_path / f"{name}.log").write_text(text, encoding="utf-8")
        listed = tmp_path / "people.csv"
        listed.write_text(people, encoding="utf-8")
        written = [str(path) for path in (*logs, *(tmp_path / f"{name}.log" for name in more))]
        return scan(find(written), shipped, people=listed if people else None).observations

    return make


def rows(observations: Observations, *columns: str) -> list[tuple[object, ...]]:
    return observations.sightings.select(columns).rows()


@pytest.mark.parametrize("sample", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_line_is_accounted_for(sample: Path) -> None:
    result, events = read_events(sample)
    account = result.account
    assert account.lines == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    assert account.family == "identity"
    assert events.is_empty()
    assert set(result.usage.whole()["slots"]) <= {0}


@pytest.mark.parametrize("sample", LINES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("size", [64, 700])
def test_no_size_of_blocks_changes_the_result(sample: Path, size: int) -> None:
    content = sample.read_bytes()
    whole, cut = (read_bytes(content, block=block)[0] for block in (None, size))
    assert_frame_equal(cut.usage.whole(), whole.usage.whole(), check_row_order=False)
    assert (cut.account.events, cut.account.skipped, cut.account.rejected) == (whole.account.events, whole.account.skipped, whole.account.rejected)


def test_traffic_stays_as_it_is_whatever_else_is_known(seen) -> None:
    alone, beside = seen(squid=SQUID), seen(*FILES, squid=SQUID)
    assert_frame_equal(beside.usage, alone.usage)
    assert (beside.since, beside.until, beside.people_told_apart) == (alone.since, alone.until, alone.people_told_apart)
    counts = ("people_expected", "people_seen", "person_days_seen", "names_hidden_share", "cannot_see")
    assert [getattr(beside.coverage, name) for name in counts] == [getattr(alone.coverage, name) for name in counts]
    assert dict(alone.sightings.schema) == SIGHTED
    assert alone.sightings.is_empty()
    assert len(beside.sightings) > 20


def test_without_traffic_the_period_is_that_of_the_sightings(seen) -> None:
    found = seen(SAMPLES / "entra-signins" / "portal.log")
    assert (str(found.since), str(found.until), found.people_told_apart) == ("2026-11-18", "2026-11-19", False)
    assert found.usage.is_empty()


def test_a_user_is_the_person_of_the_list_and_a_guest_is_not(seen) -> None:
    found = seen(SAMPLES / "entra-signins" / "portal.log", people="person,team,user\nAnn Archer,Sales,ann\n")
    assert ("Ann Archer", "Sales", "dropbox", "company") in rows(found, "person", "team", "service", "account")
    assert ("ann_partner.example", None, None, "other_tenant") in rows(found, "person", "team", "service", "account")
    assert ("cy.clark@outlook.com", None, "slack", "personal") in rows(found, "person", "team", "service", "account")


def test_of_a_statement_only_merchants_of_the_catalogue_go_further(seen) -> None:
    found = seen(SAMPLES / "expenses" / "card.log")
    assert sorted(rows(found, "name", "service", "kind")) == [(name, name, "expensed") for name in ("chatgpt", "dropbox", "notion")]
    (account,) = found.logs
    assert account.skipped == {"header": 1, "not in the catalogue: nothing of it was kept": 2}
    assert account.lines == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    assert not any(word in repr(found) + repr(found.sightings.rows()) for word in ("CINEMA", "HOSPITAL", "8G7HD"))


def test_grants_are_told_where_scopes_tell_them(seen) -> None:
    found = seen(SAMPLES / "entra-consents" / "audit.log", SAMPLES / "google-audit" / "api.records")
    assert sorted(rows(found, "name", "grants")) == [("Calendly", "mail,calendars"), ("Zoom", "calendars")]


def test_a_nameless_inventory_names_nobody(seen) -> None:
    found = seen(SAMPLES / "intune-apps" / "aggregate.log")
    assert set(rows(found, "person", "person_kind")) == {(None, None)}
    assert ("dropbox", 14) in rows(found, "service", "times")


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("Dropbox", "dropbox"), ("DROPBOX BUSINESS", "dropbox"), ("Zoom Workplace (64-bit)", "zoom"), ("Slack (Machine - MSI)", "slack"),
        ("GitHub Desktop", "github"), ("Grammarly: AI Writing Assistant", "grammarly"), ("monday.com", "monday"),
        ("TeamViewer 15.50.5", "teamviewer"),
        ("Loom – Screen Recorder", "loom"), ("Acme Timesheets", None), ("Not Dropbox", None), ("Dropboxer", None), ("Calculator", None), ("", None),
        ("notdropbox.com", None), ("dropbox.com.evil.example", None),
    ],
)  # fmt: skip
def test_an_app_is_matched_by_its_name_and_never_guessed(matcher: Matcher, name: str, service: str | None) -> None:
    assert matcher.match(f"name:{name}").service == service


@pytest.mark.parametrize(
    ("merchant", "service"),
    [
        ("DROPBOX*8G7HD", "dropbox"), ("PAYPAL *DROPBOX", "dropbox"), ("Dropbox, Inc. Dublin", "dropbox"), ("OPENAI *CHATGPT SUBSCR", "chatgpt"),
        ("ZOOM.US 888-799-9666 SAN JOSE", "zoom"), ("SLACK T04ABCD123 DUBLIN", "slack"), ("BOX OFFICE CINEMA", None), ("Notion Coffee", None),
        ("TESCO STORES 3321", None), ("PAYPAL *SHOES", None),
    ],
)  # fmt: skip
def test_a_merchant_is_matched_by_its_name_and_never_guessed(matcher: Matcher, merchant: str, service: str | None) -> None:
    assert matcher.match(f"paid to:{merchant}").service == service


def test_a_name_that_several_services_share_names_none(shipped: Catalogue, matcher: Matcher) -> None:
    many = pl.Series([service.vendor for service in shipped.services.values() if not service.sources]).value_counts().sort("count").tail(1).row(0)[0]
    assert matcher.match(f"name:{many}").service in {None, *(one.id for one in shipped.services.values() if many in (one.name, *one.aliases))}


def test_a_private_name_is_private(matcher: Matcher) -> None:
    assert matcher.match("name:Tinder").kind == "private"


def test_dates_with_the_day_first_are_read_so() -> None:
    result, _ = read_events(SAMPLES / "declared" / "plain.log")
    assert [str(moment)[:10] for moment in result.usage.whole()["first"]] == ["2026-10-05", "2026-10-25"]
    text = b"service,declared by,declared on\nMiro,ann,03/04/2026\n"
    assert "Dates could be read as day/month or month/day; they were read as month/day." in read_bytes(text)[0].account.warnings
