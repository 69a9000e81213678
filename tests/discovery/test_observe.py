"""From usage to observations: one record speaks for each visit, hours become days of the client's zone, and coverage is honest."""

import weakref
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.catalogue import Catalogue, Entry
from discovery.coverage import working_days
from discovery.observations import OBSERVED, LogAccount, Observations
from discovery.observe import _slice, observe
from discovery.parts import Part
from discovery.rhythm import EVIDENCE
from discovery.shelf import Shelf
from discovery.usage import USAGE
from tests.gate import examples

Row = dict[str, Any]
ATTRIBUTED = USAGE | dict.fromkeys(("person", "person_kind", "basis", "team", "device"), pl.String())
TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
CATALOGUE = Catalogue(
    "test",
    {},
    {},
    {
        "tool.com": Entry("service", "tool", "use", None, "t", 1),
        "cdn.tool.com": Entry("service", "tool", "infra", None, "t", 1),
        "updates.os": Entry("background", "os", None, None, "t", 1),
        "clinic.org": Entry("private", "health", None, None, "t", 1),
    },
)


def use(domain: str | None = "tool.com", **changes: Any) -> Row:
    row: Row = {
        "user_name": "ann", "source_ip": "10.0.0.7", "source_mac": None, "host_name": None, "channel": "bytes", "destination_domain": domain,
        "hour": TEN, "slots": 0b1, "hits": 3, "blocked_hits": 0, "source_bytes": 100, "destination_bytes": 1_000, "first_line": 5,
        "person": "ann", "person_kind": "person", "basis": "user name in the log", "team": "sales", "device": "pc-1",
    }  # fmt: skip
    row |= changes
    return {"first": row["hour"] + timedelta(minutes=3), "last": row["hour"] + timedelta(minutes=9)} | row


def part(*rows: Row, format_: str = "squid", log: str = "access.log", **more: pl.DataType) -> Part:
    account = LogAccount(path=log, format=format_, family="dns" if format_ == "dnsmasq" else "proxy", bytes=1, lines=len(rows), events=len(rows))
    return Part(Shelf([pl.DataFrame(list(rows), schema=ATTRIBUTED | more)]), account, f"{format_}: {log}")


def seen(*parts: Part, zone: str = "UTC", people: pl.DataFrame | None = None, expected: int | None = None) -> Observations:
    found = observe(parts, people, CATALOGUE, zone=zone, people_expected=expected)
    assert dict(found.usage.schema) == OBSERVED
    return found


def rows_of(found: Observations, *columns: str) -> list[tuple[Any, ...]]:
    return found.usage.select(columns).rows()


def test_a_row_says_who_what_when_and_where() -> None:
    (row,) = seen(part(use())).usage.to_dicts()
    assert row == {
        "person": "ann", "person_kind": "person", "basis": "user name in the log", "people": None, "team": "sales", "device": "pc-1",
        "kind": "traffic", "account": "cannot_be_told", "source": "squid: access.log", "family": "proxy",
        "domain": "tool.com", "match": "service", "service": "tool",
        "role": "use", "naming": None, "registrable": None, "day": date(2026, 3, 2), "slots": 1, "hits": 3, "blocked_hits": 0, "uploaded_bytes": 100,
        "downloaded_bytes": 1_000, "first": TEN + timedelta(minutes=3), "last": TEN + timedelta(minutes=9), "log": "access.log", "first_line": 5,
        **dict.fromkeys(EVIDENCE),
    }  # fmt: skip


def test_what_each_domain_is() -> None:
    found = seen(part(*(use(name) for name in ("cdn.tool.com", "x.updates.os", "www.clinic.org", "app.new.co.uk", "printer"))))
    assert sorted(rows_of(found, "domain", "match", "service", "role", "registrable"), key=str) == [
        ("app.new.co.uk", "unknown", None, None, "new.co.uk"),
        ("cdn.tool.com", "service", "tool", "infra", None),
        ("printer", "background", None, None, None),
        ("x.updates.os", "background", None, None, None),
    ]


def test_slots_of_one_hour_are_joined_and_hours_are_added() -> None:
    found = seen(part(use(slots=0b011), use(slots=0b110, source_ip="10.0.0.8"), use(hour=TEN + timedelta(hours=1), slots=0b1)))
    assert rows_of(found, "slots", "hits") == [(4, 9)]


