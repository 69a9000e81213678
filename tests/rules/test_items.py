"""Items of the roadmap: proposals beside what was kept, and what later logs show of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from discovery.observations import Observations
from rules import items
from rules.assess import assess
from rules.findings import Assessment
from rules.items import Item
from rules.toolset import read_toolset

Make = Callable[..., Any]
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
    assert items.baseline(["x"], "file_transfer", nothing) is None
    assert items.plan(nothing, []) == []
