"""What other programs get: every key of the contract, plain JSON, and tables where missing is missing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from discovery.catalogue import Catalogue
from discovery.pace import Jump, Silence
from rules import export
from rules.assess import assess
from rules.findings import Assessment, LooksLike, Rescored
from rules.toolset import Toolset

Make = Callable[..., Any]

#: The keys of the object of `gnomon scan --output json`, as promised to other programs.
PROMISED = {
    "": {"gnomon", "catalogue", "logs", "coverage", "findings", "unknown", "gaps"},
    "catalogue": {"version", "services"},
    "logs": {"path", "format", "bytes", "lines", "events", "skipped", "rejected", "first", "last", "timezone", "warnings"},
    "coverage": {"people_expected", "people_seen", "person_days_seen", "person_days_expected", "names_hidden_share", "sources", "cannot_see"},
    "findings": {
        *("service", "status", "activity", "risk", "people", "active_people", "devices", "days", "hits", "blocked_hits", "uploaded_bytes"),
        *("downloaded_bytes", "first_seen", "last_seen", "by_person", "evidence"),
    },
    "unknown": {"domain", "people", "days", "hits", "uploaded_bytes", "guess"},
    "gaps": {"capability", "gap", "people", "days", "services", "toolset", "recommendation"},
}
PROMISED_IN_FINDING = {
    "service": {"id", "name", "category", "capability", "vendor"},
    "risk": {"score", "low", "high", "level", "reasons"},
    "by_person": {"person", "basis", "kind", "account", "activity", "days", "hits", "uploaded_bytes", "downloaded_bytes"},
    "evidence": {"domain", "role", "hits", "log", "first_line"},
}


@pytest.fixture
def assessment(sight: Make, observe: Make, shipped: Catalogue) -> Assessment:
    unknown = sight(domain="app.new.io", registrable="new.io", match="unknown", service=None, role=None)
    nobody = sight(service="slack", domain="slack.com", person=None, person_kind=None, uploaded_bytes=None)
    return assess(observe(sight(), sight(1, person="bob"), nobody, unknown), shipped, {}, Toolset())


def test_the_object_has_every_promised_key_and_is_plain_json(assessment: Assessment, shipped: Catalogue) -> None:
    made = export.to_json(assessment, version="1.2.3", catalogue=shipped)
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert (made["gnomon"], made["catalogue"]) == ("1.2.3", {"version": shipped.version, "services": len(shipped.services)})
    for name, keys in PROMISED.items():
        thing = made[name] if name else made
        assert keys <= set(thing[0] if isinstance(thing, list) else thing), name
    for name, keys in PROMISED_IN_FINDING.items():
        for finding in made["findings"]:
            thing = finding[name]
            assert keys <= set(thing[0] if isinstance(thing, list) else thing), name
    assert {"factor", "points", "text", "source"} <= set(made["findings"][0]["risk"]["reasons"][0])


def test_values_are_what_was_judged(assessment: Assessment, shipped: Catalogue) -> None:
    made = export.to_json(assessment, version="1", catalogue=shipped)
    found = {finding["service"]["id"]: finding for finding in made["findings"]}
    assert (found["wetransfer"]["people"], found["wetransfer"]["active_people"]) == (2, 2)
    assert (found["slack"]["people"], found["slack"]["uploaded_bytes"]) == (None, None)
    assert found["wetransfer"]["first_seen"] == "2026-03-02T09:00:00Z"
    assert found["wetransfer"]["service"]["category"] == "Files"
    assert made["logs"][0]["skipped"] == {"comment": 2}
    assert made["logs"][0]["last"] is None
    assert made["period"] == {"since": "2026-03-02", "until": "2026-03-13"}
    assert made["unknown"][0]["guess"] == "an application (app.)"
    assert made["coverage"]["cannot_see"] == ["No log tells how much was uploaded."]


def test_the_account_of_a_log_is_told_whole(assessment: Assessment, shipped: Catalogue) -> None:
    night, morning = datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
    log = replace(assessment.logs[0], silences=(Silence(night, morning, 0.5, "squid"),), clock_jumps=(Jump(7, morning, night),), warnings=("Look.",))
    (made,) = export.to_json(replace(assessment, logs=(log,)), version="1", catalogue=shipped)["logs"]
    assert made == {
        "path": "access.log", "format": "squid", "formats": {}, "family": "proxy", "bytes": 1000, "lines": 40, "events": 38,
        "skipped": {"comment": 2},
        "rejected": {}, "first": "2026-03-02T09:00:00Z", "last": None, "timezone": "UTC", "warnings": ["Look."], "partial": False,
        "silences": [{"since": "2026-03-03T01:00:00Z", "until": "2026-03-03T09:00:00Z", "working_hours": 0.5, "format": "squid"}],
        "clock_jumps": [{"line": 7, "from": "2026-03-03T09:00:00Z", "to": "2026-03-03T01:00:00Z"}],
    }  # fmt: skip


def test_a_finding_is_told_whole(assessment: Assessment, shipped: Catalogue) -> None:
    found, entry = assessment.finding("wetransfer"), shipped.services["wetransfer"]
    assert found
    assert found.inherent
    assert found.on_business
    made = next(one for one in export.to_json(assessment, version="1", catalogue=shipped)["findings"] if one["service"]["id"] == "wetransfer")
    risks = {"risk": found.risk, "inherent": found.inherent}
    for name, risk in risks.items():
        told = made.pop(name)
        assert (told["score"], told["low"], told["high"], told["level"]) == (risk.score, risk.low, risk.high, risk.level)
        assert told["reasons"] == [
            {"factor": one.factor, "points": one.points, "text": one.text, "source": one.source, "part": one.part} for one in risk.reasons
        ]
        assert told["unknown"] == list(risk.unknown)
    business = found.on_business
    ann, bob = made.pop("by_person")
    assert made == {
        "service": {"id": "wetransfer", "name": "WeTransfer", "category": "Files", "capability": "file_transfer", "vendor": entry.vendor},
        "status": "unreviewed", "activity": "active", "plan": "free", "questions": sorted(found.answers), "people": 2, "active_people": 2,
        "on_business_plan": {"score": business.score, "low": business.low, "high": business.high, "level": business.level},
        "sighted_people": 0, "devices": 0, "active_days": 2, "days": 2, "hits": 80, "blocked_hits": 0, "uploaded_bytes": 2000,
        "downloaded_bytes": 18000, "first_seen": "2026-03-02T09:00:00Z", "last_seen": "2026-03-03T09:50:00Z",
        "evidence": [{"domain": "wetransfer.com", "role": "use", "hits": 80, "log": "access.log", "first_line": 1, "naming": None}],
    }  # fmt: skip
    assert bob["person"] == "bob"
    assert ann == {
        "person": "ann", "basis": "user name in the log", "kind": "traffic", "person_kind": "person", "team": None, "account": "cannot_be_told",
        "activity": "active", "rule": "hosts people work with, in 5 ten-minute slots on 1 day", "days": 1, "hits": 40, "blocked_hits": 0,
        "uploaded_bytes": 1000, "downloaded_bytes": 9000, "first_seen": "2026-03-02T09:00:00Z", "last_seen": "2026-03-02T09:50:00Z", "sightings": [],
    }  # fmt: skip


def test_what_is_not_known_of_a_finding_is_null(assessment: Assessment, shipped: Catalogue) -> None:
    found = assessment.finding("wetransfer")
    assert found
    bare = replace(assessment, findings=(replace(found, inherent=None, on_business=None),))
    (made,) = export.to_json(bare, version="1", catalogue=shipped)["findings"]
    assert (made["inherent"], made["on_business_plan"]) == (None, None)


def test_gaps_steps_and_unknown_domains_are_told_whole(assessment: Assessment, shipped: Catalogue) -> None:
    made = export.to_json(assessment, version="1", catalogue=shipped)
    gap, step = (next(one for one in made[name] if one["capability"] == "file_transfer") for name in ("gaps", "roadmap"))
    own = next(one for one in assessment.gaps if one.capability == "file_transfer")
    assert gap == {
        "capability": "file_transfer", "gap": "no_tool", "people": 2, "days": 2, "teams": [], "uploaded_bytes": 2000, "services": ["wetransfer"],
        "toolset": [], "tool_people": 0, "tool_days": 0, "fragmented": False, "lacking": "", "doubt": list(own.doubt), "question": own.question,
        "evidence": "2 of 10 people used WeTransfer on 2 days; nothing is provided for it.", "recommendation": own.recommendation,
    }  # fmt: skip
    assert step == {
        "capability": "file_transfer", "action": "accept", "title": "Accept: Sending large files", "stage": "owned", "cost": "none", "effort": 0.5,
        "text": "Accept WeTransfer: in the register, with an owner, and look again in a year. The risk stays as it is.",
        "because": "It is one or two people, and nothing they use scores 60 or more.", "people": 2, "quarter": "", "removed": 0, "closes": [],
        "target": None, "waits_for": None, "scores": [],
    }  # fmt: skip
    assert made["unknown"] == [
        {"domain": "new.io", "people": 1, "days": 1, "hits": 40, "uploaded_bytes": 1000, "downloaded_bytes": 9000, "guess": "an application (app.)",
         "person_days": 1, "kind": "tool", "group": ["new.io"], "set_aside": "Seen once", "looks_like": None},
    ]  # fmt: skip


def test_what_a_step_touches_and_waits_for_is_told(assessment: Assessment, shipped: Catalogue) -> None:
    parts = (Rescored("wetransfer", "WeTransfer", 59, 0),)
    step = replace(assessment.roadmap[0], parts=parts, waits_for="gap:chat", closes=("wetransfer",))
    (made,) = export.to_json(replace(assessment, roadmap=(step,)), version="1", catalogue=shipped)["roadmap"]
    assert made["scores"] == [{"service": "wetransfer", "name": "WeTransfer", "before": 59, "after": 0}]
    assert (made["waits_for"], made["closes"], made["removed"]) == ("gap:chat", ["wetransfer"], 59)


def test_a_look_alike_says_of_what(assessment: Assessment) -> None:
    alike = LooksLike("dropbox", "Dropbox", "dropbox.com", "A letter is left out.")
    told = export.unknown_row(replace(assessment.unknown[0], looks_like=alike))
    assert told["looks_like"] == {"service": "dropbox", "name": "Dropbox", "domain": "dropbox.com", "why": "A letter is left out."}


def test_the_rules_in_force_are_plain_json(assessment: Assessment, shipped: Catalogue) -> None:
    rules = {"version": "1", "day": datetime(2026, 3, 3, 9, 0, 30, tzinfo=UTC), "list": [1, (2, None)], "table": {"a": 0.5}}
    made = export.to_json(replace(assessment, rules_in_force=rules), version="1", catalogue=shipped)["rules"]
    assert made == {"version": "1", "day": "2026-03-03T09:00:30Z", "list": [1, [2, None]], "table": {"a": 0.5}}


def test_the_same_assessment_gives_the_same_bytes(assessment: Assessment, shipped: Catalogue) -> None:
    first, second = (json.dumps(export.to_json(assessment, version="1", catalogue=shipped)) for _ in range(2))
    assert first == second


def test_tables_start_where_exports_begin(assessment: Assessment) -> None:
    findings = export.findings_frame(assessment).set_index("service")
    assert findings.loc["wetransfer", "people"] == 2
    assert pd.isna(findings.loc["slack", "people"])
    assert str(findings["people"].dtype) == "Int64"
    assert findings.loc["wetransfer", "domains"] == "wetransfer.com"
    people = export.people_frame(assessment)
    assert set(people["person"].dropna()) == {"ann", "bob"}
    row = people[people["person"] == "ann"].iloc[0]
    assert (row["service"], row["name"], row["status"], row["level"]) == (
        "wetransfer",
        "WeTransfer",
        "unreviewed",
        findings.loc["wetransfer", "level"],
    )
    risk = next(one.risk for one in assessment.findings if one.service == "wetransfer")
    assert list(findings.loc["wetransfer", ["score", "low", "high", "level"]]) == [risk.score, risk.low, risk.high, risk.level]
    assert list(people.columns) == list(export.PEOPLE)
    assert export.gaps_frame(assessment).set_index("capability").loc["file_transfer", "services"] == "wetransfer"
    assert export.unknown_frame(assessment)["domain"].to_list() == ["new.io"]


def test_empty_tables_have_their_columns(observe: Make, shipped: Catalogue) -> None:
    empty = assess(observe(), shipped, {}, Toolset())
    made = [
        (export.findings_frame, export.FINDINGS),
        (export.people_frame, export.PEOPLE),
        (export.gaps_frame, export.GAPS),
        (export.unknown_frame, export.UNKNOWN),
    ]
    for table, columns in made:
        assert list(table(empty).columns) == list(columns)
        assert len(table(empty)) == 0
