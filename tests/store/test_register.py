"""The register keeps every decision; the newest is in force."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from discovery.errors import GnomonError
from discovery.store import create_client, data_version, delete_client
from discovery.store.clients import Client
from rules import queries
from rules.queries import decide, decisions, history, mute, mutes, undo, unmute
from rules.register import Decision, Snapshot
from rules.tables import DecisionRow, MuteRow


def test_the_newest_decision_is_in_force_and_the_others_are_its_history(store, client):
    decide(store, client, "dropbox", "in_review", decided_by="Ann")
    made = decide(
        store,
        client,
        "dropbox",
        "approved_with_conditions",
        owner="Ben",
        reason="Needed.",
        conditions="No client data.",
        review_by=date(2027, 1, 31),
        decided_by="Ann",
    )
    decide(store, client, "trello", "not_approved", decided_by="Ann")
    in_force = decisions(store, client)
    assert list(in_force) == ["dropbox", "trello"]
    assert in_force["dropbox"] == made
    assert (made.owner, made.reason, made.conditions, made.review_by, made.decided_by) == (
        "Ben",
        "Needed.",
        "No client data.",
        date(2027, 1, 31),
        "Ann",
    )
    assert datetime.now(UTC) - made.decided_at < timedelta(minutes=1)
    assert [step.status for step in history(store, client, "dropbox")] == ["approved_with_conditions", "in_review"]
    assert history(store, client, "asana") == []


def test_taking_a_decision_back_is_a_decision(store, client):
    decide(store, client, "dropbox", "approved", decided_by="Ann")
    decide(store, client, "dropbox", "unreviewed", decided_by="Ann")
    assert decisions(store, client)["dropbox"].status == "unreviewed"
    assert len(history(store, client, "dropbox")) == 2


def test_a_decision_changes_the_version(store, client):
    before = data_version(store, client)
    decide(store, client, "dropbox", "approved", decided_by="Ann")
    assert data_version(store, client) != before


def test_registers_of_clients_are_their_own(store, client):
    other = create_client(store, "Other")
    decide(store, client, "dropbox", "approved", decided_by="Ann")
    assert decisions(store, other) == {}
    assert history(store, other, "dropbox") == []
    delete_client(store, client)
    with store.read() as session:
        assert session.query(DecisionRow).count() == 0


def test_no_such_status(store, client):
    with pytest.raises(GnomonError, match="is not a decision"):
        decide(store, client, "dropbox", "banned", decided_by="Ann")
    assert decisions(store, client) == {}


def test_a_decision_about_nobody_is_refused(store):
    stranger = Client(id=99, slug="x", name="x", vault="x")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        decide(store, stranger, "dropbox", "approved", decided_by="Ann")


def test_the_last_decision_is_taken_back_and_every_step_stays(store, client):
    first = decide(store, client, "dropbox", "tolerated", decided_by="Ann", owner="Ben")
    decide(store, client, "dropbox", "approved", decided_by="Ann")
    assert undo(store, client, "dropbox", undone_by="Cem").status == "approved"
    assert decisions(store, client)["dropbox"] == first
    steps = history(store, client, "dropbox")
    assert [(step.status, step.undone_by) for step in steps] == [("approved", "Cem"), ("tolerated", None)]
    undo(store, client, "dropbox", undone_by="Cem")
    assert decisions(store, client) == {}
    assert [step.undone_by for step in history(store, client, "dropbox")] == ["Cem", "Cem"]
    with pytest.raises(GnomonError, match="no decision to take back"):
        undo(store, client, "dropbox", undone_by="Cem")
    with store.read() as session:
        assert session.query(DecisionRow).count() == 4


def test_what_was_known_is_kept_with_the_decision(store, client):
    known = Snapshot(12, 41, 9, None, 71, 64, 78, "High", {"use here": 12.5}, date(2026, 10, 1), None, "2026-11", "abc")
    decide(store, client, "dropbox", "approved", decided_by="Ann", snapshot=known, data_held="Offers", account="company")
    kept = history(store, client, "dropbox")[0]
    assert (kept.snapshot, kept.data_held, kept.account) == (known, "Offers", "company")
    assert decisions(store, client).of("dropbox", "company") == kept
    assert "dropbox" not in decisions(store, client)


def test_a_decision_that_is_entered_later_stands_in_its_place(store, client):
    decide(store, client, "dropbox", "not_approved", decided_by="Ann")
    decide(store, client, "dropbox", "approved", decided_by="Ann", at=datetime.now(UTC) - timedelta(days=30))
    assert decisions(store, client)["dropbox"].status == "not_approved"


def test_no_such_class_of_account(store, client):
    with pytest.raises(GnomonError, match="not a class of account"):
        decide(store, client, "dropbox", "approved", decided_by="Ann", account="mine")


def test_an_alert_is_muted_for_a_reason_and_heard_again(store, client):
    key = ("upload_spike", "dropbox", "2026-10-26")
    with pytest.raises(GnomonError, match=r"^An alert is muted for a reason\. Please give it in a sentence\.$"):
        mute(store, client, key, reason=" ", muted_by="Ann")
    mute(store, client, key, reason="One tender.", muted_by="Ann")
    mute(store, client, key, reason="Still the tender.", muted_by="Ben")
    holding = [one for one in mutes(store, client) if one.ended_at is None]
    assert [(one.key, one.reason, one.muted_by) for one in holding] == [(key, "Still the tender.", "Ben")]
    assert unmute(store, client, key, by="Cem")
    assert not unmute(store, client, key, by="Cem")
    assert [one.ended_by for one in mutes(store, client)] == ["Cem", "Ben"]


def test_mutes_go_with_their_client(store, client):
    mute(store, client, ("new_service", "dropbox", ""), reason="Known.", muted_by="Ann")
    assert mutes(store, create_client(store, "Other")) == []
    delete_client(store, client)
    with store.read() as session:
        assert session.query(MuteRow).count() == 0


def test_a_decision_comes_back_whole(store, client):
    known = Snapshot(3, 40, 5, None, 60, 50, 70, "High", {"use here": 6.5}, date(2026, 2, 1), None, "c1", "r1")
    details = {"owner": "Ben", "reason": "Why.", "conditions": "None.", "review_by": date(2027, 1, 1), "account": "company", "data_held": "Offers."}
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    made = queries.decide(store, client, "slack", "approved", decided_by="Ann", snapshot=known, at=at, **details)
    assert made == Decision("slack", "approved", **details, decided_at=at, decided_by="Ann", snapshot=known, number=made.number)
    assert queries.history(store, client, "slack") == queries.own_history(store, client) == queries.all_history(store, client) == [made]
    bare = queries.decide(store, client, "zoom", "tolerated", decided_by="Ann")
    assert bare == Decision("zoom", "tolerated", decided_at=bare.decided_at, decided_by="Ann", number=bare.number)
    assert bare.decided_at.tzinfo is not None


def test_what_is_taken_back_says_by_whom_and_when(store, client):
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    made = queries.decide(store, client, "slack", "approved", decided_by="Ann", account="personal", at=datetime(2026, 3, 1, tzinfo=UTC))
    queries.decide(store, client, "zoom", "approved", decided_by="Ann")
    taken = queries.undo(store, client, "slack", undone_by="Bob", at=at)
    assert taken == replace(made, undone_by="Bob", undone_at=at)
    assert queries.history(store, client, "slack") == [taken]
    assert [one.service for one in queries.decisions(store, client).every()] == ["zoom"]
    with pytest.raises(GnomonError, match=r"^There is no decision to take back\.$"):
        queries.undo(store, client, "slack", undone_by="Bob")


def test_a_mute_comes_back_whole_and_ends_once(store, client):
    key, other, at = ("new_service", "slack", "m"), ("new_service", "zoom", "m"), datetime(2026, 3, 1, tzinfo=UTC)
    queries.mute(store, client, key, reason="Known.", muted_by="Ann", at=at)
    queries.mute(store, client, other, reason="Known.", muted_by="Ann")
    first = queries.Mute(*key, "Known.", "Ann", at)
    assert queries.mutes(store, client)[1] == first
    assert first.key == key
    queries.mute(store, client, key, reason="Still known.", muted_by="Bob")
    again, _, ended = queries.mutes(store, client)
    assert (again.reason, again.ended_at, ended.ended_by) == ("Still known.", None, "Bob")
    assert queries.unmute(store, client, key, by="Cy")
    assert not queries.unmute(store, client, key, by="Cy")
    now, untouched, _ = queries.mutes(store, client)
    assert (now.ended_by, untouched.ended_by, untouched.service) == ("Cy", None, "zoom")


@pytest.mark.sqlite_enough
def test_only_the_alert_that_is_meant_is_heard_again(store, client):
    """Each of kind, service and mark tells one from another."""
    key = ("new_service", "slack", "m")
    others = [("new_breach", "slack", "m"), ("new_service", "zoom", "m"), ("new_service", "slack", "n")]
    for one in (key, *others):
        queries.mute(store, client, one, reason="Known.", muted_by="Ann")
    assert queries.unmute(store, client, key, by="Bob")
    assert {one.key for one in queries.mutes(store, client) if one.ended_at is None} == set(others)
    assert [one.ended_by for one in queries.mutes(store, client) if one.key == key] == ["Bob"]
    assert all(one.ended_at.tzinfo is not None for one in queries.mutes(store, client) if one.ended_at)


@pytest.mark.sqlite_enough
def test_decisions_stand_by_the_moment_they_were_made_then_as_they_were_recorded(store, client):
    late, early = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    for service, at in (("zoom", late), ("slack", early), ("canva", early), ("zoom", early)):
        queries.decide(store, client, service, "approved", decided_by="Ann", at=at)
    assert [one.service for one in queries.own_history(store, client)] == ["slack", "canva", "zoom", "zoom"]
    assert [one.decided_at for one in queries.history(store, client, "zoom")] == [late, early]


@pytest.mark.sqlite_enough
@pytest.mark.parametrize(("status", "account", "said"), [
    ("banned", "any", "“banned” is not a decision. It can be: unreviewed, in_review, approved, approved_with_conditions, tolerated, not_approved."),
    ("approved", "mine", "“mine” is not a class of account. It can be: any, company, personal, other_tenant."),
])  # fmt: skip
def test_what_is_no_decision_is_refused_with_what_it_can_be(store, client, status, account, said):
    with pytest.raises(GnomonError) as refused:
        queries.decide(store, client, "slack", status, decided_by="Ann", account=account)
    assert str(refused.value) == said
