"""Meetings in the store: the register is the truth, and a meeting knows what was decided in it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from discovery.errors import GnomonError
from discovery.store import Client, Store, create_client, data_version
from rules import queries as register
from rules.meeting import AgendaItem, Meeting, queries, taken

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
    with pytest.raises(GnomonError, match=r"^“perhaps” is not a decision\. It can be: "):
        queries.settle(store, client, number, "file_transfer", RULINGS | {"x": ("perhaps", {})}, by="Ada")
    with pytest.raises(GnomonError, match=r"^This need is not on the agenda\.$"):
        queries.settle(store, client, number, "esign", RULINGS, by="Ada")
    assert register.all_history(store, client) == []


def test_a_need_is_decided_once(store: Store, client: Client, number: int) -> None:
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    with pytest.raises(GnomonError, match=r"^This need is decided already\. Take that back first\.$"):
        queries.settle(store, client, number, "file_transfer", RULINGS, by="Bob")
    assert len(register.all_history(store, client)) == 2, "as when a button is pressed twice"


def test_taking_back_brings_the_decision_before_into_force_again(store: Store, client: Client, number: int) -> None:
    register.decide(store, client, "smash", "in_review", decided_by="Bob")
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    assert queries.undo(store, client, number, "file_transfer", by="Ada") == 2
    assert {one.service: one.status for one in register.decisions(store, client).every()} == {"smash": "in_review"}
    assert taken(queries.meeting(store, client, number), register.all_history(store, client)) == {}
    with pytest.raises(GnomonError, match=r"^There is no decision to take back\.$"):
        queries.undo(store, client, number, "file_transfer", by="Ada")
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    assert queries.undo(store, client, number, "file_transfer", by="Ada") == 2, "decided anew, and taken back anew"


def test_a_later_decision_is_not_taken_back_with_it(store: Store, client: Client, number: int) -> None:
    queries.settle(store, client, number, "file_transfer", RULINGS, by="Ada")
    register.decide(store, client, "wetransfer", "approved", decided_by="Bob")
    with pytest.raises(
        GnomonError, match=r"^One of these services was decided on again since\. The register shows every step; take that back first\.$"
    ):
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
    with pytest.raises(GnomonError, match=r"^What was decided or noted stays on the agenda\.$"):
        queries.arrange(store, client, number, ["esign"])
    with pytest.raises(GnomonError, match=r"^An agenda needs at least one need\.$"):
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
        with pytest.raises(GnomonError, match=r"^This meeting is over\. Go on with it first; then more can be decided in it\.$"):
            late()
    queries.end(store, client, number, over=False)
    queries.note(store, client, number, "chat", "x")
    found = queries.meeting(store, client, number)
    assert (found.present, found.minutes, found.ended_at) == ("The director", 60, None)


def test_a_meeting_in_which_something_happened_stays(store: Store, client: Client, number: int) -> None:
    empty = queries.begin(store, client, ["chat"], minutes=45, by="Ada").number
    queries.discard(store, client, empty)
    queries.settle(store, client, number, "chat", {"slack": ("approved", {})}, by="Ada")
    with pytest.raises(GnomonError, match=r"^Something was decided or noted in this meeting, so it stays\.$"):
        queries.discard(store, client, number)
    assert [one.number for one in queries.meetings(store, client)] == [number]


def test_nobody_reaches_another_clients_meeting(store: Store, number: int) -> None:
    other = create_client(store, "Other")
    assert queries.meetings(store, other) == []
    queries.spend(store, other, number, "chat", 30)
    for reach in (queries.meeting, queries.end, queries.discard):
        with pytest.raises(GnomonError, match=r"^There is no such meeting\.$"):
            reach(store, other, number)


def test_a_meeting_that_is_over_keeps_its_agenda(store: Store, client: Client, number: int) -> None:
    queries.end(store, client, number)
    with pytest.raises(GnomonError, match=r"^This meeting is over\."):
        queries.arrange(store, client, number, ["chat"])
    queries.end(store, client, number, over=False)
    queries.arrange(store, client, number, ["chat"])
    assert queries.meeting(store, client, number).capabilities == ["chat"]


def test_a_meeting_is_kept_whole(store: Store, client: Client, number: int) -> None:
    now = datetime.now(UTC)
    second = queries.begin(store, client, ["esign", "chat"], minutes=480, by="Bob")
    assert now - timedelta(minutes=1) < second.began_at <= datetime.now(UTC)
    assert second == Meeting(second.number, 480, "", second.began_at, "Bob", None, (AgendaItem("esign"), AgendaItem("chat")))
    queries.settle(store, client, number, "design", {"canva": ("approved", {})}, by="Ada")
    queries.settle(store, client, number, "chat", {"slack": ("approved", {})}, by="Ada")
    queries.note(store, client, number, "file_transfer", "Later.")
    queries.spend(store, client, second.number, "chat", 20)
    queries.describe(store, client, number, present="The director", minutes=1)
    first = queries.meeting(store, client, number)
    canva, slack = (one.number for one in register.decisions(store, client).every())
    agenda = (AgendaItem("file_transfer", "Later."), AgendaItem("design", decisions=(canva,)), AgendaItem("chat", decisions=(slack,)))
    assert first == Meeting(number, 1, "The director", first.began_at, "Ada", None, agenda)
    assert queries.meetings(store, client) == [queries.meeting(store, client, second.number), first], "newest first, each with its own"
    assert queries.meeting(store, client, second.number).agenda[1].seconds == 20


def test_a_note_can_be_taken_away(store: Store, client: Client, number: int) -> None:
    queries.note(store, client, number, "chat", "x")
    queries.note(store, client, number, "chat", "")
    queries.arrange(store, client, number, ["design"])
    assert queries.meeting(store, client, number).capabilities == ["design"]


def test_decisions_of_a_meeting_are_told_to_the_caches(store: Store, client: Client, number: int) -> None:
    versions = [data_version(store, client)]
    queries.settle(store, client, number, "chat", {"slack": ("approved", {})}, by="Ada")
    versions.append(data_version(store, client))
    queries.undo(store, client, number, "chat", by="Bob")
    versions.append(data_version(store, client))
    assert len(set(versions)) == 3
    (taken_back,) = register.all_history(store, client)
    assert taken_back.undone_by == "Bob"


@pytest.mark.parametrize("minutes", [0, 481])
def test_a_meeting_takes_its_time(store: Store, client: Client, number: int, minutes: int) -> None:
    for attempt in (
        lambda: queries.begin(store, client, ["chat"], minutes=minutes, by="Ada"),
        lambda: queries.describe(store, client, number, present="", minutes=minutes),
    ):
        with pytest.raises(GnomonError, match=r"^A meeting takes between 1 and 480 minutes\.$"):
            attempt()


def test_an_end_is_noted_and_a_discarded_meeting_leaves_nothing(store: Store, client: Client, number: int) -> None:
    queries.end(store, client, number)
    ended = queries.meeting(store, client, number).ended_at
    assert ended is not None
    assert ended.tzinfo is not None
    again = queries.begin(store, client, ["chat"], minutes=45, by="Ada").number
    queries.discard(store, client, number)
    assert [(one.number, one.capabilities) for one in queries.meetings(store, client)] == [(again, ["chat"])]


@pytest.mark.sqlite_enough
def test_two_meetings_about_the_same_need_leave_each_other_alone(store: Store, client: Client, number: int) -> None:
    second = queries.begin(store, client, ["chat", "design"], minutes=45, by="Bob").number
    queries.note(store, client, second, "design", "Ask the studio.")
    queries.settle(store, client, number, "chat", {"slack": ("tolerated", {})}, by="Ada")
    queries.settle(store, client, number, "design", {"canva": ("approved", {})}, by="Ada")
    queries.settle(store, client, second, "chat", {"zoom": ("approved", {})}, by="Bob")
    before = queries.meeting(store, client, second)
    queries.arrange(store, client, number, ["design", "chat"])
    queries.note(store, client, number, "design", "Decided.")
    queries.spend(store, client, number, "chat", 5)
    queries.describe(store, client, number, present="Ada", minutes=30)
    assert queries.undo(store, client, number, "chat", by="Ada") == 1, "neither another need's nor another meeting's"
    queries.end(store, client, number)
    assert queries.meeting(store, client, second) == before
    assert {one.service: one.status for one in register.decisions(store, client).every()} == {"canva": "approved", "zoom": "approved"}
    (_, taken_back, _) = register.all_history(store, client)[::-1]
    assert (taken_back.service, taken_back.undone_by) == ("canva", None)


@pytest.mark.sqlite_enough
def test_time_on_a_screen_that_is_not_there_counts_nowhere(store: Store, client: Client, number: int) -> None:
    queries.spend(store, client, number, "esign", 30)
    queries.spend(store, client, number + 1, "chat", 30)
    queries.spend(store, client, number, "chat", 3600)
    queries.spend(store, client, number, "chat", 1)
    assert [one.seconds for one in queries.meeting(store, client, number).agenda] == [0, 0, 3601]


@pytest.mark.sqlite_enough
def test_what_is_noted_or_decided_keeps_a_need_on_the_agenda_and_a_meeting_in_the_books(store: Store, client: Client, number: int) -> None:
    queries.note(store, client, number, "chat", "x")
    with pytest.raises(GnomonError, match=r"^Something was decided or noted in this meeting, so it stays\.$"):
        queries.discard(store, client, number)
    queries.note(store, client, number, "chat", "")
    queries.settle(store, client, number, "design", {"canva": ("approved", {})}, by="Ada")
    with pytest.raises(GnomonError, match=r"^What was decided or noted stays on the agenda\.$"):
        queries.arrange(store, client, number, ["chat", "file_transfer"])
    assert queries.meeting(store, client, number).capabilities == ["file_transfer", "design", "chat"]
