"""Events are given on as soon as no later line can judge them, so that a log of any length waits in little memory."""

import polars as pl
import pytest

from discovery import settled
from discovery.events import EVENT
from discovery.settled import Settled

EMPTY = pl.DataFrame(schema={**EVENT, "requests": pl.Int64(), "format": pl.String(), "judged": pl.Boolean()})


def table(lines: range, *verdicts: int, judged: bool) -> pl.DataFrame:
    """Events of some lines, and verdicts on others."""
    rows = [*((line, 1, None) for line in lines), *((line, 0, "blocked") for line in verdicts)]
    told = pl.DataFrame(rows, schema={"line": pl.Int64, "requests": pl.Int64, "event_action": pl.String}, orient="row")
    return pl.concat([EMPTY, told.with_columns(format=pl.lit("made"), judged=pl.lit(judged))], how="diagonal")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[pl.DataFrame]:
    monkeypatch.setattr(settled, "LOOKS_BACK", 25)
    return []


def test_lines_that_nothing_judges_are_given_on_at_once(given: list[pl.DataFrame]) -> None:
    events = Settled(given.append)
    for start in (1, 11, 21):
        events(table(range(start, start + 10), judged=False))
        assert given[-1]["line"].to_list() == list(range(start, start + 10))
    events.rest()
    assert len(given) == 3


def test_others_wait_only_for_as_many_lines_as_a_verdict_looks_back(given: list[pl.DataFrame]) -> None:
    events = Settled(given.append)
    for start in range(1, 201, 10):
        events(table(range(start, start + 10), judged=True))
        behind = sum(one.height for one in given)
        assert start + 9 - behind <= 25 + 10
    events.rest()
    assert pl.concat(given)["line"].to_list() == list(range(1, 201))


def test_a_verdict_of_a_later_block_comes_with_its_line_and_is_no_line_of_its_own(given: list[pl.DataFrame]) -> None:
    events = Settled(given.append)
    events(table(range(1, 11), 3, judged=True))
    events(table(range(11, 21), 8, 12, judged=True))
    events.rest()
    shown = pl.concat(given)
    assert shown["line"].to_list() == list(range(1, 21))
    assert shown.filter(event_action="blocked")["line"].to_list() == [3, 8, 12]


def test_lines_come_in_their_order_each_once(given: list[pl.DataFrame]) -> None:
    events = Settled(given.append)
    mixed = table(range(1, 11), 5, 5, judged=False)
    events(mixed.reverse())
    assert given[0]["line"].to_list() == list(range(1, 11))
    events(EMPTY)
    assert len(given) == 1
