"""Ten-minute slots older than seven days become counts; nothing else changes, least of all whose usage it was."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.store import data_version, remove_import, update_client, usage_parts
from discovery.store.blocks import BLOCK
from discovery.store.minimise import compacted, keep_from
from tests.gate import examples

pytestmark = pytest.mark.sqlite_enough

SUMS = ("hits", "blocked_hits", "source_bytes", "destination_bytes")


@pytest.fixture
def usage(made):
    made.client = update_client(made.store, made.client, show_names=True)
    made.classes = {"a.example.com": "service", "b.example.com": "service"}

    def table():
        parts, _ = usage_parts(made.store, made.client, None, None, names=True)
        return pl.concat([part.usage.whole() for part in parts])

    return table


def spread(visit, days, **who):
    """Three visits in two hours of each day."""
    return [
        visit("a.example.com", f"2026-03-{day:02d}T{hour}:{minute}", up=1, down=10, **who)
        for day in days
        for hour, minute in (("09", "05"), ("09", "45"), ("17", "20"))
    ]


def test_hours_older_than_seven_days_before_the_last_event_become_days(made, visit, usage):
    made.take_in(spread(visit, range(1, 21), user_name="ann"))
    table = usage()
    grains = dict(table.group_by("grain").agg(pl.col("start").dt.day().unique().sort()).iter_rows())
    assert grains["day"] == list(range(1, 13))
    assert grains["hour"] == list(range(13, 21))
    days = table.filter(pl.col("grain") == "day")
    assert days.height == 12
    assert set(days["slots"]) == {3}
    assert set(days["hits"]) == {3}
    assert table["hits"].sum() == 60
    assert table["destination_bytes"].sum() == 600
    first = days.sort("first").row(0, named=True)
    assert (f"{first['first']:%d %H:%M}", f"{first['last']:%d %H:%M}", f"{first['start']:%H:%M}", first["first_line"]) == (
        "01 09:05",
        "01 17:20",
        "09:00",
        1,
    )


def test_an_earlier_import_is_compacted_when_a_later_one_makes_it_old(made, visit, usage):
    made.take_in(spread(visit, range(1, 6), user_name="ann"), name="one")
    assert set(usage()["grain"]) == {"hour"}
    version = data_version(made.store, made.client)
    later = made.take_in(spread(visit, range(8, 13), user_name="ann"), name="two")
    assert data_version(made.store, made.client) != version
    table = usage()
    assert sorted(set(table.filter(pl.col("grain") == "day")["start"].dt.day())) == [1, 2, 3, 4]
    assert table["hits"].sum() == 30
    remove_import(made.store, made.client, later.import_id)
    assert usage()["hits"].sum() == 15


def test_an_older_log_that_comes_late_is_compacted_at_once(made, visit, usage):
    made.take_in(spread(visit, range(20, 23), user_name="ann"), name="new")
    made.take_in(spread(visit, range(1, 4), user_name="ann"), name="old")
    assert dict(usage().select(pl.col("start").dt.day(), "grain").iter_rows()) == {
        **dict.fromkeys((1, 2, 3), "day"), **dict.fromkeys((20, 21, 22), "hour"),
    }  # fmt: skip


def test_an_event_from_the_future_makes_nothing_old(made, visit, usage):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    made.take_in(
        [visit("a.example.com", f"{yesterday:%Y-%m-%dT%H:%M}", user_name="ann"), visit("a.example.com", "2199-01-01T00:00", user_name="ann")]
    )
    assert set(usage()["grain"]) == {"hour"}


def test_days_are_days_of_the_clients_zone(made, visit, usage):
    made.client = update_client(made.store, made.client, zone="Pacific/Auckland")
    made.take_in(
        [visit("a.example.com", f"2026-03-01T{hour}:30", user_name="ann") for hour in ("09", "10", "11", "12")]
        + [visit("a.example.com", "2026-03-20T00:00", user_name="ann")]
    )
    assert sorted(usage().filter(pl.col("grain") == "day")["hits"]) == [2, 2]  # midnight in Auckland is 11:00 UTC in March


LEASES = [
    ("10.0.0.1", None, "ann-laptop", "2026-03-01T08:00", "2026-03-01T12:00"),
    ("10.0.0.1", None, "bob-laptop", "2026-03-01T12:00", "2026-03-01T20:00"),
]


@pytest.mark.parametrize("open_ended", [False, True])
def test_leases_known_before_keep_their_devices_apart(made, visit, usage, open_ended):
    leases = [(*lease[:4], None) for lease in LEASES] if open_ended else LEASES
    made.take_in([], leases=leases, name="leases")
    made.take_in([*spread(visit, [1], source_ip="10.0.0.1"), visit("a.example.com", "2026-03-20T09:00", user_name="ann")])
    days = usage().filter(pl.col("grain") == "day")
    assert sorted(days.select("person", "hits").rows()) == [("ann-laptop", 2), ("bob-laptop", 1)]
    assert set(days["basis"]) == {"device by DHCP lease"}


@pytest.mark.parametrize("open_ended", [False, True])
def test_a_later_lease_that_covers_only_a_part_of_a_day_claims_nothing(made, visit, usage, open_ended):
    made.take_in([*spread(visit, [1], source_ip="10.0.0.1"), visit("a.example.com", "2026-03-20T09:00", user_name="ann")])
    leases = [(*lease[:4], None) for lease in LEASES] if open_ended else LEASES
    made.take_in([], leases=leases, name="leases")
    assert usage().filter(pl.col("grain") == "day").select("person", "hits", "basis").rows() == [("10.0.0.1", 3, "address only")]


@pytest.mark.both
def test_a_later_lease_that_covers_the_whole_of_it_is_used(made, visit, usage):
    made.take_in([*spread(visit, [1], source_ip="10.0.0.1"), visit("a.example.com", "2026-03-20T09:00", user_name="ann")])
    made.take_in([], leases=[("10.0.0.1", None, "ann-laptop", "2026-03-01T08:00", "2026-03-01T20:00")], name="leases")
    assert usage().filter(pl.col("grain") == "day").select("person", "hits").rows() == [("ann-laptop", 3)]


def test_renewals_of_a_lease_do_not_lose_their_device(made, visit, usage):
    renewals = [("10.0.0.1", None, "ann-laptop", f"2026-03-01T{hour:02d}:00", f"2026-03-01T{hour + 2:02d}:00") for hour in range(8, 20)]
    made.take_in([], leases=renewals, name="leases")
    visits = [visit("a.example.com", f"2026-03-01T{hour:02d}:{minute}", source_ip="10.0.0.1") for hour in range(8, 20) for minute in (10, 40)]
    made.take_in([*visits, visit("a.example.com", "2026-03-20T09:00", user_name="ann")])
    days = usage().filter(pl.col("grain") == "day")
    assert set(days["person"]) == {"ann-laptop"}
    assert days["hits"].sum() == 24


ZONES = ("UTC", "Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu")
ROW = st.fixed_dictionaries(
    {
        "subject": st.sampled_from([None, 1, 2]),
        "people": st.sampled_from([None, 1, 2]),
        "domain": st.sampled_from([None, 1, 2]),
        "channel": st.sampled_from(["dns", "bytes"]),
        "hour": st.integers(0, 24 * 40),
        "mask": st.integers(1, 63),
        "hits": st.integers(0, 1000),
        "blocked_hits": st.integers(0, 10),
        "source_bytes": st.none() | st.integers(0, 2**40),
        "destination_bytes": st.none() | st.integers(0, 2**40),
        "lease": st.sampled_from([None, datetime(2026, 3, 1, tzinfo=UTC)]),
        "line": st.none() | st.integers(1, 10**9),
    }
)
BEGIN = datetime(2026, 3, 10, tzinfo=UTC)  # clocks change within the next days in three of the zones


@examples(20)
@given(
    rows=st.lists(ROW, max_size=60, unique_by=lambda row: tuple(row[name] for name in ("subject", "domain", "channel", "hour"))),
    zone=st.sampled_from(ZONES),
)
def test_compaction_adds_up_per_day_as_a_plain_loop_would(rows, zone):
    before = keep_from(BEGIN + timedelta(days=30), zone)
    table = pl.DataFrame([_row(row) for row in rows], schema={**BLOCK, "lease": pl.Datetime("us", "UTC")})
    kept = compacted(table, zone, before)
    assert {name: kept[name].sum() for name in SUMS} == {name: table[name].sum() for name in SUMS}
    wanted = defaultdict(list)
    for row in table.filter(pl.col("start") < before).to_dicts():
        key = (row["subject"], row["domain"], row["channel"], row["start"].astimezone(ZoneInfo(zone)).date(), row["lease"])
        wanted[key].append(row)
    days = kept.filter(pl.col("grain") == "day")
    assert sorted(map(repr, days.select("slots", *SUMS, "first", "last", "start", "first_line", "people").rows())) == sorted(
        repr((sum(row["slots"].bit_count() for row in group), *(_sum(row[name] for row in group) for name in SUMS), *_ends(group)))
        for group in wanted.values()
    )
    assert kept.filter(pl.col("grain") == "hour").equals(table.filter(pl.col("start") >= before).select(BLOCK.keys()))


def _row(row):
    start = BEGIN + timedelta(hours=row["hour"])
    rest = {"sighting": "traffic", "account": "cannot_be_told", "grain": "hour", "start": start, "slots": row["mask"]}
    return {**row, **rest, "first": start + timedelta(minutes=1), "last": start + timedelta(minutes=50), "first_line": row["line"]}


def _sum(values):
    told = [value for value in values if value is not None]
    return sum(told) if told else None


def _ends(group):
    smallest = [min((row[name] for row in group if row[name] is not None), default=None) for name in ("first", "start", "first_line")]
    last, people = (max((row[name] for row in group if row[name] is not None), default=None) for name in ("last", "people"))
    return smallest[0], last, smallest[1], smallest[2], people