def test_a_day_is_a_day_of_the_clients_zone() -> None:
    late = datetime(2026, 3, 2, 23, tzinfo=UTC)
    rows = use(hour=late), use(hour=late - timedelta(hours=9))
    assert rows_of(seen(part(*rows)), "day") == [(date(2026, 3, 2),)]
    found = seen(part(*rows), zone="Asia/Tokyo")
    assert rows_of(found, "day") == [(date(2026, 3, 2),), (date(2026, 3, 3),)]
    assert (found.since, found.until) == (date(2026, 3, 2), date(2026, 3, 3))


def test_the_first_line_is_that_of_the_first_request_in_its_log() -> None:
    early = use(hour=TEN - timedelta(hours=2), first_line=90)
    found = seen(part(use(first_line=7)), part(early, log="older.log"))
    assert sorted(rows_of(found, "log", "first_line")) == [("access.log", 7), ("older.log", 90)]
    found = seen(part(use(first_line=7), early))
    assert rows_of(found, "log", "first_line") == [("access.log", 90)]


def test_the_strongest_kind_of_record_speaks_for_a_visit() -> None:
    names = part(use(channel="dns", hits=50, slots=0b111, source_bytes=None, destination_bytes=None), format_="dnsmasq", log="dns.log")
    found = seen(names, part(use()))
    assert rows_of(found, "source", "hits", "slots", "uploaded_bytes") == [("squid: access.log", 3, 1, 100)]


def test_a_weaker_source_counts_where_the_stronger_saw_nothing() -> None:
    later = use(channel="dns", hour=TEN + timedelta(hours=3), hits=2, source_bytes=None, destination_bytes=None)
    found = seen(part(later, format_="dnsmasq", log="dns.log"), part(use()))
    assert sorted(rows_of(found, "source", "hits")) == [("dnsmasq: dns.log", 2), ("squid: access.log", 3)]


def test_another_host_of_the_same_service_is_the_same_visit() -> None:
    names = part(use("cdn.tool.com", channel="dns", hits=9), format_="dnsmasq")
    assert rows_of(seen(names, part(use())), "domain", "hits") == [("tool.com", 3)]


def test_another_person_is_another_visit() -> None:
    names = part(use(channel="dns", hits=9, person="bob"), format_="dnsmasq")
    assert rows_of(seen(names, part(use())), "person", "hits") == [("ann", 3), ("bob", 9)]


def test_rotated_logs_of_one_format_add_up() -> None:
    assert sorted(rows_of(seen(part(use()), part(use(hits=4), log="access.log.1")), "log", "hits")) == [("access.log", 3), ("access.log.1", 4)]


def test_within_one_log_verdicts_and_bytes_are_not_counted_twice() -> None:
    found = seen(part(use(), use(channel="name", hits=8, blocked_hits=2, source_bytes=None, destination_bytes=None), format_="fortigate"))
    assert rows_of(found, "hits", "blocked_hits", "uploaded_bytes") == [(3, 0, 100)]


def test_a_completing_record_adds_bytes_and_verdicts_only() -> None:
    end = use(channel="bytes", hits=0, slots=0, source_bytes=900, first_line=99, first=TEN)
    request = use(channel="name", hits=2, blocked_hits=1, source_bytes=None, destination_bytes=None)
    found = seen(part(request, end, format_="fortigate"))
    assert rows_of(found, "hits", "blocked_hits", "uploaded_bytes", "first_line") == [(2, 1, 900, 5)]


def test_the_end_of_a_session_in_another_hour_keeps_its_bytes() -> None:
    end = use(hits=0, slots=0, source_bytes=900, hour=TEN + timedelta(hours=1))
    assert rows_of(seen(part(use(), end)), "hits", "uploaded_bytes") == [(3, 1_000)]
    names = part(use(channel="dns", hour=TEN + timedelta(hours=1), source_bytes=None, destination_bytes=None), format_="dnsmasq")
    found = seen(part(use(), end), names)
    assert found.usage.select(pl.col("hits", "uploaded_bytes").sum()).row(0) == (6, 1_000)


