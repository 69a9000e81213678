"""Answers of a spot check: the last one counts, and the database does not tell of whom it was."""

import pytest

from discovery.errors import GnomonError
from discovery.store import create_client
from rules.spotcheck import queries


def test_the_last_answer_counts_and_can_be_taken_back(store, client):
    mark = queries.marker(store, client)("U-ABCDEF\0dropbox")
    queries.answer(store, client, mark, "dropbox", "yes", by="Ada")
    queries.answer(store, client, mark, "dropbox", "program", by="Bob")
    assert queries.answers(store, client) == {mark: "program"}
    assert queries.services_answered(store, client, "program") == {"dropbox"}
    found = queries.found_precision(store, client)
    assert (found.right, found.wrong) == (0, 1)
    queries.take_back(store, client, mark)
    assert queries.answers(store, client) == {}


def test_only_known_answers_are_kept(store, client):
    with pytest.raises(GnomonError, match=r"^Please choose one of the answers\.$"):
        queries.answer(store, client, "m", "dropbox", "perhaps", by="Ada")


def test_a_mark_is_the_clients_own_and_names_nobody(store, client, home, files_with):
    other = create_client(store, "Other")
    marks = {queries.marker(store, one)("U-ABCDEF\0dropbox") for one in (client, other)}
    assert len(marks) == 2
    for mark in marks:
        queries.answer(store, client, mark, "dropbox", "yes", by="Ada")
    store.close()
    assert files_with(home, ["U-ABCDEF"]) == []
