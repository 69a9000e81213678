"""Was it a person, a program or a page, where the time within hours is known: one small story per rule of sittings, openings and evenness."""

import pytest

from tests.discovery.judging import Row, judged, of_ann, seen, timed


def test_sittings_are_active() -> None:
    rows = [timed(day, sittings=1, sat_seconds=600, openings=1) for day in range(2)]
    assert judged(*rows) == ("active", "sat down to it 2 times on 2 days, for 20 minutes in all")
    long = [timed(day, sittings=2, sat_seconds=3_300, openings=2) for day in range(3)]
    assert judged(*long) == ("active", "sat down to it 6 times on 3 days, for about 3 hours in all")


def test_evidence_of_a_device_counts_once_for_all_its_hosts() -> None:
    rows = [timed(domain=f"{name}.example", sittings=1, sat_seconds=300, openings=1) for name in ("app", "api", "login")]
    assert judged(*rows) == ("active", "sat down to it once on 1 day, for 5 minutes in all")


def test_what_comes_with_other_pages_is_embedded() -> None:
    assert judged(*(timed(day, led=3) for day in range(5))) == ("embedded", "began 15 times with another site's page")
    assert judged(timed(led=30), timed(1, sittings=1, sat_seconds=300, openings=1))[0] == "embedded"


def test_what_is_asked_evenly_is_background() -> None:
    rows = [timed(day, slots=50, hits=400, steady_hosts=1) for day in range(5)]
    assert judged(*rows) == ("background", "1 host asked evenly from hour to hour on 5 days, no sign of a person")


def test_work_beside_what_is_asked_evenly_is_active() -> None:
    rows = [timed(day, steady_hosts=1, sittings=day % 2, sat_seconds=400 * (day % 2), openings=day % 2) for day in range(5)]
    assert judged(*rows)[0] == "active"


def test_a_poll_that_falters_on_one_day_stays_background() -> None:
    rows = [timed(day, steady_hosts=1) for day in range(5)] + [timed(5, sittings=16, sat_seconds=15_000, openings=16)]
    assert judged(*rows)[0] == "background"


def test_opened_again_and_again_is_active_where_connections_are_seen() -> None:
    assert judged(timed(openings=3)) == ("active", "opened of its own accord 3 times on 1 day")
    assert judged(timed(openings=2)) == ("active", "opened of its own accord 2 times on 1 day")
    assert judged(timed(openings=2, led=1))[0] == "visit"
    assert judged(timed(openings=1), timed(1, openings=1))[0] == "visit"


def test_names_looked_up_singly_are_no_use() -> None:
    assert judged(*(timed(day, openings=1, family="dns") for day in range(9)))[0] == "visit"
    assert judged(*(timed(day, openings=3, family="dns") for day in range(3)))[0] == "active"


def test_names_that_no_page_led_to_and_that_are_all_there_is_are_use() -> None:
    once_a_day = [timed(day, openings=1, slots=1, family="dns") for day in range(4)]
    assert judged(*once_a_day)[0] == "active"
    assert judged(*once_a_day[:3])[0] == "visit"
    assert judged(*once_a_day, timed(4, led=1, slots=1, family="dns"))[0] == "visit"


def test_a_sitting_among_very_many_openings_is_chance() -> None:
    lone = [timed(day, openings=3 + 2 * day, slots=3 + 2 * day) for day in range(6)]
    assert judged(*lone, timed(6, sittings=1, sat_seconds=400, openings=9, slots=9))[0] == "visit"
    assert judged(*lone, timed(6, sittings=12, sat_seconds=4000, openings=12, slots=20))[0] == "active"


def test_a_telephone_that_looks_in_says_nothing_against_the_work_at_a_computer() -> None:
    looks_in = [timed(day, device="phone", openings=6, slots=6) for day in range(6)]
    work = [timed(day, device="desk", sittings=1, sat_seconds=600, openings=2) for day in range(2)]
    assert judged(*looks_in, *work) == ("active", "sat down to it 2 times on 2 days, for 20 minutes in all")


def test_a_program_that_runs_day_and_night_may_falter() -> None:
    runs = [timed(day, slots=144, steady_hosts=1) for day in range(5)]
    falters = timed(5, slots=130, sittings=1, sat_seconds=900, openings=2)
    assert judged(*runs, falters)[0] == "background"
    assert judged(*runs, falters, falters | {"domain": "files.example", "slots": 2})[0] == "active"
    by_day = [timed(day, slots=50, steady_hosts=1) for day in range(5)]
    assert judged(*by_day, falters)[0] == "active"


def test_very_many_openings_a_day_that_never_last_are_a_programs_where_connections_are_seen() -> None:
    def days(more: int, **changes: str) -> list[Row]:
        return [timed(day, openings=2 * day + more, slots=2 * day + more, **changes) for day in range(5)]

    assert judged(*days(3))[0] == "visit"
    assert judged(*days(2))[0] == "active"
    assert judged(*days(3, family="dns"))[0] == "active"


