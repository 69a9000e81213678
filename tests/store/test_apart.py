"""What one client keeps, no other client reads, changes or takes away, though both use the same names for everything."""

from collections.abc import Callable
from typing import Any

import pytest

from discovery.store import Client, Store, create_client
from rules import queries
from rules.items import Item
from rules.kept import queries as kept
from rules.meeting import queries as meetings
from rules.practice import queries as practice
from rules.spotcheck import queries as spotcheck
from rules.weights import Weight

pytestmark = pytest.mark.sqlite_enough  # every statement is sent to PostgreSQL by the tests of its subject

ALERT = ("new_service", "dropbox", "m")

#: Everything that is kept of a client.
KEPT: dict[str, Callable[[Store, Client], Any]] = {
    "decisions": queries.own_history,
    "decisions on a service": lambda store, client: queries.history(store, client, "dropbox"),
    "mutes": queries.mutes,
    "items": kept.items,
    "versions of an item": lambda store, client: kept.item_history(store, client, "own:1"),
    "weights": kept.own_weights,
    "changes of weights": kept.weight_history,
    "clauses": practice.own_clauses,
    "answers": spotcheck.answers,
    "services answered": lambda store, client: spotcheck.services_answered(store, client, "yes"),
    "meetings": meetings.meetings,
}


def keep(store: Store, client: Client, by: str) -> None:
    """Something of each."""
    queries.decide(store, client, "dropbox", "tolerated", decided_by=by)
    queries.decide(store, client, "dropbox", "approved", decided_by=by)
    queries.mute(store, client, ALERT, reason="Known.", muted_by=by)
    kept.keep_items(store, client, [Item("own:1", f"A switch for {by}")], changed_by=by)
    kept.keep_items(store, client, [Item("own:1", f"Two switches for {by}")], changed_by=by)
    kept.weigh(store, client, Weight("factor", "mfa", 2, "Passwords were stolen."), changed_by=by)
    practice.say(store, client, "Telling us", f"Write to {by}.")
    spotcheck.answer(store, client, "mark", "dropbox", "yes", by=by)
    meetings.begin(store, client, ["chat"], minutes=45, by=by)


def change(store: Store, client: Client) -> None:
    """Each of them changed, taken back or taken away."""
    queries.undo(store, client, "dropbox", undone_by="Ann")
    queries.mute(store, client, ALERT, reason="Still known.", muted_by="Ann")
    queries.unmute(store, client, ALERT, by="Ann")
    kept.undo_item(store, client, "own:1", changed_by="Ann")
    kept.take_off(store, client, "own:1", changed_by="Ann")
    kept.weigh(store, client, Weight("factor", "mfa", None, "Taken back."), changed_by="Ann")
    practice.say(store, client, "Telling us", None)
    spotcheck.answer(store, client, "mark", "trello", "no", by="Ann")
    spotcheck.take_back(store, client, "mark")
    meetings.discard(store, client, meetings.meetings(store, client)[0].number)


def versions(store: Store, client: Client) -> tuple[int, int]:
    """Of all that can be computed of a client, and of what was observed."""
    with store.read() as session:
        found = session.get_one(Client, client.id)
        return found.version, found.data_version


def told(store: Store, client: Client) -> dict[str, Any]:
    return {name: read(store, client) for name, read in KEPT.items()}


def test_clients_do_not_notice_each_other(store: Store, client: Client) -> None:
    before, after, stranger = (create_client(store, name) for name in ("Before", "After", "Stranger"))
    keep(store, before, "Bob")
    keep(store, client, "Ann")
    keep(store, after, "Cem")
    theirs = [told(store, one) for one in (before, after)]
    assert all(theirs[0].values())
    assert not any(told(store, stranger).values())
    change(store, client)
    assert [told(store, one) for one in (before, after)] == theirs
    assert not any(one.undone_by is None for one in queries.own_history(store, client)[1:])
    assert (practice.own_clauses(store, client), spotcheck.answers(store, client), meetings.meetings(store, client)) == ({}, {}, [])


@pytest.mark.parametrize(
    "act",
    [
        lambda store, client: queries.undo(store, client, "dropbox", undone_by="Ann"),
        lambda store, client: queries.decide(store, client, "dropbox", "in_review", decided_by="Ann"),
        lambda store, client: kept.weigh(store, client, Weight("factor", "mfa", 1, "Enough."), changed_by="Ann"),
        lambda store, client: practice.say(store, client, "Telling us", ""),
        lambda store, client: meetings.settle(store, client, 1, "chat", {"slack": ("approved", {})}, by="Ann"),
    ],
)
def test_what_is_judged_anew_changes_nothing_of_what_was_observed(store: Store, client: Client, act: Callable[[Store, Client], Any]) -> None:
    other = create_client(store, "Other")
    keep(store, client, "Ann")
    before, theirs = versions(store, client), versions(store, other)
    act(store, client)
    assert versions(store, client) == (before[0] + 1, before[1])
    assert versions(store, other) == theirs


def test_taking_back_what_a_meeting_decided_is_judged_anew_too(store: Store, client: Client) -> None:
    number = meetings.begin(store, client, ["chat"], minutes=45, by="Ann").number
    meetings.settle(store, client, number, "chat", {"slack": ("approved", {})}, by="Ann")
    before = versions(store, client)
    meetings.undo(store, client, number, "chat", by="Ann")
    assert versions(store, client) == (before[0] + 1, before[1])
