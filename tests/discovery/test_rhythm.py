"""When and beside what a host was asked: one small story per kind of evidence, told in events."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from discovery.events import EVENT, TRANSIENT
from discovery.rhythm import EVIDENCE, evidence
from discovery.usage import summarise

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTS = pl.DataFrame(
    [
        (0, 0, "app.tool.com", "service", "use", None),
        (1, 0, "api.tool.com", "service", "use", None),
        (2, 0, "www.tool.com", "service", "visit", None),
        (3, 0, "cdn.tool.com", "service", "infra", None),
        (4, 1, "news.example", "unknown", None, None),
        (5, 2, "update.os", "background", None, "operating_system"),
        (6, 0, "widget.tool.com", "service", "embed", None),
        (7, 0, "img.tool.com", "service", "infra", None),
        (8, 0, "board.tool.com", "service", "use", None),
        (9, 0, "tool.com", "service", "use", None),
        (10, 3, "ads.example", "background", None, "advertising"),
    ],
    schema=["domain", "target", "destination_domain", "match", "role", "cls"],
    orient="row",
).with_columns((pl.col("destination_domain") == "board.tool.com").alias("behind"))
Touch = tuple[float, str] | tuple[float, str, float]  # minutes after nine, host; minutes for which the connection lasted


def seen(*touches: Touch, channel: str = "name") -> dict[str, int] | None:
    """The evidence of the tool's day, on a machine that has been on since six."""
    found = by_day(*touches, channel=channel)
    return {name: found[name][0] for name in EVIDENCE} if found.height else None


def by_day(*touches: Touch, channel: str = "name") -> pl.DataFrame:
    """The evidence of each of the tool's days."""
    asked: list[Touch] = [(-180.0, "update.os"), *touches]
    rows: list[dict[str, Any]] = [
        {"timestamp": NINE + timedelta(minutes=at + sum(held)), "destination_domain": host, "channel": channel, "requests": 1, "line": line}
        | ({"lasted": int(held[0] * 60_000)} if held else {})
        for line, (at, host, *held) in enumerate(asked, 1)
    ]
    usage = summarise(pl.DataFrame(rows, schema={**EVENT, **TRANSIENT}))
    hours = usage.join(HOSTS, on="destination_domain").with_columns(
        pl.lit(0, pl.Int64).alias("machine"),
        pl.col("hour").dt.date().alias("day"),
        pl.col("hour").alias("start"),
        pl.col("channel").to_physical().cast(pl.Int64).alias("rank"),
    )
    found = evidence(hours.drop("match", "role", "cls"), HOSTS)
    assert found.columns == ["machine", "target", "day", *EVIDENCE]
    return found.sort("day", "target")


def told(found: dict[str, int] | None, *names: str) -> tuple[int, ...]:
    assert found is not None
    return tuple(found[name] for name in names)


def test_work_for_minutes_is_a_sitting() -> None:
    found = seen((1, "app.tool.com"), (9, "api.tool.com"), (17, "app.tool.com"))
    assert told(found, "sittings", "sat_seconds", "openings", "led") == (1, 16 * 60, 1, 0)


def test_a_pause_ends_a_sitting() -> None:
    assert told(seen((1, "app.tool.com"), (5, "app.tool.com"), (90, "app.tool.com"), (95, "app.tool.com")), "sittings") == (2,)


def test_a_sitting_goes_on_over_the_hour() -> None:
    assert told(seen((58, "app.tool.com"), (63, "app.tool.com")), "sittings", "sat_seconds") == (1, 300)


def test_a_short_look_is_an_opening_only() -> None:
    assert told(seen((1, "app.tool.com"), (2, "app.tool.com")), "sittings", "moments", "openings") == (0, 0, 1)


def test_own_hosts_together_are_a_moment() -> None:
    assert told(seen((1, "app.tool.com"), (1.02, "api.tool.com")), "sittings", "moments") == (0, 1)


