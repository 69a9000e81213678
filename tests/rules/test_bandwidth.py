"""Bytes by hour of week: nothing is lost or counted twice, what is not known stays unknown, and the slow hour has a suspect."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.store.spent import SPENT
from rules.bandwidth import DAYS, HOURS, Line, Peak, Spender, line

MONTH = date(2026, 3, 1)
TUESDAY_10 = HOURS + 10


def spent(*rows: tuple[str | None, str | None, str, int, int | None, int | None]) -> pl.DataFrame:
    """Rows of service, need, log, hour, up and down."""
    whole = [(service, need, log, MONTH, hour, up, down) for service, need, log, hour, up, down in rows]
    return pl.DataFrame(whole, schema=SPENT, orient="row")


def of(*rows: tuple[str | None, str | None, str, int, int | None, int | None], weeks: float = 1) -> Line:
    found = line(spent(*rows), weeks)
    assert found
    return found


amounts = st.integers(0, 10**9)
hours = st.integers(0, len(DAYS) * HOURS - 1)
services = st.sampled_from([("loom", "screen_recording"), ("zoom", "video_meeting"), (None, None)])


@given(st.lists(st.tuples(services, hours, amounts, amounts), min_size=1, max_size=30))
def test_every_byte_of_one_log_is_counted_once(rows: list[tuple[tuple[str | None, str | None], int, int, int]]) -> None:
    found = of(*[(*service, "squid", hour, up, down) for service, hour, up, down in rows])
    whole = sum(up + down for _, _, up, down in rows)
    assert sum(found.total) == whole
    for spenders in (found.services, found.capabilities):
        assert sum(one.total for one in spenders) == whole
        assert [one.total for one in spenders] == sorted((one.total for one in spenders), reverse=True)


def test_of_two_kinds_of_log_the_one_that_tells_more_counts() -> None:
    both = of(("loom", "screen_recording", "squid", 10, None, 500), ("loom", "screen_recording", "fortigate", 10, 400, 450))
    assert (both.uploaded[10], both.downloaded[10]) == (400, 450)
    even = of(("loom", "screen_recording", "squid", 10, 450, 400), ("loom", "screen_recording", "fortigate", 10, 400, 450))
    assert (even.uploaded[10], even.downloaded[10]) == (400, 450), "of as many the first by name"
    daily = of(("loom", "screen_recording", "squid", 10, None, 500), ("loom", "screen_recording", "squid", 10, None, 300))
    assert daily.downloaded[10] == 800, "two logs of one kind add up"


def test_what_no_log_tells_is_not_known() -> None:
    found = of(("loom", "screen_recording", "squid", 10, None, 500))
    assert (found.services[0].uploaded, found.services[0].downloaded) == (None, 500)
    assert found.half_told == ("squid",)
    assert of(("loom", "screen_recording", "fortigate", 10, 1, 500)).half_told == ()


def test_a_usual_week() -> None:
    assert of(("loom", "screen_recording", "squid", 10, 4000, 8000), weeks=4).total[10] == 3000


def test_the_slow_hour_on_tuesday_is_screen_recording() -> None:
    quiet = [("zoom", "video_meeting", "squid", hour, 100, 100) for hour in range(9, 17)]
    found = of(*quiet, ("loom", "screen_recording", "squid", TUESDAY_10, 900, 10), ("zoom", "video_meeting", "squid", TUESDAY_10, 40, 50))
    assert [(peak.day, peak.hour, peak.capability, peak.service) for peak in found.peaks] == [(1, 10, "screen_recording", "loom")]
    assert found.peaks[0].share == pytest.approx(0.91)
    assert found.services[0].id == "zoom"
    assert found.services[1].busiest == TUESDAY_10


def test_an_even_week_has_no_slow_hour() -> None:
    assert of(*[("zoom", "video_meeting", "squid", hour, 100, 100) for hour in range(168)]).peaks == ()


def test_a_slow_hour_without_a_name_says_so() -> None:
    quiet = [("zoom", "video_meeting", "squid", hour, 10, 10) for hour in range(9, 17)]
    peak = of(*quiet, (None, None, "squid", TUESDAY_10, 900, 0)).peaks[0]
    assert (peak.capability, peak.service, peak.total) == (None, None, 900)


def test_without_bytes_there_is_no_line() -> None:
    assert line(spent(), 4) is None
    assert line(spent(("zoom", "video_meeting", "squid", 1, 1, 1)), 0) is None


def test_the_line_is_told_whole() -> None:
    """Two weeks: quiet mornings of Zoom, a Tuesday of Loom and Slack at ten, and something without a name on Sunday night."""
    quiet = [("zoom", "video_meeting", "squid", day * HOURS + hour, 20, 40) for day in range(5) for hour in (9, 11)]
    tuesday = [
        ("loom", "screen_recording", "squid", TUESDAY_10, 900, None),
        ("clipchamp", "screen_recording", "squid", TUESDAY_10, 100, 0),
        ("slack", "chat", "squid", TUESDAY_10, 200, 200),
    ]
    found = of(*quiet, *tuesday, (None, None, "squid", 167, 0, 600), weeks=2)
    assert [(hour, amount) for hour, amount in enumerate(found.uploaded) if amount and hour != TUESDAY_10] == [
        (day * HOURS + hour, 10) for day in range(5) for hour in (9, 11)
    ]
    assert (found.uploaded[TUESDAY_10], found.downloaded[TUESDAY_10], found.downloaded[167], found.weeks) == (600, 100, 300, 2)
    assert found.services == (
        Spender("loom", "screen_recording", 450, None, TUESDAY_10),
        Spender("zoom", "video_meeting", 100, 200, 9),
        Spender(None, None, 0, 300, 167),
        Spender("slack", "chat", 100, 100, TUESDAY_10),
        Spender("clipchamp", "screen_recording", 50, 0, TUESDAY_10),
    )
    assert [(one.id, one.uploaded, one.downloaded, one.busiest) for one in found.capabilities] == [
        ("screen_recording", 500, 0, TUESDAY_10),
        ("video_meeting", 100, 200, 9),
        (None, 0, 300, 167),
        ("chat", 100, 100, TUESDAY_10),
    ]
    assert found.peaks == (Peak(1, 10, 700, "screen_recording", "loom", 500 / 700), Peak(6, 23, 300, None, None, 0.0))


@pytest.mark.parametrize(("carried", "slow"), [(200, True), (199, False)])
def test_an_hour_is_slow_from_twice_the_usual(carried: int, slow: bool) -> None:
    quiet = [("zoom", "video_meeting", "squid", hour, 50, 50) for hour in range(5)]
    assert bool(of(*quiet, ("loom", "screen_recording", "squid", TUESDAY_10, carried, 0)).peaks) == slow


def test_of_equals_the_first_by_name_is_told() -> None:
    rows = [(name, need, "squid", TUESDAY_10, 50, 0) for name, need in (("b", "y"), ("a", "y"), ("d", "x"), ("c", "x"))]
    quiet = [("zoom", "z", "squid", hour, 1, 0) for hour in range(5)]
    (peak,) = of(*rows, *quiet).peaks
    assert (peak.capability, peak.service, peak.share) == ("x", "c", 0.5)
    assert [one.id for one in of(*rows).services] == ["a", "b", "c", "d"]


def test_kinds_of_log_that_tell_one_way_are_named_in_order() -> None:
    rows = [("a", "x", log, 1, up, down) for log, up, down in (("zeek", None, 1), ("squid", 1, None), ("fortigate", 1, 1))]
    assert of(*rows).half_told == ("squid", "zeek")


def test_months_add_up_and_the_best_log_is_chosen_in_each() -> None:
    april = date(2026, 4, 1)
    rows = [
        ("a", "x", "squid", MONTH, 1, 10, 0),
        ("a", "x", "zeek", MONTH, 1, 30, 0),
        ("a", "x", "squid", april, 1, 5, 0),
        ("a", "x", "zeek", april, 1, 2, 0),
    ]
    found = line(pl.DataFrame(rows, schema=SPENT, orient="row"), 1)
    assert found
    assert found.uploaded[1] == 35


@pytest.mark.parametrize(("carried", "slow"), [(150, False), (199, False), (200, True)])
def test_the_usual_is_the_middle_of_the_hours_with_traffic(carried: int, slow: bool) -> None:
    quiet = [("zoom", "video_meeting", "squid", hour, amount, 0) for hour, amount in enumerate((10, 10, 10, 100, 100, 100))]
    assert bool(of(*quiet, ("loom", "screen_recording", "squid", TUESDAY_10, carried, 0)).peaks) == slow


def test_a_line_that_carried_nothing_is_no_slow_line() -> None:
    assert of(("zoom", "video_meeting", "squid", 1, 0, 0)).peaks == ()
