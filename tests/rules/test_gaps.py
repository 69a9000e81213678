"""What a gap says beyond its class: how the tool is used, what seems to be missing, and what speaks against reading too much into it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from discovery.observations import Coverage, Observations
from rules.assess import assess
from rules.findings import Gap
from rules.register import Decision
from rules.toolset import read_toolset, suites

Make = Callable[..., Any]
TEAMS = '[[tool]]\nname = "Teams"\ncapabilities = ["chat"]\nservices = ["microsoft-teams"]\n'


@pytest.fixture
def chat(observe: Make, shipped: Catalogue, sight: Make) -> Callable[..., Gap]:
    """The gap of chat, with these people on Slack and on Teams."""

    def made(slack: str, teams: str, toolset: str = TEAMS, team: str | None = None, register: Any = None) -> Gap:
        rows = [sight(service="slack", domain="app.slack.com", person=one, team=team) for one in slack]
        rows += [sight(1, service="microsoft-teams", domain="teams.microsoft.com", person=one) for one in teams]
        (found,) = [gap for gap in assess(observe(*rows), shipped, register or {}, read_toolset(toolset)).gaps if gap.capability == "chat"]
        return found

    return made


@pytest.mark.parametrize(
    ("slack", "teams", "gap", "lacking"),
    [
        ("abc", "", "tool_unused", ""),
        ("abcdefgh", "i", "tool_unused", ""),  # one of nine
        ("abcdef", "g", "tool_unused", ""),  # one of seven
        ("abcde", "f", "tool_beside", "habit"),  # one of six
        ("abc", "def", "tool_beside", "habit"),
        ("abc", "cde", "tool_beside", "habit"),  # one of three
        ("abcd", "cdef", "tool_beside", "feature"),  # two of four
        ("abc", "abc", "tool_beside", "feature"),
        ("", "abc", "covered", ""),
    ],
)
def test_how_the_tool_is_used_says_what_is_missing(chat: Callable[..., Gap], slack: str, teams: str, gap: str, lacking: str) -> None:
    found = chat(slack, teams)
    assert (found.gap, found.lacking) == (gap, lacking)
    assert found.tool_people == len(teams)
    assert (found.tool_days or 0) == bool(teams)
    if gap == "tool_unused" and teams:
        assert "only 1 of 10 people was seen using it" in found.evidence


def test_the_same_tool_is_used_however_it_shows(chat: Callable[..., Gap]) -> None:
    approved = {"microsoft-teams": Decision("microsoft-teams", "approved")}
    by_toolset, by_register = chat("abc", "cde"), chat("abc", "cde", toolset="", register=approved)
    assert (by_toolset.gap, by_toolset.lacking, by_toolset.people) == (by_register.gap, by_register.lacking, by_register.people)


def test_demand_has_teams_and_volume(chat: Callable[..., Gap]) -> None:
    found = chat("abc", "", team="sales")
    assert (found.people, found.days, found.teams, found.uploaded_bytes) == (3, 1, ("sales",), 3_000)


@pytest.mark.parametrize(
    ("toolset", "doubt"),
    [
        ('[[tool]]\nname = "Radio"\ncapabilities = ["chat"]', "Radio leaves no trace in these logs"),
        (TEAMS.replace('["chat"]', '["chat", "video_meeting"]'), "Use of Teams shows for other jobs too"),
    ],
)
def test_a_tool_that_cannot_be_seen_is_a_doubt(chat: Callable[..., Gap], toolset: str, doubt: str) -> None:
    assert any(one.startswith(doubt) for one in chat("abc", "d", toolset=toolset).doubt)
    assert not any(one.startswith(doubt) for one in chat("abc", "d").doubt)


def test_a_few_people_are_a_doubt(chat: Callable[..., Gap]) -> None:
    assert "It is only 2 people: one project or one habit may explain it." in chat("ab", "c").doubt
    assert not any("It is only" in one for one in chat("abc", "c").doubt)


def test_thin_logs_are_a_doubt(observe: Make, shipped: Catalogue, sight: Make) -> None:
    def doubts(seen_days: int) -> str:
        seen = observe(sight())
        covered = Coverage(10, 1, seen_days, 100)
        found = assess(Observations(seen.usage, seen.logs, covered, "UTC", seen.since, seen.until), shipped, {}, read_toolset(""))
        return " ".join(found.gaps[0].doubt)

    assert "The logs show 79% of the firm's days at work" in doubts(79)
    assert "days at work" not in doubts(80)


def test_nobody_told_apart_is_a_doubt(observe: Make, shipped: Catalogue, sight: Make) -> None:
    (found,) = assess(observe(sight(person=None, person_kind=None), apart=False), shipped, {}, read_toolset("")).gaps
    assert any(one.startswith("These logs do not tell people apart") for one in found.doubt)
    assert found.lacking == ""


LETTERS = st.text("abcdefgh", max_size=6).map(lambda text: "".join(sorted(set(text))))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LETTERS, LETTERS, st.sampled_from(["", TEAMS, '[[tool]]\nname = "Radio"\ncapabilities = ["chat"]']))
def test_a_gap_has_one_class_by_the_rules_as_they_are_written(chat: Callable[..., Gap], slack: str, teams: str, toolset: str) -> None:
    """A second reading of gaps.toml, by hand."""
    if not slack and not teams:
        return
    provided, seen = bool(toolset), toolset != "" and "Radio" not in toolset
    own, others = (set(teams), set(slack)) if seen else (set(), set(slack + teams))
    expected = (
        "no_tool" if not provided else "covered" if not others else
        "tool_unused" if seen and len(own) < 0.15 * len(own | others) else "tool_beside"
    )  # fmt: skip
    assert chat(slack, teams, toolset).gap == expected


def test_every_suite_says_where_it_falls_short(shipped: Catalogue) -> None:
    for suite in suites().values():
        assert any(tool.lacks for tool in suite.tools), suite.id
        for tool in suite.tools:
            assert set(tool.capabilities) <= set(shipped.capabilities)
            assert set(tool.services) <= set(shipped.services), (suite.id, tool.name)


def test_the_suites_that_small_firms_buy_are_there() -> None:
    wanted = {"microsoft_365_business_basic", "microsoft_365_business_standard", "microsoft_365_business_premium", "microsoft_365_apps"}
    wanted |= {"google_workspace_starter", "google_workspace_standard", "google_workspace_plus", "zoho_workplace", "proton_business", "nextcloud"}
    wanted |= {"atlassian", "slack", "zoom", "adobe_acrobat", "docusign", "onepassword", "bitwarden"}
    assert wanted <= set(suites())