def test_own_hosts_far_apart_meet_by_chance() -> None:
    assert told(seen((1, "app.tool.com"), (5.9, "api.tool.com")), "joint", "sittings") == (1, 1)
    assert told(seen((1, "app.tool.com"), (6.1, "api.tool.com")), "joint", "sittings") == (0, 1)
    assert told(seen((1, "app.tool.com"), (6.1, "cdn.tool.com"), (6.2, "api.tool.com")), "joint") == (0,)  # parts of the page stand between them
    assert told(seen((1, "app.tool.com"), (11, "app.tool.com"), (11.02, "api.tool.com")), "joint") == (1,)  # at any moment of the sitting


def test_what_comes_with_another_page_is_led() -> None:
    assert told(seen((1, "news.example"), (1.02, "app.tool.com"), (6, "app.tool.com")), "sittings", "openings", "led") == (0, 0, 1)


def test_its_own_public_page_leads_nobody_astray() -> None:
    assert told(seen((1, "www.tool.com"), (1.02, "app.tool.com"), (6, "app.tool.com")), "sittings", "led") == (1, 0)


def test_a_look_at_its_public_page_that_calls_what_lies_behind_is_no_moment() -> None:
    look = [(1, "www.tool.com"), (1.02, "app.tool.com"), (1.03, "api.tool.com"), (1.03, "cdn.tool.com")]
    assert told(seen(*look), "moments", "joint", "openings") == (0, 0, 1)
    assert told(seen(*look[1:]), "moments", "joint", "openings") == (1, 1, 1)
    assert told(seen(*look, (6, "app.tool.com")), "sittings", "joint") == (1, 1)  # who stays did not come for a look


def test_background_hosts_lead_no_page() -> None:
    assert told(seen((1, "update.os"), (1.02, "app.tool.com"), (6, "app.tool.com")), "led") == (0,)


def test_what_comes_with_advertisements_comes_with_a_page_that_is_read() -> None:
    shown = (1, "ads.example"), (1.02, "app.tool.com")
    assert told(seen(*shown), "openings", "led") == (0, 1)
    assert told(seen(*shown, channel="dns"), "openings", "led") == (1, 0)  # an open page looks its advertisers' names up again and again
    assert told(seen((1, "app.tool.com"), (1.02, "ads.example")), "openings", "led") == (1, 0)  # what its own page brings comes after it


def test_a_poll_is_steady_and_no_sitting() -> None:
    poll = [(float(minute), "api.tool.com") for minute in range(0, 8 * 60, 5)]
    assert told(seen(*poll), "sittings", "openings", "steady_hosts") == (0, 0, 1)


def test_work_beside_a_poll_is_a_sitting() -> None:
    poll = [(float(minute), "api.tool.com") for minute in range(0, 8 * 60, 5)]
    assert told(seen(*poll, (70, "app.tool.com"), (78, "app.tool.com")), "sittings", "steady_hosts") == (1, 1)


def test_bursts_of_a_person_are_not_steady() -> None:
    work = [(60.0 * hour + minute, "app.tool.com") for hour in range(8) for minute in range(0, 2 + hour * hour % 40, 1)]
    assert told(seen(*work), "steady_hosts") == (0,)


def test_what_opens_with_the_machine_is_nobodys_wish() -> None:
    assert told(seen((-179, "news.example"), (-178, "app.tool.com"), (-174, "app.tool.com")), "sittings", "openings") == (0, 0)


def test_a_log_that_begins_with_work_is_no_machine_that_starts() -> None:
    assert told(seen((-178, "app.tool.com"), (-174, "app.tool.com")), "sittings") == (1,)


def test_a_name_looked_up_twice_is_no_sitting_yet() -> None:
    assert told(seen((1, "app.tool.com"), (8, "app.tool.com"), channel="dns"), "sittings", "openings") == (0, 1)
    assert told(seen((1, "app.tool.com"), (11, "app.tool.com"), (20, "app.tool.com"), channel="dns"), "sittings") == (1,)


