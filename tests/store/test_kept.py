"""Weights and roadmap items in the store: every change is kept, undone, and told to the caches."""

from datetime import UTC, date, datetime

import pytest

from discovery.errors import GnomonError
from discovery.store import create_client, data_version, delete_client
from rules.items import Baseline, Item
from rules.kept import queries
from rules.weights import Weight

BASELINE = Baseline(
    date(2026, 9, 1), date(2026, 9, 30), 4, {"smash": 3, "wetransfer": None}, {"smash": "Smash", "wetransfer": "WeTransfer"}, 2, "box", 71
)
ITEM = Item("gap:file_transfer", "Choose a tool", "Try two.", "gap", "file_transfer", "2026-Q4", 2.5, "low", "IT", "planned", BASELINE)


@pytest.fixture
def client(store):
    return create_client(store, "Example")


def same(found: Item) -> Item:
    """Without who and when."""
    return Item(**{name: getattr(found, name) for name in Item.__slots__} | {"changed_by": "", "changed_at": None})


def test_an_item_comes_back_as_it_was_kept(store, client):
    queries.keep_items(store, client, [ITEM], changed_by="Ann")
    (found,) = queries.items(store, client)
    assert same(found) == ITEM
    assert found.changed_by == "Ann"
    assert found.changed_at.tzinfo is not None


def test_each_change_is_a_version_and_undoing_one_too(store, client):
    later = Item(**{name: getattr(ITEM, name) for name in Item.__slots__} | {"state": "done", "owner": "Bob"})
    queries.keep_items(store, client, [ITEM], changed_by="Ann")
    queries.keep_items(store, client, [later], changed_by="Bob")
    assert [step.state for step in queries.item_history(store, client, ITEM.id)] == ["done", "planned"]
    queries.undo_item(store, client, ITEM.id, changed_by="Cy")
    assert [same(one) for one in queries.items(store, client)] == [ITEM]
    queries.undo_item(store, client, ITEM.id, changed_by="Cy")
    assert [one.state for one in queries.items(store, client)] == ["done"]
    assert len(queries.item_history(store, client, ITEM.id)) == 4


def test_undoing_the_first_version_takes_it_off(store, client):
    queries.keep_items(store, client, [ITEM], changed_by="Ann")
    queries.undo_item(store, client, ITEM.id, changed_by="Ann")
    assert queries.items(store, client) == []
    queries.undo_item(store, client, ITEM.id, changed_by="Ann")
    assert [same(one) for one in queries.items(store, client)] == [ITEM]


def test_taking_off_can_be_undone(store, client):
    queries.keep_items(store, client, [ITEM], changed_by="Ann")
    queries.take_off(store, client, ITEM.id, changed_by="Ann")
    assert queries.items(store, client) == []
    queries.undo_item(store, client, ITEM.id, changed_by="Ann")
    assert len(queries.items(store, client)) == 1


def test_an_item_that_is_not_there_is_no_item(store, client):
    other = create_client(store, "Other")
    queries.keep_items(store, other, [ITEM], changed_by="Ann")
    for act in (queries.undo_item, queries.take_off):
        with pytest.raises(GnomonError, match="no such item"):
            act(store, client, ITEM.id, changed_by="Ann")
    assert queries.items(store, client) == []


def test_items_are_kept_together_or_not_at_all(store, client):
    with pytest.raises(GnomonError):
        queries.keep_items(store, client, [ITEM, Item("own:1", " ")], changed_by="Ann")
    assert queries.items(store, client) == []


def test_a_weight_is_in_force_until_it_is_changed_or_taken_back(store, client):
    before = data_version(store, client)
    queries.weigh(store, client, Weight("factor", "mfa", 2, "we had a stolen password"), changed_by="Ann")
    queries.weigh(store, client, Weight("level", "High", 55, "careful"), changed_by="Ann")
    queries.weigh(store, client, Weight("factor", "mfa", 1.5, "too much"), changed_by="Bob")
    assert [(one.kind, one.key, one.value, one.changed_by) for one in queries.weights(store, client)] == [
        ("factor", "mfa", 1.5, "Bob"),
        ("level", "High", 55, "Ann"),
    ]
    assert data_version(store, client) != before
    queries.weigh(store, client, Weight("factor", "mfa", None, "as it was"), changed_by="Ann")
    assert [one.key for one in queries.weights(store, client)] == ["High"]
    assert [one.value for one in queries.weight_history(store, client)] == [None, 1.5, 55, 2]


