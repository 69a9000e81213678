"""Was it a person, a program or a page? One small story per rule, and the laws that hold for all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery import activity
from discovery.observations import OBSERVED
from discovery.thresholds import thresholds
from tests.discovery.judging import Row, judged, seen


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
    assert judged(seen(hits=6, uploaded_bytes=1_155_800_000)) == ("active", "sent 1.2 GB to it, more than came back")


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
