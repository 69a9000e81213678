"""Texts that people wrote are searched for a name, table by table, and given alone."""

from datetime import date

import pytest

from discovery.store import Client, Store, create_client
from rules import queries
from rules.items import Baseline, Item
from rules.kept import queries as kept
from rules.meeting import queries as meetings
from rules.mentions.queries import Mention, mentions
from rules.practice import queries as practice
from rules.weights import Weight

pytestmark = pytest.mark.sqlite_enough


@pytest.fixture
def written(store: Store, client: Client) -> Client:
    """A client of whom Jürgen is named in some of what was written."""
    queries.decide(store, client, "zoom", "approved", decided_by="Ada", owner="The head of IT")
    queries.decide(store, client, "trello", "tolerated", decided_by="Ada", owner="Jürgen", reason="Jürgen plans with it.", data_held="Plans")
    queries.decide(store, client, "dropbox", "approved", decided_by="Jürgen")
    queries.mute(store, client, ("new_service", "slack", "m"), reason="Jürgen tries it.", muted_by="Ada")
    baseline = Baseline(date(2026, 9, 1), date(2026, 9, 30), 4, {"own": 3}, {"own": "Jürgen's server"})
    kept.keep_items(store, client, [Item("own:1", "A switch"), Item("own:2", "A server", baseline=baseline)], changed_by="Ada")
    kept.weigh(store, client, Weight("factor", "mfa", 2, "After what happened to Jürgen."), changed_by="Ada")
    practice.say(store, client, "Telling us", "Write to Jürgen.")
    number = meetings.begin(store, client, ["chat", "design"], minutes=45, by="Ada").number
    meetings.note(store, client, number, "design", "Jürgen asks the studio.")
    return client


def named(text: str) -> bool:
    return "Jürgen" in text


@pytest.mark.both
def test_each_text_says_where_it_stands_and_what_it_is_about(store: Store, written: Client) -> None:
    assert mentions(store, written, named) == [
        Mention("decision", "trello", "owner", "Jürgen"),
        Mention("decision", "trello", "reason", "Jürgen plans with it."),
        Mention("decision", "dropbox", "decided_by", "Jürgen"),
        Mention("need talked about in a meeting", "design", "note", "Jürgen asks the studio."),
        Mention("muted alert", "slack", "reason", "Jürgen tries it."),
        Mention("clause", "Telling us", "text", "Write to Jürgen."),
        Mention(
            "roadmap item", "own:2", "baseline",
            '{"since": "2026-09-01", "until": "2026-09-30", "people": 4, "services": {"own": 3}, "names": {"own": "Jürgen\'s server"}, '
            '"others": 0, "target": "", "removed": 0}',
        ),
        Mention("weight", "", "note", "After what happened to Jürgen."),
    ]  # fmt: skip


def test_only_this_clients_texts_are_searched_and_only_those_that_say_something(store: Store, written: Client) -> None:
    assert mentions(store, create_client(store, "Other"), lambda _: True) == []
    every = mentions(store, written, lambda _: True)
    assert len(every) > len(mentions(store, written, named))
    assert all(one.text for one in every)
