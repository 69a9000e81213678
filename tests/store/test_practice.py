"""The practice's template in the store: a draft is nobody's business until it is applied, and nobody's words are lost under another's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from discovery.store import Client, Store, create_client, data_version
from rules import queries as register
from rules.practice import Template, queries
from rules.practice.queries import Meanwhile
from rules.register import Decision, Snapshot
from rules.weights import Weight

pytestmark = pytest.mark.sqlite_enough

HANDED = Decision("dropbox", "not_approved", reason="Not here.", decided_by="Ada", inherited=True)


def say(text: str) -> Template:
    return Template(clauses={"Telling us": text})


def version(store: Store, client: Client) -> int:
    """That caches go by."""
    with store.read() as session:
        return session.get_one(Client, client.id).version


def draft(store: Store, text: str, by: str = "Ada") -> None:
    queries.keep_draft(store, lambda before: before.saying("Telling us", text), changed_by=by)


@pytest.mark.both
def test_a_template_holds_for_everybody_once_it_is_applied(store: Store, client: Client) -> None:
    assert (queries.template(store), queries.draft(store), queries.apply_draft(store)) == (Template(), None, False)
    versions = [version(store, client)]
    draft(store, "Write to us.")
    assert (queries.template(store), queries.draft(store)) == (Template(), say("Write to us."))
    versions.append(version(store, client))
    assert queries.apply_draft(store)
    assert (queries.template(store), queries.draft(store)) == (say("Write to us."), None)
    versions.append(version(store, client))
    assert versions == [versions[0], versions[0], versions[0] + 1], "what was computed rests on the template in force"
    assert not queries.apply_draft(store)


def test_a_draft_begins_with_the_one_before_and_one_that_changes_nothing_is_none(store: Store) -> None:
    draft(store, "First.")
    queries.keep_draft(store, lambda before: replace(before, toolset="suites = []\n"), changed_by="Ada")
    assert queries.draft(store) == Template("suites = []\n", clauses={"Telling us": "First."})
    queries.apply_draft(store)
    draft(store, "Second.")
    assert queries.template(store).clauses == {"Telling us": "First."}
    draft(store, "First.")
    assert queries.draft(store) is None
    draft(store, "Third.")
    queries.drop_draft(store)
    assert queries.draft(store) is None
    draft(store, "Fourth.")
    queries.apply_draft(store)
    assert queries.draft(store) is None, "what was applied before is no draft"
    assert queries.template(store) == Template("suites = []\n", clauses={"Telling us": "Fourth."}), "the newest is in force"


def test_whoever_saw_another_edition_is_told_who_changed_it_meanwhile(store: Store) -> None:
    """Of everything that changes the template; whoever saw the edition of now, or does not mind, goes on."""
    for number, act in enumerate((lambda **seen: queries.keep_draft(store, lambda _: say("Ours."), changed_by="Ben", **seen),
                                  lambda **seen: queries.drop_draft(store, **seen), lambda **seen: queries.apply_draft(store, **seen))):  # fmt: skip
        opened = queries.edition(store)
        draft(store, f"Theirs, {number}.", by="Ada")
        now = datetime.now(UTC)
        with pytest.raises(Meanwhile, match=rf"^Ada changed the template on {now:%Y-%m-%d} at \d\d:\d\d UTC, after you opened it\.$"):
            act(seen=opened)
        assert queries.draft(store) == say(f"Theirs, {number}.")
        act(seen=queries.edition(store))
        assert queries.draft(store) != say(f"Theirs, {number}.")
        act(seen=None)


def test_where_no_draft_is_left_somebody_changed_it(store: Store) -> None:
    draft(store, "Theirs.")
    opened = queries.edition(store)
    queries.apply_draft(store)
    assert queries.edition(store) != opened
    with pytest.raises(Meanwhile, match=r"^Somebody changed the template, after you opened it\.$"):
        queries.drop_draft(store, seen=opened)


def test_an_edition_changes_with_every_change(store: Store) -> None:
    seen = [queries.edition(store)]
    for act in (lambda: draft(store, "A."), lambda: draft(store, "B."), lambda: queries.apply_draft(store), lambda: draft(store, "C.")):
        act()
        seen.append(queries.edition(store))
    assert seen[0] == ""
    assert len(set(seen)) == len(seen)


@pytest.mark.both
def test_a_client_has_its_own_words_else_the_practices(store: Store, client: Client) -> None:
    weights = (Weight("factor", "mfa", 2.0, "Ours.", inherited=True),)
    handed = Template('suites = ["zoom"]\n', (HANDED, replace(HANDED, service="trello")), weights, {"A": "a", "B": "b"})
    queries.keep_draft(store, lambda _: handed, changed_by="Ada")
    queries.apply_draft(store)
    assert [one.service for one in queries.inherited(store)] == ["dropbox", "trello"]
    assert queries.inherited(store, "dropbox") == register.history(store, client, "dropbox") == [HANDED]
    assert register.all_history(store, client) == queries.inherited(store)
    assert queries.weights(store, ()) == weights
    assert queries.toolset(store, client) == handed.toolset
    for text in ("b of our own", "", "b as we say it"):
        queries.say(store, client, "B", text)
        assert queries.own_clauses(store, client) == {"B": text}
        assert queries.clauses(store, client) == {"A": "a", "B": text}
    assert queries.clauses(store, create_client(store, "Other")) == handed.clauses
    queries.say(store, client, "B", None)
    assert (queries.own_clauses(store, client), queries.clauses(store, client)) == ({}, handed.clauses)


def test_own_clauses_are_told_to_the_caches(store: Store, client: Client) -> None:
    before = data_version(store, client)
    queries.say(store, client, "A", "a")
    assert data_version(store, client) != before


def test_what_is_handed_on_holds_from_now_and_tells_nothing_of_the_client() -> None:
    known = Snapshot(3, 40, 5, None, 60, 50, 70, "High")
    at = datetime(2026, 3, 1, tzinfo=UTC)
    made = Decision("slack", "approved", "Ben", "Why.", "None.", date(2027, 1, 1), at, "Ann", "company", "Offers.", known, number=7)
    handed = queries.handed_on(made)
    assert handed == Decision(
        "slack", "approved", "", "Why.", "None.", date(2027, 1, 1), handed.decided_at, "Ann", "company", number=0, inherited=True
    )  # fmt: skip
    assert handed.decided_at is not None
    assert timedelta(0) <= datetime.now(UTC) - handed.decided_at < timedelta(minutes=1)
