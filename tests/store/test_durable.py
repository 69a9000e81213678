"""What people say is their own work: it is written so that it survives a power cut."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from discovery.store import Client, Store
from rules import queries as register
from rules.items import Item
from rules.kept import queries as kept
from rules.meeting import queries as meetings
from rules.practice import queries as practice
from rules.spotcheck import queries as spotcheck
from rules.weights import Weight

pytestmark = pytest.mark.sqlite_enough
ALERT = ("new_service", "slack", "")


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How each write from now on was asked for."""
    asked: list[object] = []
    real: Callable[..., AbstractContextManager[Any]] = Store.write

    def write(self: Store, *, durable: bool = False) -> AbstractContextManager[Any]:
        asked.append(durable)
        return real(self, durable=durable)

    monkeypatch.setattr(Store, "write", write)
    return asked


def test_the_register_and_the_alerts(store: Store, client: Client, writes: list[object]) -> None:
    register.decide(store, client, "slack", "approved", decided_by="Ann")
    register.undo(store, client, "slack", undone_by="Ann")
    register.mute(store, client, ALERT, reason="Known.", muted_by="Ann")
    register.unmute(store, client, ALERT, by="Ann")
    assert writes == [True] * 4


def test_the_roadmap_and_the_weights(store: Store, client: Client, writes: list[object]) -> None:
    kept.keep_items(store, client, [Item("own:1", "New switch", area="network")], changed_by="Ann")
    kept.take_off(store, client, "own:1", changed_by="Ann")
    kept.undo_item(store, client, "own:1", changed_by="Ann")
    kept.weigh(store, client, Weight("factor", "mfa", 2, "A stolen password."), changed_by="Ann")
    assert writes == [True] * 4


def test_meetings(store: Store, client: Client, writes: list[object]) -> None:
    number = meetings.begin(store, client, ["chat", "design"], minutes=45, by="Ann").number
    meetings.arrange(store, client, number, ["design", "chat"])
    meetings.describe(store, client, number, present="The director", minutes=60)
    meetings.settle(store, client, number, "chat", {"slack": ("approved", {})}, by="Ann")
    meetings.undo(store, client, number, "chat", by="Ann")
    meetings.note(store, client, number, "chat", "Later.")
    meetings.end(store, client, number)
    meetings.discard(store, client, meetings.begin(store, client, ["chat"], minutes=45, by="Ann").number)
    assert writes == [True] * 9


def test_the_practices_template_and_clauses(store: Store, client: Client, writes: list[object]) -> None:
    practice.keep_draft(store, lambda template: template.saying("A", "a"), changed_by="Ann")
    practice.apply_draft(store)
    practice.keep_draft(store, lambda template: template.saying("A", "b"), changed_by="Ann")
    practice.drop_draft(store)
    practice.say(store, client, "A", "Ours.")
    assert writes == [True] * 5


def test_answers_about_findings(store: Store, client: Client, writes: list[object]) -> None:
    spotcheck.answer(store, client, "mark", "slack", "yes", by="Ann")
    spotcheck.take_back(store, client, "mark")
    assert writes == [True] * 2
