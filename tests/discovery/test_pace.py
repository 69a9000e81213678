"""Silences that a log's rhythm does not explain, and clocks that were set."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.pace import Jump, Paces, Silence, pace
from tests.gate import examples

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def told(times: list[datetime], cuts: tuple[int, ...] = (), first: int = 1) -> Paces:
    """The pace of a log with one event a line, cut before some lines."""
    events = pl.DataFrame(
        {"line": range(first, first + len(times)), "timestamp": times}, schema={"line": pl.Int64, "timestamp": pl.Datetime("us", "UTC")}
    )
    paces, edges = Paces(), [0, *sorted(cut for cut in cuts if cut < len(times)), len(times)]
    for start, end in pairwise(edges):
        paces.add(pace(events[start:end]))
    return paces


def office(days: int, zone: str = "UTC", every: timedelta = 3 * MINUTE) -> list[datetime]:
    """Requests in office hours from Monday to Friday."""
    times = []
    for day in range(days):
        start = (MONDAY + timedelta(days=day)).replace(tzinfo=ZoneInfo(zone))
        if start.weekday() < 5:
            times += [(start + timedelta(hours=8) + n * every).astimezone(UTC) for n in range(int(timedelta(hours=10) / every))]
    return times


def without(times: list[datetime], since: datetime, until: datetime) -> list[datetime]:
    return [one for one in times if not since <= one < until]


def test_nights_and_weekends_of_an_office_are_no_silence() -> None:
    assert told(office(28)).silences("UTC") == ()


def test_a_hole_in_a_working_day_is_told_with_its_working_hours() -> None:
    since, until = MONDAY + timedelta(days=8, hours=10, minutes=20), MONDAY + timedelta(days=8, hours=14, minutes=40)
    assert told(without(office(28), since, until)).silences("UTC") == (Silence(since, until, 260 / 60),)


def test_a_silent_working_day_is_told_from_the_evening_before_to_the_next_morning() -> None:
    day = MONDAY + timedelta(days=9)
    (silence,) = told(without(office(28), day, day + timedelta(days=1))).silences("UTC")
    assert (silence.since.day, silence.until.day, silence.working_hours) == (day.day - 1, day.day + 1, 10)


def test_the_first_day_of_a_log_has_office_hours_for_a_rhythm() -> None:
    since = MONDAY + timedelta(hours=11)
    (silence,) = told(without(office(1), since, since + timedelta(hours=2))).silences("UTC")
    assert (silence.since, silence.working_hours) == (since, 2)


def test_working_hours_are_those_of_the_clients_zone() -> None:
    since = datetime(2026, 11, 10, 9, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    holed = without(office(28, "America/New_York"), since, since + timedelta(hours=3))
    assert [one.working_hours for one in told(holed).silences("America/New_York")] == [3]


def test_a_source_that_speaks_by_day_and_night_is_missed_at_night_too() -> None:
    always = [MONDAY + n * 5 * MINUTE for n in range(12 * 24 * 14)]
    since = MONDAY + timedelta(days=6, hours=1)
    (silence,) = told(without(always, since, since + timedelta(hours=3))).silences("UTC")
    assert (silence.since, silence.until, silence.working_hours) == (since, since + timedelta(hours=3), 0)


def test_a_source_that_seldom_speaks_is_not_missed() -> None:
    dice = random.Random(5)  # noqa: S311 (a seeded test)
    seldom = sorted(MONDAY + timedelta(minutes=dice.randrange(60 * 24 * 28)) for _ in range(150))
    assert told(seldom).silences("UTC") == ()


def test_a_week_without_a_line_is_told_of_any_source() -> None:
    times = [MONDAY + timedelta(days=day, hours=9) for day in (0, 3, 6, 20, 22)]
    (silence,) = told(times).silences("UTC")
    assert (silence.since, silence.working_hours) == (times[2] + 10 * MINUTE, 100)


def test_a_few_times_of_a_clock_that_was_not_set_make_no_silence_of_years() -> None:
    times = [datetime(2000, 1, 1, tzinfo=UTC) + n * MINUTE for n in range(3)] + office(28)
    assert told(times).silences("UTC") == ()


def test_a_clock_that_goes_back_is_told_once() -> None:
    morning = [MONDAY + n * MINUTE for n in range(600)]
    (jump,) = told([*morning, *(one - timedelta(hours=3) for one in morning[-1:] * 200)]).jumps() or ()
    assert jump == Jump(608, morning[-1], morning[-1] - timedelta(hours=3))


def test_lines_that_come_late_are_no_jump() -> None:
    times = [MONDAY + n * MINUTE for n in range(600)]
    times[300] -= timedelta(hours=4)  # a long session, written at its end with the time of its begin
    dice = random.Random(1)  # noqa: S311 (a seeded test)
    assert told(sorted(times, key=lambda one: one + timedelta(minutes=dice.randrange(5)))).jumps() == ()


def test_of_lines_in_no_order_nothing_is_said() -> None:
    times = [MONDAY + n * MINUTE for n in range(3000)]
    random.Random(1).shuffle(times)  # noqa: S311 (a seeded test)
    assert told(times[::-1]).jumps() is None


@examples(15, derandomize=True)
@given(cuts=st.lists(st.integers(1, 900), max_size=8), back=st.integers(0, 900), first=st.integers(1, 70))
def test_no_cut_changes_what_is_told(cuts: list[int], back: int, first: int) -> None:
    times = [MONDAY + n * 4 * MINUTE for n in range(900)]
    times = [*times[:back], *(one - timedelta(days=2) for one in times[back:])]
    whole, cut = told(times, first=first), told(times, tuple(cuts), first)
    assert cut.silences("UTC") == whole.silences("UTC")
    assert cut.jumps() == whole.jumps()
