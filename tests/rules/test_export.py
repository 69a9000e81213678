"""What other programs get: every key of the contract, plain JSON, and tables where missing is missing."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from discovery.catalogue import Catalogue
from rules import export
from rules.assess import assess
from rules.findings import Assessment
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
