"""A policy discussion: which needs come on its agenda, and what each choice would mean for the services in use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from rules import roadmap
from rules.assess import assess
from rules.findings import Assessment
from rules.meeting import AgendaItem, Meeting, table, taken
from rules.meeting.agenda import Candidate, candidates, proposed, services_of
from rules.meeting.options import later, options
from rules.register import STATUSES, Decision
from rules.toolset import read_toolset

BASIC = 'suites = ["microsoft_365_business_basic"]'
DOMAINS = {"wetransfer": "wetransfer.com", "smash": "fromsmash.com", "canva": "www.canva.com", "nordvpn": "nordvpn.com", "slack": "app.slack.com"}
WHEN = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def judge(observe: Any, shipped: Catalogue, sight: Any) -> Callable[..., Assessment]:
    """A firm in which everybody named works with these services on three days."""

    def made(toolset: str = BASIC, register: dict[str, Decision] | None = None, **used: str) -> Assessment:
        rows = [
            sight(day, service=service, domain=DOMAINS[service], person=person, uploaded_bytes=10**8)
            for service, people in used.items()
            for person in people.split()
            for day in range(3)
        ]
        return assess(observe(*rows), shipped, register or {}, read_toolset(toolset))

    return made


def test_undecided_needs_come_first_then_those_with_most_at_stake(judge: Callable[..., Assessment]) -> None:
    used = {"wetransfer": "ann bob cy", "canva": "ann", "nordvpn": "ann bob cy dee eve"}
    order = [one.gap.capability for one in candidates(judge(**used), frozenset())]
    assert order == ["vpn_proxy", "file_transfer", "design"]
    settled = judge(register={"nordvpn": Decision("nordvpn", "not_approved")}, **used)
    found = candidates(settled, frozenset())
    assert [one.gap.capability for one in found] == ["file_transfer", "design", "vpn_proxy"]
    assert found[0].why == "3 of 10 people; 1 service undecided, WeTransfer at high risk."
    assert found[-1].why == "5 of 10 people; every service is decided on, the need is still unmet."


@given(undecided=st.integers(0, 12), others=st.integers(0, 12))
def test_an_agenda_has_the_undecided_needs_and_five_to_eight_if_there_are_so_many(undecided: int, others: int) -> None:
    finding: Any = object()
    gap: Any = type("Gap", (), {})
    made = [Candidate(type("G", (gap,), {"capability": f"c{n}"})(), (finding,) * (n < undecided), 1, "") for n in range(undecided + others)]
    chosen = proposed(made)
    assert chosen == [f"c{n}" for n in range(len(chosen))]
    assert len(chosen) == min(undecided + others, max(5, min(undecided, 8)))


def test_every_action_is_put_to_a_choice_with_what_it_brings(judge: Callable[..., Assessment]) -> None:
    firm = judge(wetransfer="ann bob cy", smash="ann")
    choices = options("file_transfer", services_of("file_transfer", firm, frozenset()), firm)
    (step,) = [one for one in firm.roadmap if one.capability == "file_transfer"]
    assert choices[0].proposed
    assert choices[0].step.action == step.action
    assert (choices[0].step.parts, choices[0].step.effort, choices[0].step.text) == (step.parts, step.effort, step.text), "as the roadmap has it"
    assert [one.id for one in choices[1:]] == [id_ for id_ in roadmap.table()["options"]["tool_unused"] if id_ != step.action]
    by_id = {one.id: one for one in choices}
    assert set(by_id["restrict"].statuses.values()) == {"not_approved"}
    assert by_id["restrict"].step.removed == sum(firm.finding(id_).risk.score for id_ in ("wetransfer", "smash"))  # type: ignore[union-attr]
    assert by_id["accept"].step.removed == 0
    target = by_id["license"].step.target
    assert by_id["license"].statuses[str(target)] == "approved_with_conditions"
    assert {status for id_, status in by_id["license"].statuses.items() if id_ != target} == {"not_approved"}


def test_what_goes_round_the_protection_is_closed_or_accepted(judge: Callable[..., Assessment]) -> None:
    firm = judge(nordvpn="ann")
    choices = options("vpn_proxy", services_of("vpn_proxy", firm, frozenset()), firm)
    assert [one.id for one in choices] == ["restrict", "accept"]


def test_what_is_settled_stays_as_it_is_and_what_is_tolerated_does_not(judge: Callable[..., Assessment]) -> None:
    register = {"smash": Decision("smash", "not_approved"), "wetransfer": Decision("wetransfer", "tolerated", review_by=date(2027, 1, 1))}
    firm = judge(register=register, wetransfer="ann bob", smash="ann")
    for one in options("file_transfer", services_of("file_transfer", firm, frozenset()), firm):
        assert set(one.statuses) == {"wetransfer"}


def test_a_covered_need_has_no_choices_and_is_no_candidate(judge: Callable[..., Assessment]) -> None:
    firm = judge(register={"canva": Decision("canva", "approved")}, canva="ann")
    assert candidates(firm, frozenset()) == []
    assert options("design", services_of("design", firm, frozenset()), firm) == []
    assert [one.service for one in services_of("design", firm, frozenset())] == ["canva"], "it is still used"


def test_the_table_knows_every_action_that_can_be_chosen() -> None:
    actions = {action for actions in roadmap.table()["options"].values() for action in actions}
    assert actions == set(table()["option"]) & actions
    for action, said in table()["option"].items():
        assert {said["target"], said["others"]} <= set(STATUSES), action
        assert ("conditions" in said) == ("approved_with_conditions" in {said["target"], said["others"]}), action


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 48))
def test_so_many_months_later_is_in_that_month_and_no_later_in_it(day: date, months: int) -> None:
    found = later(day, months)
    assert found.year * 12 + found.month == day.year * 12 + day.month + months
    assert found.day <= day.day
    assert found.day == day.day or (later(found, 0).replace(day=found.day) == found and found.day >= 28)


def test_decisions_of_a_meeting_are_those_of_the_register_that_nobody_took_back() -> None:
    agenda = (AgendaItem("a", decisions=(1, 2)), AgendaItem("b", decisions=(4,)), AgendaItem("c"))
    meeting = Meeting(1, 45, "", WHEN, "Ada", None, agenda)
    history = [Decision("x", "approved", number=number) for number in (1, 2, 3, 4)]
    history[1] = replace(history[1], undone_at=WHEN, undone_by="Ada")
    found = taken(meeting, history)
    assert {code: [one.number for one in decisions] for code, decisions in found.items()} == {"a": [1], "b": [4]}


def test_an_option_says_what_each_service_becomes_and_until_when(judge: Callable[..., Assessment]) -> None:
    firm = judge(wetransfer="ann bob cy", smash="ann")
    for one in options("file_transfer", services_of("file_transfer", firm, frozenset()), firm):
        said = table()["option"][one.id]
        assert one.statuses == {id_: said["target" if id_ == one.step.target else "others"] for id_ in ("wetransfer", "smash")}
        assert one.conditions == said.get("conditions", "").format(text=one.step.text)
        assert (one.months, one.until(date(2026, 1, 31))) == (said["months"], later(date(2026, 1, 31), said["months"]))


def test_what_is_used_for_a_need_is_told_by_people_then_risk_then_name(judge: Callable[..., Assessment]) -> None:
    firm = judge(wetransfer="ann", smash="ann bob", canva="ann bob cy")
    assert [one.service for one in services_of("file_transfer", firm, frozenset())] == ["smash", "wetransfer"]
    assert [one.service for one in services_of("file_transfer", firm, frozenset({"smash"}))] == ["wetransfer"]
    even = judge(wetransfer="ann", smash="ann")
    found = services_of("file_transfer", even, frozenset())
    assert [one.risk.score for one in found] == sorted((one.risk.score for one in found), reverse=True)
    quiet = replace(firm, findings=tuple(replace(one, activity="visit") for one in firm.findings))
    assert services_of("file_transfer", quiet, frozenset()) == []


def test_a_candidate_weighs_what_is_undecided_and_says_why(judge: Callable[..., Assessment]) -> None:
    firm = judge(register={"smash": Decision("smash", "not_approved")}, wetransfer="ann bob cy", smash="ann")
    (found,) = candidates(firm, frozenset())
    wetransfer = firm.finding("wetransfer")
    assert wetransfer
    assert [one.service for one in found.undecided] == ["wetransfer"]
    assert found.weight == 3 * wetransfer.risk.score
    assert found.why == f"3 of 10 people; 1 service undecided, WeTransfer at {wetransfer.risk.level.lower()} risk."
    both = judge(wetransfer="ann bob cy", smash="ann")
    (found,) = candidates(both, frozenset())
    assert found.weight == sum(one.risk.score * (one.active_people or 1) for one in both.findings)
    assert found.why.startswith("3 of 10 people; 2 services undecided, ")
    seen = replace(firm, coverage=replace(firm.coverage, people_expected=None, people_seen=4))
    assert candidates(seen, frozenset())[0].why.startswith("3 of 4 people; ")
    nobody = replace(firm, findings=tuple(replace(one, active_people=None) for one in firm.findings))
    assert candidates(nobody, frozenset())[0].weight == wetransfer.risk.score


def test_a_meeting_knows_its_items() -> None:
    meeting = Meeting(1, 45, "", WHEN, "Ada", None, (AgendaItem("a", seconds=30), AgendaItem("b", seconds=12)))
    assert (meeting.item("b"), meeting.item("c"), meeting.seconds, meeting.capabilities) == (AgendaItem("b", seconds=12), None, 42, ["a", "b"])


def test_of_as_many_people_the_riskier_and_of_one_risk_the_first_by_name_is_told_first(judge: Callable[..., Assessment]) -> None:
    firm = judge(wetransfer="ann", smash="ann", slack="ann")
    one, other = (firm.finding(id_) for id_ in ("wetransfer", "smash"))
    assert one
    assert other
    for scores, order in (((50, 40), ["WeTransfer", "Smash"]), ((40, 50), ["Smash", "WeTransfer"]), ((40, 40), ["Smash", "WeTransfer"])):
        judged = tuple(replace(found, risk=replace(found.risk, score=score)) for found, score in zip((one, other), scores, strict=True))
        assert [found.name for found in services_of("file_transfer", replace(firm, findings=judged), frozenset())] == order
    even = replace(one.risk, score=40)
    nobody = tuple(replace(found, active_people=people, risk=even) for found, people in ((other, None), (one, 1)))
    assert [found.name for found in services_of("file_transfer", replace(firm, findings=nobody), frozenset())] == ["WeTransfer", "Smash"]


def test_needs_of_one_weight_stand_by_need(judge: Callable[..., Assessment]) -> None:
    firm = judge(toolset="", slack="ann", canva="ann", wetransfer="ann")
    even = replace(firm, findings=tuple(replace(one, risk=replace(one.risk, score=40)) for one in firm.findings))
    assert [one.gap.capability for one in candidates(even, frozenset())] == ["chat", "design", "file_transfer"]
