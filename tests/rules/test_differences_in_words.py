"""What changed, word for word: how many, because of what, and what has to be kept in mind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rules.differences import Judged, _most_of_it, caveat, compare, since_decision
from rules.findings import Finding, Reason
from rules.register import Snapshot, snapshot

Side = Callable[..., Judged]
TRELLO = {"service": "trello", "domain": "trello.com"}
SMASH = {"service": "smash", "domain": "fromsmash.com"}
FORTIGATE = {"source": "fortigate: fw.log"}
OLDER: dict[str, Any] = {"version": "older", "weights": []}


def then_of(judged: Judged) -> Snapshot:
    found = judged.assessment.findings[0]
    return snapshot(found, whole=10, since=None, until=None, catalogue=judged.catalogue, rules=judged.assessment.rules_in_force)


def changes(side: Side, now: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found = compare(side(*now), side(*before))
    return [(one.kind, one.name, one.text, one.weight, one.cause, one.because) for one in found]


def crowd(count: int, first: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [{"person": f"p{n}", **more} for n in range(first, first + count)]


def test_each_change_says_how_many_and_the_largest_comes_first(side: Side) -> None:
    zoom = {"service": "zoom", "domain": "zoom.us"}
    slack = {"service": "slack", "domain": "slack.com"}
    now = [*crowd(5), *crowd(2, **TRELLO), *crowd(3, **zoom)]
    before = [*crowd(2), *crowd(5, **TRELLO), *crowd(4, **slack)]
    assert [one for one in changes(side, now, before) if one[0] not in {"riskier", "calmer"}] == [
        ("gone", "Slack", "4 people before, nobody now", 4, "behaviour", ""),
        ("shrunk", "Trello", "2 people, 5 before", 3, "behaviour", ""),
        ("grown", "WeTransfer", "5 people, 2 before", 3, "behaviour", ""),
        ("new", "Zoom", "3 people, since 2 March", 3, "behaviour", ""),
    ]


def test_only_those_who_left_and_came_have_moved(side: Side) -> None:
    """Who used both before, or goes on with the old one, moved nowhere; another need is no move."""
    now = [*crowd(1), *crowd(3, 1, **SMASH), *crowd(3, 1, **TRELLO)]
    before = [*crowd(4), {"person": "p3", **SMASH}]
    moved = [one for one in compare(side(*now), side(*before)) if one.kind == "moved"]
    assert [(one.service, one.to and one.to.service, one.text, one.weight) for one in moved] == [("wetransfer", "smash", "2 people moved to", 2)]
    assert not [one for one in compare(side(*crowd(1, **SMASH)), side(*crowd(1))) if one.kind == "moved"], "one person is no movement"


def test_logs_of_far_fewer_days_explain_growth_and_decline(side: Side) -> None:
    week = [row for day in range(5) for row in crowd(6, day=day, **TRELLO)]
    because = "the other period has logs for far fewer days"
    day = [{**TRELLO}]
    assert ("grown", "Trello", "6 people, 1 before", 5, "coverage", because) in changes(side, week, day)
    assert ("shrunk", "Trello", "1 person, 6 before", 5, "coverage", because) in changes(side, day, week)
    most = [*crowd(2, **TRELLO), *[{**TRELLO, "day": day, "person": "p0"} for day in range(4)]]
    assert ("grown", "Trello", "6 people, 2 before", 4, "behaviour", "") in changes(side, week, most), "four days of five can be compared"
    assert ("shrunk", "Trello", "2 people, 6 before", 4, "behaviour", "") in changes(side, most, week)


def test_people_that_cannot_be_told_apart_neither_grow_nor_shrink(side: Side) -> None:
    many, unknown = side(*crowd(6)), side({})
    finding = replace(unknown.assessment.findings[0], active_people=None)
    told_apart = replace(unknown, assessment=replace(unknown.assessment, findings=(finding,)))
    for now, before in ((many, told_apart), (told_apart, many)):
        assert not [one for one in compare(now, before) if one.kind in {"grown", "shrunk"}]


def test_a_level_says_both_scores_and_what_moved_it_most(side: Side) -> None:
    now = side({})
    finding = now.assessment.findings[0]
    reasons = tuple(replace(one, points=one.points - (20 if one.factor == "what it is used for" else 0)) for one in finding.risk.reasons)
    low = replace(finding.risk, level="Low", score=finding.risk.score - 20, reasons=reasons)
    before = replace(now, assessment=replace(now.assessment, findings=(replace(finding, risk=low),)))
    score, level = finding.risk.score, finding.risk.level
    steps = ["Low", "Guarded", "Elevated", "High", "Severe"].index(level)
    (up,), (down,) = compare(now, before), compare(before, now)
    assert (up.kind, up.weight, up.text) == ("riskier", steps, f"{level}, Low before ({score - 20} to {score}, most by what it is used for: +20)")
    assert (down.kind, down.weight, down.text) == (
        "calmer",
        steps,
        f"Low, {level} before ({score} to {score - 20}, most by what it is used for: −20)",
    )
    (catalogue,) = compare(replace(now, catalogue="2"), before)
    assert (catalogue.cause, catalogue.because) == ("catalogue", "what is known of the service changed")


def test_a_log_that_shows_a_service_alone_is_named(side: Side) -> None:
    gone = compare(side({}), side({}, {**TRELLO, **FORTIGATE}))
    assert [one.because for one in gone] == ["only the fortigate log showed it, and there is none now"]
    known = {"domain": "trello.com", "match": "unknown", "service": None, "registrable": "trello.com"}
    (new,) = compare(side({}, TRELLO, catalogue="2"), side({}, known, catalogue="1"))
    assert new.because == "its domains were seen before, and the catalogue did not know them"


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (5, 3, "The period before has logs for only 3 days against 5 now: part of this is coverage, not behaviour."),
        (1, 5, "This period has logs for only 1 day against 5 before: part of this is coverage, not behaviour."),
        (5, 4, "Both periods are judged with today's catalogue, rules and decisions: what changed is what people did, where nothing else is said."),
    ],
)
def test_a_caveat_says_what_cannot_be_compared(side: Side, now: int, before: int, said: str) -> None:
    assert caveat(*(side(*[{"day": day} for day in range(days)]) for days in (now, before))) == said


def test_a_caveat_names_what_they_were_judged_with(side: Side) -> None:
    now = side({})
    rules = replace(now, assessment=replace(now.assessment, rules_in_force=OLDER))
    marked = "; what comes from that is marked."
    assert caveat(replace(now, catalogue="2"), now) == "The two were judged with different catalogue" + marked
    assert caveat(now, rules) == "The two were judged with different rules" + marked
    assert caveat(replace(now, catalogue="2"), rules) == "The two were judged with different catalogue and rules" + marked


def test_since_a_decision_each_cause_has_its_points(side: Side) -> None:
    now = side({"person": "ann"})
    then, found = then_of(now), now.assessment.findings[0]
    parts = {**then.parts, "use here": then.parts["use here"] - 4, "law and standing": then.parts.get("law and standing", 0.0) - 9}
    earlier = replace(then, parts=parts, score=then.score - 13, people=None)
    in_force = now.assessment.rules_in_force
    assert [(one.what, one.text, one.cause) for one in since_decision(earlier, found, "2", in_force)] == [
        ("risk", f"risk {then.score - 13} then, {then.score} now; +9 of it from what is known of the service", "catalogue"),
        ("risk", f"risk {then.score - 13} then, {then.score} now; +4 of it from what people did", "behaviour"),
    ]
    assert [one.cause for one in since_decision(replace(earlier, rules="older"), found, "2", in_force)] == ["rules"]
    assert [one.cause for one in since_decision(earlier, found, "1", in_force)] == ["behaviour"]


def test_changes_of_one_weight_stand_by_name_then_by_kind(side: Side) -> None:
    zoom, asana = ({"service": service, "domain": f"{service}.com"} for service in ("zoom", "asana"))
    now, before = side(*crowd(4), *crowd(2, **zoom), *crowd(2, **asana)), side(*crowd(2))
    found = now.assessment.finding("wetransfer")
    assert found
    low = replace(found, risk=replace(found.risk, level="Low"))
    two_up = replace(found, risk=replace(found.risk, level="Elevated"))
    sides = [
        replace(side_, assessment=replace(side_.assessment, findings=tuple(level if one.service == "wetransfer" else one for one in of)))
        for side_, level, of in ((now, two_up, now.assessment.findings), (before, replace(low, active_people=2), before.assessment.findings))
    ]
    assert [(one.weight, one.name, one.kind) for one in compare(*sides)] == [
        (2, "Asana", "new"), (2, "WeTransfer", "grown"), (2, "WeTransfer", "riskier"), (2, "Zoom", "new"),
    ]  # fmt: skip


def test_people_nobody_could_count_weigh_as_one(side: Side) -> None:
    one, nothing = side({}), side(TRELLO)
    finding = one.assessment.findings[0]
    unknown = replace(one, assessment=replace(one.assessment, findings=(replace(finding, active_people=None),)))
    came, went = (
        next(change for change in found if change.service == "wetransfer") for found in (compare(unknown, nothing), compare(nothing, unknown))
    )
    assert (came.kind, came.weight, came.text) == ("new", 1, "an unknown number of people, since 2 March")
    assert (went.kind, went.weight, went.text) == ("gone", 1, "an unknown number of people before, nobody now")


@pytest.mark.parametrize(
    ("new", "old", "scores", "said"),
    [
        ({"a": 10, "b": 5}, {"a": 10}, (40, 50), ", most by b: +5"),
        ({"a": 10}, {"a": 10, "b": 5}, (50, 40), ", most by b: −5"),
        ({"a": 12, "b": 5}, {"a": 10, "b": 9}, (40, 50), ", most by a: +2"),
        ({"a": 12, "b": 5}, {"a": 10, "b": 9}, (50, 40), ", most by b: −4"),
        ({"a": 12, "b": 5}, {"a": 10, "b": 9}, (50, 50), ", most by a: +2"),
        ({"a": 10.5}, {"a": 10}, (50, 51), ", most by a: 0"),
        ({"a": 10.4}, {"a": 10}, (50, 51), ""),
        ({}, {}, (50, 51), ""),
    ],
)
def test_what_moved_a_score_most_in_its_direction(
    side: Side, new: dict[str, float], old: dict[str, float], scores: tuple[int, int], said: str
) -> None:
    finding = side({}).assessment.findings[0]

    def scored(points: dict[str, float], score: int) -> Finding:
        reasons = (*(Reason(factor, amount, "", "", "use here") for factor, amount in points.items()), Reason("highest score", -99, "", ""))
        return replace(finding, risk=replace(finding.risk, score=score, reasons=reasons))

    assert _most_of_it(scored(new, scores[1]), scored(old, scores[0])) == said


@pytest.mark.parametrize(
    ("now", "then", "kind", "weight"), [("High", "Elevated", "riskier", 1), ("Low", "Guarded", "calmer", 1), ("Severe", "Low", "riskier", 4)]
)
def test_a_step_of_levels_is_a_change(side: Side, now: str, then: str, kind: str, weight: int) -> None:
    judged = side({})
    finding = judged.assessment.findings[0]
    sides = [
        replace(judged, assessment=replace(judged.assessment, findings=(replace(finding, risk=replace(finding.risk, level=level)),)))
        for level in (now, then)
    ]
    assert [(change.kind, change.weight) for change in compare(*sides)] == [(kind, weight)]


def test_points_of_a_part_that_was_not_there_are_new_and_one_that_is_gone_took_its_points_along(side: Side) -> None:
    now = side({"person": "ann"})
    then, found = then_of(now), now.assessment.findings[0]
    kept = {part: points for part, points in then.parts.items() if part != "what is at stake"}
    lacking, more = replace(then, parts=kept, score=0), replace(then, parts=then.parts | {"gone by now": 7.0}, score=0)
    rules_in_force = now.assessment.rules_in_force
    at_stake = then.parts["what is at stake"]
    for snapshot_, points in ((lacking, at_stake), (more, -7)):
        told = [one.text for one in since_decision(snapshot_, found, "2", rules_in_force) if one.cause == "catalogue"]
        assert [text.partition("; ")[2].partition(" of it")[0] for text in told] == [f"{points:+.0f}"]