def test_completing_records_of_two_sources_are_not_added() -> None:
    request = part(use(channel="dns", source_bytes=None, destination_bytes=None), format_="dnsmasq")
    ends = [part(use(hits=0, source_bytes=size), format_=name) for name, size in (("fortigate", 900), ("squid", 800))]
    assert seen(request, *ends).usage["uploaded_bytes"].sum() in {800, 900}


def test_bytes_that_nobody_told_are_not_zero() -> None:
    found = seen(part(use(source_bytes=None), use(source_bytes=None, hour=TEN + timedelta(hours=1))))
    assert rows_of(found, "uploaded_bytes", "downloaded_bytes") == [(None, 2_000)]


def test_days_from_a_store_carry_counts_people_and_account() -> None:
    more = {"grain": pl.String(), "people": pl.Int64(), "sighting": pl.String(), "account": pl.String()}
    kept = {"grain": "day", "sighting": "traffic", "account": "personal"}
    withheld = use("new.org", person=None, person_kind=None, **(kept | {"people": 4, "slots": 9}))
    found = seen(part(use(slots=30, **kept), withheld, **more))
    assert rows_of(found, "domain", "slots", "people", "account") == [("tool.com", 30, None, "personal"), ("new.org", 9, 4, "personal")]


def test_compacted_days_of_two_sources_are_one_visit() -> None:
    more = {"grain": pl.String()}
    names = part(use(channel="dns", hits=40, slots=20, grain="day", hour=TEN - timedelta(hours=3)), format_="dnsmasq", **more)
    assert rows_of(seen(names, part(use(slots=12, grain="day"), **more)), "hits", "slots") == [(3, 12)]


def test_without_logs_there_is_nothing_to_see() -> None:
    found = seen(expected=12)
    assert found.usage.is_empty()
    assert (found.since, found.coverage.people_expected, found.coverage.people_seen) == (None, 12, None)
    empty = seen(part())
    assert (empty.usage.height, empty.since, empty.coverage.names_hidden_share) == (0, None, None)


# Coverage


def test_people_and_person_days_stand_beside_what_was_expected() -> None:
    weekend = use(hour=TEN + timedelta(days=5))
    coverage = seen(part(use(), use(person="bob", hour=TEN + timedelta(days=1)), weekend), expected=10).coverage
    assert (coverage.people_expected, coverage.people_seen) == (10, 2)
    assert (coverage.person_days_seen, coverage.person_days_expected) == (2, 50)


def test_the_people_list_says_how_many_are_expected() -> None:
    people = pl.DataFrame({"person": ["ann", "ann", "bob"]})
    assert seen(part(use()), people=people).coverage.people_expected == 2
    assert seen(part(use()), people=people, expected=7).coverage.people_expected == 7


@pytest.mark.parametrize(
    ("rows", "people", "apart"),
    [
        ([use(person=None, person_kind=None)], None, False),
        ([use(person="10.0.0.1", person_kind="shared"), use(person="10.0.0.2", person_kind="shared")], None, False),
        ([use(person="10.0.0.1", person_kind="device")], None, False),
        ([use(person="10.0.0.1", person_kind="device"), use(person="10.0.0.2", person_kind="device")], 2, True),
        ([use()], 1, True),
        ([use(), use(person="10.0.0.1", person_kind="shared")], 1, True),
        ([use(), use(person="10.0.0.1", person_kind="device"), use(person="10.0.0.2", person_kind="device")], 1, True),
    ],
)
def test_people_are_not_counted_where_they_cannot_be_told_apart(rows: Sequence[Row], people: int | None, apart: bool) -> None:
    found = seen(part(*rows), expected=5)
    assert (found.coverage.people_seen, found.people_told_apart) == (people, apart)
    assert (found.coverage.person_days_seen is not None) == apart
    assert any("told apart" in sentence for sentence in found.coverage.cannot_see) != apart


def test_hidden_names_are_a_share_of_requests() -> None:
    rows = [use(hits=6), use(None, hits=1), use("192.0.2.7", hits=1), use("x.cloudflare-ech.com", hits=1), use("notcloudflare-ech.com", hits=1)]
    found = seen(part(*rows))
    assert found.coverage.names_hidden_share == pytest.approx(0.3)
    assert any("30% of requests hide the name" in sentence for sentence in found.coverage.cannot_see)
    assert found.usage["domain"].null_count() == 0