def test_one_host_opened_as_often_on_one_day_as_on_the_next_is_a_programs() -> None:
    def days(*openings: int, **changes: int) -> list[Row]:
        return [timed(day, openings=number, slots=number, **changes) for day, number in enumerate(openings)]

    assert judged(*days(4, 5, 4, 5))[0] == "background"
    assert judged(*days(1, 8, 2, 7))[0] == "active"
    assert judged(*days(4, 5, 4))[0] == "active"  # three days may be alike by chance
    assert judged(*days(2, 2, 2, 2))[0] == "active"  # so may small numbers
    assert judged(*days(4, 5, 4, 5, moments=1))[0] == "active"
    assert judged(*days(4, 5, 4, 5, sittings=1, sat_seconds=400))[0] == "active"
    assert judged(*(row for day in days(4, 5, 4, 5) for row in (day, day | {"domain": "api.example"})))[0] == "active"


def test_what_comes_alone_once_a_day_and_else_with_other_pages_is_no_use() -> None:
    alone = [timed(day, openings=1, slots=1) for day in range(3)]
    assert judged(*alone, timed(3, led=1, slots=1))[0] == "visit"
    assert judged(*alone[:2], timed(2, openings=2, slots=2), timed(3, led=1, slots=1))[0] == "active"


def test_a_connection_renewed_now_and_then_is_a_programs() -> None:
    renewed = [timed(day, openings=1, slots=2) for day in range(5)]
    assert judged(*renewed)[0] == "visit"
    assert judged(*(row | {"slots": 1} for row in renewed))[0] == "active"


def test_what_looks_in_once_a_day_day_by_day_is_a_program() -> None:
    daily = [timed(day, openings=1, slots=1) for day in range(6)]
    assert judged(*daily[:5])[0] == "active"
    assert judged(*daily)[0] == "visit"
    assert judged(*daily, timed(6, openings=4, slots=4))[0] == "active"
    assert judged(*(row | {"family": "dns"} for row in daily))[0] == "visit"


def test_who_never_gets_a_part_of_its_pages_is_a_program() -> None:
    opened = [timed(day, openings=2, slots=2) for day in range(3)]
    part = seen(domain="cdn.example", role="infra")
    assert judged(*opened)[0] == "active"  # nobody got any: it may have none
    assert judged(*opened, part)[0] == "active"
    assert of_ann(*opened, part | {"person": "bob"}) == ("background", "asked for 6 times on 3 days, never with a part of its pages")
    assert of_ann(*opened, part | {"person": "bob", "service": "other"})[0] == "active"
    assert of_ann(timed(openings=1, moments=1), part | {"person": "bob"})[0] == "visit"
    assert of_ann(timed(openings=1, sittings=1, sat_seconds=300), part | {"person": "bob"})[0] == "active"  # parts may be kept since last week


@pytest.mark.parametrize(("family", "most"), [("proxy", 3), ("dns", 5)])
def test_who_opens_it_time_and_again_with_few_of_its_parts_and_never_stays_is_a_program(family: str, most: int) -> None:
    def days(*openings: int, parts: int = 1) -> list[Row]:
        own = [timed(day, openings=number, slots=number, hits=number, family=family) for day, number in enumerate(openings)]
        return own + [seen(day, domain="cdn.example", role="infra", hits=number * parts, family=family) for day, number in enumerate(openings)]

    assert judged(*days(3, 4)) == ("background", "opened 7 times on 2 days, never for as long as work")
    assert judged(*days(most + 1))[0] == "background"
    assert judged(*days(most))[0] == "active"
    assert judged(*days(2, 2, 3))[0] == "active"  # somebody may look something up twice a day
    assert judged(*days(3, 4, parts=2))[0] == "active"  # pages bring more
    assert judged(*days(3, 4, parts=0))[0] == "active"  # of one page alone, nothing comes while somebody stays
    assert judged(*days(3, 4), timed(2, sittings=2, sat_seconds=400, openings=2, family=family))[0] == "active"


def test_sittings_as_frequent_as_calls_meet_anyway_are_chance_if_hardly_a_page_came() -> None:
    calls = {"sittings": 2, "sat_seconds": 800, "whole_hours": 7, "asked_slots": 14, "asked_slots_squared": 52}
    rows = [timed(day, openings=number, **calls) for day, number in enumerate((4, 8, 4, 12))]
    assert judged(*rows)[0] == "visit"
    assert judged(*rows[:2])[0] == "active"  # too few hours to know
    assert judged(*(row | {"sittings": 4} for row in rows))[0] == "active"
    assert judged(*(row | {"moments": 2} for row in rows))[0] == "active"
    assert judged(*rows, *(seen(day, domain="cdn.example", role="infra", hits=2) for day in range(4)))[0] == "active"


def test_long_sittings_are_held_against_what_lasted_with_pages() -> None:
    pages = [timed(day, led=2) for day in range(5)]
    stays = timed(5, sittings=1, sat_seconds=420, openings=1)
    assert judged(*pages, stays)[0] == "active"
    assert judged(*pages, stays | {"sat_seconds": 419})[0] == "embedded"
    assert judged(*pages, stays, timed(6, led=4, led_sittings=4))[0] == "embedded"
    assert judged(*pages, stays, timed(6, led=7))[0] == "embedded"  # of so many, some last


