"""The register keeps every decision; the newest is in force."""

from datetime import UTC, date, datetime, timedelta

import pytest

from discovery.errors import GnomonError
from discovery.store import create_client, data_version, delete_client
from discovery.store.clients import Client
from rules.queries import decide, decisions, history
from rules.tables import DecisionRow


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
