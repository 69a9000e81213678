"""The stair: each criterion is measured, what is not known is no yes, and no step is reached over an open one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from discovery.observations import OBSERVED, Coverage, Observations
from rules.alerts import Alert
from rules.assess import assess
from rules.factors import toml
from rules.maturity import Evidence, Measured, maturity, measures
from rules.register import Decision, Register
from rules.toolset import Tool, Toolset

DAY = date(2026, 3, 13)
THEN = datetime(2026, 3, 1, tzinfo=UTC)
TOOLS = Toolset((Tool("Trello", ("project_mgmt",), ("trello",)),))


@pytest.fixture
def evidence(shipped: Catalogue, observe: Callable[..., Observations], sight: Callable[..., dict[str, Any]]) -> Evidence:
    """Ten people seen on every day; two services in use, of which nobody decided on any."""
    now = observe(sight(), *(sight(1, person=f"p{n}", service="smallpdf", domain="smallpdf.com") for n in range(9)))
    before = observe(*(sight(day, service="zoom", domain="zoom.us") for day in range(3)), sight(), sight(service="dropbox", domain="dropbox.com"))
    judged, earlier = (assess(seen, shipped, Register(), TOOLS) for seen in (now, before))
    return Evidence(judged, earlier, 22, 22, (), (), TOOLS.services, len(TOOLS.tools), DAY, "Europe/London")


def decided(service: str, status: str = "approved", **more: Any) -> Decision:
    return Decision(service, status, **{"owner": "Ben", "decided_at": THEN, "review_by": date(2026, 12, 1), **more})


BOTH = (decided("wetransfer"), decided("smallpdf", "tolerated"))


def levels(evidence: Evidence) -> int:
    return maturity(evidence).level


def test_who_does_nothing_repairs(evidence: Evidence) -> None:
    found = maturity(replace(evidence, covered=0, tools=0))
    assert (found.level, found.steps[0].id, found.next and found.next.id) == (1, "break_fix", "better_endeavour")


def test_decisions_lift_the_firm_step_by_step(evidence: Evidence) -> None:
    assert levels(evidence) == 1
    assert levels(replace(evidence, history=BOTH[:1])) == 3
    assert levels(replace(evidence, history=BOTH)) == 4
    refused = (*BOTH, decided("zoom", "not_approved"))
    better = measures(replace(evidence, history=refused))
    assert (better["refused_change"].value, better["unmet_change"].value) == (-1, -1)
    assert levels(replace(evidence, history=refused)) == 5
    assert levels(replace(evidence, history=refused, before=evidence.now)) == 4, "nothing became fewer"


def test_each_number_says_what_it_counts(evidence: Evidence) -> None:
    told = measures(replace(evidence, history=BOTH[:1]))
    assert told["decided_share"].text == "1 of 2 services in use decided on."
    assert told["covered_share"].text == "22 of 22 working days with logs."
    assert told["seen_share"].text == "10 of 10 people were seen."
    assert told["owner_share"].text == "1 of 1 decision with an owner."
    assert told["late_alerts"].text == "No alert is open."
    assert told["in_time_share"].text == "1 of 1 service in use for more than a month decided on."


def test_what_is_not_known_is_no_yes(evidence: Evidence) -> None:
    coverage = replace(evidence.now.coverage, people_expected=None)
    unknown = replace(evidence, history=BOTH, before=None, now=replace(evidence.now, coverage=coverage))
    told = measures(unknown)
    assert {name for name, one in told.items() if one.value is None} == {"seen_share", "in_time_share", "refused_change", "unmet_change"}
    assert levels(unknown) == 2
    assert levels(replace(evidence, working=0, covered=0, history=BOTH)) == 1


def test_what_the_firm_provides_needs_no_decision(evidence: Evidence, shipped: Catalogue, observe: Any, sight: Any) -> None:
    own = assess(observe(sight(service="trello", domain="trello.com")), shipped, Register(), TOOLS)
    assert measures(replace(evidence, now=own))["decided_share"].value is None


@pytest.mark.parametrize(("review", "level"), [(date(2026, 3, 12), 3), (date(2026, 3, 13), 4)])
def test_an_overdue_review_costs_a_step(evidence: Evidence, review: date, level: int) -> None:
    shown = replace(evidence, history=(BOTH[1], decided("wetransfer", review_by=review)))
    assert (levels(shown), measures(shown)["overdue"].value) == (level, 4 - level)


@pytest.mark.parametrize(("day", "late"), [(date(2026, 2, 26), 1), (date(2026, 2, 27), 0)])
def test_an_alert_is_late_after_two_weeks(evidence: Evidence, day: date, late: int) -> None:
    alert = Alert("new_service", "smallpdf", "Smallpdf", "", day, "", "")
    assert measures(replace(evidence, alerts=(alert,)))["late_alerts"].value == late


def test_only_what_stood_on_the_day_counts(evidence: Evidence) -> None:
    later = decided("wetransfer", decided_at=datetime(2026, 3, 14, 1, tzinfo=UTC))
    taken = decided("smallpdf", undone_by="Ann", undone_at=datetime(2026, 3, 20, tzinfo=UTC))
    assert measures(replace(evidence, history=(taken, later)))["decided_share"].text == "1 of 2 services in use decided on."


def test_where_there_is_nothing_to_count_that_is_said(evidence: Evidence) -> None:
    coverage = replace(evidence.now.coverage, people_seen=None)
    empty = replace(evidence, working=0, tools=0, before=None, now=replace(evidence.now, coverage=coverage))
    assert {name: (one.value, one.text) for name, one in measures(empty).items() if name != "decided_share"} == {
        "covered_share": (None, "There is no working day to count."),
        "tools_provided": (0, "Nothing is entered."),
        "seen_share": (None, "These logs do not tell one person from another."),
        "in_time_share": (None, "Not known yet: it takes logs of two months."),
        "owner_share": (None, "There is no decision to count."),
        "review_share": (None, "There is no decision to count."),
        "overdue": (0, "No review is overdue."),
        "late_alerts": (0, "No alert is open."),
        "refused_change": (None, "Not known yet: it takes logs of two months."),
        "unmet_change": (None, "Not known yet: it takes logs of two months."),
    }
    nobody = replace(empty, now=replace(evidence.now, coverage=replace(coverage, people_seen=9, people_expected=None)))
    assert measures(nobody)["seen_share"].text == "How many people work here is not known."


def test_where_there_is_something_each_number_says_of_what(evidence: Evidence) -> None:
    alerts = tuple(Alert("new_service", name, name, "", day, "", "") for name, day in (("a", date(2026, 2, 1)), ("b", date(2026, 3, 12))))
    history = (
        decided("wetransfer", "not_approved", review_by=None, owner=""),
        decided("smallpdf", "tolerated", review_by=date(2026, 3, 1)),
        decided("zoom", "approved", review_by=None),
        decided("slack", "in_review", owner=""),
        decided("dropbox", "not_approved", review_by=date(2026, 3, 1)),
    )
    coverage = replace(evidence.now.coverage, people_seen=12)
    told = measures(replace(evidence, alerts=alerts, history=history, covered=11, tools=3, now=replace(evidence.now, coverage=coverage)))
    assert {name: (one.value, one.text) for name, one in told.items()} == {
        "covered_share": (0.5, "11 of 22 working days with logs."),
        "tools_provided": (3, "3 tools entered."),
        "seen_share": (1.0, "12 people were seen."),
        "decided_share": (0.5, "1 of 2 services in use decided on."),
        "in_time_share": (1.0, "1 of 1 service in use for more than a month decided on."),
        "owner_share": (0.75, "3 of 4 decisions with an owner."),
        "review_share": (0.5, "1 of 2 decisions with a review date."),
        "overdue": (1, "1 review overdue."),
        "late_alerts": (1, "1 of 2 open alerts stood for longer."),
        "refused_change": (-1, "1 day of use by a person, 2 before."),
        "unmet_change": (told["unmet_change"].value, told["unmet_change"].text),
    }
    assert measures(replace(evidence, history=(decided("trello"),)))["refused_change"].text == "Nothing is marked as not approved."


def test_fewer_needs_without_a_tool_are_better_and_none_is_as_good_as_fewer(evidence: Evidence) -> None:
    unmet = [sum(gap.gap in {"no_tool", "tool_unused"} for gap in some.gaps) for some in (evidence.now, evidence.before) if some]
    told = measures(evidence)["unmet_change"]
    assert (told.value, told.text) == (unmet[0] - unmet[1], f"{unmet[0]} needs without a tool in use, {unmet[1]} before.")
    same = replace(evidence, before=evidence.now)
    assert measures(same)["unmet_change"].value == 0
    nothing = replace(evidence.now, gaps=())
    assert measures(replace(same, now=nothing, before=nothing))["unmet_change"].value == -1


def test_only_active_use_of_what_is_not_provided_asks_for_a_decision(evidence: Evidence) -> None:
    quiet = replace(evidence.now, findings=tuple(replace(one, activity="background") for one in evidence.now.findings))
    assert measures(replace(evidence, now=quiet))["decided_share"].value is None
    assert measures(evidence)["decided_share"].value == 0
    told = measures(replace(evidence, provided=frozenset({"smallpdf"})))
    assert told["decided_share"].text == "0 of 1 service in use decided on, apart from 1 that the firm provides."


def test_use_of_what_is_refused_is_counted_in_days_of_people(evidence: Evidence) -> None:
    refused = replace(evidence, history=(decided("smallpdf", "not_approved"),))
    assert measures(refused)["refused_change"] == Measured(9, "9 days of use by a person, 0 before.")
    gone = replace(evidence, history=(decided("zoom", "not_approved"),))
    assert measures(gone)["refused_change"] == Measured(-1, "0 days of use by a person, 3 before.")
    never = replace(evidence, history=(decided("trello", "not_approved"),))
    assert measures(never)["refused_change"] == Measured(-1, "0 days of use by a person, 0 before.")


def test_a_decision_on_company_accounts_leaves_private_ones_open(evidence: Evidence, shipped: Catalogue, observe: Any, sight: Any) -> None:
    for accounts, share in ((("company",), 1), (("personal",), 0), (("company", "personal"), 0)):
        rows = [sight(person=account, account=account) for account in accounts]
        now = assess(observe(*rows), shipped, Register(), TOOLS)
        told = measures(replace(evidence, now=now, history=(decided("wetransfer", account="company"),)))
        assert told["decided_share"].value == share, accounts


def test_every_criterion_is_shown_with_its_evidence(evidence: Evidence) -> None:
    found = maturity(replace(evidence, history=BOTH))
    table = toml("maturity.toml")["level"]
    assert [(step.id, step.title, step.text) for step in found.steps] == [(level["id"], level["title"], level["text"]) for level in table]
    for step, level in zip(found.steps, table, strict=True):
        for one, entry in zip(step.criteria, level.get("criterion", []), strict=True):
            said = found.measured[entry["measure"]]
            assert (one.title, one.todo, one.page, one.evidence) == (entry["title"], entry["todo"], entry["page"], said.text)
            within = said.value is not None and entry.get("at_least", -99) <= said.value <= entry.get("at_most", 99)
            assert one.holds == within


@given(covered=st.integers(0, 22), tools=st.integers(0, 2), chosen=st.sets(st.sampled_from(["a", "b"])), late=st.booleans())
def test_a_step_is_reached_only_over_all_below(evidence_of: Evidence, covered: int, tools: int, chosen: set[str], *, late: bool) -> None:
    history = tuple(decision for key, decision in zip("ab", BOTH, strict=True) if key in chosen)
    alerts = (Alert("new_service", "x", "X", "", date(2026, 1, 1), "", ""),) if late else ()
    found = maturity(replace(evidence_of, covered=covered, tools=tools, history=history, alerts=alerts))
    assert [step.reached for step in found.steps] == sorted((step.reached for step in found.steps), reverse=True)
    assert all(one.holds for step in found.steps[: found.level] for one in step.criteria)
    assert found.next is None or not all(one.holds for one in found.next.criteria)


@pytest.fixture(scope="session")
def evidence_of(shipped: Catalogue) -> Evidence:
    """Judged evidence without any use, for the law that needs many tries."""
    nothing = Observations(pl.DataFrame(schema=OBSERVED), (), Coverage(10, 10, 4, 100, None), "Europe/London", date(2026, 3, 2), DAY)
    judged = assess(nothing, shipped, Register(), TOOLS)
    return Evidence(judged, judged, 22, 22, (), (), TOOLS.services, 1, DAY, "Europe/London")


@pytest.mark.parametrize(
    ("status", "review", "counted"),
    [
        ("approved", DAY, (True, True)), ("approved", date(2026, 3, 12), (True, True)), ("in_review", date(2026, 3, 12), (True, True)),
        ("in_review", DAY, (False, False)), ("unreviewed", None, (False, False)), ("not_approved", None, (True, False)),
    ],
)  # fmt: skip
def test_a_decision_counts_once_it_was_taken_and_a_review_only_of_what_is_permitted(
    evidence: Evidence, status: str, review: date | None, counted: tuple[bool, bool]
) -> None:
    told = measures(replace(evidence, history=(decided("wetransfer", status, review_by=review, owner=""),)))
    assert [told[name].text for name in ("owner_share", "review_share")] == [
        "0 of 1 decision with an owner." if counted[0] else "There is no decision to count.",
        f"{int(review is not None)} of 1 decision with a review date." if counted[1] else "There is no decision to count.",
    ]


@pytest.mark.parametrize(
    ("seen", "share", "text"), [(9, 0.9, "9 of 10 people were seen."), (10, 1, "10 of 10 people were seen."), (12, 1, "12 people were seen.")]
)
def test_more_people_than_work_here_are_no_more_than_all(evidence: Evidence, seen: int, share: float, text: str) -> None:
    coverage = replace(evidence.now.coverage, people_seen=seen, people_expected=10)
    assert measures(replace(evidence, now=replace(evidence.now, coverage=coverage)))["seen_share"] == Measured(share, text)


def test_what_is_only_looked_at_or_provided_waits_for_no_decision(evidence: Evidence, shipped: Catalogue, observe: Any, sight: Any) -> None:
    rows = [sight(), sight(service="smash", domain="fromsmash.com", role="visit"), sight(service="trello", domain="trello.com")]
    used = assess(observe(*rows), shipped, Register(), TOOLS)
    told = measures(replace(evidence, now=used, before=used, history=(decided("wetransfer"),)))
    assert told["decided_share"] == Measured(1, "1 of 1 service in use decided on, apart from 1 that the firm provides.")
    assert told["in_time_share"] == Measured(1, "1 of 1 service in use for more than a month decided on.")
