"""What is in force on a given day, for which accounts, and that no decision ever moves a score."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from discovery.observations import Observations
from rules.assess import assess
from rules.register import ACCOUNTS, STATUSES, Decision, Register, Snapshot, in_force, register_on, snapshot, standing, status_of
from rules.toolset import Toolset

REVIEW = date(2026, 6, 30)


@pytest.mark.parametrize("status", ["approved", "approved_with_conditions", "tolerated"])
def test_a_permission_ends_with_its_review_date(status: str) -> None:
    decision = Decision("slack", status, review_by=REVIEW)
    assert decision.status_on(REVIEW) == status
    assert decision.status_on(REVIEW + timedelta(days=1)) == "in_review"
    assert decision.status_on(None) == status


@pytest.mark.parametrize("status", ["unreviewed", "in_review", "not_approved"])
def test_a_refusal_does_not_end(status: str) -> None:
    assert Decision("slack", status, review_by=REVIEW).status_on(REVIEW + timedelta(days=400)) == status


def test_a_permission_without_a_review_date_stays() -> None:
    assert Decision("slack", "approved").status_on(date(2099, 1, 1)) == "approved"


def test_what_nobody_decided_is_unreviewed() -> None:
    register = {"slack": Decision("slack", "not_approved")}
    assert status_of(register, "slack", REVIEW) == "not_approved"
    assert status_of(register, "zoom", REVIEW) == "unreviewed"


def test_there_is_no_other_status() -> None:
    assert STATUSES == ("unreviewed", "in_review", "approved", "approved_with_conditions", "tolerated", "not_approved")
    with pytest.raises(ValueError, match="'fine' is not a status"):
        Decision("slack", "fine")


def test_a_decision_for_company_accounts_leaves_private_ones_undecided() -> None:
    register = Register([Decision("chatgpt", "approved", account="company")])
    assert status_of(register, "chatgpt", REVIEW, {"company"}) == "approved"
    assert status_of(register, "chatgpt", REVIEW, {"personal"}) == "unreviewed"
    assert status_of(register, "chatgpt", REVIEW, {"company", "personal"}) == "unreviewed", "the least settled speaks for the service"
    assert status_of(register, "chatgpt", REVIEW, {"cannot_be_told"}) == "unreviewed", "not known is no yes"
    assert status_of(register, "chatgpt", REVIEW) == "unreviewed"
    assert list(register) == []
    assert register.about("chatgpt") == register.every()


def test_a_class_of_account_has_its_own_word_or_that_of_the_service() -> None:
    whole, company = Decision("chatgpt", "not_approved"), Decision("chatgpt", "approved", account="company")
    register = Register([whole, company])
    assert (register.of("chatgpt", "company"), register.of("chatgpt", "personal")) == (company, whole)
    assert register["chatgpt"] == whole
    assert status_of(register, "chatgpt", None, {"company", "personal"}) == "not_approved"
    with pytest.raises(ValueError, match="class of account"):
        Decision("chatgpt", "approved", account="mine")


def test_what_was_taken_back_stood_until_then() -> None:
    first, second, undone = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 5, 9))
    kept = Decision("slack", "tolerated", decided_at=first)
    taken = Decision("slack", "approved", decided_at=second, undone_by="Ann", undone_at=undone)
    history = [kept, taken]
    assert in_force(history)["slack"] == kept
    assert standing(history[::-1]) == kept
    assert not register_on(history, first - timedelta(days=1))
    for later in (timedelta(0), timedelta(hours=1)):
        assert [register_on(history, moment + later)["slack"] for moment in (first, second, undone)] == [kept, taken, kept]
    undated = Decision("slack", "in_review")
    assert register_on([undated], first)["slack"] == undated


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=st.sampled_from(STATUSES), account=st.sampled_from(ACCOUNTS), review=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_a_decision_never_changes_a_risk_score(
    shipped: Catalogue,
    observe: Callable[..., Observations],
    sight: Callable[..., dict[str, Any]],
    status: str,
    account: str,
    review: date | None,
) -> None:
    seen = observe(sight(), sight(1, person="ben"), sight(2, service="chatgpt", domain="chatgpt.com", account="company"))
    register = Register(Decision(service, status, account=account, review_by=review) for service in ("wetransfer", "chatgpt"))
    without, with_it = (assess(seen, shipped, known, Toolset()) for known in (Register(), register))
    assert [(one.service, one.risk) for one in with_it.findings] == [(one.service, one.risk) for one in without.findings]


def test_a_snapshot_holds_the_points_of_each_part(
    shipped: Catalogue, observe: Callable[..., Observations], sight: Callable[..., dict[str, Any]]
) -> None:
    judged = assess(observe(sight(), sight(1, person="ben")), shipped, {}, Toolset())
    found = judged.finding("wetransfer")
    assert found
    then = snapshot(found, whole=10, since=judged.since, until=judged.until, catalogue=shipped.version, rules=judged.rules_in_force)
    assert (then.people, then.whole, then.score, then.level) == (2, 10, found.risk.score, found.risk.level)
    assert sum(then.parts.values()) == pytest.approx(then.score, abs=0.05)
    assert then == Snapshot(
        2, 10, 2, found.uploaded_bytes, found.risk.score, found.risk.low, found.risk.high, found.risk.level, then.parts, judged.since, judged.until,
        shipped.version, judged.rules_in_force["version"],
    )  # fmt: skip
    points: dict[str, float] = {}
    for reason in found.risk.reasons:
        points[reason.part] = points.get(reason.part, 0.0) + reason.points
    assert then.parts == {part: round(whole, 1) for part, whole in points.items()}
    visited = replace(found, active_days=0)
    assert snapshot(visited, whole=10, since=None, until=None, catalogue="1", rules=judged.rules_in_force).days == found.days == 2


def test_a_register_tells_services_decided_on_as_a_whole_and_every_decision_by_service() -> None:
    made = [Decision("zoom", "approved"), Decision("slack", "tolerated", account="personal"), Decision("slack", "approved", account="company")]
    register = Register(made)
    assert (list(register), len(register), "zoom" in register, "slack" in register) == (["zoom"], 1, True, False)
    assert register.every() == [made[2], made[1], made[0]]
    assert register.about("slack") == [made[2], made[1]]
    assert (register.of("zoom", "company"), register.of("slack", "other_tenant")) == (made[0], None)


@pytest.mark.parametrize(
    ("first", "second"), list(pairwise(("unreviewed", "in_review", "not_approved", "tolerated", "approved_with_conditions", "approved")))
)
def test_of_two_classes_of_account_the_less_settled_speaks(first: str, second: str) -> None:
    for one, other in ((first, second), (second, first)):
        register = Register([Decision("slack", one, account="company"), Decision("slack", other, account="personal")])
        assert status_of(register, "slack", None, {"company", "personal"}) == first
