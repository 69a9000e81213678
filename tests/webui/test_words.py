"""Numbers and dates read as a person would say them, and what is missing is "not known"."""

from datetime import UTC, date, datetime

import pytest

from webui import words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "not known"),
        (0, "nothing"),
        (12, "under 1 kB"),
        (3_104_221_000, "about 3.1 GB"),
        (999_999, "about 1,000 kB"),
        (5 * 10**16, "about 50 PB"),
    ],
)
def test_sizes(number: int | None, text: str) -> None:
    assert words.size(number) == text


def test_people() -> None:
    assert words.people(12, 41) == "12 of 41 people"
    assert words.people(1) == "1 person"
    assert words.people(None, 41) == "people not known"
    assert words.people(45, 41) == "45 people", "more than expected is no share of it"


def test_since() -> None:
    today = date(2026, 11, 13)
    assert words.since(date(2026, 11, 10), today) == "since Tuesday"
    assert words.since(date(2026, 11, 3), today) == "since 3 November"
    assert words.since(date(2025, 11, 3), today) == "since 3 November 2025"
    assert words.since(today, today) == "since today"


def test_a_moment_is_on_the_clients_clock_with_utc_beside_it() -> None:
    at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert words.moment(at, "Europe/London") == "2 Jun 2026, 00:30"
    assert words.utc(at) == "2026-06-01 23:30:00 UTC"
    assert words.moment(None, "UTC") == "not known"


def test_shares_and_lists() -> None:
    assert words.percent(1, 400) == "under 1 %"
    assert words.percent(None, 4) == "not known"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.lower_first("PDF conversion") == "PDF conversion"
    assert words.lower_first("Sending files") == "sending files"
    assert words.span(date(2026, 10, 15), date(2026, 11, 13)) == "15 October to 13 November 2026"


@pytest.mark.parametrize(("name", "letters"), [("ChatGPT", "Ch"), ("Microsoft 365", "M3"), ("", "?"), ("<script>", "Sc"), ("漢字", "漢字")])
def test_monograms(name: str, letters: str) -> None:
    assert words.monogram(name) == letters
