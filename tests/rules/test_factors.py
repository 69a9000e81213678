"""How one factor is read: which entry a fact is, how far it is believed, and how an amount of use becomes points and a sentence."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from discovery.catalogue import Fact, Service
from rules.assess import in_force
from rules.factors import Exposure, Factor, Said, along, rules
from rules.weights import Weight

ON = date(2026, 11, 21)
TABLE = rules()
USE = Exposure("active", 3, 40, 5, 20, 10_000_000, refused=1, late_days=2, late_working_days=10, provided=False)


def factor(id_: str) -> Factor:
    return next(one for one in TABLE.factors if one.id == id_)


def service(facts: Mapping[str, Fact] | None = None) -> Service:
    return Service("tool", "Tool", "Tool Ltd", "files", "Files", "file_transfer", (), (), "A tool.", {"use": ("tool.com",)}, facts or {})


def fact(value: Any, confidence: float = 1.0, source: str = "2fa") -> Fact:
    return Fact(value, source, "2026-08-04", confidence)


def of_use(id_: str, **changes: Any) -> Said:
    return TABLE.read(factor(id_), service(), replace(USE, **changes), ON, "free")


@pytest.mark.parametrize(("x", "height"), [(-5, 0), (0, 0), (0.5, 2), (1, 4), (50.5, 5), (100, 6), (1000, 6)])
def test_a_curve_is_straight_between_its_points_and_level_beyond(x: float, height: float) -> None:
    assert along([(0, 0), (1, 4), (100, 6)], x) == height


@pytest.mark.parametrize(
    ("id_", "changes", "text"),
    [
        ("uploads", {}, "About 10 MB went to it."),
        ("uploads", {"uploaded_bytes": 0}, "Nothing was sent to it."),
        ("late", {}, "It goes on: 2 days of use in the last two weeks."),
        ("late", {"late_days": 0}, "Nobody worked with it in the last two weeks."),
        ("alternative", {}, "Nothing the firm provides does this job, so the need will not go away by itself."),
        ("alternative", {"provided": True}, "Something the firm provides does the same job."),
        ("refused", {}, "It was tried although the network refuses it (1 request)."),
        ("refused", {"refused": 0}, "The network refused nothing."),
        ("share", {"active_people": 0}, "Nobody was seen using it actively."),
        ("days", {"active_days": 0}, "There was no day on which somebody worked with it."),
        ("uploads", {"uploaded_bytes": None}, "Not known: how much was sent to it."),
        ("alternative", {"provided": None}, "Not known: whether something the firm provides does the same job."),
    ],
)
def test_each_amount_of_use_has_its_sentence(id_: str, changes: dict[str, Any], text: str) -> None:
    assert of_use(id_, **changes).text == text


@pytest.mark.parametrize(
    ("id_", "changes", "x"),
    [
        ("uploads", {}, 10),
        ("share", {}, 3 / 40),
        ("share", {"people": 2}, 1),
        ("share", {"active_people": 0}, 0),
        ("days", {}, 5 / 20),
        ("days", {"working_days": 0}, 1),
        ("days", {"active_days": 0, "working_days": 0}, 0),
        ("late", {}, 2 / 10),
        ("late", {"late_working_days": 0}, 1),
        ("late", {"late_working_days": 1}, 1),
        ("late", {"late_days": 0, "late_working_days": 0}, 0),
        ("refused", {"refused": 50}, 50),
        ("alternative", {}, 1),
        ("alternative", {"provided": True}, 0),
    ],
)
def test_points_follow_the_curve(id_: str, changes: dict[str, Any], x: float) -> None:
    said = of_use(id_, **changes)
    assert said == Said(along(factor(id_).curve, x), 1.0, said.text, "these logs", verified=True)


@pytest.mark.parametrize("changes", [{"active_people": None}, {"people": None}, {"people": 0}])
def test_a_share_of_what_nobody_knows_is_not_known(changes: dict[str, Any]) -> None:
    said = of_use("share", **changes)
    assert (said.points, said.trust, said.source) == (None, 0.0, "not known")
    assert said.text.startswith("Not known: ")


def test_a_fact_is_believed_as_far_as_its_source() -> None:
    mfa = factor("mfa")
    verified, editor = (
        TABLE.read(mfa, service({"mfa": fact(value=True, confidence=0.5, source=source)}), None, ON, "free") for source in ("2fa", "editor")
    )
    entry = mfa.values["yes"]
    assert verified == Said(entry["points"], 0.5, entry["text"].format(value="yes"), "2fa, 2026-08-04", verified=True)
    assert editor == Said(entry["points"], 0.3, verified.text, "general knowledge, 2026-08-04, not verified", verified=False)


@pytest.mark.parametrize(
    ("id_", "value", "key", "words"),
    [
        ("mfa", True, "yes", "yes"),
        ("mfa", False, "no", "no"),
        ("deletion", "hard", "hard", "hard"),
        ("country", "GB", "home", "GB"),
        ("country", "CN", "watched", "CN"),
        ("country", "BR", "elsewhere", "BR"),
        ("region", ["US", "GB"], "adequate", "US, GB"),
        ("region", ["US", "BR", "GB"], "elsewhere", "US, BR, GB"),
        ("region", ["BR", "RU"], "watched", "BR, RU"),
        ("region", [], "elsewhere", ""),
        ("certifications", ["ISO 27001", "SOC 2"], "some", "ISO 27001, SOC 2"),
        ("certifications", [], "none", ""),
        ("breaches", [], "none", ""),
        ("breaches", [{"year": 2025, "what": "keys"}, {"year": 2012, "what": "x"}], "recent", "2025, keys"),
        ("breaches", [{"year": 2012, "what": "x"}, {"year": 2014, "what": "mail"}], "old", "2014, mail"),
    ],
)
def test_which_entry_a_fact_is(id_: str, value: Any, key: str, words: str) -> None:
    assert TABLE.key_of(factor(id_), fact(value), ON) == (key, words)


def test_a_breach_is_recent_for_so_many_years() -> None:
    known, years = factor("breaches"), factor("breaches").recent_years
    assert TABLE.key_of(known, fact([{"year": ON.year - years, "what": "x"}]), ON)[0] == "recent"
    assert TABLE.key_of(known, fact([{"year": ON.year - years - 1, "what": "x"}]), ON)[0] == "old"


@pytest.mark.parametrize("facts", [{"a": "bad", "b": "good"}, {"a": "good", "b": "bad"}, {"b": "bad"}])
def test_of_several_facts_the_one_of_most_concern_counts(facts: dict[str, str]) -> None:
    values = {"bad": {"points": 3, "text": "Bad."}, "good": {"points": -1, "text": "Good."}}
    made = Factor("x", "guard", "X", facts=("a", "b"), values=values)
    told = TABLE.read(made, service({name: fact(value) for name, value in facts.items()}), None, ON, "free")
    assert (told.points, told.text) == (3, "Bad.")
    assert TABLE.read(made, service(), None, ON, "free") == Said(None, 0.0, "Not known: X.", "not known", verified=True)
    small = replace(made, values={"bad": {"points": 0.5, "text": "Bad."}, "good": {"points": 0, "text": "Good."}})
    assert TABLE.read(small, service({name: fact(value) for name, value in facts.items()}), None, ON, "free").text == "Bad."


def test_what_a_need_is_about_is_its_stake() -> None:
    known, entry = factor("capability"), TABLE.capabilities["file_transfer"]
    said = TABLE.read(known, service(), None, ON, "free")
    assert said == Said(known.points * entry["stake"], 1.0, known.text.format(value=entry["handles"]), "rules/capabilities.toml", verified=True)


@pytest.mark.parametrize(
    ("score", "level"), [(-3, "Low"), (0, "Low"), (19.4, "Low"), (19.5, "Guarded"), (40, "Elevated"), (79, "High"), (100, "Severe")]
)
def test_each_score_has_its_word(score: float, level: str) -> None:
    assert TABLE.level(score) == level


def test_a_firms_own_weight_goes_before_the_shipped_one_and_capability_before_category() -> None:
    made = Factor("x", "stake", "X", times={"file_transfer": 2.0, "files": 3.0, "all": 5.0})
    assert made.times_for(service()) == 2.0
    assert replace(made, times={"files": 3.0}).times_for(service()) == 3.0
    assert replace(made, times={}).times_for(service()) == 1.0
    assert replace(made, own_times={"files": 0.5}, weight=4.0).times_for(service()) == 2.0


def test_a_range_is_that_of_entries_of_a_curve_or_of_nothing_to_all() -> None:
    assert Factor("x", "use", "X", values={"a": {"points": 3}, "b": {"points": -2}}).range == (-2, 3)
    assert Factor("x", "use", "X", curve=[(0, 1), (1, 7), (2, 4)]).range == (1, 7)
    assert Factor("x", "use", "X", points=9.0).range == (0.0, 9.0)


def test_rules_in_force_say_what_the_firm_changed() -> None:
    own = (Weight("level", "High", 65.0, "We are careful."),)
    changed, shipped = in_force(own), in_force()
    assert (changed["version"], len(shipped["version"])) == (shipped["version"], 12)
    assert shipped["levels"] == {"Low": 0, "Guarded": 20, "Elevated": 40, "High": 60, "Severe": 80}
    assert changed["levels"] == shipped["levels"] | {"High": 65}
    assert (list(shipped["weights"]), len(list(changed["weights"]))) == ([], 1)
    assert shipped["activity"]["led_for_opening"] == changed["activity"]["led_for_opening"]


@pytest.mark.parametrize(
    ("reads", "amounts"),
    [
        ("megabytes", [({"uploaded_bytes": 1_500_000}, 1.5), ({"uploaded_bytes": 1}, 1e-6)]),
        ("days", [({}, 5 / 20), ({"working_days": 1}, 5), ({"working_days": 0}, 5)]),
        ("late", [({}, 2 / 10), ({"late_working_days": 1}, 2), ({"late_working_days": 0}, 2)]),
        ("share", [({}, 3 / 40), ({"people": 1}, 3)]),
        ("refused", [({}, 1), ({"refused": 7}, 7)]),
        ("missing", [({}, 1), ({"provided": True}, 0)]),
    ],
)
def test_each_amount_is_what_its_name_says(reads: str, amounts: list[tuple[dict[str, Any], float]]) -> None:
    """By a curve on which the points are the amount itself."""
    made = Factor("x", "use", "X", reads=reads, curve=((0, 0), (100, 100)), text="{value}", none="None.")
    for changes, amount in amounts:
        assert TABLE.read(made, service(), replace(USE, **changes), ON, "free").points == pytest.approx(amount)
