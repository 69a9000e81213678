"""Items of the roadmap: proposals beside what was kept, and what later logs show of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from discovery.observations import Observations
from rules import items, roadmap
from rules.assess import assess
from rules.findings import Assessment
from rules.items import Baseline, Item, Outcome
from rules.toolset import read_toolset

Make = Callable[..., Any]
MONDAY = date(2026, 3, 2)
SHAREPOINT = '[[tool]]\nname = "SharePoint"\ncapabilities = ["file_transfer"]\nservices = ["sharepoint-onedrive"]'
PEOPLE = ["ann", "bob", "cy", "dee"]


@pytest.fixture
def judge(observe: Make, shipped: Catalogue) -> Callable[..., Assessment]:
    """An assessment of rows; `later` by so many days."""

    def made(*rows: Any, later: int = 0, toolset: str = "") -> Assessment:
        seen = observe(*rows)
        shifted = Observations(seen.usage, seen.logs, seen.coverage, seen.zone, seen.since, seen.until + timedelta(days=later))
        return assess(shifted, shipped, {}, read_toolset(toolset))

    return made


def transfers(sight: Make, service: str, *people: str) -> list[Any]:
    domain = {"wetransfer": "wetransfer.com", "smash": "fromsmash.com", "transfernow": "www.transfernow.net"}[service]
    return [sight(day, person=person, service=service, domain=domain, uploaded_bytes=10**9) for person in people for day in range(5)]


@pytest.fixture
def planned(judge: Make, sight: Make) -> Item:
    """To close TransferNow, which four people use."""
    before = judge(*transfers(sight, "transfernow", *PEOPLE), *transfers(sight, "wetransfer", "eve"))
    return Item("own:1", "Close TransferNow", capability="file_transfer", baseline=items.baseline(["transfernow"], "file_transfer", before))


def test_a_proposal_holds_what_the_rules_say_and_how_things_stand(judge: Make, sight: Make) -> None:
    now = judge(*transfers(sight, "wetransfer", *PEOPLE), toolset=SHAREPOINT)
    (step,) = now.roadmap
    item = items.proposal(step, now)
    assert (item.id, item.state, item.removed, item.quarter) == (step.id, "proposed", step.removed, step.quarter)
    assert item.baseline
    assert (item.baseline.people, dict(item.baseline.services), item.baseline.others) == (4, {"wetransfer": 4}, 0)
    assert items.outcome(item, now) is None


def test_what_was_kept_stands_in_the_firms_words_and_is_not_proposed_again(judge: Make, sight: Make) -> None:
    now = judge(*transfers(sight, "wetransfer", *PEOPLE))
    kept = replace(items.proposal(now.roadmap[0], now), title="Buy Box", state="planned", step=None, quarter="2030-Q1")
    own = Item("own:9", "New switch", area="network", quarter="2026-Q2")
    found = items.plan(now, [kept, own])
    assert [(item.title, item.quarter) for item in found] == [("New switch", "2026-Q2"), ("Buy Box", "2030-Q1")]
    assert found[1].step == now.roadmap[0]
    assert [item.title for item in items.plan(now, [])] == [now.roadmap[0].title]


def test_no_later_logs_no_verdict(planned: Item, judge: Make, sight: Make) -> None:
    found = items.outcome(planned, judge(*transfers(sight, "wetransfer", "eve")))
    assert found is not None
    assert (found.kind, found.before) == ("waiting", None)


@pytest.mark.parametrize(
    ("still", "elsewhere", "kind", "text"),
    [
        ([], [], "fell", "Use fell from 4 people to 0 people."),
        (["ann", "bob"], [], "fell", "Use fell from 4 people to 2 people."),
        (["ann", "bob", "cy"], [], "stayed", "Use stayed: 3 people, before 4 people."),
        (PEOPLE, [], "stayed", "Use stayed: 4 people, before 4 people."),
        ([*PEOPLE, "flo"], [], "grew", "Use grew from 4 people to 5 people."),
        ([], ["ann", "bob"], "moved", "Use moved: 4 people fewer on TransferNow, 2 people more on Smash and WeTransfer."),
        (["ann"], ["bob"], "fell", "Use fell from 4 people to 1 person."),
        (PEOPLE, ["ann"], "stayed", "Use stayed: 4 people, before 4 people."),
    ],
)
def test_later_logs_show_what_became_of_it(
    planned: Item, judge: Make, sight: Make, still: list[str], elsewhere: list[str], kind: str, text: str
) -> None:
    rows = [*transfers(sight, "transfernow", *still), *transfers(sight, "smash", *elsewhere), *transfers(sight, "wetransfer", "eve")]
    found = items.outcome(planned, judge(*rows, later=30))
    assert found is not None
    assert (found.kind, found.text) == (kind, text)
    assert (found.before, found.now) == (4, len(still))


def test_the_tool_people_were_given_is_no_displacement(judge: Make, sight: Make) -> None:
    before = judge(*transfers(sight, "transfernow", *PEOPLE))
    item = Item("own:1", "x", capability="file_transfer", baseline=items.baseline(["transfernow"], "file_transfer", before, target="smash"))
    found = items.outcome(item, judge(*transfers(sight, "smash", *PEOPLE), later=30))
    assert found is not None
    assert found.kind == "fell"


def test_people_who_cannot_be_told_apart_leave_it_open(planned: Item, observe: Make, sight: Make, shipped: Catalogue) -> None:
    seen = observe(*(row | {"person": None, "person_kind": None} for row in transfers(sight, "transfernow", "ann")), apart=False)
    later = Observations(seen.usage, seen.logs, seen.coverage, "UTC", seen.since, seen.until + timedelta(days=30), people_told_apart=False)
    found = items.outcome(planned, assess(later, shipped, {}, read_toolset("")))
    assert found is not None
    assert found.kind == "unknown"


def test_an_item_by_hand_has_nothing_to_compare(judge: Make) -> None:
    assert items.outcome(Item("own:1", "New switch", area="network"), judge(later=30)) is None
    assert Item("own:1", "New switch").removed is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "needs a title"),
        ({"state": "finished"}, "“finished” is no state"),
        ({"area": "garden"}, "“garden” is no area"),
        ({"cost": "dear"}, "“dear” is no cost"),
        ({"effort": -1.0}, "between 0 and 1,000"),
        ({"effort": float("nan")}, "between 0 and 1,000"),
    ],
)
def test_what_cannot_be_kept_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(GnomonError, match=sentence):
        items.check(replace(Item("own:1", "x", changed_at=datetime(2026, 1, 1, tzinfo=UTC)), **change))


def test_an_empty_period_has_no_baseline(judge: Make) -> None:
    nothing = replace(judge(), since=None, until=None)
    for since, until in ((None, None), (MONDAY, None), (None, MONDAY)):
        assert items.baseline(["x"], "file_transfer", replace(nothing, since=since, until=until)) is None
    assert items.plan(nothing, []) == []


def test_a_proposal_is_the_step_with_how_things_stand(judge: Make, sight: Make) -> None:
    rows = [*transfers(sight, "wetransfer", *PEOPLE), *transfers(sight, "smash", "ann"), *transfers(sight, "transfernow", "eve")]
    now = judge(*rows, toolset=SHAREPOINT)
    (step,) = now.roadmap
    made = items.proposal(replace(step, closes=("wetransfer",), target="smash", cost="low"), now)
    assert (made.title, made.text, made.capability, made.effort, made.cost, made.area, made.owner, made.quarter) == (
        step.title, step.text, "file_transfer", step.effort, "low", "gap", "", step.quarter,
    )  # fmt: skip
    assert made.baseline == Baseline(
        since=now.since, until=now.until, people=4, services={"wetransfer": 4}, names={"wetransfer": "WeTransfer"}, others=1, target="smash",
        removed=made.step.removed if made.step else 0,
    )  # fmt: skip
    assert made.removed == step.removed == made.baseline.removed
    assert replace(made, step=None).removed == step.removed


def test_the_roadmap_goes_by_quarter_then_as_the_rules_have_it_then_by_title(judge: Make, sight: Make) -> None:
    pastes = [sight(day, person=person, service="pastebin", domain="pastebin.com") for person in PEOPLE for day in range(5)]
    now = judge(*transfers(sight, "wetransfer", *PEOPLE), *pastes)
    first, second = (step.title for step in now.roadmap)
    own = [
        Item("own:1", "Zebra", quarter="2026-Q1"),
        Item("own:2", "Apple", quarter="2026-Q1"),
        Item("own:3", "Some day"),
        Item("own:4", "Soon", quarter="2025-Q4"),
    ]
    assert [item.title for item in items.plan(now, own)] == ["Soon", first, second, "Apple", "Zebra", "Some day"]


def test_an_outcome_is_told_whole(planned: Item, judge: Make, sight: Make) -> None:
    later = judge(*transfers(sight, "smash", "ann", "bob", "cy"), *transfers(sight, "wetransfer", "eve"), later=30)
    assert items.outcome(planned, later) == Outcome(
        "moved", "Use moved: 4 people fewer on TransferNow, 3 people more on Smash and WeTransfer.", before=4, now=0, elsewhere=3
    )
    waiting = items.outcome(planned, judge(*transfers(sight, "smash", "ann")))
    assert waiting == Outcome("waiting", "No logs since it was planned: what it brings will show with the next import.")
    assert items.outcome(replace(planned, state="proposed"), later) is None
    assert items.outcome(replace(planned, baseline=None), later) is None


def test_what_the_firm_provides_is_no_displacement(judge: Make, sight: Make) -> None:
    before = judge(*transfers(sight, "transfernow", *PEOPLE))
    item = Item("own:1", "x", capability="file_transfer", baseline=items.baseline(["transfernow"], "file_transfer", before))
    smash = '[[tool]]\nname = "Smash"\ncapabilities = ["file_transfer"]\nservices = ["smash"]'
    later = judge(*transfers(sight, "smash", *PEOPLE), later=30, toolset=smash)
    assert items.outcome(item, later) == Outcome("fell", "Use fell from 4 people to 0 people.", 4, 0, 0)


def test_what_cannot_be_compared_says_so(planned: Item, judge: Make, sight: Make) -> None:
    assert planned.baseline
    later = judge(*transfers(sight, "transfernow", "ann"), later=30)
    for unknown in ({"people": None}, {"others": None}):
        found = items.outcome(replace(planned, baseline=replace(planned.baseline, **unknown)), later)
        assert found == Outcome("unknown", "These logs do not tell people apart, so what it brought is not known.")


@pytest.mark.parametrize("effort", [0, 0.5, 1000, None])
def test_an_effort_may_be_nothing_a_year_or_not_known(effort: float | None) -> None:
    assert items.check(Item("own:1", "x", effort=effort)).effort == effort
    with pytest.raises(GnomonError, match=r"^The effort is a number of days between 0 and 1,000.$"):
        items.check(Item("own:1", "x", effort=1000.5))


def test_a_refusal_lists_the_choices() -> None:
    with pytest.raises(GnomonError, match=r"^“dear” is no cost of an item. It can be: none, low, medium, high.$"):
        items.check(Item("own:1", "x", cost="dear"))
    with pytest.raises(GnomonError, match=r"^An item needs a title.$"):
        items.check(Item("own:1", ""))


@pytest.mark.parametrize(
    ("before", "now", "elsewhere", "kind"),
    [
        (1, 0, 0, "fell"), (1, 0, 1, "moved"), (4, 2, 0, "fell"), (4, 2, 1, "moved"), (4, 3, 0, "stayed"), (4, 3, 1, "moved"), (5, 3, 0, "stayed"),
        (9, 2, 3, "fell"), (9, 2, 4, "moved"), (4, 4, 9, "stayed"), (0, 0, 0, "stayed"), (4, 5, 0, "grew"), (0, 1, 5, "grew"),
    ],
)  # fmt: skip
def test_use_fell_by_half_and_moved_where_half_of_those_who_left_came(before: int, now: int, elsewhere: int, kind: str) -> None:
    assert items._kind(before, now, elsewhere, roadmap.table()["outcome"]) == kind  # noqa: SLF001


def test_what_cannot_be_told_yet_waits_and_what_closes_nothing_is_not_compared(planned: Item, judge: Make, sight: Make) -> None:
    assert planned.baseline
    later = judge(*transfers(sight, "smash", "ann"), later=30)
    waiting = Outcome("waiting", "No logs since it was planned: what it brings will show with the next import.")
    assert items.outcome(planned, replace(later, until=None)) == items.outcome(planned, replace(later, until=planned.baseline.until)) == waiting
    assert items.outcome(replace(planned, baseline=replace(planned.baseline, services={})), later) is None


def test_people_have_to_be_told_apart_on_both_sides(planned: Item, judge: Make, sight: Make) -> None:
    later = judge(*transfers(sight, "transfernow", "ann"), *transfers(sight, "smash", "bob"), later=30)
    for service in ("transfernow", "smash"):
        findings = tuple(replace(one, active_people=None) if one.service == service else one for one in later.findings)
        found = items.outcome(planned, replace(later, findings=findings))
        assert found is not None
        assert found.kind == "unknown", service


def test_of_many_services_two_are_named(planned: Item, judge: Make, sight: Make) -> None:
    assert planned.baseline
    closed = dict.fromkeys(("transfernow", "a", "b", "c"), 1)
    many = replace(planned, baseline=replace(planned.baseline, services=closed, names={"transfernow": "TransferNow", "a": "A"}))
    used = {"smash": "fromsmash.com", "filemail": "filemail.com", "wetransfer": "wetransfer.com", "sendgb": "www.sendgb.com"}
    rows = [sight(day, person=person, service=service, domain=host) for service, host in used.items() for person in PEOPLE for day in range(5)]
    found = items.outcome(many, judge(*rows, later=30))
    assert found is not None
    assert found.text.startswith("Use moved: 4 people fewer on TransferNow, A and 2 more, 3 people more on ")
    assert found.text.endswith(" and 2 more.")
