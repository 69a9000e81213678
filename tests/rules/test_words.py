"""Numbers as a person would say them."""

import pytest

from rules import words


def test_numbers_have_their_noun() -> None:
    assert words.count(1, "day") == "1 day"
    assert words.count(1_234, "day") == "1,234 days"
    assert words.count(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("number", "whole", "said"),
    [(9, 41, "9 of 41 people"), (1, None, "1 person"), (3, 2, "3 people"), (0, 5, "0 of 5 people"), (None, 5, "an unknown number of people")],
)
def test_people_stand_beside_their_whole(number: int | None, whole: int | None, said: str) -> None:
    assert words.people(number, whole) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1_500, "about 1.5 kB"), (3_140_000_000, "about 3.14 GB"), (10**16, "about 1e+04 TB")]
)
def test_sizes(number: int, said: str) -> None:
    assert words.size(number) == said


def test_lists() -> None:
    assert words.listed([]) == "nothing"
    assert words.listed(["A"]) == "A"
    assert words.listed(["A", "B"]) == "A and B"
    assert words.listed(["A", "B", "C", "D"]) == "A, B, C and D"
    assert words.listed(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"


def test_sentences() -> None:
    assert words.sentence("it rains") == "It rains."
    assert words.sentence("It rains.") == "It rains."


def test_points_up_and_down_are_rounded_and_have_a_sign() -> None:
    assert [words.signed(points) for points in (6, -2.6, 0.4, -0.4, 0)] == ["+6", "−3", "0", "0", "0"]
