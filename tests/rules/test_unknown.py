"""Domains no catalogue knows: counted, and guessed at."""

from collections.abc import Callable
from typing import Any

import pytest

from rules import unknown

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("hosts", "guess"),
    [
        (["new.io"], "nothing in its name says what it is"),
        (["login.new.io", "upload.new.io"], "people sign in (login.), files are moved (upload.)"),
        (["app.new.io", "api.new.io", "www.new.io"], "an application (app.), programs talk to it (api.), a website (www.)"),
        (["app-eu1.new.io"], "an application (app-eu1.)"),
        (["files7.eu.new.io"], "files are moved (files7.)"),
        (["pixel.new.io", "collect.new.io"], "it counts visits (collect., pixel.)"),
        (["apple.new.io"], "nothing in its name says what it is"),
        (["login.login.new.io"], "people sign in (login.)"),
    ],
)
def test_labels_suggest_what_a_domain_is(hosts: list[str], guess: str) -> None:
    assert unknown.guess("new.io", hosts) == guess


def strange(sight: Make, host: str = "app.new.io", registrable: str | None = "new.io", **changes: Any) -> dict[str, Any]:
    return sight(**({"domain": host, "registrable": registrable, "match": "unknown", "service": None, "role": None} | changes))


def test_domains_are_counted_once_for_all_their_hosts(sight: Make, observe: Make) -> None:
    rows = [
        strange(sight),
        strange(sight, "login.new.io", person="bob", day=1),
        strange(sight, "rare.org", "rare.org", uploaded_bytes=None),
        strange(sight, "192.0.2.1", None),
        sight(),
    ]
    first, second = unknown.domains(observe(*rows))
    assert (first.domain, first.people, first.days, first.hits, first.uploaded_bytes) == ("new.io", 2, 2, 80, 2_000)
    assert first.guess == "people sign in (login.), an application (app.)"
    assert (second.domain, second.people, second.uploaded_bytes) == ("rare.org", 1, None)


def test_people_whose_names_are_withheld_are_still_counted(sight: Make, observe: Make) -> None:
    (found,) = unknown.domains(observe(strange(sight, person=None, person_kind=None, people=4)))
    assert found.people == 4


def test_people_are_not_known_where_nobody_can_be_told_apart(sight: Make, observe: Make) -> None:
    (found,) = unknown.domains(observe(strange(sight, person="10.0.0.1", person_kind="device"), apart=False))
    assert found.people is None
    (found,) = unknown.domains(observe(strange(sight, person=None, person_kind=None)))
    assert found.people is None
