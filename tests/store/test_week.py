"""Bytes by hour of week are kept for the firm, and never tell the hours of one person."""

from collections.abc import Callable

import polars as pl
import pytest

from discovery.catalogue import Catalogue, Entry, Service
from discovery.store import remove_import
from discovery.store.spent import SPENT, week_bytes
from discovery.store.week import WEEK

pytestmark = pytest.mark.sqlite_enough


@pytest.fixture
def catalogue() -> Catalogue:
    loom = Service("loom.com", "Loom", "", "content", "Content", "screen_recording", (), (), "", {"use": ("loom.com",)}, {})
    return Catalogue("1", {"loom.com": loom}, {}, {"loom.com": Entry("service", "loom.com", "use", None, "content.jsonl", 1)})


@pytest.fixture
def three(visit) -> Callable[..., list]:
    """A visit of three people at the same time."""

    def visits(domain: str, at: str, up: int | None = 10, down: int | None = 100, people: int = 3) -> list:
        return [visit(domain, at, user_name=f"u{n}", up=up, down=down) for n in range(people)]

    return visits


def test_bytes_stand_in_the_hour_of_the_week_on_the_clients_clock(made, three, catalogue):
    made.classes["loom.com"] = "service"
    made.take_in(three("loom.com", "2026-03-24T09:30:00") + three("loom.com", "2026-03-31T08:30:00"))  # Tuesdays; clocks change between
    rows = week_bytes(made.store, made.client, catalogue)
    assert rows.schema == pl.Schema(SPENT)
    assert rows.to_dicts() == [
        {
            "service": "loom.com",
            "capability": "screen_recording",
            "format": "made",
            "month": pl.Series(["2026-03-01"]).str.to_date()[0],
            "hour": 24 + 9,
            "uploaded_bytes": 60,
            "downloaded_bytes": 600,
        }
    ]


@pytest.mark.parametrize(("people", "named"), [(1, False), (2, False), (3, True)])
def test_the_hours_of_few_people_are_nobodys(made, three, catalogue, people: int, *, named: bool):
    made.classes["loom.com"] = "service"
    made.take_in(three("loom.com", "2026-03-24T09:30:00", people=people))
    rows = week_bytes(made.store, made.client, catalogue)
    assert rows["service"].to_list() == (["loom.com"] if named else [None])
    assert rows["downloaded_bytes"].sum() == 100 * people, "the line carried it all the same"


@pytest.mark.both
def test_private_sites_are_never_named(made, three, catalogue):
    made.classes["clinic.example"] = "private"
    made.take_in(three("clinic.example", "2026-03-24T09:30:00"))
    assert "domain" not in SPENT
    assert week_bytes(made.store, made.client, catalogue)["service"].to_list() == [None]


def test_no_person_can_stand_in_it():
    assert not set(WEEK) & {"subject", "person", "source_ip", "user_name", "device"}


def test_an_import_takes_its_bytes_with_it(made, three, catalogue):
    made.classes["loom.com"] = "service"
    first = made.take_in(three("loom.com", "2026-03-24T09:30:00"))
    made.take_in(three("loom.com", "2026-04-07T09:30:00", down=7), name="april.log")
    assert week_bytes(made.store, made.client, catalogue)["downloaded_bytes"].sum() == 321
    remove_import(made.store, made.client, first.import_id)
    assert week_bytes(made.store, made.client, catalogue)["downloaded_bytes"].sum() == 21


def test_a_period_takes_the_months_it_touches(made, three, catalogue):
    made.classes["loom.com"] = "service"
    made.take_in(three("loom.com", "2026-03-24T09:30:00") + three("loom.com", "2026-04-07T09:30:00"))
    day = pl.Series(["2026-04-20"]).str.to_date()[0]
    assert week_bytes(made.store, made.client, catalogue, since=day)["month"].n_unique() == 1
    assert week_bytes(made.store, made.client, catalogue, until=day)["month"].n_unique() == 2


def test_a_log_without_bytes_leaves_nothing(made, three, catalogue):
    made.classes["loom.com"] = "service"
    made.take_in(three("loom.com", "2026-03-24T09:30:00", up=None, down=None))
    assert week_bytes(made.store, made.client, catalogue).height == 0
