"""A page's address is its filter: it round-trips, says itself in English, and never fails on what somebody typed."""

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st
from made_up import LAST, picture

from webui import words
from webui.filters import ACTIVITIES, PERIODS, STATUSES, Filter

some_text = st.none() | st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.replace("\0", "").split())[:200].strip() or None)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
filters = st.builds(
    Filter, period=st.sampled_from(list(PERIODS)), team=some_text, capability=some_text, category=some_text,
    level=st.none() | st.sampled_from(words.LEVELS),
    status=st.none() | st.sampled_from(list(STATUSES)), activity=st.sampled_from(list(ACTIVITIES)), search=some_text,
)  # fmt: skip


@given(filters)
def test_the_address_gives_the_filter_back(chosen: Filter) -> None:
    assert Filter.parse(dict(parse_qsl(urlencode(chosen.args())))) == chosen


@given(filters, days, st.integers(0, 800))
def test_custom_days_round_trip_too(chosen: Filter, since: date, length: int) -> None:
    custom = Filter.parse({**chosen.args(), "since": since.isoformat(), "until": (since + timedelta(days=length)).isoformat()})
    assert custom.period == "custom"
    assert custom.days(None) == (since, since + timedelta(days=length))
    assert Filter.parse(custom.args()) == custom


@given(st.dictionaries(st.sampled_from(["period", "since", "until", "team", "level", "status", "activity", "search", "x"]), st.text(max_size=300)))
def test_any_argument_gives_some_filter(args: dict[str, str]) -> None:
    chosen = Filter.parse(args)
    assert Filter.parse(chosen.args()) == chosen
    assert chosen.sentence()


@given(filters, st.sampled_from(list(PERIODS)))
def test_changing_the_period_drops_custom_days(chosen: Filter, period: str) -> None:
    custom = Filter.parse({**chosen.args(), "since": "2026-01-01", "until": "2026-01-31"})
    assert Filter.parse(custom.but(period=period)).period == period


def test_the_last_thirty_days_end_on_the_day_of_the_last_event() -> None:
    assert Filter().days(LAST) == (LAST - timedelta(days=29), LAST)
    assert Filter().before(LAST) == (LAST - timedelta(days=59), LAST - timedelta(days=30))
    assert Filter(period="all").before(LAST) is None


def test_the_sentence_reads_as_english() -> None:
    assert Filter().sentence() == "Last 30 days, all teams, active use, any risk"
    chosen = Filter.parse({"period": "7", "team": "Sales", "level": "High", "status": "undecided", "activity": "any", "search": "pdf"})
    assert chosen.sentence() == "Last 7 days, Sales, any use, high risk, not decided, matching “pdf”"


def test_it_selects() -> None:
    firm = picture().assessment
    assert all(finding.activity == "active" for finding in Filter().select(firm))
    assert {finding.service for finding in Filter(activity="any", search="PDF").select(firm)} == {"smallpdf", "ilovepdf"}
    assert {finding.status for finding in Filter(status="undecided").select(firm)} == {"unreviewed", "in_review"}
    assert {finding.risk.level for finding in Filter(level="Severe").select(firm)} == {"Severe"}
    assert len(Filter(activity="any").select(firm)) == len(firm.findings)
    assert Filter(search="chatgpt.example").select(firm), "a domain finds its service"
