"""Numbers and dates read as a person would say them, and what is missing is "not known"."""

from datetime import UTC, date, datetime

import pytest

from webui import charts, facts, words


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
    assert words.moments(at, datetime(2026, 6, 2, 3, tzinfo=UTC), "Europe/London") == "2 Jun 2026, 00:30 to 04:00"
    assert words.moments(at, datetime(2026, 6, 2, 3, tzinfo=UTC), "UTC") == "1 Jun 2026, 23:30 to 2 Jun 2026, 03:00"


def test_shares_and_lists() -> None:
    assert words.percent(1, 400) == "under 1%"
    assert words.percent(None, 4) == "not known"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert [words.stopped(text) for text in ("No folders", "Really?", "Yes.")] == ["No folders.", "Really?", "Yes."]
    assert [words.quarter(name) for name in ("2027-Q1", "")] == ["Q1 2027", "Later"]
    assert words.listed(["a", "b", "c"], most=3) == "a, b and c"
    assert words.listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"
    assert words.lower_first("PDF conversion") == "PDF conversion"
    assert words.lower_first("Sending files") == "sending files"
    assert words.span(date(2026, 10, 15), date(2026, 11, 13)) == "15 October to 13 November 2026"


def test_points_stand_below_each_other() -> None:
    assert [words.tenths(number) for number in (6, -3.72, 0.01)] == ["+6.0", "−3.7", "±0.0"]
    assert [words.points(number) for number in (6, -3.72, 0.01)] == ["+6", "−3.7", "±0"]


def test_a_source_is_cited_by_its_name_and_day() -> None:
    assert facts.cited("Easy (jdm, 2026-08-21). Kept 3 days (general knowledge, 2026-11, not verified).") == (
        "Easy (JustDeleteMe, 21 Aug 2026). Kept 3 days (general knowledge, Nov 2026, not verified)."
    )
    assert facts.source_in_words("2fa, 2026-08-04") == "2FA Directory, 4 Aug 2026"
    assert facts.source_in_words("ISO 27001-2022, page 3") == "ISO 27001-2022, page 3", "no date"


def test_the_legend_of_a_heat_map_says_where_its_shades_end() -> None:
    steps = charts.root_steps(658_000_000)
    assert [charts.shade_by_root(most, 658_000_000) for most in steps] == [1, 2, 3, 4]
    assert [charts.shade_by_root(most * 1.001, 658_000_000) for most in steps[:-1]] == [2, 3, 4]
    assert charts.shade_by_root(0, 658_000_000) == 0


@pytest.mark.parametrize(("name", "letters"), [("ChatGPT", "Ch"), ("Microsoft 365", "M3"), ("", "?"), ("<script>", "Sc"), ("漢字", "漢字")])
def test_monograms(name: str, letters: str) -> None:
    assert words.monogram(name) == letters
