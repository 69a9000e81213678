"""What a firm changes in the rules: checked, in force at once, printed with the assessment, and never against a law of the score."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from discovery.catalogue import Catalogue, Service
from discovery.errors import GnomonError
from rules import risk
from rules.assess import assess
from rules.factors import rules
from rules.toolset import Toolset
from rules.weights import KINDS, Weight, as_facts, check, in_force, pair

ON = date(2026, 11, 13)
CAREFUL = (Weight("level", "Elevated", 21, "we are careful"),)
AT = datetime(2026, 11, 13, 9, tzinfo=UTC)


def test_nothing_changed_is_what_is_shipped() -> None:
    assert in_force(()) == rules()


def test_a_factor_can_count_more_or_not_at_all(shipped: Catalogue) -> None:
    pastebin = shipped.services["pastebin"]
    as_shipped, double, off = (risk.inherent(pastebin, ON, table=in_force((Weight("factor", "dpa", value, "why"),))) for value in (1, 2, 0))
    points = [{reason.factor: reason.points for reason in one.reasons} for one in (as_shipped, double, off)]
    assert points[1]["data-processing agreement"] > points[0]["data-processing agreement"] > 0
    assert "data-processing agreement" not in points[2]
    assert double.score > as_shipped.score > off.score


def test_a_factor_can_count_otherwise_for_one_category_only(shipped: Catalogue) -> None:
    def points(service: str, *changes: Weight) -> float:
        found = risk.inherent(shipped.services[service], ON, table=in_force(changes))
        return sum(reason.points for reason in found.reasons if reason.factor == "audit log")

    files, chat = Weight("times", "audit_log:files", 3, "x"), Weight("times", "audit_log:cloud_storage", 0, "x")
    assert points("wetransfer", files) == pytest.approx(3 * points("wetransfer"), abs=0.11)
    assert points("slack", files) == points("slack") != 0
    assert points("dropbox", files, chat) == 0, "a capability is closer than its category"
    assert points("wetransfer", files, Weight("factor", "audit_log", 2, "x")) == pytest.approx(6 * points("wetransfer"), abs=0.2)


def test_what_a_firm_says_of_a_category_beats_what_is_shipped_for_a_capability() -> None:
    table = in_force((Weight("times", "end_to_end:files", 0.5, "x"),))
    shipped_times, own = ({factor.id: factor for factor in one.factors}["end_to_end"] for one in (rules(), table))
    backup = Service("b", "B", "V", "files", "Files", "backup", (), (), "", {}, {})
    assert (shipped_times.times_for(backup), own.times_for(backup)) == (1.3, 0.5)


def test_a_level_can_begin_elsewhere(shipped: Catalogue) -> None:
    found, strict = (risk.inherent(shipped.services["canva"], ON, table=in_force(changed)) for changed in ((), CAREFUL))
    assert 20 < found.score < 40
    assert (found.level, strict.level) == ("Guarded", "Elevated")
    assert strict.score == found.score


def test_a_service_can_be_judged_otherwise_and_the_note_is_a_reason(shipped: Catalogue) -> None:
    own = Weight("service", "dropbox", -12, "contract with our own terms", "Ann", AT)
    before, after = (risk.inherent(shipped.services["dropbox"], ON, table=in_force(changed)) for changed in ((), (own,)))
    assert before.score - after.score == 12
    (reason,) = [reason for reason in after.reasons if reason.factor == "own judgement"]
    assert reason.text == "The firm's own judgement: contract with our own terms."
    assert (reason.part, reason.source) == ("judgement of the firm", "the firm, 2026-11-13")
    assert not [reason for reason in risk.inherent(shipped.services["zoom"], ON, table=in_force((own,))).reasons if reason.factor == "own judgement"]


def test_a_change_taken_back_is_no_change() -> None:
    assert in_force((Weight("factor", "mfa", None, "as it was"), Weight("level", "High", None, "x"))) == rules()


RISE = "Each level has to begin above the one below it."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Weight("factor", "mfaa", 2, "x"), "There is no factor “mfaa” in rules/risk.toml."),
        (Weight("level", "Low", 2, "x"), "There is no level “Low” in rules/risk.toml."),
        (Weight("factor", "mfa", 3.1, "x"), "The value has to lie between 0 and 3."),
        (Weight("factor", "mfa", -1, "x"), "The value has to lie between 0 and 3."),
        (Weight("times", "mfaa:files", 2, "x"), "There is no factor “mfaa” in rules/risk.toml."),
        (Weight("times", "mfa:files", 4, "x"), "The value has to lie between 0 and 3."),
        (Weight("level", "Severe", 101, "x"), "The value has to lie between 1 and 100."),
        (Weight("service", "zoom", 51, "x"), "The value has to lie between -50 and 50."),
        (Weight("factor", "mfa", 2, "  "), "Please say why in a sentence: it is printed with every assessment."),
        (Weight("level", "High", 80, "x"), RISE),
        (Weight("level", "Severe", 60, "x"), RISE),
        (Weight("colour", "red", 1, "x"), "“colour” cannot be weighed. It can be: factor, times, level, service."),
    ],
)
def test_what_makes_no_sense_is_refused(change: Weight, sentence: str) -> None:
    with pytest.raises(GnomonError) as refused:
        check(change)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("kind", "key"), [("factor", "mfa"), ("times", "mfa:files"), ("service", "zoom")])
def test_the_least_and_the_most_can_be_entered(kind: str, key: str) -> None:
    for value in KINDS[kind]:
        assert check(Weight(kind, key, value, "x")).value == value
    assert check(Weight(kind, key, None, "As it was.")).value is None


def test_a_change_is_checked_beside_those_before_it() -> None:
    moved = (Weight("level", "Severe", 90, "x"),)
    assert check(Weight("level", "High", 85, "x"), moved)
    with pytest.raises(GnomonError, match=f"^{RISE}$"):
        check(Weight("level", "Severe", 85, "x"), (*moved, Weight("level", "High", 85, "x")))


def test_every_assessment_says_which_were_in_force(observe: Callable[..., Any], sight: Callable[..., Any], shipped: Catalogue) -> None:
    own = (Weight("service", "wetransfer", 20, "large files of clients", "Ann", AT),)
    before, after = (assess(observe(sight()), shipped, {}, Toolset(), weights=changed) for changed in ((), own))
    assert before.rules_in_force["weights"] == []
    assert after.rules_in_force["weights"] == [
        {"kind": "service", "key": "wetransfer", "value": 20, "note": "large files of clients", "by": "Ann", "at": "2026-11-13T09:00:00+00:00"}
    ]
    assert after.findings[0].risk.score == before.findings[0].risk.score + 20
    assert after.findings[0].inherent.score == before.findings[0].inherent.score + 20


def test_the_changes_are_printed_by_kind_and_key_without_those_taken_back() -> None:
    changes = [
        Weight("level", "High", 65, "x"),
        Weight("factor", "mfa", 2, "y"),
        Weight("factor", "dpa", 1, "z"),
        Weight("service", "zoom", None, ""),
    ]
    assert [(one["kind"], one["key"]) for one in as_facts(changes)] == [("factor", "dpa"), ("factor", "mfa"), ("level", "High")]
    assert as_facts(changes[:1]) == [{"kind": "level", "key": "High", "value": 65, "note": "x", "by": "", "at": None}]


def test_points_for_a_service_say_who_gave_them() -> None:
    handed = in_force((Weight("service", "zoom", 5, "x", "Ada", AT, inherited=True), Weight("service", "slack", -5, "y")))
    assert {service: tuple(own) for service, own in handed.overrides.items()} == {
        "zoom": (5, "x", "the practice, 2026-11-13"), "slack": (-5, "y", "the firm"),
    }  # fmt: skip
    assert pair("mfa", "files") == "mfa:files"
