"""Other records beside traffic: one line for each person and service, in words, never active, and no count moves."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from discovery.observations import SIGHTED
from rules import export
from rules.assess import assess
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
