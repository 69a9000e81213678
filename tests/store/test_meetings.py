"""Meetings in the store: the register is the truth, and a meeting knows what was decided in it."""

from datetime import date
from typing import Any

import pytest

from discovery.errors import GnomonError
from discovery.store import Client, Store, create_client
from rules import queries as register
from rules.meeting import queries, taken

RULINGS: dict[str, tuple[str, Any]] = {
    "wetransfer": ("tolerated", {"owner": "Head of sales", "reason": "Until there is a tool.", "review_by": date(2027, 3, 1)}),
    "smash": ("not_approved", {"owner": "Head of sales"}),
}


@pytest.fixture
def number(store: Store, client: Client) -> int:
    return queries.begin(store, client, ["file_transfer", "design", "chat"], minutes=45, by="Ada").number


def test_what_is_decided_is_in_the_register_and_known_to_the_meeting(store: Store, client: Client, number: int) -> None:
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    held = register.decisions(store, client)
    assert {one.service: (one.status, one.owner, one.review_by) for one in held.every()} == {
        "wetransfer": ("tolerated", "Head of sales", date(2027, 3, 1)),
        "smash": ("not_approved", "Head of sales", None),
    }
    found = taken(queries.meeting(store, client, number), register.all_history(store, client))
    assert {one.service: one for one in found["file_transfer"]} == {one.service: one for one in held.every()}


def test_all_or_none_is_decided(store: Store, client: Client, number: int) -> None:
    with pytest.raises(GnomonError, match="is not a decision"):
        queries.settle(store, client, number, "file_transfer", RULINGS | {"x": ("perhaps", {})}, by="Ada")
    with pytest.raises(GnomonError, match="not on the agenda"):
        queries.settle(store, client, number, "esign", RULINGS, by="Ada")
    assert register.all_history(store, client) == []


def test_a_need_is_decided_once(store: Store, client: Client, number: int) -> None:
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    with pytest.raises(GnomonError, match="decided already"):
        queries.settle(store, client, number, "file_transfer", RULINGS, by="Bob")
    assert len(register.all_history(store, client)) == 2, "as when a button is pressed twice"


def test_taking_back_brings_the_decision_before_into_force_again(store: Store, client: Client, number: int) -> None:
    register.decide(store, client, "smash", "in_review", decided_by="Bob")
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    assert queries.undo(store, client, number, "file_transfer", by="Ada") == 2
    assert {one.service: one.status for one in register.decisions(store, client).every()} == {"smash": "in_review"}
    assert taken(queries.meeting(store, client, number), register.all_history(store, client)) == {}
    with pytest.raises(GnomonError, match="no decision to take back"):
        queries.undo(store, client, number, "file_transfer", by="Ada")
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    assert queries.undo(store, client, number, "file_transfer", by="Ada") == 2, "decided anew, and taken back anew"


def test_a_later_decision_is_not_taken_back_with_it(store: Store, client: Client, number: int) -> None:
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    register.decide(store, client, "wetransfer", "approved", decided_by="Bob")
    with pytest.raises(GnomonError, match="decided on again since"):
        queries.undo(store, client, number, "file_transfer", by="Ada")
    assert {one.service: one.status for one in register.decisions(store, client).every()} == {"smash": "not_approved", "wetransfer": "approved"}


def test_the_agenda_is_rearranged_and_keeps_what_was_said(store: Store, client: Client, number: int) -> None:
    queries.note(store, client, number, "design", "Ask the studio.")
    queries.spend(store, client, number, "design", 90)
    queries.arrange(store, client, number, ["esign", "design", "file_transfer"])
    found = queries.meeting(store, client, number)
    assert [(one.capability, one.note, one.seconds) for one in found.agenda] == [
        ("esign", "", 0),
        ("design", "Ask the studio.", 90),
        ("file_transfer", "", 0),
    ]
    with pytest.raises(GnomonError, match="stays on the agenda"):
        queries.arrange(store, client, number, ["esign"])
    with pytest.raises(GnomonError, match="at least one need"):
        queries.arrange(store, client, number, [])


def test_only_time_on_the_screen_counts_and_none_after_the_end(store: Store, client: Client, number: int) -> None:
    for seconds in (30, -5, 10**9):
        queries.spend(store, client, number, "chat", seconds)
    assert queries.meeting(store, client, number).seconds == 30 + 3600, "a lid that was shut is no discussion"
    queries.end(store, client, number)
    queries.spend(store, client, number, "chat", 30)
    assert queries.meeting(store, client, number).seconds == 3630


def test_after_the_end_nothing_is_decided_until_it_goes_on(store: Store, client: Client, number: int) -> None:
    queries.describe(store, client, number, present="The director", minutes=60)
    queries.end(store, client, number)
    for late in (lambda: queries.settle(store, client, number, "chat", RULINGS, by="Ada"), lambda: queries.note(store, client, number, "chat", "x")):
        with pytest.raises(GnomonError, match="is over"):
            late()
    queries.end(store, client, number, over=False)
    queries.note(store, client, number, "chat", "x")
    found = queries.meeting(store, client, number)
    assert (found.present, found.minutes, found.ended_at) == ("The director", 60, None)


def test_a_meeting_in_which_something_happened_stays(store: Store, client: Client, number: int) -> None:
    empty = queries.begin(store, client, ["chat"], minutes=45, by="Ada").number
    queries.discard(store, client, empty)
    queries.settle(store, client, number, "chat", {"slack": ("approved", {})}, by="Ada")
    with pytest.raises(GnomonError, match="so it stays"):
        queries.discard(store, client, number)
    assert [one.number for one in queries.meetings(store, client)] == [number]


def test_nobody_reaches_another_clients_meeting(store: Store, number: int) -> None:
    other = create_client(store, "Other")
    assert queries.meetings(store, other) == []
    queries.spend(store, other, number, "chat", 30)
    for reach in (queries.meeting, queries.end, queries.discard):
        with pytest.raises(GnomonError, match="no such meeting"):
            reach(store, other, number)


def test_a_meeting_that_is_over_keeps_its_agenda(store: Store, client: Client, number: int) -> None:
    queries.end(store, client, number)
    with pytest.raises(GnomonError, match="meeting is over"):
        queries.arrange(store, client, number, ["chat"])
    queries.end(store, client, number, over=False)
    queries.arrange(store, client, number, ["chat"])
    assert queries.meeting(store, client, number).capabilities == ["chat"]