def test_blind_spots_are_said_in_words() -> None:
    account = LogAccount("a.log", "dnsmasq", "dns", 1, 1, 1, cannot_tell=("Uploads are not in this log.",), partial=True, first=TEN, last=TEN)
    told = observe([Part(part(use(source_bytes=None)).usage, account, "dnsmasq: a.log")], None, CATALOGUE, zone="UTC").coverage
    assert told.sources == ("dnsmasq: a.log: 1 request from 2026-03-02 10:00 to 2026-03-02 10:00 UTC.",)
    assert told.cannot_see == (
        "Uploads are not in this log.",
        "No log tells how much was uploaded.",
        "A log is damaged and was read only as far as it is whole.",
    )


def test_working_days() -> None:
    assert working_days(date(2026, 3, 2), date(2026, 3, 15)) == 10
    assert working_days(date(2026, 3, 7), date(2026, 3, 8)) == 0
    assert working_days(None, None) == 0


# Laws

USES = st.lists(
    st.builds(
        use,
        domain=st.sampled_from(["tool.com", "cdn.tool.com", "new.org", "www.clinic.org", None]),
        person=st.sampled_from(["ann", "bob", None]),
        source_ip=st.sampled_from(["10.0.0.7", "10.0.0.8"]),
        channel=st.sampled_from(["dns", "name", "bytes"]),
        hour=st.sampled_from([TEN, TEN + timedelta(hours=1), TEN + timedelta(days=1)]),
        slots=st.integers(0, 63),
        hits=st.integers(0, 5),
        source_bytes=st.one_of(st.none(), st.integers(0, 1_000)),
        first_line=st.integers(1, 99),
    ),
    max_size=10,
)


@examples(12)
@given(USES, USES, st.randoms(use_true_random=False))
def test_the_order_of_logs_and_rows_changes_nothing(some: list[Row], others: list[Row], chance: Any) -> None:
    straight = seen(part(*some), part(*others, format_="dnsmasq", log="dns.log"))
    mixed = [chance.sample(rows, len(rows)) for rows in (some, others)]
    turned = seen(part(*mixed[1], format_="dnsmasq", log="dns.log"), part(*mixed[0]))
    assert straight.usage.equals(turned.usage)
    assert straight.coverage == turned.coverage


@examples(12)
@given(USES, USES)
def test_sources_are_never_added_up(some: list[Row], others: list[Row]) -> None:
    alone = [seen(part(*some)), seen(part(*others, format_="dnsmasq"))]
    both = seen(part(*some), part(*others, format_="dnsmasq"))
    assert both.usage["hits"].sum() <= sum(found.usage["hits"].sum() for found in alone)
    assert set(both.usage["service"].drop_nulls()) == {name for found in alone for name in found.usage["service"].drop_nulls()}
    assert "private" not in both.usage["match"].to_list()
    assert both.usage["slots"].max() is None or both.usage["slots"].max() <= 12  # two hours of a day


def test_many_rows_are_observed_in_slices_to_the_same_end_and_let_go_before(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = [use(("tool.com", "new.org")[n % 2], person=f"p{n % 3}", hour=TEN + timedelta(hours=7 * n), first_line=n) for n in range(24)]
    whole, *given = seen(part(*hours), part(*hours[::3], format_="dnsmasq")), part(*hours), part(*hours[::3], format_="dnsmasq")
    held = [weakref.ref(piece) for one in given for piece in one.usage._held]  # noqa: SLF001
    alive: list[bool] = []
    monkeypatch.setattr("discovery.turns._AT_ONCE", 3)
    monkeypatch.setattr("discovery.observe._slice", lambda *rows, **how: (alive.extend(one() is not None for one in held), _slice(*rows, **how))[1])
    sliced = observe((given.pop(0) for _ in range(len(given))), None, CATALOGUE, zone="UTC")
    assert sliced.usage.sort(pl.all()).equals(whole.usage.sort(pl.all()))
    assert sliced.coverage == whole.coverage
    assert len(alive) > 10
    assert not any(alive)
