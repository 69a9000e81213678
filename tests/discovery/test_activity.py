"""Was it a person, a program or a page? One small story per rule, and the laws that hold for all of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery import activity
from discovery.observations import OBSERVED
from discovery.rhythm import EVIDENCE
from discovery.thresholds import thresholds

MONDAY = date(2026, 3, 2)
Row = dict[str, Any]


def seen(day: int = 0, **changes: Any) -> Row:
    """One domain on one day: by default a single request to a host people work with."""
    start = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day)
    row: Row = dict.fromkeys(OBSERVED) | {
        "person": "ann", "person_kind": "person", "kind": "traffic", "account": "cannot_be_told", "source": "squid", "family": "proxy",
        "domain": "app.example", "match": "service", "service": "tool", "role": "use", "day": MONDAY + timedelta(days=day), "slots": 1, "hits": 1,
        "blocked_hits": 0, "first": start, "last": start, "log": "access.log", "first_line": 1,
    }  # fmt: skip
    return row | changes


def judged(*rows: Row) -> tuple[str, str]:
    """Activity and rule of the one person and service."""
    table = activity.judge(pl.DataFrame(list(rows), schema=OBSERVED))
    assert dict(table.schema) == activity.JUDGED
    assert table.height == 1
    return table["activity"][0], table["rule"][0]


def test_work_in_several_slots_of_a_day_is_active() -> None:
    assert judged(seen(slots=5, hits=40)) == ("active", "hosts people work with, in 5 ten-minute slots on 1 day")


def test_work_spread_over_days_is_active() -> None:
    assert judged(*(seen(day, hits=4) for day in range(4))) == ("active", "hosts people work with, in 4 ten-minute slots on 4 days")


def test_one_short_look_is_a_visit() -> None:
    assert judged(seen(slots=2, hits=9)) == ("visit", "no more than 2 ten-minute slots on 1 day, and nothing of size was sent")


def test_a_page_that_pulls_one_host_in_is_no_use() -> None:
    assert judged(seen())[0] == "visit"
    assert judged(*(seen(day) for day in range(9))) == ("visit", "lone requests only, as pages of others make them: 9 ten-minute slots on 9 days")


def test_an_upload_is_active_even_in_one_slot() -> None:
    assert judged(seen(hits=6, uploaded_bytes=5_000_000)) == ("active", "sent 5.0 MB to it, more than came back")


def test_an_upload_to_a_host_that_the_page_brings_is_active() -> None:
    assert judged(seen(hits=2), seen(domain="files.example", role="infra", hits=1, uploaded_bytes=900_000))[0] == "active"


def test_headers_of_many_requests_are_no_upload() -> None:
    assert judged(seen(slots=2, hits=2_000, uploaded_bytes=2_000_000))[0] == "visit"


def test_an_upload_to_a_tracker_is_none() -> None:
    assert judged(seen(role="embed", hits=3, uploaded_bytes=50_000_000))[0] == "embedded"


def test_agents_that_only_synchronise_are_background() -> None:
    assert judged(seen(role="sync", slots=80, hits=900)) == (
        "background",
        "900 requests to hosts that synchronise by themselves, no sign of a person",
    )


def test_a_machine_that_never_sleeps_is_background() -> None:
    rows = [seen(day, slots=120, hits=700) for day in range(5)]
    assert judged(*rows) == ("background", "96 or more of the day's 144 ten-minute slots on 5 days, longer than anybody works")


def test_a_long_working_day_with_an_open_tab_is_active() -> None:
    assert judged(*(seen(day, slots=58, hits=200) for day in range(5)))[0] == "active"


def test_somebody_who_works_beside_an_agent_is_active() -> None:
    assert judged(seen(role="sync", domain="sync.example", slots=90, hits=500), seen(slots=6, hits=50))[0] == "active"


def test_an_agent_that_touches_a_working_host_once_stays_background() -> None:
    assert judged(seen(role="sync", domain="sync.example", slots=90, hits=500), seen())[0] == "background"


def test_public_pages_only_are_a_visit() -> None:
    assert judged(seen(role="visit", slots=30, hits=400)) == ("visit", "only its public pages")


@pytest.mark.parametrize("role", ["embed", "infra"])
def test_parts_of_other_pages_are_embedded(role: str) -> None:
    assert judged(*(seen(day, role=role, slots=40, hits=300) for day in range(20))) == ("embedded", "only as a part of other people's pages")


def test_what_was_refused_every_time_was_tried_only() -> None:
    assert judged(seen(slots=8, hits=12, blocked_hits=12)) == ("visit", "tried only: 12 requests, all refused")


def test_names_alone_are_judged_by_slots_and_days() -> None:
    dns = {"family": "dns", "uploaded_bytes": None}
    assert judged(*(seen(day, hits=3, slots=1, **dns) for day in range(3)))[0] == "active"


def test_hosts_that_change_their_name_count_by_their_first_slot() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows = [seen(domain=f"shard{n}.example", first=start + timedelta(minutes=15 * n), hits=4) for n in range(6)]
    assert judged(*rows) == ("active", "hosts people work with, in 6 ten-minute slots on 1 day")


def test_hosts_asked_together_are_not_added_up() -> None:
    assert judged(*(seen(domain=f"{name}.example", slots=2, hits=5) for name in ("app", "api", "login", "upload")))[0] == "visit"


def test_two_devices_at_once_are_not_added_up() -> None:
    assert judged(seen(slots=2, hits=9, device="pc"), seen(slots=2, hits=9, device="phone"))[0] == "visit"


def test_two_kinds_of_log_share_the_hours_of_a_day() -> None:
    assert judged(seen(slots=2, hits=5), seen(slots=2, hits=5, source="dnsmasq", first=datetime(2026, 3, 2, 14, tzinfo=UTC)))[0] == "active"


def test_a_role_that_is_not_known_is_judged_by_rhythm() -> None:
    assert judged(seen(role=None, slots=5, hits=40))[0] == "active"
    assert judged(seen(role=None, slots=140, hits=900))[0] == "background"


def test_each_person_and_service_is_judged_alone() -> None:
    rows = [seen(slots=9, hits=90), seen(person="bob"), seen(person=None, slots=9, hits=90), seen(service="other", role="embed")]
    table = activity.judge(pl.DataFrame(rows, schema=OBSERVED))
    found = {(row["person"], row["service"]): row["activity"] for row in table.to_dicts()}
    assert found == {("ann", "tool"): "active", ("bob", "tool"): "visit", (None, "tool"): "active", ("ann", "other"): "embedded"}


def test_the_thresholds_decide() -> None:
    strict = replace(thresholds(), slots_of_use=50)
    rows = pl.DataFrame([seen(slots=20, hits=90)], schema=OBSERVED)
    assert activity.judge(rows)["activity"][0] == "active"
    assert activity.judge(rows, strict)["activity"][0] == "visit"


def timed(day: int = 0, **changes: Any) -> Row:
    """One domain on one day of which the time within hours is known."""
    return seen(day, **(dict.fromkeys(EVIDENCE, 0) | {"slots": 4, "hits": 9} | changes))


def test_sittings_are_active() -> None:
    rows = [timed(day, sittings=1, sat_seconds=600, openings=1) for day in range(2)]
    assert judged(*rows) == ("active", "sat down to it 2 times on 2 days, for 20 minutes in all")


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


def test_a_connection_renewed_now_and_then_is_a_programs() -> None:
    renewed = [timed(day, openings=1, slots=2) for day in range(6)]
    assert judged(*renewed)[0] == "visit"
    assert judged(*(row | {"slots": 1} for row in renewed))[0] == "active"


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
    assert judged(*rows, timed(5, steady_hosts=1, surges=1))[0] == "background"
    assert judged(*rows, timed(5, steady_hosts=1, surges=2)) == ("active", "asked for far more than usual in 2 hours, beside what is asked evenly")


@pytest.mark.parametrize(("hours", "activity_"), [([2] * 7, "background"), ([0, 0, 6, 0, 6, 2, 0], "active")])
def test_as_often_in_each_hour_is_a_programs(hours: list[int], activity_: str) -> None:
    slots, squared = sum(hours), sum(one * one for one in hours)
    rows = [timed(day, openings=5, whole_hours=7, asked_slots=slots, asked_slots_squared=squared) for day in range(4)]
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


def test_nothing_seen_is_nothing_judged() -> None:
    assert activity.judge(pl.DataFrame(schema=OBSERVED)).is_empty()


ROWS = st.lists(
    st.builds(
        seen,
        day=st.integers(0, 9),
        person=st.sampled_from(["ann", "bob", None]),
        service=st.sampled_from(["tool", "other"]),
        domain=st.sampled_from(["a.example", "b.example"]),
        role=st.sampled_from(["use", "sync", "embed", "visit", "infra", None]),
        slots=st.integers(0, 144),
        hits=st.integers(0, 500),
        blocked_hits=st.integers(0, 500),
        uploaded_bytes=st.one_of(st.none(), st.integers(0, 10**9)),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Row], chance: Any) -> None:
    mixed = rows[:]
    chance.shuffle(mixed)
    assert activity.judge(pl.DataFrame(rows, schema=OBSERVED)).equals(activity.judge(pl.DataFrame(mixed, schema=OBSERVED)))


@settings(deadline=None)
@given(ROWS)
def test_only_hosts_people_work_with_make_somebody_active(rows: list[Row]) -> None:
    table = activity.judge(pl.DataFrame(rows, schema=OBSERVED))
    working = {(row["person"], row["service"]) for row in rows if row["role"] in {"use", None}}
    for row in table.to_dicts():
        assert row["activity"] in activity.ACTIVITIES
        assert row["rule"]
        assert row["activity"] != "active" or (row["person"], row["service"]) in working
