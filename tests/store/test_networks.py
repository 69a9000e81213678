"""Whose addresses are whose: guests are left out unless asked for, and a server is nobody."""

import polars as pl
import pytest

from discovery.catalogue import load
from discovery.errors import GnomonError
from discovery.networks import in_words, kinds_of, read_ranges
from discovery.store import get_client, get_import, keep_ranges, network_ranges, observations

pytestmark = pytest.mark.sqlite_enough

RANGES = {"staff": "192.0.2.0/24\n2001:db8::/48", "guest": "192.0.2.128/25", "server": "192.0.2.5"}


def hits(made) -> dict[str | None, int]:
    usage = observations(made.store, made.client, load(), names=True).usage
    return dict(usage.group_by("person_kind").agg(pl.col("hits").sum()).iter_rows())


@pytest.fixture
def visits(made, visit):
    made.classes["files.example"] = "service"
    addresses = ("192.0.2.5", "192.0.2.9", "192.0.2.9", "192.0.2.200")
    return [visit("files.example", f"2026-03-02T09:0{n}", source_ip=address) for n, address in enumerate(addresses)]


def taken_in(made, visits, ranges=RANGES, **how):
    keep_ranges(made.store, made.client, ranges, count_guests=how.get("count_guests", False))
    made.client = get_client(made.store, made.client.slug)
    return get_import(made.store, made.client, made.take_in(visits).import_id)


def test_of_several_ranges_the_narrowest_decides():
    addresses = pl.Series(["192.0.2.9", "192.0.2.200", "192.0.2.5", "2001:db8::1", "198.51.100.1", None])
    assert kinds_of(addresses, read_ranges(RANGES)).to_list() == ["staff", "guest", "server", "staff", None, None]
    assert kinds_of(addresses, []).to_list() == [None] * 6


def test_ranges_are_kept_as_entered(made):
    assert keep_ranges(made.store, made.client, RANGES, count_guests=True) == 4
    words = in_words(network_ranges(made.store, made.client))
    assert words == {"staff": "192.0.2.0/24\n2001:db8::/48", "guest": "192.0.2.128/25", "vpn": "", "server": "192.0.2.5/32"}
    assert get_client(made.store, made.client.slug).count_guests
    keep_ranges(made.store, made.client, {}, count_guests=False)
    assert network_ranges(made.store, made.client) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"guest": "192.0.2.0/33"}, "“192.0.2.0/33” is no range"),
        ({"guest": "the guests"}, "A range looks like 192.168.20.0/24"),
        ({"guest": "192.0.2.0/24", "server": "192.0.2.0/24"}, "entered twice, as guest and as server"),
        ({"staff": "\n".join(f"10.0.{n}.0/24" for n in range(256)) + "\n" + "\n".join(f"10.1.{n}.0/24" for n in range(256))}, "more than the 500"),
    ],
)
@pytest.mark.both
def test_a_mistake_is_said_and_changes_nothing(made, texts, said):
    keep_ranges(made.store, made.client, RANGES, count_guests=False)
    with pytest.raises(GnomonError, match=said):
        keep_ranges(made.store, made.client, texts, count_guests=False)
    assert len(network_ranges(made.store, made.client)) == 4


def test_guests_are_left_out_and_the_account_says_how_many(made, visits):
    job = taken_in(made, visits)
    assert hits(made) == {"device": 2, "server": 1}
    assert job.warnings == ["Left out, as the settings ask: 1 request from guest networks."]


def test_guests_are_counted_where_the_firm_asks_for_it(made, visits):
    assert taken_in(made, visits, count_guests=True).warnings == []
    assert hits(made) == {"device": 3, "server": 1}


def test_a_server_is_no_person_but_who_works_on_it_is(made, visit, visits):
    taken_in(made, [*visits, visit("files.example", "2026-03-02T10:00", user_name="ann", source_ip="192.0.2.5")])
    seen = observations(made.store, made.client, load(), names=True)
    assert hits(made) == {"device": 2, "server": 1, "person": 1}
    assert seen.coverage.people_seen == 1
    assert set(seen.usage.filter(pl.col("person_kind") == "server")["basis"]) == {"address of a server"}


def test_without_ranges_nothing_changes(made, visits):
    assert taken_in(made, visits, ranges={}).warnings == []
    assert hits(made) == {"device": 4}
