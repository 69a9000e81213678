"""Each kind of alert: what raises it, what does not, and that it names nobody who is not to be named."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from rules import alerts
from rules.alerts import Alert
from rules.register import Decision

Look = Callable[..., list[Alert]]
TODAY = date(2026, 3, 13)
#: The new days begin on Monday, 2 March; earlier rows lie two weeks before.
EARLIER = -14


def kinds(found: list[Alert]) -> list[tuple[str, str]]:
    return [(alert.kind, alert.service) for alert in found]


TRELLO = {"service": "trello", "domain": "trello.com"}
SOMETHING = {**TRELLO, "day": EARLIER}


def decided(service: str, status: str, day: date = date(2026, 2, 1), **more: Any) -> Decision:
    return Decision(service, status, decided_by="Ada", decided_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), **more)


def test_a_service_that_nobody_worked_with_before_is_new_until_somebody_decides(look: Look) -> None:
    found = look([{}], [SOMETHING])
    assert kinds(found) == [("new_service", "wetransfer")]
    assert found[0].text == "1 person began to work with it on 2 March 2026."
    assert found[0].group == "decide"
    assert not look([{}], [SOMETHING, {"day": EARLIER}]), "it was there before"
    assert not look([{}], [SOMETHING], decided("wetransfer", "approved"))
    assert kinds(look([{}], [SOMETHING], decided("wetransfer", "in_review"))) == [("new_service", "wetransfer")]


def test_the_first_logs_have_no_news(look: Look) -> None:
    assert look([{}], []) == []


def test_another_team_on_what_is_not_approved(look: Look) -> None:
    refused = decided("wetransfer", "not_approved", date(2026, 3, 12))
    sales = [{"person": person, "team": "Sales"} for person in ("ann", "ben", "cem")]
    before = [{"person": "dee", "team": "Studio", "day": EARLIER}]
    found = look([*sales, {"person": "dee", "team": "Studio"}], before, refused)
    assert kinds(found) == [("another_team", "wetransfer")]
    assert "Sales" in found[0].text
    assert "Studio" not in found[0].text
    assert look([{"person": "dee", "team": "Studio"}], before, refused) == [], "the same team is not another"


def test_a_small_team_is_named_only_where_people_are(look: Look) -> None:
    refused = decided("wetransfer", "not_approved")
    now, before = [{"person": "ann", "team": "Management"}], [{"person": "dee", "team": "Studio", "day": EARLIER}]
    for names in (False, True):
        found = look(now, before, refused, names=names)
        assert kinds(found) == [("another_team", "wetransfer"), ("used_against_decision", "wetransfer")]
        said = " ".join(f"{alert.text} {alert.rule}" for alert in found)
        assert ("Management" in said, "ann" in said) == (names, names)
        assert not [alert for alert in found if "Management" in alert.mark or "ann" in alert.mark], "what is kept of a mute names nobody"


@pytest.mark.parametrize(("day", "raised"), [(date(2026, 2, 22), True), (date(2026, 2, 23), False), (date(2026, 3, 12), False)])
def test_use_against_a_decision_counts_after_a_week_of_grace(look: Look, day: date, *, raised: bool) -> None:
    found = look([{}], [{"day": EARLIER}], decided("wetransfer", "not_approved", day))
    assert kinds(found) == ([("used_against_decision", "wetransfer")] if raised else [])


def test_a_decision_on_private_accounts_is_about_these_alone(look: Look) -> None:
    private = decided("wetransfer", "not_approved", account="personal")
    now = [{"person": "ann", "account": "company"}, {"person": "ben", "account": "personal"}]
    found = look(now, [{"day": EARLIER, "account": "personal"}], private)
    against = next(alert for alert in found if alert.kind == "used_against_decision")
    assert against.text.startswith("1 person worked with it")
    assert "for personal accounts" in against.rule
    assert not look([{"account": "company"}], [{"day": EARLIER}], private)


MB = 1_000_000


@pytest.mark.parametrize(("week", "raised"), [(330 * MB, True), (299 * MB, False), (2000 * MB, True)])
def test_a_week_with_far_more_uploads_than_usual(look: Look, week: int, *, raised: bool) -> None:
    before = [{"day": -7 * n, "uploaded_bytes": 100 * MB} for n in range(1, 5)]
    found = look([{"uploaded_bytes": week}], before)
    assert kinds(found) == ([("upload_spike", "wetransfer")] if raised else [])


def test_small_amounts_and_short_pasts_are_no_spike(look: Look) -> None:
    assert not look([{"uploaded_bytes": 50 * MB}], [{"day": -7 * n, "uploaded_bytes": 1000} for n in range(1, 5)])
    assert not look([{"uploaded_bytes": 5000 * MB}], [{"day": -7, "uploaded_bytes": 1000}])


def test_a_breach_is_told_until_somebody_decides_after_it(look: Look) -> None:
    deepseek = {"service": "deepseek", "domain": "chat.deepseek.com"}
    now, before = [deepseek], [{**deepseek, "day": EARLIER}]
    assert kinds(look(now, before)) == [("new_breach", "deepseek")]
    assert kinds(look(now, before, decided("deepseek", "tolerated", review_by=date(2026, 9, 1)))) == [("new_breach", "deepseek")]
    later = decided("deepseek", "tolerated", date(2027, 2, 1), review_by=date(2027, 9, 1))
    assert look(now, before, later) == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("approved", "review_overdue"),
        ("approved_with_conditions", "review_overdue"),
        ("in_review", "review_overdue"),
        ("tolerated", "tolerance_expired"),
    ],
)
def test_a_review_is_overdue_from_the_day_after(look: Look, status: str, kind: str) -> None:
    now, before = [TRELLO], [SOMETHING]
    assert kinds(look(now, before, decided("trello", status, review_by=date(2026, 3, 12)))) == [(kind, "trello")]
    assert look(now, before, decided("trello", status, review_by=TODAY)) == []


def test_a_refusal_needs_no_review(look: Look) -> None:
    assert look([TRELLO], [SOMETHING], decided("zoom", "not_approved", review_by=date(2026, 1, 1))) == []


def test_muting_one_alert_leaves_the_others(look: Look) -> None:
    found = look([{}, {"service": "smallpdf", "domain": "smallpdf.com"}], [SOMETHING])
    heard, muted = alerts.split(found, [("new_service", "smallpdf", "")])
    assert (kinds(heard), kinds(muted)) == ([("new_service", "wetransfer")], [("new_service", "smallpdf")])


def test_the_order_is_by_what_to_do_then_by_risk(look: Look) -> None:
    found = look([{}, TRELLO, {"service": "linkedin", "domain": "www.linkedin.com"}], [{"service": "zoom", "domain": "zoom.us", "day": EARLIER}])
    scores = [alert.finding.risk.score for alert in found if alert.finding]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3


def test_every_kind_stands_in_a_group_and_says_what_and_why() -> None:
    for name, kind in alerts.kinds().items():
        assert kind["group"] in alerts.groups(), name
        assert {"title", "text", "rule"} <= kind.keys()