def test_hosts_nobody_works_with_give_no_evidence() -> None:
    assert seen((1, "www.tool.com"), (1.01, "cdn.tool.com")) is None


def test_a_host_with_the_parts_of_its_page_is_a_moment() -> None:
    assert told(seen((1, "api.tool.com"), (1.01, "cdn.tool.com"), (1.02, "img.tool.com")), "moments", "joint", "openings") == (1, 0, 1)
    assert told(seen((1, "api.tool.com"), (1.01, "cdn.tool.com")), "moments") == (0,)


def test_where_people_sign_in_one_part_is_enough() -> None:
    assert told(seen((1, "app.tool.com"), (1.01, "cdn.tool.com")), "moments") == (1,)


@pytest.mark.parametrize("channel", ["name", "dns"])
def test_a_host_behind_the_public_pages_may_have_been_asked_for_in_advance_if_it_brings_nothing(channel: str) -> None:
    assert told(seen((1, "board.tool.com"), channel=channel), "moments", "openings") == (0, 1)
    assert told(seen((1, "board.tool.com"), (1.01, "cdn.tool.com"), channel=channel), "moments") == (1,)


def test_a_page_where_visitors_come_in_is_a_look_with_all_its_parts() -> None:
    parts = (1.01, "cdn.tool.com"), (1.02, "img.tool.com")
    assert told(seen((1, "tool.com"), *parts), "moments", "openings") == (0, 1)
    assert told(seen((1, "tool.com"), *parts, channel="dns"), "moments", "openings") == (0, 1)


def test_who_goes_on_from_where_visitors_come_in_is_no_visitor() -> None:
    parts = (1.01, "cdn.tool.com"), (1.02, "img.tool.com")
    assert told(seen((1, "tool.com"), (1.04, "api.tool.com"), *parts), "moments", "joint", "openings") == (0, 0, 1)  # the page calls that itself
    assert told(seen((1, "tool.com"), (1.06, "api.tool.com"), *parts), "moments", "joint", "openings") == (1, 1, 1)
    assert told(seen((1, "tool.com"), (1.04, "app.tool.com"), *parts), "moments", "joint", "openings") == (1, 1, 1)  # to where people sign in


@pytest.mark.parametrize(("minutes", "sittings"), [(7, 0), (9, 1), (35, 1), (36, 0)])
def test_a_connection_was_in_use_for_longer_than_browsers_keep_it_if_no_window_holds_it(minutes: float, sittings: int) -> None:
    assert told(seen((1, "app.tool.com", minutes)), "sittings", "sat_seconds") == (sittings, sittings * (minutes - 5) * 60)
    assert told(seen((58, "app.tool.com", minutes)), "sittings") == (sittings,)


def test_days_are_the_same_apart_as_together() -> None:
    before: list[Touch] = [(14 * 60 + 50, "app.tool.com"), (14 * 60 + 57, "app.tool.com"), (15 * 60 - 0.01, "news.example")]
    after: list[Touch] = [(15 * 60 + 0.01, "app.tool.com"), (15 * 60 + 4, "api.tool.com")]
    together = by_day(*before, *after)
    assert together["sittings"].to_list() == [1, 1]
    assert together.equals(pl.concat([by_day(*before), by_day(*after)]))


def test_several_hosts_that_stay_are_no_part_of_another_page() -> None:
    found = seen((1, "news.example"), (1.01, "app.tool.com"), (1.02, "api.tool.com"), (6, "app.tool.com"))
    assert told(found, "sittings", "openings", "led") == (1, 1, 0)


def test_parts_alone_are_no_opening() -> None:
    assert told(seen((1, "api.tool.com"), (40, "cdn.tool.com"), (40.01, "img.tool.com")), "moments", "openings") == (0, 1)


