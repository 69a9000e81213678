"""Which working hours the logs cover."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from discovery.coverage import working_hours
from discovery.observations import LogAccount
from discovery.pace import Silence

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOG = LogAccount("a.log", "squid", "proxy", 1, 1, 1, first=MONDAY, last=MONDAY + timedelta(days=7) - HOUR)


def hole(day: int, since: float, until: float, format_: str | None = None) -> Silence:
    begin = MONDAY + timedelta(days=day)
    return Silence(begin + since * HOUR, begin + until * HOUR, until - since, format_)


def test_a_week_has_fifty_working_hours() -> None:
    assert working_hours([LOG], "UTC") == (50, 50)


def test_silences_are_not_covered_where_no_other_log_speaks() -> None:
    holed = replace(LOG, silences=(hole(1, 10.2, 14.5),))
    assert working_hours([holed], "UTC") == (47, 50)  # 11 to 14: hours of which a part was seen count as seen
    assert working_hours([holed, replace(LOG, path="b.log")], "UTC") == (50, 50)


def test_of_a_mixture_each_format_covers() -> None:
    mixed = replace(LOG, formats={"squid": 1, "dnsmasq": 1}, silences=(hole(1, 8, 18, "squid"), hole(1, 8, 12, "dnsmasq")))
    assert working_hours([mixed], "UTC") == (46, 50)


def test_hours_between_two_logs_are_expected_and_not_seen() -> None:
    early, late = replace(LOG, last=MONDAY + 12 * HOUR), replace(LOG, first=MONDAY + timedelta(days=2))
    assert working_hours([early, late], "UTC") == (50 - 5 - 10, 50)


def test_days_and_hours_are_the_clients() -> None:
    assert working_hours([LOG], "Asia/Tokyo", date(2026, 11, 3), date(2026, 11, 3)) == (10, 10)
    short = replace(LOG, first=MONDAY, last=MONDAY + 2 * HOUR)
    assert working_hours([short], "Asia/Tokyo") == (3, 3)  # 9:00, 10:00 and 11:00 there


def test_leases_and_empty_logs_cover_nothing() -> None:
    assert working_hours([replace(LOG, family="identity"), replace(LOG, first=None, last=None)], "UTC") == (None, None)
