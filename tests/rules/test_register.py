"""What is in force on a given day."""

from datetime import date, timedelta

import pytest

from rules.register import STATUSES, Decision, status_of

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
