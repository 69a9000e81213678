"""What rows add up to: sums over all, people before devices, and bytes that nobody tells stay unknown."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from discovery.observations import OBSERVED
from rules.counting import Counts, count

Make = Callable[..., Any]
DEVICE = {"person": "10.0.0.1", "person_kind": "device"}


def counted(*rows: dict[str, Any]) -> Counts:
    return count(pl.DataFrame(list(rows), schema=OBSERVED))


def test_a_service_is_the_sum_of_its_rows(sight: Make) -> None:
    (row,) = counted(sight(), sight(3, person="bob", hits=2, blocked_hits=1, downloaded_bytes=None), sight(match="unknown", service=None)).services
    assert row == {
        "service": "wetransfer", "devices": 0, "days": 2, "hits": 42, "blocked_hits": 1, "uploaded_bytes": 2_000, "downloaded_bytes": 9_000,
        "first_seen": datetime(2026, 3, 2, 9, tzinfo=UTC), "last_seen": datetime(2026, 3, 5, 9, 50, tzinfo=UTC),
    }  # fmt: skip
    (unknown,) = counted(sight(uploaded_bytes=None, downloaded_bytes=None)).services
    assert (unknown["uploaded_bytes"], unknown["downloaded_bytes"]) == (None, None)


def test_devices_are_those_known_by_name_or_address(sight: Make) -> None:
    rows = [sight(device="laptop"), sight(person="bob", device="laptop"), sight(person="cy", device="phone"), sight(**DEVICE), sight(person="dee")]
    assert [row["devices"] for row in counted(*rows).services] == [3]


def test_services_are_told_by_name(sight: Make) -> None:
    assert [row["service"] for row in counted(sight(), sight(service="dropbox")).services] == ["dropbox", "wetransfer"]


def test_the_most_active_person_comes_first_then_who_was_there_longest(sight: Make) -> None:
    rows = [sight(person="zed", role="visit", slots=1), *(sight(day, person="bob") for day in range(3)), sight(person="ann"), sight(person="abe")]
    found = counted(*rows).people["wetransfer"]
    assert [(row["person"], row["activity"], row["days"]) for row in found] == [
        ("bob", "active", 3), ("abe", "active", 1), ("ann", "active", 1), ("zed", "visit", 1),
    ]  # fmt: skip
    ann = found[2]
    assert (ann["basis"], ann["person_kind"], ann["team"], ann["account"]) == ("user name in the log", "person", None, "cannot_be_told")
    assert (ann["hits"], ann["uploaded_bytes"], ann["first_seen"]) == (40, 1_000, datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_use_that_names_nobody_is_one_line_at_the_end(sight: Make) -> None:
    nobody = {"person": None, "person_kind": None}
    found = counted(sight(**nobody), sight(1, **nobody), sight()).people["wetransfer"]
    assert [(row["person"], row["days"]) for row in found] == [(None, 2), ("ann", 1)]


def test_a_domain_has_the_place_where_it_was_seen_first(sight: Make) -> None:
    early = {"first": datetime(2026, 3, 1, 8, tzinfo=UTC), "log": "b.log", "first_line": 9}
    rows = [sight(), sight(1, **early), sight(domain="a.wetransfer.com", hits=90), sight(domain="b.wetransfer.com", hits=80, naming="a lease")]
    found = counted(*rows).domains["wetransfer"]
    assert [(row["domain"], row["hits"], row["log"], row["first_line"], row["naming"], row["role"]) for row in found] == [
        ("a.wetransfer.com", 90, "access.log", 1, None, "use"),
        ("b.wetransfer.com", 80, "access.log", 1, "a lease", "use"),
        ("wetransfer.com", 80, "b.log", 9, None, "use"),
    ]


def test_the_line_of_days_counts_people_and_devices_only_where_nobody_has_a_name(sight: Make) -> None:
    other = {**DEVICE, "person": "10.0.0.2"}
    devices = counted(sight(2, **DEVICE), sight(2, **other), sight(1, **other)).days["wetransfer"]
    assert [(row["day"], row["people"]) for row in devices] == [(date(2026, 3, 3), 1), (date(2026, 3, 4), 2)]
    mixed = counted(sight(), sight(person="bob"), sight(**DEVICE), sight(1, **DEVICE)).days["wetransfer"]
    assert [(row["day"], row["people"]) for row in mixed] == [(date(2026, 3, 2), 2)]
    assert "wetransfer" not in counted(sight(person=None, person_kind=None)).days


def test_days_of_active_use_are_those_on_which_a_host_of_use_was_reached(sight: Make) -> None:
    rows = [
        sight(0), sight(1, role="visit"), sight(2, blocked_hits=40), sight(3, hits=40, blocked_hits=39), sight(4, hits=0),
        sight(5, person="zed", role="visit"),
    ]  # fmt: skip
    found = {row["day"].day for row in counted(*rows).active_days["wetransfer"]}
    assert found == {2, 5, 6}
    assert "wetransfer" not in counted(sight(role="visit", slots=1)).active_days


def test_nothing_is_nothing() -> None:
    empty = counted()
    assert (list(empty.services), dict(empty.people), dict(empty.domains), dict(empty.days), dict(empty.active_days)) == ([], {}, {}, {}, {})


def test_of_one_moment_the_first_log_and_of_one_log_the_first_line_is_the_place(sight: Make) -> None:
    rows = [sight(log="b.log", first_line=1), sight(person="bob", log="a.log", first_line=9), sight(person="cy", log="a.log", first_line=7)]
    for order in (rows, rows[::-1]):
        (row,) = counted(*order).domains["wetransfer"]
        assert (row["log"], row["first_line"], row["hits"]) == ("a.log", 7, 120)


def test_the_domain_asked_for_most_comes_first_then_the_first_by_name(sight: Make) -> None:
    rows = [sight(domain=f"{name}.wetransfer.com", hits=hits) for name, hits in (("a", 10), ("c", 90), ("z", 90), ("b", 50))]
    assert [row["domain"][0] for row in counted(*rows).domains["wetransfer"]] == ["c", "z", "b", "a"]


def test_a_domain_that_was_named_in_two_ways_stands_once_for_each(sight: Make) -> None:
    found = counted(sight(naming="b lease"), sight(naming="a question"), sight(1)).domains["wetransfer"]
    assert [(row["naming"], row["hits"]) for row in found] == [(None, 40), ("a question", 40), ("b lease", 40)]


def test_each_service_has_its_own_people_domains_and_days(sight: Make) -> None:
    dropbox = {"service": "dropbox", "domain": "www.dropbox.com"}
    found = counted(sight(), sight(1, person="bob", **dropbox), sight(2, person="bob", **dropbox))
    assert {service: [row["person"] for row in rows] for service, rows in found.people.items()} == {"wetransfer": ["ann"], "dropbox": ["bob"]}
    assert {service: [row["domain"] for row in rows] for service, rows in found.domains.items()} == {
        "wetransfer": ["wetransfer.com"], "dropbox": ["www.dropbox.com"],
    }  # fmt: skip
    assert {service: len(rows) for service, rows in found.days.items()} == {"wetransfer": 1, "dropbox": 2}
    assert {service: len(rows) for service, rows in found.active_days.items()} == {"wetransfer": 1, "dropbox": 2}
