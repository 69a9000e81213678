"""The laws of the score, over the shipped rules and services built at random."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.catalogue import Fact, Service
from rules import risk
from rules.factors import Exposure, Factor, rules
from rules.findings import Risk
from rules.weights import Weight, in_force

ON = date(2026, 11, 21)
TABLE = rules()
FACTORS = [factor for factor in TABLE.factors if factor.values]
CATEGORIES = {
    "files": ["cloud_storage", "file_transfer"], "ai": ["ai_assistant"], "documents": ["whiteboard"],
    "bypass_access": ["remote_access", "vpn_proxy"], "it_development": ["paste", "password_manager"],
}  # fmt: skip
LEVELS = list(TABLE.levels)

#: For each factor, values that a fact can have: one for each key of its table.
VALUES: Mapping[str, Mapping[str, Any]] = {
    factor.id: {
        "places": {"home": ["UK"], "adequate": ["US"], "elsewhere": ["other"], "watched": ["CN", "EU"]},
        "any": {"some": ["ISO 27001"], "none": []},
        "breaches": {"none": [], "old": [{"year": 2012, "what": "x"}], "recent": [{"year": 2025, "what": "x"}, {"year": 2012, "what": "x"}]},
        "value": {key: {"yes": True, "no": False}.get(key, key) if set(factor.values) == {"yes", "no"} else key for key in factor.values},
    }[factor.reads]
    for factor in FACTORS
}


def service(facts: Mapping[str, Fact] | None = None, category: str = "files", capability: str = "file_transfer") -> Service:
    return Service("tool", "Tool", "Tool Ltd", category, category, capability, (), (), "A tool.", {"use": ("tool.com",)}, facts or {})


def exposure(**changes: Any) -> Exposure:
    return replace(Exposure("active", 3, 40, 5, 20, 10_000_000), **changes)


def known(value: object, confidence: float = 1.0, source: str = "2fa") -> Fact:
    return Fact(value, source, "2026-08-04", confidence)  # type: ignore[arg-type]


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Fact]:
    chosen = draw(st.lists(st.sampled_from(FACTORS), unique_by=lambda factor: factor.id))
    made = {}
    for factor in chosen:
        value = VALUES[factor.id][draw(st.sampled_from(sorted(VALUES[factor.id])))]
        source = draw(st.sampled_from(["editor", "2fa"]))
        plan = draw(st.sampled_from(["", "free."]))
        made[plan + (factor.facts or (factor.id,))[0]] = known(value, draw(st.floats(0.5, 1.0)), source)
    return made


@st.composite
def services(draw: st.DrawFn) -> Service:
    category = draw(st.sampled_from(sorted(CATEGORIES)))
    return service(draw(facts()), category, draw(st.sampled_from(CATEGORIES[category])))


COUNTS = st.one_of(st.none(), st.integers(0, 60))
EXPOSURES = st.builds(
    Exposure,
    activity=st.sampled_from(["active", "background", "visit", "embedded"]),
    active_people=COUNTS,
    people=st.one_of(st.none(), st.integers(1, 60)),
    active_days=st.integers(0, 90),
    working_days=st.integers(0, 65),
    uploaded_bytes=st.one_of(st.none(), st.integers(0, 10**12)),
    refused=st.integers(0, 1_000),
    late_days=st.integers(0, 14),
    late_working_days=st.integers(0, 10),
    provided=st.sampled_from([True, False, None]),
)

#: What a firm may change, as `weights.check` lets it.
WEIGHTS = st.tuples(
    st.dictionaries(st.sampled_from([factor.id for factor in TABLE.factors]), st.floats(0, 3), max_size=6),
    st.none() | st.tuples(*(st.integers(low, low + 10) for low in (5, 25, 45, 65))),
    st.none() | st.integers(-50, 50),
).map(
    lambda parts: (
        *(Weight("factor", key, value, "because") for key, value in parts[0].items()),
        *(Weight("level", level, start, "because") for level, start in zip(LEVELS[1:], parts[1] or (), strict=False)),
        *([Weight("service", "tool", parts[2], "because")] if parts[2] is not None else []),
    )
)


def sums(found: Risk) -> bool:
    return round(10 * sum(reason.points for reason in found.reasons)) == 10 * found.score


@given(services(), EXPOSURES, WEIGHTS)
def test_a_score_lies_in_its_interval_and_its_reasons_add_up(tool: Service, used: Exposure, changed: tuple[Weight, ...]) -> None:
    table = in_force(changed)
    for found in (risk.here(tool, used, ON, "free", table), risk.inherent(tool, ON, "business", table)):
        assert 0 <= found.low <= found.score <= found.high <= 100
        assert sums(found), found.reasons
        assert found.level == table.level(found.score)
        assert all(reason.text and reason.source for reason in found.reasons)


@given(services(), EXPOSURES, st.sampled_from(FACTORS), WEIGHTS, st.data())
def test_resolving_an_unknown_lands_inside_the_interval(
    tool: Service, used: Exposure, factor: Factor, changed: tuple[Weight, ...], data: st.DataObject
) -> None:
    names = {name for fact in factor.facts or (factor.id,) for name in (fact, f"free.{fact}")}
    blind = replace(tool, facts={name: fact for name, fact in tool.facts.items() if name not in names})
    value = data.draw(st.sampled_from(list(VALUES[factor.id].values())))
    fact = known(value, data.draw(st.floats(0.5, 1.0)), data.draw(st.sampled_from(["2fa", "editor"])))
    resolved = replace(blind, facts={**blind.facts, (factor.facts or (factor.id,))[0]: fact})
    before, after = (risk.here(one, used, ON, "free", in_force(changed)) for one in (blind, resolved))
    assert before.low <= after.score <= before.high


@given(services(), EXPOSURES, st.data())
def test_learning_how_it_is_used_lands_inside_the_interval(tool: Service, used: Exposure, data: st.DataObject) -> None:
    learnt = {
        "active_people": st.integers(0, used.people or 60), "uploaded_bytes": st.integers(0, 10**12), "provided": st.booleans(),
    }  # fmt: skip
    name = data.draw(st.sampled_from(sorted(learnt)))
    if name == "active_people" and used.people is None:
        return  # a share needs both
    blind = replace(used, **{name: None})
    before, after = (risk.here(tool, one, ON) for one in (blind, replace(blind, **{name: data.draw(learnt[name])})))
    assert before.low <= after.score <= before.high


@given(services(), EXPOSURES, st.sampled_from(FACTORS), st.floats(0.5, 1.0), st.sampled_from(["2fa", "editor"]), WEIGHTS)
def test_a_known_good_fact_never_raises_the_score(
    tool: Service, used: Exposure, factor: Factor, confidence: float, source: str, changed: tuple[Weight, ...]
) -> None:
    name = (factor.facts or (factor.id,))[0]
    best = min(factor.values, key=lambda key: factor.values[key]["points"])
    blind = replace(tool, facts={key: fact for key, fact in tool.facts.items() if key not in {name, f"free.{name}"}})
    good = replace(blind, facts={**blind.facts, name: known(VALUES[factor.id][best], confidence, source)})
    table = in_force(changed)
    assert risk.here(good, used, ON, "free", table).score <= risk.here(blind, used, ON, "free", table).score


@given(services(), EXPOSURES, WEIGHTS, st.data())
def test_more_exposure_never_lowers_the_score(tool: Service, used: Exposure, changed: tuple[Weight, ...], data: st.DataObject) -> None:
    steps: dict[str, Any] = {"uploaded_bytes": (used.uploaded_bytes or 0) + 10**8, "active_days": used.active_days + 9, "refused": used.refused + 40}
    steps |= {"late_days": used.late_days + 3}
    if used.provided:
        steps["provided"] = False
    if used.active_people is not None:
        steps["active_people"] = used.active_people + 5
    if used.uploaded_bytes is None:
        del steps["uploaded_bytes"]
    name = data.draw(st.sampled_from(sorted(steps)))
    more, less = (risk.here(tool, one, ON, "free", in_force(changed)) for one in (replace(used, **{name: steps[name]}), used))
    assert more.score >= less.score


@given(services(), st.integers(0, 40), st.integers(0, 20))
def test_the_stronger_the_activity_the_higher_the_score(tool: Service, people: int, days: int) -> None:
    worked = exposure(activity="active", active_people=people, active_days=days)
    looked = [exposure(activity=name, active_people=0, active_days=0) for name in ("embedded", "visit", "background")]
    scores = [risk.here(tool, used, ON).score for used in (*looked, worked)]
    assert scores == sorted(scores)


@given(services(), EXPOSURES, st.data())
def test_no_unverified_fact_alone_decides_a_level(tool: Service, used: Exposure, data: st.DataObject) -> None:
    names = sorted(tool.facts)
    if not names:
        return
    alone = data.draw(st.sampled_from(names))
    mixed = {name: replace(fact, source="editor" if name == alone else "2fa") for name, fact in tool.facts.items()}
    without = {name: fact for name, fact in mixed.items() if name != alone and name.rpartition(".")[2] != alone.rpartition(".")[2]}
    levels = [risk.here(replace(tool, facts=chosen), used, ON).level for chosen in (mixed, without)]
    assert levels[0] == levels[1]


def test_one_unverified_fact_stops_at_the_edge_and_says_so() -> None:
    stopped = 0
    for people in range(41):
        used = exposure(active_people=people)
        found = risk.here(service({"mfa": known(value=False, source="editor")}), used, ON)
        if any(reason.factor == "unverified fact" for reason in found.reasons):
            stopped += 1
            sure = risk.here(service({"mfa": known(value=False)}), used, ON)
            assert found.score + 1 in TABLE.levels.values()
            assert LEVELS.index(sure.level) == LEVELS.index(found.level) + 1
            assert any("rest on one fact from general knowledge" in reason.text for reason in found.reasons)
    assert stopped


def test_an_unverified_fact_weighs_less() -> None:
    base, editor, verified = (
        risk.inherent(service(f), ON).score for f in ({}, {"dpa": known(value=False, source="editor")}, {"dpa": known(value=False)})
    )
    assert base < editor < verified


def test_missing_facts_widen_the_interval_and_are_listed() -> None:
    nothing = risk.inherent(service(None, "documents", "whiteboard"), ON)
    some = risk.inherent(service({"dpa": known(value=False)}, "documents", "whiteboard"), ON)
    assert nothing.high - nothing.low > some.high - some.low
    assert any(text.startswith("Not known: whether it offers a data-processing agreement") for text in nothing.unknown)
    assert not any("data-processing agreement" in text for text in some.unknown)
    assert all(re.search(r"\(would change the score by (0|[+\N{MINUS SIGN}]\d+) to (0|[+\N{MINUS SIGN}]\d+)\)$", text) for text in nothing.unknown)


def best_facts() -> dict[str, Fact]:
    return {(f.facts or (f.id,))[0]: known(VALUES[f.id][min(f.values, key=lambda key: f.values[key]["points"])]) for f in FACTORS}


@pytest.mark.parametrize("factor", FACTORS, ids=lambda factor: factor.id)
def test_the_only_unknown_fact_opens_the_interval_to_its_worst(factor: Factor) -> None:
    name = (factor.facts or (factor.id,))[0]
    others = {key: fact for key, fact in best_facts().items() if key != name} | {"trains_on_input": known("yes"), "hq_country": known("CN")}
    blind = service({key: fact for key, fact in others.items() if key != name}, "files", "remote_access")
    scores = [risk.inherent(replace(blind, facts={**blind.facts, name: known(value)}), ON).score for value in VALUES[factor.id].values()]
    found = risk.inherent(blind, ON)
    assert (found.low, found.high) == (min(scores), max(scores))


def test_what_speaks_for_a_service_never_pays_for_its_use() -> None:
    fine = service(best_facts(), "business", "elearning")
    assert risk.inherent(fine, ON).score == 0
    assert any(reason.factor == "lowest score" and reason.points > 0 for reason in risk.inherent(fine, ON).reasons)
    used = [reason.points for reason in risk.here(fine, exposure(), ON).reasons if reason.part == "use here"]
    assert risk.here(fine, exposure(), ON).score == round(sum(used)) > 0


def test_the_free_plan_is_judged_not_the_business_plan() -> None:
    both = {"business.dpa": known(value=True), "free.dpa": known(value=False), "dpa": known(value=True)}
    assert risk.inherent(service(both), ON) == risk.inherent(service({"free.dpa": known(value=False)}), ON)
    assert risk.inherent(service({"business.dpa": known(value=True)}), ON) == risk.inherent(service(), ON)


def test_encryption_matters_more_for_storage_than_for_a_whiteboard() -> None:
    def effect(category: str, capability: str) -> float:
        plain, sealed = (risk.inherent(service({"encryption_at_rest": known(value=v)}, category, capability), ON).score for v in (False, True))
        return plain - sealed

    assert effect("files", "cloud_storage") > effect("documents", "whiteboard")


def test_the_owner_counts_where_it_is_of_more_concern() -> None:
    british = risk.inherent(service({"hq_country": known("GB")}), ON)
    owned = risk.inherent(service({"hq_country": known("GB"), "owner_country": known("CN")}), ON)
    assert owned.score > british.score
    assert any("(CN)" in reason.text for reason in owned.reasons)


def test_a_breach_ages() -> None:
    found = {"breaches": known([{"year": 2022, "what": "a list"}])}
    assert risk.inherent(service(found), date(2023, 1, 1)).score > risk.inherent(service(found), date(2030, 1, 1)).score


def test_unknown_use_is_not_no_use() -> None:
    blind = risk.here(service(), exposure(active_people=None, uploaded_bytes=None), ON)
    assert risk.here(service(), exposure(active_people=0, uploaded_bytes=0), ON).score < blind.score
    assert any("how many people use it" in text for text in blind.unknown)
    assert any("how much was sent to it" in text for text in blind.unknown)


def test_what_nobody_worked_with_keeps_a_share_and_says_why() -> None:
    found = risk.here(service(), exposure(activity="embedded"), ON)
    assert found.score < risk.inherent(service(), ON).score / 5
    assert [reason.text for reason in found.reasons if reason.factor == "activity"] == ["It only appears as a part of other people's pages."]
    assert not any(reason.part == "use here" and reason.factor != "activity" for reason in found.reasons)


def test_sentences_hold_the_numbers() -> None:
    texts = [reason.text for reason in risk.here(service(), exposure(refused=2), ON).reasons]
    assert "3 of 40 people use it actively." in texts
    assert "It was worked with on 5 days." in texts
    assert "About 10 MB went to it." in texts
    assert "It was tried although the network refuses it (2 requests)." in texts


def test_the_rules_are_whole() -> None:
    assert LEVELS == ["Low", "Guarded", "Elevated", "High", "Severe"]
    assert list(TABLE.levels.values()) == sorted(TABLE.levels.values())
    shelves = ("files", "documents", "work", "communication", "ai", "content", "business", "it_development", "bypass_access", "all")
    vocabulary = {*TABLE.capabilities, *shelves}
    for factor in TABLE.factors:
        least, most = factor.range
        assert factor.part in TABLE.parts
        assert set(factor.times) <= vocabulary, factor.id
        if factor.unknown:
            assert least <= factor.unknown["points"] <= most, factor.id
        if factor.values:
            assert factor.unknown, factor.id
            assert set(VALUES[factor.id]) == set(factor.values), factor.id
        assert [points for _, points in factor.curve] == sorted(points for _, points in factor.curve)
