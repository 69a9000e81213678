"""The terms on which a name is shown: for a purpose, with a reason, and for no longer than is said."""

from datetime import timedelta

import pytest

from discovery.errors import GnomonError
from rules.factors import toml
from rules.reveal import terms


def test_the_terms_are_those_of_the_table() -> None:
    said, known = toml("reveal.toml"), terms()
    assert known.purposes == said["purposes"]
    assert known.shortest_reason == said["shortest_reason"]
    assert known.seen_for == timedelta(hours=said["hours"])
    assert known.answered_within == timedelta(days=said["answer_days"])
    assert known.settled_after == timedelta(days=said["settled_days"])


def test_a_request_says_what_for_and_why() -> None:
    known = terms()
    purpose, enough = next(iter(known.purposes)), "x" * known.shortest_reason
    known.check(purpose, enough)
    with pytest.raises(GnomonError, match=r"^Please choose what the name is needed for\.$"):
        known.check("curiosity", enough)
    short = f"^Please say in a sentence why the name is needed: {known.shortest_reason} characters at least\\.$"
    with pytest.raises(GnomonError, match=short):
        known.check(purpose, enough[1:])
