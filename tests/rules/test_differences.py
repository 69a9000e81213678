"""What changed, and why: behaviour only where neither logs, catalogue nor rules explain it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from rules.assess import assess
from rules.differences import CAUSES, Change, Judged, caveat, compare, since_decision
from rules.register import Snapshot, snapshot
from rules.toolset import Toolset
from rules.weights import Weight

Side = Callable[..., Judged]


def told(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.kind, change.service, change.cause) for change in changes]


TRELLO = {"service": "trello", "domain": "trello.com"}
SMASH = {"service": "smash", "domain": "fromsmash.com"}
FORTIGATE = {"source": "fortigate: fw.log"}
OLDER: dict[str, Any] = {"version": "older", "weights": []}


def test_the_same_is_no_change(side: Side) -> None:
    assert compare(side({}, TRELLO), side({}, TRELLO)) == []


def test_what_people_began_and_ended(side: Side) -> None:
    changes = compare(side({}), side(TRELLO))
    assert told(changes) == [("gone", "trello", "behaviour"), ("new", "wetransfer", "behaviour")]
    assert [change.text for change in changes] == ["1 person before, nobody now", "1 person, since 2 March"]


def test_a_log_that_was_not_there_before_explains_what_only_it_shows(side: Side) -> None:
    found = compare(side({}, {**TRELLO, **FORTIGATE}), side({}))
    assert told(found) == [("new", "trello", "coverage")]
    assert found[0].because == "only the fortigate log shows it, and there was none before"
    assert told(compare(side({}), side({}, {**TRELLO, **FORTIGATE}))) == [("gone", "trello", "coverage")]
    assert told(compare(side({}, {**TRELLO, **FORTIGATE}), side({}, {**SMASH, **FORTIGATE})))[1] == ("new", "trello", "behaviour"), "it was there"


def test_another_kind_of_log_explains_more_people_and_another_level(side: Side) -> None:
    many = [{"person": f"p{n}", "uploaded_bytes": 10**10} for n in range(6)]
    now, before = side(*many), side({**FORTIGATE})
    assert told(compare(now, before)) == [("grown", "wetransfer", "coverage"), ("riskier", "wetransfer", "coverage")]
    assert {change.because for change in compare(now, before)} == {"the two are told by different kinds of log"}
    assert caveat(now, before) == "Part of this is coverage, not behaviour: the two are told by different kinds of log."
    assert {cause for *_, cause in told(compare(now, side({})))} == {"behaviour"}


def test_different_logs_of_the_same_days_tell_nothing_of_behaviour(side: Side) -> None:
    branch = {"log": "branch.log", "source": "squid: branch.log"}
    now, before = side({}, TRELLO), side({**branch}, {**SMASH, **branch})
    assert told(compare(now, before)) == [("gone", "smash", "coverage"), ("new", "trello", "coverage")]
    apart = [side(*[{"person": person, **tool, **log} for person in ("ann", "ben")]) for tool, log in (({}, {}), (SMASH, branch))]
    assert told(compare(*apart)) == [("gone", "smash", "coverage"), ("new", "wetransfer", "coverage")], "nobody moved"
    assert {change.because for change in compare(*apart)} == {"these are different logs of the same days"}
    assert caveat(*apart) == "Part of this is coverage, not behaviour: these are different logs of the same days."
    later = side({**branch, "day": 7}, {**SMASH, **branch, "day": 7})
    assert {cause for *_, cause in told(compare(now, later))} == {"behaviour"}


def test_a_name_that_only_the_new_catalogue_knows_is_no_behaviour(side: Side) -> None:
    before = side({}, {"domain": "trello.com", "match": "unknown", "service": None, "registrable": "trello.com"}, catalogue="1")
    assert told(compare(side({}, TRELLO, catalogue="2"), before)) == [("new", "trello", "catalogue")]
    assert told(compare(side({}, TRELLO, catalogue="1"), before)) == [("new", "trello", "behaviour")]
    unseen = side({}, {**SMASH, "match": "unknown", "service": None}, catalogue="1")
    assert told(compare(side({}, TRELLO, catalogue="2"), unseen)) == [("new", "trello", "behaviour")], "its own domains were not there"


def test_a_name_that_the_catalogue_gave_up_is_no_behaviour_either(side: Side) -> None:
    now = side({"domain": "trello.com", "match": "unknown", "service": None, "registrable": "trello.com"}, catalogue="2")
    before = side(TRELLO, catalogue="1")
    assert told(compare(now, before)) == [("gone", "trello", "catalogue")]
    assert compare(now, before)[0].because == "its domains are seen now, and the catalogue does not know them as this"
    assert told(compare(replace(now, catalogue="1"), before)) == [("gone", "trello", "behaviour")]


def test_weights_of_the_firm_are_rules(side: Side, shipped: Catalogue, observe: Callable[..., Any], sight: Callable[..., Any]) -> None:
    own = (Weight("service", "wetransfer", 50, "files of clients"),)
    now = replace(side({}), assessment=assess(observe(sight()), shipped, {}, Toolset(), weights=own))
    (change,) = compare(now, side({}))
    assert (change.kind, change.cause) == ("riskier", "rules")
    assert "most by own judgement: +50)" in change.text
    assert "judged with different rules" in caveat(now, side({}))
    (back,) = compare(side({}), now)
    assert (back.kind, back.cause) == ("calmer", "rules")
    assert "most by own judgement: −50)" in back.text


def test_people_who_moved_are_not_told_twice(side: Side) -> None:
    people = [{"person": person} for person in ("ann", "ben")]
    now, before = side(*[{**one, **SMASH} for one in people]), side(*people)
    found = compare(now, before)
    assert [(change.kind, change.service, change.to and change.to.service) for change in found] == [("moved", "wetransfer", "smash")]
    assert found[0].text == "2 people moved to"


@pytest.mark.parametrize(("now", "before", "kind"), [(4, 2, "grown"), (2, 4, "shrunk"), (3, 2, None), (11, 9, None)])
def test_growth_counts_from_two_people_and_a_quarter(side: Side, now: int, before: int, kind: str | None) -> None:
    found = compare(*(side(*[{"person": f"p{n}", **TRELLO} for n in range(count)]) for count in (now, before)))
    assert [change.kind for change in found if change.kind in {"grown", "shrunk"}] == ([kind] if kind else [])


def test_growth_over_far_fewer_days_is_coverage(side: Side) -> None:
    now = side(*[{"person": f"p{n}", "day": day, **TRELLO} for n in range(6) for day in range(5)])
    found = [change for change in compare(now, side({**TRELLO})) if change.kind == "grown"]
    assert [change.cause for change in found] == ["coverage"]
    assert "only 1 day against 5" in caveat(now, side({**TRELLO}))


def test_another_level_has_the_cause_of_what_is_different(side: Side) -> None:
    calm, worse = side({}), side({})
    finding = calm.assessment.findings[0]
    risk = replace(finding.risk, level="Low", score=3)
    low = replace(worse, assessment=replace(worse.assessment, findings=(replace(finding, risk=risk),)))
    assert told(compare(calm, low)) == [("riskier", "wetransfer", "behaviour")]
    assert told(compare(low, calm)) == [("calmer", "wetransfer", "behaviour")]
    assert told(compare(replace(calm, catalogue="2"), low)) == [("riskier", "wetransfer", "catalogue")]
    other = replace(low, assessment=replace(low.assessment, rules_in_force=OLDER))
    assert told(compare(calm, other)) == [("riskier", "wetransfer", "rules")]
    assert "different rules" in caveat(calm, other)


def then_of(judged: Judged) -> Snapshot:
    found = judged.assessment.findings[0]
    return snapshot(found, whole=10, since=None, until=None, catalogue=judged.catalogue, rules=judged.assessment.rules_in_force)


def test_since_a_decision_the_points_are_told_by_cause(side: Side) -> None:
    then = then_of(side({"person": "ann"}))
    rows = [{"person": f"p{n}", "day": day, "uploaded_bytes": 10**9} for n in range(5) for day in range(3)]
    now = side(*rows)
    in_force = now.assessment.rules_in_force
    found = since_decision(then, now.assessment.findings[0], "1", in_force)
    assert [(one.what, one.cause) for one in found] == [("people", "behaviour"), ("risk", "behaviour")]
    assert found[0].text == "1 person then, 5 now"
    facts = replace(then, parts={**then.parts, "law and standing": then.parts.get("law and standing", 0.0) - 6})
    causes = {one.cause for one in since_decision(facts, now.assessment.findings[0], "2", in_force) if one.what == "risk"}
    assert causes == {"behaviour", "catalogue"}
    assert {one.cause for one in since_decision(replace(facts, rules="older"), now.assessment.findings[0], "2", in_force)} == {"behaviour", "rules"}
    assert causes <= CAUSES.keys()


def test_nothing_is_different_on_the_same_day(side: Side) -> None:
    now = side({"person": "ann"})
    assert since_decision(then_of(now), now.assessment.findings[0], "1", now.assessment.rules_in_force) == []
