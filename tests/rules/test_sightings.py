"""Other records beside traffic: one line for each person and service, in words, never active, and no count moves."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from discovery.observations import SIGHTED
from rules import export, sightings
from rules.assess import assess
from rules.findings import Evidence
from rules.toolset import Toolset


def told(service: str | None = "wetransfer", **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SIGHTED) | {
        "person": "ann", "person_kind": "person", "basis": "user name in the log", "kind": "sign-in", "account": "company", "format": "entra-signins",
        "source": "entra-signins: signins.csv", "name": "WeTransfer", "match": "service" if service else "unknown", "service": service, "times": 2,
        "first": datetime(2026, 3, 1, 8, tzinfo=UTC), "last": datetime(2026, 3, 20, 8, tzinfo=UTC), "doubt": "A doubt.", "log": "signins.csv",
        "first_line": 7,
    }  # fmt: skip
    return row | changes


def judge(observations, catalogue, *rows: dict[str, Any]):
    seen = replace(observations, sightings=pl.DataFrame(list(rows), schema=SIGHTED))
    return assess(seen, catalogue, {}, Toolset())


def test_traffic_and_sign_in_meet_in_one_line(sight, observe, shipped) -> None:
    seen = observe(sight(), sight(1, person="bob"))
    before, after = judge(seen, shipped).findings[0], judge(seen, shipped, told()).findings[0]
    ann = next(use for use in after.by_person if use.person == "ann")
    assert (ann.kind, ann.activity, len(after.by_person)) == ("traffic", "active", 2)
    assert [(one.kind, one.account, one.text) for one in ann.sightings] == [("sign-in", "company", "signed in to “WeTransfer”, twice")]
    assert after.sighted_people == 1
    known = {"by_person": (), "evidence": (), "sighted_people": 0}
    assert replace(after, **known) == replace(before, **known)


def test_somebody_known_from_a_sign_in_alone_appears_and_counts_for_nothing(sight, observe, shipped) -> None:
    seen = observe(sight())
    before, after = judge(seen, shipped).findings[0], judge(seen, shipped, told(person="home")).findings[0]
    home = next(use for use in after.by_person if use.person == "home")
    assert (home.kind, home.account, home.activity, home.days, home.hits) == ("sign-in", "company", "visit", 0, 0)
    assert home.rule == "known from a sign-in; not seen in traffic"
    counts = ("people", "active_people", "devices", "days", "hits", "activity", "risk", "first_seen", "last_seen", "uploaded_bytes")
    assert [getattr(after, name) for name in counts] == [getattr(before, name) for name in counts]


def test_each_service_is_one_finding_however_many_are_sighted(sight, observe, shipped) -> None:
    seen = observe(sight(), sight(1, service="dropbox"), sight(2, service="trello"))
    found = judge(seen, shipped, *(told(service) for service in ("dropbox", "notion", "trello", "wetransfer")))
    assert sorted((one.service, one.hits > 0) for one in found.findings) == [
        ("dropbox", True),
        ("notion", False),
        ("trello", True),
        ("wetransfer", True),
    ]


def test_a_service_without_traffic_is_a_finding_with_its_evidence(sight, observe, shipped) -> None:
    found = judge(observe(sight()), shipped, told("dropbox", kind="consent", grants="mail,files", name="Dropbox")).finding("dropbox")
    assert (found.people, found.active_people, found.sighted_people, found.hits, found.activity) == (0, 0, 1, 0, "visit")
    assert [(one.domain, one.role, one.hits, one.log, one.first_line) for one in found.evidence] == [("Dropbox", "consent", 0, "signins.csv", 7)]
    assert found.by_person[0].sightings[0].text == "granted “Dropbox” access to mail and files"
    nobody = judge(observe(apart=False), shipped, told("dropbox")).finding("dropbox")
    assert (nobody.people, nobody.active_people, nobody.sighted_people) == (None, None, 1)


def test_what_names_nobody_says_so(observe, shipped) -> None:
    nameless = told("dropbox", person=None, person_kind=None, kind="installed", account="cannot_be_told", times=14, name="Dropbox")
    found = judge(observe(), shipped, nameless).finding("dropbox")
    assert found.sighted_people is None
    assert [(use.person, use.sightings[0].text) for use in found.by_person] == [(None, "“Dropbox” is installed on 14 devices")]


def test_accounts_that_differ_cannot_be_told(observe, shipped) -> None:
    found = judge(observe(), shipped, told(), told(account="personal", kind="declared")).finding("wetransfer")
    assert found.by_person[0].account == "cannot_be_told"
    assert {one.account for one in found.by_person[0].sightings} == {"company", "personal"}


def test_names_that_match_nothing_are_listed_with_their_count(observe, shipped) -> None:
    found = judge(observe(), shipped, told(None, name="Acme Timesheets"), told(None, name="Acme Timesheets", person="bob", times=1))
    assert found.findings == ()
    assert [(one.name, one.people, one.times) for one in found.unlisted] == [("Acme Timesheets", 2, 3)]
    answer = export.to_json(found, version="1", catalogue=shipped)
    assert answer["not_in_catalogue"][0]["text"] == "Acme Timesheets is not in the catalogue; known from a sign-in, 3 times."


def test_json_has_kind_account_and_doubt(sight, observe, shipped) -> None:
    answer = export.to_json(judge(observe(sight()), shipped, told(person="home")), version="1", catalogue=shipped)
    lines = {use["person"]: use for use in answer["findings"][0]["by_person"]}
    assert (lines["ann"]["kind"], lines["ann"]["account"], lines["ann"]["sightings"]) == ("traffic", "cannot_be_told", [])
    assert (lines["home"]["kind"], lines["home"]["account"], lines["home"]["activity"]) == ("sign-in", "company", "visit")
    assert lines["home"]["sightings"][0] == {
        "kind": "sign-in", "account": "company", "text": "signed in to “WeTransfer”, twice", "times": 2, "first_seen": "2026-03-01T08:00:00Z",
        "last_seen": "2026-03-20T08:00:00Z", "doubt": "A doubt.", "source": "entra-signins: signins.csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({}, "signed in to “WeTransfer”, twice"),
        ({"times": 1}, "signed in to “WeTransfer”, once"),
        ({"times": 1000}, "signed in to “WeTransfer”, 1,000 times"),
        ({"kind": "consent"}, "granted “WeTransfer” access"),
        ({"kind": "consent", "grants": "directory,mail,files"}, "granted “WeTransfer” access to the directory of people, mail and files"),
        ({"kind": "installed"}, "“WeTransfer” is installed"),
        ({"kind": "installed", "person": None, "times": 14}, "“WeTransfer” is installed on 14 devices"),
        ({"kind": "expensed"}, "paid for “WeTransfer”, twice"),
        ({"kind": "declared"}, "declared the use of “WeTransfer”"),
        ({"kind": "declared", "uploaded_bytes": 3_100_000}, "a report counts “WeTransfer”, about 3.1 MB uploaded"),
        ({"kind": "declared", "downloaded_bytes": 5, "person": None, "times": 4}, "a report counts “WeTransfer” for 4 people"),
        ({"kind": "declared", "uploaded_bytes": 5, "person": None, "times": 4}, "a report counts “WeTransfer” for 4 people, 5 bytes uploaded"),
    ],
)
def test_each_record_has_its_words(observe, shipped, record: dict[str, Any], said: str) -> None:
    found = judge(observe(), shipped, told(**record)).finding("wetransfer")
    assert [one.text for one in found.by_person[0].sightings] == [said]


def gather(*rows: dict[str, Any]) -> sightings.Sightings:
    return sightings.gathered(pl.DataFrame(list(rows), schema=SIGHTED))


EARLY, LATE = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 21, tzinfo=UTC)


def test_somebody_whom_traffic_never_shows_is_told_by_the_latest_record() -> None:
    rows = [told(kind="consent", first=EARLY, account="company"), told(kind="installed", last=LATE, account="personal", team="Sales"), told(None)]
    (ann,) = gather(*rows).meet("wetransfer", ())
    assert (ann.person, ann.basis, ann.person_kind, ann.account) == ("ann", "user name in the log", "person", "cannot_be_told")
    assert (ann.kind, ann.activity, ann.rule) == ("installed", "visit", "known from an installation and a consent; not seen in traffic")
    assert (ann.first_seen, ann.last_seen) == (EARLY, LATE)
    assert (ann.days, ann.hits, ann.blocked_hits, ann.uploaded_bytes, ann.downloaded_bytes) == (0, 0, 0, None, None)
    assert [(one.kind, one.times, one.doubt, one.source) for one in ann.sightings] == [
        ("installed", 2, "A doubt.", "entra-signins: signins.csv"),
        ("consent", 2, "A doubt.", "entra-signins: signins.csv"),
    ]
    (only,) = gather(told(team="Sales", account="personal")).meet("wetransfer", ())
    assert (only.team, only.account) == ("Sales", "personal")


def test_evidence_is_the_first_line_of_each_name_kind_and_log() -> None:
    rows = [told(first_line=7), told(first_line=2), told(first_line=5), told(kind="consent"), told(log="b.csv", first_line=1), told(name="WT")]
    by = "named by other records than traffic"
    assert gather(*rows).evidence("wetransfer") == (
        Evidence("WeTransfer", "sign-in", 0, "signins.csv", 2, by),
        Evidence("WeTransfer", "consent", 0, "signins.csv", 7, by),
        Evidence("WeTransfer", "sign-in", 0, "b.csv", 1, by),
        Evidence("WT", "sign-in", 0, "signins.csv", 7, by),
    )
    assert gather(*rows).evidence("slack") == ()


def test_services_without_traffic_have_nothing_counted() -> None:
    rows = gather(told("zoom"), told("dropbox", first=EARLY), told("dropbox", last=LATE, person="bob"), told())
    none = {"devices": 0, "days": 0, "hits": 0, "blocked_hits": 0, "uploaded_bytes": None, "downloaded_bytes": None}
    alone = rows.alone(["wetransfer"])
    assert [row["service"] for row in alone] == ["dropbox", "zoom"]
    assert alone[0] == {"service": "dropbox", **none, "first_seen": EARLY, "last_seen": LATE}


def test_names_in_no_catalogue_stand_by_people_then_by_times_then_by_name() -> None:
    device = {"person": "10.0.0.1", "person_kind": "device"}
    rows = [
        told(None, name="Beta", times=1), told(None, name="Alpha", times=1), told(None, name="Often", times=9), told(None, name="Two"),
        told(None, name="Two", person="bob"), told(None, name="Report", person=None, person_kind=None, people=5), told("slack", name="Slack"),
        told(None, name="Device", kind="installed", **device), told(None, name="Beta", kind="expensed", times=1),
    ]  # fmt: skip
    found = sightings.unlisted(pl.DataFrame(rows, schema=SIGHTED))
    assert [(one.name, one.kind, one.people, one.times) for one in found] == [
        ("Report", "sign-in", 5, 2), ("Two", "sign-in", 2, 4), ("Often", "sign-in", 1, 9), ("Alpha", "sign-in", 1, 1), ("Beta", "expensed", 1, 1),
        ("Beta", "sign-in", 1, 1), ("Device", "installed", None, 2),
    ]  # fmt: skip
    assert found[-1].text == "Device is not in the catalogue; known from an installation, twice."
