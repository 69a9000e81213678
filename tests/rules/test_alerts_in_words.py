"""What each alert says, word for word, and from which day on it stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from discovery.catalogue import Catalogue, Fact
from rules.alerts import Alert, Seen
from rules.assess import assess
from rules.register import Decision, Register
from rules.toolset import Toolset
from rules.watch import uploads_by_week

Rows = list[dict[str, Any]]
Look = Callable[..., list[Alert]]
#: The new days begin on Monday, 2 March; earlier rows lie two weeks before.
EARLIER = -14
MB = 1_000_000
TRELLO = {"service": "trello", "domain": "trello.com"}
SOMETHING: Rows = [{**TRELLO, "day": EARLIER}]


def decided(service: str, status: str, day: int = 16, **more: Any) -> Decision:
    return Decision(service, status, decided_by="Ada", decided_at=datetime(2026, 2, day, 12, tzinfo=UTC), **more)


def team(name: str | None, *people: str, **more: Any) -> Rows:
    return [{"person": person, "team": name, **more} for person in people]


def told(alert: Alert) -> tuple[str, str, date, str, str]:
    return alert.name, alert.mark, alert.day, alert.text, alert.rule


def test_a_new_service_is_told_with_the_day_of_the_first_who_worked_with_it(look: Look) -> None:
    (found,) = look([{"person": "ann", "day": 2}, {"person": "bob", "day": 1}], SOMETHING)
    assert told(found) == (
        "WeTransfer", "", date(2026, 3, 3), "2 people began to work with it on 3 March 2026.",
        "Nobody was seen working with it before 2 March 2026, and nobody has decided on it.",
    )  # fmt: skip
    assert (found.title, found.group, found.key) == ("New service", "decide", ("new_service", "wetransfer", ""))


def test_what_the_firm_provides_is_never_new(look: Look) -> None:
    assert look([{}], SOMETHING, provided=frozenset({"wetransfer"})) == []


def test_days_are_those_of_the_clients_clock(look: Look) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    (found,) = look([{"day": 1, "first": late, "last": late}], SOMETHING, zone="Europe/Berlin")
    assert found.day == date(2026, 3, 4)


SALES_AND_SMALL_ONES = [
    *team("Sales", "ann", "ben", "cem", day=1), *team("Legal", "eve", day=3), *team("Staff", "flo", day=3), *team("Studio", "dee"),
    *team(None, "zed"),
]  # fmt: skip


def test_use_against_a_decision_is_told_by_people_and_by_team(look: Look) -> None:
    other, against = look(SALES_AND_SMALL_ONES, team("Studio", "dee", day=EARLIER), decided("wetransfer", "not_approved"))
    assert told(other) == (
        "WeTransfer", "4 teams", date(2026, 3, 3), "It is not approved, and Sales and 2 small teams began to work with it.",
        "No use by Sales and 2 small teams was seen before 2 March 2026; the decision of Ada on 16 February 2026 stands.",
    )  # fmt: skip
    assert told(against) == (
        "WeTransfer", "2026-02-16 any", date(2026, 3, 2), "7 people worked with it after it was not approved, last on 5 March 2026.",
        "Not approved by Ada on 16 February 2026; use from 7 days after that on counts.",
    )  # fmt: skip


def test_where_names_may_be_told_they_are(look: Look) -> None:
    named = [row for row in SALES_AND_SMALL_ONES if row["team"] in {"Sales", "Legal"}]
    other, against = look(named, team("Studio", "dee", day=EARLIER), decided("wetransfer", "not_approved"), names=True)
    assert other.text == "It is not approved, and Legal and Sales began to work with it."
    assert against.text == "4 people (ann, ben, cem and eve) worked with it after it was not approved, last on 5 March 2026."


def test_use_against_a_decision_stands_from_the_end_of_the_grace(look: Look) -> None:
    now = [{"person": "ann", "day": 0}, {"person": "ann", "day": 9, "slots": 3}]
    (found,) = look(now, [{"day": EARLIER}], decided("wetransfer", "not_approved", 26))
    assert (found.day, found.mark) == (date(2026, 3, 6), "2026-02-26 any")
    assert found.text == "1 person worked with it after it was not approved, last on 11 March 2026."


def test_devices_are_counted_and_never_named(look: Look) -> None:
    printer = {"person": "10.0.0.9", "person_kind": "device"}
    (found,) = look([printer], [{**printer, "day": EARLIER}], decided("wetransfer", "not_approved"), names=True)
    assert "10.0.0.9" not in found.text
    assert " worked with it after it was not approved, last on 2 March 2026." in found.text


def test_far_more_uploaded_is_told_beside_what_is_usual(look: Look) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": amount * MB} for week, amount in ((1, 90), (2, 100), (3, 110))]
    (found,) = look([{"uploaded_bytes": 330 * MB}], before)
    assert told(found) == (
        "WeTransfer", "2026-03-02", date(2026, 3, 2), "About 330 MB went to it in the week from 2 March 2026; about 100 MB a week is usual.",
        "At least 3 times the middle of the weeks before, and about 100 MB more.",
    )  # fmt: skip


def test_what_is_uploaded_on_the_days_of_a_week_adds_up_and_only_earlier_weeks_are_usual(look: Look) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": 60 * MB} for week in (1, 2, 3)]
    assert [found.mark for found in look([{"day": day, "uploaded_bytes": 90 * MB} for day in (0, 2)], before)] == ["2026-03-02"]
    largest_is_old = [*before, {"day": -28, "uploaded_bytes": 900 * MB}]
    assert look([{"uploaded_bytes": 179 * MB}], largest_is_old) == []


def test_the_week_of_the_largest_upload_is_told(look: Look) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": 60 * MB} for week in (1, 2, 3)]
    for sent in ((330, 10), (330, 300)):
        (found,) = look([{"day": 7 * week, "uploaded_bytes": amount * MB} for week, amount in enumerate(sent)], before)
        assert (found.mark, found.text.partition(" went")[0]) == ("2026-03-02", "About 330 MB")


@pytest.mark.parametrize(("weeks", "told"), [(3, True), (2, False)])
def test_what_is_usual_rests_on_three_weeks(look: Look, weeks: int, told: bool) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": 60 * MB} for week in range(1, weeks + 1)]
    assert bool(look([{"uploaded_bytes": 330 * MB}], before)) == told


@pytest.mark.parametrize(("usual", "sent", "told"), [(10, 110, True), (10, 109, False), (60, 180, True), (60, 179, False)])
def test_far_more_is_three_times_the_usual_and_a_hundred_megabytes_above(look: Look, usual: int, sent: int, told: bool) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": usual * MB} for week in (1, 2, 3)]
    assert bool(look([{"uploaded_bytes": sent * MB}], before)) == told


def test_uploads_are_kept_by_the_monday_of_their_week(observe: Callable[..., Any], sight: Callable[..., Any]) -> None:
    rows = [sight(day, uploaded_bytes=10) for day in (0, 6, 7)]
    rows += [sight(uploaded_bytes=None, service="trello"), sight(uploaded_bytes=5, service=None)]
    assert uploads_by_week(observe(*rows).usage) == {"wetransfer": {date(2026, 3, 2): 20, date(2026, 3, 9): 10}}


def test_a_breach_is_told_with_its_source(look: Look, shipped: Catalogue) -> None:
    deepseek = {"service": "deepseek", "domain": "chat.deepseek.com"}
    (found,) = look([deepseek], [{**deepseek, "day": EARLIER}])
    fact = shipped.services["deepseek"].facts["breaches"]
    latest = max(fact.value, key=lambda breach: breach["year"])
    assert (found.name, found.mark) == ("DeepSeek", str(latest["year"]))
    assert found.text == f"In {latest['year']}: {latest['what'].rstrip('.')}."
    assert found.rule.startswith("The catalogue lists it since ")
    assert found.rule.endswith(f", and no decision was made after that. Source: {fact.source}.")
    assert found.day.isoformat().startswith(fact.date[:4])


@pytest.mark.parametrize(
    ("listed", "decided_on", "since"),
    [
        ("2026-02-16", None, date(2026, 2, 16)),
        ("2026-02-16", date(2026, 2, 15), date(2026, 2, 16)),
        ("2026-02-16", date(2026, 2, 16), None),
        ("2026-02", date(2026, 1, 31), date(2026, 2, 1)),
        ("2026-02", date(2026, 2, 1), None),
        ("2026", date(2025, 12, 31), date(2026, 1, 1)),
        ("2026", date(2026, 1, 1), None),
    ],
)
def test_a_breach_is_told_where_no_decision_was_made_since(
    look: Look, shipped: Catalogue, listed: str, decided_on: date | None, since: date | None
) -> None:
    """As exactly as the catalogue knows when it was listed: the day, the month or the year."""
    value = [{"year": 2019, "what": "old"}, {"year": 2025, "what": "keys were open."}]
    entry = replace(shipped.services["trello"], facts={"breaches": Fact(value, "A report", listed, 1.0)})
    at = datetime.combine(decided_on, time(12), UTC) if decided_on else None
    made = [Decision("trello", "approved", decided_by="Ada", decided_at=at)] if at else []
    found = look([TRELLO], SOMETHING, *made, catalogue=replace(shipped, services={"trello": entry}))
    assert [(one.kind, one.mark, one.day, one.text) for one in found] == (
        [("new_breach", "2025", since, "In 2025: keys were open.")] if since else []
    )


@pytest.mark.parametrize(("year", "told"), [(2026, True), (2025, True), (2024, False)])
def test_a_breach_of_years_ago_is_no_news(look: Look, shipped: Catalogue, year: int, told: bool) -> None:
    entry = replace(shipped.services["trello"], facts={"breaches": Fact([{"year": year, "what": "keys"}], "A report", "2026-03-01", 1.0)})
    assert bool(look([TRELLO], SOMETHING, catalogue=replace(shipped, services={"trello": entry}))) == told


def test_a_service_that_the_catalogue_gave_up_is_told_by_its_id(look: Look, shipped: Catalogue) -> None:
    overdue = decided("trello", "approved", review_by=date(2026, 3, 12))
    (found,) = look([TRELLO], SOMETHING, overdue, catalogue=replace(shipped, services={}))
    assert (found.name, found.service) == ("trello", "trello")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("approved", "Approved until 12 March 2026: since then it is in review again."),
        ("approved_with_conditions", "Approved with conditions until 12 March 2026: since then it is in review again."),
        ("in_review", "In review until 12 March 2026: since then it is in review again."),
        ("unreviewed", "To be reviewed until 12 March 2026: since then it is in review again."),
        ("tolerated", "It was tolerated until 12 March 2026. 1 person still worked with it."),
    ],
)
def test_a_date_that_passed_is_told(look: Look, status: str, text: str) -> None:
    (found,) = look([TRELLO], SOMETHING, decided("trello", status, review_by=date(2026, 3, 12)))
    rule = f"Ada on 16 February 2026 set the {'date' if status == 'tolerated' else 'review date'}; no decision was made since."
    assert told(found) == ("Trello", "2026-02-16 any", date(2026, 3, 12), text, rule)
    assert found.finding


@pytest.mark.parametrize(
    ("account", "said"),
    [("company", " for company accounts"), ("personal", " for personal accounts"), ("other_tenant", " for other firms' accounts"), ("any", "")],
)
def test_a_decision_on_one_class_of_account_says_which(look: Look, account: str, said: str) -> None:
    ended = decided("trello", "tolerated", review_by=date(2026, 3, 12), account=account)
    review = decided("trello", "approved", review_by=date(2026, 3, 12), account=account)
    (first,), (second,) = (look([{}], [{"day": EARLIER}], one) for one in (ended, review))
    assert first.text == "It was tolerated until 12 March 2026. Nobody was seen using it since."
    assert first.rule == f"Ada on 16 February 2026{said} set the date; no decision was made since."
    assert first.finding is None
    assert second.text == f"Approved{said} until 12 March 2026: since then it is in review again."


def test_alerts_stand_in_the_order_of_what_to_do_then_by_risk_then_by_name(look: Look) -> None:
    now = [{}, {"service": "smash", "domain": "fromsmash.com"}, TRELLO]
    overdue = decided("zoom", "approved", review_by=date(2026, 3, 12))
    found = look(now, [{"service": "zoom", "domain": "zoom.us", "day": EARLIER}], decided("trello", "not_approved"), overdue)
    assert [alert.group for alert in found] == ["decide", "decide", "talk", "review"]
    assert [alert.finding.risk.score for alert in found[:2] if alert.finding] == sorted(
        (a.finding.risk.score for a in found[:2] if a.finding), reverse=True
    )


def test_alerts_of_one_risk_stand_by_name_then_by_kind(look: Look) -> None:
    ended = {"review_by": date(2026, 3, 12)}
    made = [
        decided("zoom", "approved", **ended), decided("slack", "tolerated", account="company", **ended),
        decided("slack", "approved", account="personal", **ended), decided("canva", "tolerated", **ended),
    ]  # fmt: skip
    assert [(one.name, one.kind) for one in look([], [], *made)] == [
        ("Canva", "tolerance_expired"), ("Slack", "review_overdue"), ("Slack", "tolerance_expired"), ("Zoom", "review_overdue"),
    ]  # fmt: skip


def test_a_moment_that_is_not_known_lies_before_everything(shipped: Catalogue, observe: Callable[..., Any]) -> None:
    nothing = assess(observe(), shipped, {}, Toolset())
    assert Seen(nothing, None, Register(), shipped, frozenset(), date(2026, 3, 13)).day(None) == date.min


ZOOM, CANVA = {"service": "zoom", "domain": "zoom.us"}, {"service": "canva", "domain": "www.canva.com"}


def test_what_needs_no_word_hides_nothing_that_does(look: Look) -> None:
    """Of many services in one import; each kind of alert passes over some."""
    late = {"review_by": date(2026, 3, 12)}
    made = [decided("asana", "approved"), decided("slack", "approved", **late), decided("zoom", "in_review", **late)]
    deepseek = {"service": "deepseek", "domain": "chat.deepseek.com"}
    found = look([{}, TRELLO, ZOOM, CANVA, deepseek], [{"day": EARLIER}, {**deepseek, "day": EARLIER}], *made)
    assert sorted((one.kind, one.service) for one in found) == [
        ("new_breach", "deepseek"), ("new_service", "canva"), ("new_service", "trello"), ("new_service", "zoom"),
        ("review_overdue", "slack"), ("review_overdue", "zoom"),
    ]  # fmt: skip


def test_a_permission_that_ran_out_or_is_for_other_accounts_leaves_a_new_service_undecided(look: Look) -> None:
    def of(decision: Decision, **row: Any) -> list[str]:
        return [one.kind for one in look([row], SOMETHING, decision)]

    assert of(decided("wetransfer", "approved", review_by=date(2026, 3, 12))) == ["new_service", "review_overdue"]
    assert of(decided("wetransfer", "approved", review_by=date(2026, 3, 13))) == []
    company = decided("wetransfer", "approved", account="company")
    assert (of(company, account="company"), of(company, account="personal")) == ([], ["new_service"])


def test_each_decision_that_is_broken_is_an_alert_of_its_own(look: Look) -> None:
    made = [decided("wetransfer", "not_approved", 10, account="personal"), decided("wetransfer", "not_approved", 12, account="company")]
    now = [{"person": "ann", "account": "company"}, {"person": "ben", "account": "personal"}, {"person": "cem", "account": "personal"}]
    found = look(now, [{"day": EARLIER}], *made)
    assert sorted((one.mark, one.text.partition(" worked")[0]) for one in found) == [
        ("2026-02-10 personal", "2 people"), ("2026-02-12 company", "1 person"),
    ]  # fmt: skip


def test_who_only_looks_at_what_was_tolerated_uses_it_no_more(look: Look) -> None:
    (found,) = look([{**TRELLO, "role": "visit"}], SOMETHING, decided("trello", "tolerated", review_by=date(2026, 3, 12)))
    assert found.text == "It was tolerated until 12 March 2026. Nobody was seen using it since."


def test_uploads_that_nobody_tells_or_that_are_long_gone_are_no_alert(look: Look) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": 900 * MB} for week in (1, 2, 3)]
    assert look([{"uploaded_bytes": None}], before) == []
    assert look([{"uploaded_bytes": None}, {**TRELLO, "uploaded_bytes": None}], [{"day": EARLIER}, *SOMETHING]) == []


def test_of_two_weeks_with_as_much_the_first_is_told(look: Look) -> None:
    before = [{"day": -7 * week, "uploaded_bytes": 60 * MB} for week in (1, 2, 3)]
    for _ in range(3):
        (found,) = look([{"day": day, "uploaded_bytes": 330 * MB} for day in (7, 0)], before)
        assert found.mark == "2026-03-02"
