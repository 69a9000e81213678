"""Every format has its recipe, in plain words."""

import re

import pytest

from discovery.formats import all_formats
from discovery.leases import lease_formats
from discovery.recipes import recipe, recipes
from discovery.sightings import sighting_formats

READABLE = sorted([*(one.id for one in all_formats().values() if not one.declines), *lease_formats(), *sighting_formats()])


@pytest.mark.parametrize("format_id", READABLE)
def test_every_format_has_a_recipe(format_id: str) -> None:
    how = recipe(format_id)
    assert how is not None, f"data/recipes has no table [{format_id}]"
    for heading, text in how.steps().items():
        assert text.endswith("."), (heading, text)
        assert len(text) < 400, f"{heading}: longer than anybody reads"


def test_no_recipe_is_for_nothing() -> None:
    assert set(recipes()) <= {*all_formats(), *lease_formats(), *sighting_formats()}


def test_firewalls_say_what_names_sites() -> None:
    """A firewall's log may hold addresses only: its recipe says what to do about it."""
    without = [one.id for one in all_formats().values() if one.family == "firewall" and not one.declines and recipes()[one.id].names is None]
    assert without == []


def test_words_are_plain() -> None:
    for format_id, how in recipes().items():
        assert not re.search(r"\b(?:simply|just|please|obviously|TODO)\b", " ".join(how.steps().values())), format_id
