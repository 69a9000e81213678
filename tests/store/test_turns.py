"""A long log is prepared and compacted some days at a time, and what is kept is the same."""

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest
from sqlalchemy import select

from discovery.store import create_client
from discovery.store.blocks import numbered, unpack
from discovery.store.tables import Client, Domain, ImportDomain, Usage, WeekBytes

pytestmark = pytest.mark.sqlite_enough

HOSTS = ("app.tool.example", "api.tool.example", "news.example.org", "secret.example.net")


@pytest.fixture
def weeks(visit) -> list:
    """Three people over twenty days; the last hour of a day in London is the first of the next in UTC."""
    return [
        visit(HOSTS[(day * 7 + hour + n) % 4], f"2026-04-{day:02d}T{hour:02d}:{10 * n:02d}", user_name=f"u{n}", up=day + n, down=hour if n else None)
        for day in range(1, 21)
        for hour in (9, 10, 14, 22, 23)
        for n in range(3)
    ]


@pytest.fixture
def kept(made) -> Callable[[Client], list[list[tuple]]]:
    """All that is kept of a client's usage; domains by name, subjects by their number in the order of appearance."""

    def everything(client: Client) -> list[list[tuple]]:
        with made.store.read() as session:
            names = dict(iter(session.execute(select(Domain.id, Domain.name).where(Domain.client_id == client.id))))
            usage = pl.concat([unpack(packed) for packed in session.scalars(select(Usage.packed).where(Usage.client_id == client.id))])
            week = pl.concat(
                [pl.read_parquet(packed) for packed in session.scalars(select(WeekBytes.packed).where(WeekBytes.client_id == client.id))]
            )
            people = session.execute(select(Domain.name, ImportDomain.people).join(ImportDomain).where(Domain.client_id == client.id))
            counted = sorted((name, count) for name, count in people)
        named = [table.with_columns(pl.col("domain").replace_strict(names, default=None)) for table in (usage, week)]
        subject = pl.col("subject").rank("dense")
        return [sorted(named[0].with_columns(subject).rows(), key=repr), sorted(named[1].rows(), key=repr), counted]

    return everything


def test_what_is_kept_does_not_depend_on_how_many_days_are_taken_at_a_time(made, weeks, kept, monkeypatch):
    made.classes = dict.fromkeys(HOSTS[:2], "service") | {HOSTS[3]: "private"}
    made.take_in(weeks)
    monkeypatch.setattr("discovery.turns._AT_ONCE", 20)
    other = create_client(made.store, "In turns", zone=made.client.zone)
    made.take_in(weeks, client=other)
    whole, in_turns = kept(made.client), kept(other)
    assert in_turns == whole
    assert len(whole[0]) > 100
    assert whole[1], "bytes by hour of week"


def test_only_blocks_with_old_hours_are_made_anew(made, visit, weeks, monkeypatch):
    made.classes = dict.fromkeys(HOSTS, "service")
    monkeypatch.setattr("discovery.store.blocks.BLOCK_ROWS", 10)
    first = made.take_in(weeks).import_id
    blocks = select(Usage.id, Usage.hours_since).where(Usage.import_id == first)
    with made.store.read() as session:
        before = dict(iter(session.execute(blocks)))
    made.take_in([visit(HOSTS[0], "2026-04-27T09:00", user_name="u1")], name="later")
    with made.store.read() as session:
        after = dict(iter(session.execute(blocks)))
        rows = [unpack(packed) for packed in session.scalars(select(Usage.packed).where(Usage.import_id == first))]
    untouched = {number for number, hours in before.items() if hours is None}
    assert untouched
    assert untouched <= after.keys()
    assert sum(table["hits"].sum() for table in rows) == len(weeks)
    assert not [hours for hours in after.values() if hours is not None and hours < datetime(2026, 4, 19, tzinfo=UTC)]


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "America/St_Johns"])
def test_turns_are_whole_days_and_hold_every_row_once(made, weeks, zone, monkeypatch):
    monkeypatch.setattr("discovery.turns._AT_ONCE", 20)
    usage = numbered(made.result(weeks).usage)
    found = list(usage.turns(zone))
    days = [set(table["hour"].dt.convert_time_zone(zone).dt.date()) for table in found]
    assert pl.concat(found).sort(pl.all()).equals(pl.concat(usage.pieces()).sort(pl.all()))
    assert sum(map(len, days)) == len(set.union(*days))
    assert len(found) > 5
