"""Who cannot wait: severe findings and missing logs; small things add up to a place in the list, and never hide a severe one."""

from datetime import date

import pytest

from rules.urgency import urgency


def test_one_severe_finding_cannot_wait_and_many_small_things_can() -> None:
    rules = urgency()
    assert rules.weight("severe", 1) >= rules.urgent > rules.weight("high", 1000)
    assert rules.weight("alert", 1000) < rules.weight("severe", 1)
    assert [rules.weight("severe", cases) for cases in (1, 2, 10, 11)] == [44, 48, 80, 80]


@pytest.mark.parametrize(("last", "old"), [(date(2026, 10, 10), False), (date(2026, 10, 9), True)])
def test_logs_are_old_after_a_month_and_some_days(last: date, *, old: bool) -> None:
    assert urgency().is_old(last, date(2026, 11, 14)) is old


@pytest.mark.parametrize(("share", "thin"), [(0.7, False), (0.69, True), (None, False)])
def test_few_days_with_logs_are_thin_and_unknown_is_not_few(share: float | None, *, thin: bool) -> None:
    assert urgency().is_thin(share) is thin