def test_one_start_with_the_machine_among_many_openings_is_chance() -> None:
    openings = [timed(day, openings=2, slots=8, led=int(day == 0)) for day in range(4)]
    assert judged(*openings, timed(5, started=1))[0] == "visit"
    assert judged(*openings[:2], timed(5, started=1))[0] == "active"


def test_some_openings_alone_beside_many_led_ones_are_a_widgets() -> None:
    widget = [timed(day, openings=1, led=3, slots=4) for day in range(5)]
    assert judged(*widget)[0] == "embedded"
    assert judged(*(row | {"openings": 2} for row in widget))[0] == "active"


def test_one_host_at_any_time_of_the_day_is_a_programs() -> None:
    # 4, 4, 2, 2, 2, 2 and 2 slots in the hours: more spread than even, less than a person's
    hours = {"openings": 5, "whole_hours": 7, "asked_slots": 18, "asked_slots_squared": 52}
    assert judged(*(timed(day, **hours) for day in range(4)))[0] == "background"
    assert judged(*(timed(day, joint=1, **hours) for day in range(4)))[0] == "active"


def test_several_hosts_outweigh_any_widget_of_one() -> None:
    widgets = [timed(day, led=4) for day in range(5)]
    assert judged(*widgets, timed(5, joint=1, moments=1, openings=1)) == ("active", "opened several of its own hosts together, once")
    assert judged(*widgets, timed(5, joint=1, joint_led=1, moments=1, openings=1))[0] == "embedded"


def test_a_sitting_among_pages_that_bring_several_hosts_may_be_one_of_them() -> None:
    pages = [timed(day, led=1, joint_led=1) for day in range(2)]
    assert judged(*pages, timed(2, sittings=2, sat_seconds=800, openings=2))[0] == "active"
    assert judged(*pages, timed(2, sittings=1, sat_seconds=400, openings=1))[0] == "embedded"


def test_a_page_with_its_parts_is_active() -> None:
    assert judged(timed(moments=1, openings=1)) == ("active", "opened its own page, once")


def test_what_starts_with_the_machine_is_use_once_and_habit_of_the_machine_again() -> None:
    assert judged(timed(started=1)) == ("active", "opened its own page, once")
    assert judged(*(timed(day, started=1) for day in range(4)))[0] == "visit"


def test_equal_intervals_are_a_programs() -> None:
    rows = [timed(day, moments=3, joint=3, openings=3, gaps=2, even_gaps=2) for day in range(3)]
    assert judged(*rows) == ("background", "1 host asked evenly from hour to hour on 3 days, no sign of a person")
    assert judged(*(row | {"even_gaps": 0} for row in rows))[0] == "active"


def test_a_surge_shows_work_in_a_window_that_asks_evenly() -> None:
    rows = [timed(day, steady_hosts=1) for day in range(5)]
    assert judged(*rows, timed(5, steady_hosts=1, surges=2))[0] == "background"
    assert judged(*rows, timed(5, steady_hosts=1, surges=3)) == ("active", "asked for far more than usual in 3 hours, beside what is asked evenly")


@pytest.mark.parametrize(("hours", "activity_"), [([2] * 7, "background"), ([0, 0, 6, 0, 6, 2, 0], "active")])
def test_as_often_in_each_hour_is_a_programs(hours: list[int], activity_: str) -> None:
    slots, squared = sum(hours), sum(one * one for one in hours)
    rows = [timed(day, openings=2 + 2 * day, whole_hours=7, asked_slots=slots, asked_slots_squared=squared) for day in range(4)]
    assert judged(*rows)[0] == activity_


def test_a_program_on_the_phone_hides_nobody_at_the_desk() -> None:
    phone = [timed(day, device="phone", openings=4, gaps=3, even_gaps=3) for day in range(3)]
    assert judged(*phone)[0] == "background"
    assert judged(*phone, timed(1, device="pc", sittings=1, sat_seconds=600, openings=1))[0] == "active"


def test_another_host_beside_a_program_is_use() -> None:
    program = [timed(day, steady_hosts=1) for day in range(5)]
    assert judged(*program, timed(5, steady_hosts=1, openings=2)) == (
        "active",
        "opened another of its hosts 2 times, beside one that is asked evenly",
    )
    assert judged(*program, timed(5, steady_hosts=1, openings=1))[0] == "background"


def test_days_without_the_program_speak_for_themselves() -> None:
    program = [timed(day, steady_hosts=1) for day in range(5)]
    assert judged(*program, timed(5, openings=4))[0] == "active"
    assert judged(*program, timed(5, openings=30))[0] == "background"


def test_what_was_fetched_was_not_handed_over() -> None:
    assert judged(timed(uploaded_bytes=5_000_000, downloaded_bytes=90_000_000))[0] == "visit"
