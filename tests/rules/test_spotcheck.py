"""The spot check: a fair draw, and a precision with its interval."""

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from rules.assess import assess
from rules.spotcheck import ANSWERS, Precision, draw, precision
from rules.toolset import Toolset

Make = Callable[..., Any]


def mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(  # from Newcombe, Statistics in Medicine 17 (1998), 857-872, table I: method 3
    ("right", "judged", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    assert Precision(right, judged - right).interval == pytest.approx((low, high), abs=5e-5)


@given(st.lists(st.sampled_from(sorted(ANSWERS))))
def test_an_interval_holds_its_share_and_counts_what_was_judged(answers: list[str]) -> None:
    found, counts = precision(answers), Counter(answers)
    assert found.judged == len(answers) - counts["cannot_say"] == found.right + found.wrong
    if not found.judged:
        assert (found.share, found.interval) == (None, None)
        return
    assert found.interval is not None
    assert found.share is not None
    low, high = found.interval
    assert 0 <= low <= found.share + 1e-12
    assert found.share - 1e-12 <= high <= 1


def test_what_is_said_of_it() -> None:
    assert precision([]).text.endswith("how often they hold here is not known.")
    said = precision(["yes"] * 19 + ["program", "cannot_say"]).text
    assert said == (
        "19 of 20 findings of active use that were looked at hold (95 %; with 95 % confidence between 76 % and 99 % do). 1 more could not be judged."
    )


@pytest.fixture
def judged(shipped: Catalogue, sight: Make, observe: Make) -> Any:
    rows = [sight(person=f"p{n:02d}", day=day, uploaded_bytes=5_000_000, sittings=2, sat_seconds=3000) for n in range(45) for day in range(3)]
    rows.append(sight(person=None, person_kind=None))
    return assess(observe(*rows), shipped, {}, Toolset())


def test_twenty_are_drawn_at_a_time_and_nothing_is_asked_twice(judged: Any) -> None:
    first = draw(judged, mark, ())
    assert len(first) == 20
    assert [one.mark for one in draw(judged, mark, ())] == [one.mark for one in first]
    answered: set[str] = set()
    while batch := draw(judged, mark, answered):
        assert not answered & {one.mark for one in batch}
        answered |= {one.mark for one in batch}
    assert len(answered) == 45


def test_the_draw_knows_nothing_of_the_finding(judged: Any) -> None:
    """Under another key another twenty are drawn: every finding has the same chance."""
    counts = Counter(one.use.person for key in range(200) for one in draw(judged, lambda text, key=key: mark(f"{key}{text}"), ()))
    assert len(counts) == 45
    assert min(counts.values()) > 50  # of 89 expected; four standard deviations


def test_only_active_use_of_somebody_is_drawn(judged: Any) -> None:
    assert all(one.use.activity == "active" and one.use.person for one in draw(judged, mark, (), most=100))
