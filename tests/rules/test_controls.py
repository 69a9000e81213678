"""Every kind of finding speaks to items that exist, in each framework that has one."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from discovery import shipped as files
from discovery.catalogue import Catalogue
from rules import alerts, controls
from rules.assess import assess
from rules.findings import Gap
from rules.gaps import CLASSES
from rules.register import STATUSES
from rules.toolset import Toolset

TABLE = tomllib.loads(files.beside("rules", "controls.toml").read_text(encoding="utf-8"))
NEEDED = ("ncsc", "cis", "iso", "nist")


def test_every_kind_has_an_item_in_each_framework() -> None:
    for kind in controls.kinds().values():
        found = kind.by_framework()
        assert {TABLE["framework"][name] for name in NEEDED} <= found.keys(), kind.id
        assert all(control.title for control in kind.controls)


def test_a_kind_is_read_whole() -> None:
    assert list(controls.kinds()) == list(TABLE["kind"])
    for id_, entry in TABLE["kind"].items():
        kind = controls.kinds()[id_]
        assert (kind.id, kind.title) == (id_, entry["title"])
        assert [(one.framework, one.item, one.title) for one in kind.controls] == [
            (title, item, TABLE["item"][code][item]) for code, title in TABLE["framework"].items() for item in entry.get(code, [])
        ]
        assert kind.when == {name: frozenset(entry.get(name, [])) for name in ("statuses", "capabilities", "answers", "alerts", "gaps")}
        assert [item for items in kind.by_framework().values() for item in items] == list(kind.controls)


def test_every_item_is_used() -> None:
    used = {(control.framework, control.item) for kind in controls.kinds().values() for control in kind.controls}
    assert used == {(TABLE["framework"][name], item) for name, items in TABLE["item"].items() for item in items}


def test_conditions_name_what_there_is() -> None:
    capabilities = {
        code for group in tomllib.loads(files.path("categories.toml").read_text(encoding="utf-8")).values() for code in group["capabilities"]
    }
    questions = tomllib.loads(files.beside("rules", "questions.toml").read_text(encoding="utf-8"))
    known = {
        "statuses": set(STATUSES),
        "capabilities": capabilities,
        "answers": set(questions),
        "alerts": set(alerts.kinds()),
        "gaps": {*CLASSES, "fragmented"},
    }
    for kind in controls.kinds().values():
        for name, values in kind.when.items():
            assert values <= known[name], (kind.id, name)


def test_every_alert_speaks_to_something() -> None:
    assert [kind for kind in alerts.kinds() if not controls.of_alert(kind)] == []


def test_a_gap_is_an_example_of_a_need_without_a_tool_and_of_several_tools() -> None:
    gap = Gap("file_conversion", "PDF", "no_tool", 3, 5, ("a", "b", "c"), (), "Provide one.", fragmented=True)
    assert [kind.id for kind in controls.of_gap(gap)] == ["need_without_tool", "several_tools"]
    covered = Gap("chat", "Chat", "covered", 3, 5, ("teams",), ("Teams",), "Nothing to do.")
    assert controls.of_gap(covered) == []


def test_a_service_is_an_example_by_decision_job_and_answers_and_only_in_active_use(
    observe: Callable[..., Any], sight: Callable[..., Any], shipped: Catalogue
) -> None:
    found = assess(observe(sight()), shipped, {}, Toolset()).findings[0]
    plain = replace(found, status="unreviewed", capability="file_transfer", answers=frozenset())

    def kinds(**changes: Any) -> list[str]:
        return [kind.id for kind in controls.of_finding(replace(plain, **changes))]

    assert kinds() == ["unregistered", "files_leave"]
    assert kinds(status="approved") == ["files_leave"]
    assert kinds(status="not_approved", capability="design") == ["against_decision"]
    assert kinds(status="approved", capability="design", answers=frozenset({"weak_sign_in", "no_agreement"})) == [
        "weak_sign_in",
        "provider_not_assessed",
    ]
    assert kinds(activity="background") == kinds(activity="visit") == []
