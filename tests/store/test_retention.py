"""Who used what is kept as long as the client says; older days keep how many, and no name, address or pseudonym is left behind."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from sqlalchemy import func, select

from discovery.errors import GnomonError
from discovery.store import forget_older, get_client, imports, keep_people_for, update_client, usage_parts
from discovery.store.retention import SHORTEST, kept_since
from discovery.store.tables import Identity, ImportSubject, Lease, Subject

pytestmark = pytest.mark.sqlite_enough

NOW = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)
SUMS = ("hits", "blocked_hits", "source_bytes", "destination_bytes")


@pytest.fixture
def busy(made, visit):
    """Ann and Bob on a day in March, Ann alone in June; a lease that ended in March and one that holds."""
    made.client = update_client(made.store, made.client, zone="Europe/London")
    made.classes = {"a.example.com": "service"}
    old = [
        visit("a.example.com", f"2026-03-10T{at}", user_name=who, up=5, down=7) for who, at in (("ann", "09:05"), ("ann", "17:40"), ("bob", "09:06"))
    ]
    made.take_in([*old, visit("a.example.com", "2026-06-19T09:05", user_name="ann", up=1, down=2)])
    ends, holds = (
        ("10.0.0.5", "02:00:00:00:00:05", "gone-laptop", "2026-03-01T00:00", "2026-03-02T00:00"),
        ("10.0.0.6", None, "desk", "2026-03-01T00:00", None),
    )
    made.take_in([], leases=[ends, holds], name="leases")
    return made


def table(made):
    parts, _ = usage_parts(made.store, made.client, None, None, names=True)
    return pl.concat([part.usage.whole() for part in parts if part.usage.height])


def count(made, of):
    with made.store.read() as session:
        return session.scalar(select(func.count()).select_from(of).where(of.client_id == made.client.id))


@pytest.mark.both
def test_older_days_keep_their_sums_and_how_many_but_not_who(busy):
    before = table(busy)
    with busy.store.write() as session:
        session.merge(get_client(busy.store, busy.client.slug)).people_days = SHORTEST
    assert forget_older(busy.store, busy.client, NOW)
    after = table(busy)
    assert after.select(SUMS).sum().rows() == before.select(SUMS).sum().rows()
    old = after.filter(pl.col("first") < datetime(2026, 4, 1, tzinfo=UTC)).row(0, named=True)
    assert (old["person"], old["people"], old["grain"], old["hits"]) == (None, 2, "day", 3)
    assert old["slots"] == 2, "as many as whoever had the most"
    new = after.filter(pl.col("first") > datetime(2026, 4, 1, tzinfo=UTC)).row(0, named=True)
    assert new["person"] is not None
    assert count(busy, Subject) == count(busy, ImportSubject) == 1, "Bob is known to nobody any more"
    assert count(busy, Lease) == 1
    assert count(busy, Identity) == 3, "Ann, and the desk with its address"
    assert not forget_older(busy.store, busy.client, NOW), "what is forgotten is forgotten once"


def test_without_a_limit_nothing_is_forgotten(busy):
    assert not forget_older(busy.store, busy.client, NOW + timedelta(days=4000))
    assert count(busy, Subject) == 2


@pytest.mark.both
def test_it_holds_from_the_moment_it_is_set_and_for_what_comes_later(made, visit):
    made.classes = {"a.example.com": "service"}
    long_ago = datetime.now(UTC) - timedelta(days=SHORTEST + 2)
    visits = [
        visit("a.example.com", f"{long_ago:%Y-%m-%dT%H:%M}", user_name="ann"),
        visit("a.example.com", f"{datetime.now(UTC):%Y-%m-%d}T00:00", user_name="ann"),
    ]
    made.take_in(visits[:1])
    made.client = keep_people_for(made.store, made.client, SHORTEST)
    assert made.client.people_days == SHORTEST
    assert count(made, Subject) == 0
    made.take_in(visits, name="again.log")
    assert table(made).filter(pl.col("person").is_not_null()).height == 1
    assert {job.state for job in imports(made.store, made.client)} == {"published"}
    with pytest.raises(GnomonError, match="90 days at least"):
        keep_people_for(made.store, made.client, SHORTEST - 1)


def test_a_day_is_kept_whole_on_the_clients_clock():
    assert kept_since(NOW, "Pacific/Auckland", 90) == datetime(2026, 3, 22, 11, 0, tzinfo=UTC)  # there it is the 21st already
    assert kept_since(NOW, "Europe/London", 90) == datetime(2026, 3, 22, 0, 0, tzinfo=UTC)
