"""The order of the roadmap and its quarters, on steps made up for it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from discovery.catalogue import Catalogue, Fact
from rules import roadmap
from rules.findings import Rescored, Step
from rules.gaps import Need


def made(id_: str, effort: float = 1, stage: str = "owned", waits_for: str = "") -> Step:
    return Step(f"gap:{id_}", id_, "train", id_, "", "", stage, "none", effort, 1, (), None, (), waits_for=f"gap:{waits_for}" if waits_for else "")


def test_the_order_is_stage_then_risk_removed_for_each_day_of_work() -> None:
    def worth(id_: str, effort: float, removed: int, people: int | None = 1, stage: str = "cheap") -> Step:
        return replace(made(id_, effort, stage), parts=(Rescored("x", "X", removed, 0),), people=people)

    steps = [
        worth("dear", 9, 90), worth("quick", 1, 20), worth("few", 2, 30, 1), worth("many", 2, 30, 9), worth("a nobody", 2, 30, None),
        worth("owned", 9, 1, stage="owned"), worth("project", 0.5, 99, stage="project"), worth("tiny", 0.1, 8), worth("alike", 1, 16),
    ]  # fmt: skip
    ordered = [one.id[4:] for one in roadmap._ordered(steps)]  # noqa: SLF001
    assert ordered == ["owned", "quick", "alike", "tiny", "many", "few", "a nobody", "dear", "project"]


def test_a_step_waits_only_for_one_that_is_on_the_roadmap() -> None:
    waiting = replace(made("a", waits_for="b"), waits_because="because")
    (alone,) = roadmap._in_quarters([waiting], date(2026, 11, 13))  # noqa: SLF001
    assert (alone.waits_for, alone.waits_because, alone.quarter) == ("", "", "2026-Q4")
    first, second = roadmap._in_quarters([made("b", 14), waiting], date(2026, 11, 13))  # noqa: SLF001
    assert (second.waits_for, second.waits_because) == ("gap:b", "because")
    assert (first.quarter, second.quarter) == ("2026-Q4", "2026-Q4")
    assert [one.quarter for one in roadmap._in_quarters([made("b", 14), made("c", 2)], None)] == ["", ""]  # noqa: SLF001


def test_quarters_are_filled_up_and_the_last_takes_what_is_left() -> None:
    steps = [made("a", 10), made("b", 5), made("c", 5), made("d", 40), made("e", 15), made("f", 15), made("g", 15)]
    found = [one.quarter for one in roadmap._in_quarters(steps, date(2026, 11, 13))]  # noqa: SLF001
    assert found == ["2026-Q4", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q3", "2027-Q3"]


@pytest.mark.parametrize(
    ("plan", "cost", "stage"),
    [("free", "none", "cheap"), ("low", "low", "cheap"), ("medium", "medium", "cheap"), ("high", "high", "project"), (None, "low", "cheap")],
)
def test_what_is_bought_costs_what_its_business_plan_does(shipped: Catalogue, plan: str | None, cost: str, stage: str) -> None:
    """Where that is not known, it costs what the action usually does; and so does what is not bought."""
    known = {} if plan is None else {"business.price_class": Fact(plan, "2fa", "2026-08-04", 1.0)}
    catalogue = replace(shipped, services={"canva": replace(shipped.services["canva"], facts=known)})
    usual = {"cost": "low", "stage": "cheap"}
    for action in ("license", "adopt"):
        choice = roadmap.Choice(Need("design", "Design", [], [], [], seen=True, whole=9), action, "", "Canva", "canva")
        assert roadmap._price(choice, catalogue, usual) == (cost, stage)  # noqa: SLF001
        assert roadmap._price(replace(choice, target=None), catalogue, usual) == ("low", "cheap")  # noqa: SLF001
        assert roadmap._price(replace(choice, action="train"), catalogue, usual) == ("low", "cheap")  # noqa: SLF001


@pytest.mark.parametrize(
    ("when", "fitting", "others"),
    [
        ({"highest_below": 60}, {"highest": 59}, {"highest": 60}),
        ({"highest_from": 60}, {"highest": 60}, {"highest": 59}),
        ({"business_below": 65}, {"business": 64}, {"business": 65}),
        ({"people_up_to": 2}, {"people": 2}, {"people": 3}),
        ({"people_up_to": 2}, {"people": 0}, {"people": None}),
        ({"gap": ["no_tool", "tool_beside"]}, {"gap": "tool_beside"}, {"gap": "tool_unused"}),
        ({"upgrade": True}, {"upgrade": True}, {"upgrade": False}),
        ({"upgrade": True, "people_up_to": 2}, {"upgrade": True, "people": 1}, {"upgrade": True, "people": 3}),
        ({"upgrade": True, "gap": ["no_tool"]}, {"upgrade": True, "gap": "no_tool"}, {"upgrade": False, "gap": "no_tool"}),
        ({}, {}, None),
    ],
)
def test_a_rule_fits_where_all_of_its_conditions_do(when: dict[str, Any], fitting: dict[str, Any], others: dict[str, Any] | None) -> None:
    assert roadmap._fits(when, fitting)  # noqa: SLF001
    assert others is None or not roadmap._fits(when, others)  # noqa: SLF001


def test_a_step_comes_in_the_first_quarter_that_has_room_and_not_before_what_it_waits_for() -> None:
    whole = float(roadmap.table()["days_a_quarter"])
    for effort, free, not_before, quarter in (
        (2, {"Q1": 2.0, "Q2": whole}, "", "Q1"), (2.5, {"Q1": 2.0, "Q2": whole}, "", "Q2"), (2, {"Q1": 9.0, "Q2": 9.0}, "Q2", "Q2"),
        (99, {"Q1": 9.0, "Q2": whole, "Q3": whole}, "", "Q2"), (99, {"Q1": 9.0, "Q2": 1.0}, "", "Q2"), (9, {"Q1": 9.0, "Q2": 3.0}, "Q2", "Q2"),
    ):  # fmt: skip
        assert roadmap._quarter(effort, free, not_before) == quarter, (effort, free)  # noqa: SLF001