def test_levels_are_checked_against_those_in_force(store, client):
    queries.weigh(store, client, Weight("level", "Severe", 90, "x"), changed_by="Ann")
    queries.weigh(store, client, Weight("level", "High", 85, "x"), changed_by="Ann")
    with pytest.raises(GnomonError, match=r"^Each level has to begin above the one below it\.$"):
        queries.weigh(store, client, Weight("level", "Severe", 80, "x"), changed_by="Ann")


def test_both_go_with_their_client(store, client):
    queries.keep_items(store, client, [ITEM], changed_by="Ann", at=datetime(2026, 9, 1, tzinfo=UTC))
    queries.weigh(store, client, Weight("factor", "mfa", 2, "x"), changed_by="Ann")
    delete_client(store, client)
    again = create_client(store, "Example")
    assert queries.items(store, again) == []
    assert queries.weights(store, again) == ()


def test_items_stand_by_quarter_and_each_client_has_its_own(store, client):
    other = create_client(store, "Other")
    kept = [Item("own:3", "Third", quarter="2027-Q1"), Item("own:1", "First", quarter="2026-Q4"), Item("own:2", "Second", quarter="2026-Q4")]
    at = datetime(2026, 9, 1, tzinfo=UTC)
    queries.keep_items(store, client, kept, changed_by="Ann", at=at)
    queries.keep_items(store, other, [Item("own:1", " Theirs ")], changed_by="Bob")
    assert [(one.id, one.changed_at, one.changed_by) for one in queries.items(store, client)] == [(f"own:{n}", at, "Ann") for n in (1, 2, 3)]
    assert [(one.id, one.title, one.baseline) for one in queries.items(store, other)] == [("own:1", "Theirs", None)]
    assert [one.title for one in queries.item_history(store, other, "own:1")] == ["Theirs"]


def test_what_is_taken_off_says_by_whom(store, client):
    queries.keep_items(store, client, [ITEM], changed_by="Ann")
    queries.take_off(store, client, ITEM.id, changed_by="Bob")
    assert queries.items(store, client) == []
    off, kept = queries.item_history(store, client, ITEM.id)
    assert (off.changed_by, kept.changed_by, same(off)) == ("Bob", "Ann", ITEM)
    queries.undo_item(store, client, ITEM.id, changed_by="Cy")
    assert [one.changed_by for one in queries.items(store, client)] == ["Cy"]
    with pytest.raises(GnomonError, match=r"^There is no such item on the roadmap\.$"):
        queries.take_off(store, client, "own:9", changed_by="Bob")


def test_a_weight_comes_back_whole_and_only_to_its_client(store, client):
    other = create_client(store, "Other")
    made = queries.weigh(store, client, Weight("factor", "mfa", 2, "  we had a stolen password "), changed_by="Ann")
    assert (made.kind, made.key, made.value, made.note, made.changed_by) == ("factor", "mfa", 2, "we had a stolen password", "Ann")
    assert made.changed_at.tzinfo is not None
    assert queries.weights(store, client) == queries.own_weights(store, client) == tuple(queries.weight_history(store, client)) == (made,)
    assert queries.weights(store, other) == queries.own_weights(store, other) == ()
    assert queries.weight_history(store, other) == []


@pytest.mark.sqlite_enough
def test_weights_stand_by_kind_and_key_however_they_were_entered(store, client):
    for change in (
        Weight("level", "High", 65, "x"),
        Weight("factor", "mfa", 2, "x"),
        Weight("factor", "dpa", 2, "x"),
        Weight("service", "zoom", 5, "x"),
    ):
        queries.weigh(store, client, change, changed_by="Ann")
    ordered = [("factor", "dpa"), ("factor", "mfa"), ("level", "High"), ("service", "zoom")]
    assert [(one.kind, one.key) for one in queries.own_weights(store, client)] == ordered
    assert [(one.kind, one.key) for one in queries.weights(store, client)] == ordered
    assert [(one.kind, one.key) for one in queries.weight_history(store, client)] == [ordered[3], *ordered[:2], ordered[2]]


@pytest.mark.sqlite_enough
def test_a_baseline_comes_back_with_what_nobody_could_count(store, client):
    bare = Baseline(date(2026, 9, 1), date(2026, 9, 30), None, others=None)
    queries.keep_items(store, client, [Item("own:1", "x", baseline=bare)], changed_by="Ann")
    assert [one.baseline for one in queries.items(store, client)] == [bare]