def test_several_hosts_together_are_joint_whoever_brought_them() -> None:
    assert told(seen((1, "app.tool.com"), (1.02, "api.tool.com")), "joint", "joint_led") == (1, 0)
    assert told(seen((1, "news.example"), (1.01, "app.tool.com"), (1.02, "api.tool.com")), "joint", "joint_led", "led") == (0, 1, 1)
    assert told(seen((1, "news.example"), (1.01, "tool.com"), (1.02, "api.tool.com")), "joint", "joint_led", "led") == (0, 1, 1)


def test_what_pages_began_may_last() -> None:
    assert told(seen((1, "news.example"), (1.01, "app.tool.com"), (2, "app.tool.com")), "led", "led_sittings") == (1, 0)
    assert told(seen((1, "news.example"), (1.01, "app.tool.com"), (4, "app.tool.com")), "led", "led_sittings", "sittings") == (1, 1, 0)


def test_what_comes_with_the_services_own_widget_is_led() -> None:
    assert told(seen((1, "widget.tool.com"), (1.02, "api.tool.com")), "openings", "led") == (0, 1)


def test_a_page_within_a_longer_visit_leads_too() -> None:
    read = [(float(minute), "news.example") for minute in (1, 11, 21)]
    assert told(seen(*read, (21.02, "app.tool.com")), "openings", "led") == (0, 1)


def test_what_opens_with_the_machine_is_counted_apart() -> None:
    assert told(seen((-179, "news.example"), (-178, "app.tool.com"), (-177.9, "api.tool.com")), "moments", "joint", "started") == (0, 0, 1)


def test_requests_at_any_minute_are_not_steady_however_many_an_hour() -> None:
    minutes = [7, 31, 2, 55, 24, 28, 12, 50, 1, 44, 9, 39, 20, 58, 3, 26]
    work = [(60.0 * (index // 2) + minute, "app.tool.com") for index, minute in enumerate(minutes)]
    assert told(seen(*work), "steady_hosts") == (0,)


def test_seldom_but_at_equal_intervals_is_steady() -> None:
    poll = [(20.0 * index + 0.1 * (index % 3), "api.tool.com") for index in range(24)]
    assert told(seen(*poll), "steady_hosts", "openings") == (1, 0)


def test_nobody_works_for_sixteen_hours() -> None:
    chance = Random(7)  # noqa: S311 (for a story)
    poll = [(60.0 * hour + chance.uniform(0, 59), "api.tool.com") for hour in range(-3, 15) for _ in range(3)]
    assert told(seen(*poll), "steady_hosts") == (1,)


def test_equal_intervals_are_counted_and_a_change_of_hosts_is_none() -> None:
    on = [(minute + 0.5, "news.example") for minute in range(-180, 400, 20)]  # the machine is in use for longer than that
    again = [(60.0 + 90 * index, "api.tool.com") for index in range(4)]
    assert told(seen(*on, *again), "gaps", "even_gaps", "openings") == (3, 3, 4)
    turns = [(60.0 + 90 * index, ("api.tool.com", "app.tool.com")[index % 2]) for index in range(4)]
    assert told(seen(*on, *turns), "gaps", "even_gaps", "openings") == (0, 0, 4)


def test_slots_of_whole_hours_are_counted_and_squared() -> None:
    poll = [(60.0 * hour + minute, "api.tool.com") for hour in range(5) for minute in (3, 47 - hour * 3)]
    assert told(seen((0, "app.tool.com"), *poll, (310, "app.tool.com")), "whole_hours", "asked_slots", "asked_slots_squared") == (3, 6, 12)


def test_an_hour_with_far_more_requests_is_a_surge_but_of_names() -> None:
    poll = [(10.0 * index, "app.tool.com") for index in range(48)]
    work = [(125 + 0.4 * index, "app.tool.com") for index in range(40)]
    assert told(seen(*poll), "surges", "steady_hosts") == (0, 1)
    assert told(seen(*poll, *work), "surges") == (1,)
    assert told(seen(*poll, *work, channel="dns"), "surges") == (0,)
    assert told(seen(*work[:20], *((at + 60, host) for at, host in work)), "surges") == (0,)  # no hour is usual
