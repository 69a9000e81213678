"""What a gap says, word for word: the demand with its whole, what is provided beside it, what to do, and every doubt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from discovery.observations import Coverage
from rules import doubts
from rules.assess import assess
from rules.factors import toml
from rules.findings import Gap
from rules.gaps import CLASSES
from rules.register import Decision
from rules.toolset import read_toolset

Make = Callable[..., Any]
Chat = Callable[..., Gap]
TEAMS = '[[tool]]\nname = "Teams"\ncapabilities = ["chat"]\nservices = ["microsoft-teams"]\nlacks = "nobody outside can be asked in"\n'
RADIO = '[[tool]]\nname = "Radio"\ncapabilities = ["chat"]'
HOSTS = {"slack": "app.slack.com", "microsoft-teams": "teams.microsoft.com", "element": "app.element.io"}


@pytest.fixture
def chat(observe: Make, shipped: Catalogue, sight: Make) -> Chat:
    """The gap of chat: people on Slack, who are of sales and IT by turns, on the next day people on Teams, and others."""

    def made(slack: str, teams: str, toolset: str = TEAMS, register: Any = None, **others: str) -> Gap:
        rows = [sight(service="slack", domain=HOSTS["slack"], person=one, team=team) for one, team in zip(slack, ["sales", "it"] * 5, strict=False)]
        rows += [sight(1, service="microsoft-teams", domain=HOSTS["microsoft-teams"], person=one, uploaded_bytes=None) for one in teams]
        rows += [sight(2, service=service, domain=HOSTS[service], person=one) for service, people in others.items() for one in people]
        (found,) = [gap for gap in assess(observe(*rows), shipped, register or {}, read_toolset(toolset)).gaps if gap.capability == "chat"]
        return found

    return made


ALSO = "Slack does other jobs too: some of its use may belong there."
THIN = "The logs show 4% of the firm's days at work: there may be more."


def test_all_that_is_said_of_a_gap(chat: Chat) -> None:
    assert chat("abcd", "cdef") == Gap(
        capability="chat", title="Chat", gap="tool_beside", people=4, days=1, services=("slack",), toolset=("Teams",),
        recommendation="Ask those who use Slack what they miss in Teams. Usual reasons: nobody outside can be asked in. "
        "Then switch on or add what is missing, and close the others.",
        evidence="4 of 10 people used Slack on 1 day, beside Teams, which 4 of 10 people used. 2 of 4 people use both: they know the tool, so "
        "something is missing in it.",
        question="How do you reach a colleague or a customer quickly?", fragmented=False, need="Ask a colleague something quickly", tool_people=4,
        tool_days=1, teams=("it", "sales"), uploaded_bytes=4000, lacking="feature", doubt=(ALSO, THIN),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("slack", "teams", "toolset", "evidence", "recommendation"),
    [
        ("abc", "", TEAMS, "3 of 10 people used Slack on 1 day. Provided: Teams; nobody was seen using it.",
         "Show people what is there already: Teams. Ask first whether they know of it and can get in; then close the others."),
        ("abcdef", "g", TEAMS, "6 of 10 people used Slack on 1 day. Provided: Teams; only 1 of 10 people was seen using it.",
         "Show people what is there already: Teams. Ask first whether they know of it and can get in; then close the others."),
        ("abc", "def", TEAMS,
         "3 of 10 people used Slack on 1 day, beside Teams, which 3 of 10 people used. Nobody uses both: most keep to what they are used to.",
         "Show those who use Slack how to do the same with Teams. Usual reasons: nobody outside can be asked in. Then close the others."),
        ("abc", "cde", TEAMS.replace("lacks", "# "),
         "3 of 10 people used Slack on 1 day, beside Teams, which 3 of 10 people used. 1 of 3 people uses both: most keep to what they are used to.",
         "Show those who use Slack how to do the same with Teams. Then close the others."),
        ("abc", "d", RADIO,
         "4 of 10 people used Slack and Microsoft Teams (work) on 2 days. Provided: Radio; whether it is used cannot be seen in these logs.",
         "Ask those who use Slack and Microsoft Teams (work) whether they know Radio. Then train or add what is missing, and close the others."),
        ("abc", "", "", "3 of 10 people used Slack on 1 day; nothing is provided for it.",
         "Provide one tool for this. Begin with what people chose, Slack: its business plan, or one the firm can answer for. Then say which it is."),
        ("", "abc", TEAMS, "3 of 10 people used Microsoft Teams (work) on 1 day, which the firm provides.", "Nothing to do."),
    ],
)  # fmt: skip
def test_each_class_has_its_sentences(chat: Chat, slack: str, teams: str, toolset: str, evidence: str, recommendation: str) -> None:
    found = chat(slack, teams, toolset)
    assert (found.evidence, found.recommendation) == (evidence, recommendation)


def test_what_the_firm_approved_is_named_as_provided(chat: Chat) -> None:
    approved = {"microsoft-teams": Decision("microsoft-teams", "approved")}
    found = chat("abc", "def", "", approved)
    assert (found.gap, found.toolset, found.tool_people, found.tool_days) == ("tool_beside", ("Microsoft Teams (work)",), 3, 1)
    assert chat("abc", "def", TEAMS, approved).toolset == ("Teams", "Microsoft Teams (work)")


def test_a_tool_without_a_trace_has_nobody_counted(chat: Chat) -> None:
    found = chat("abc", "d", RADIO)
    assert (found.tool_people, found.tool_days, found.lacking) == (None, None, "")
    unused = chat("abc", "")
    assert (unused.tool_people, unused.tool_days) == (0, 0)


def test_three_services_in_active_use_are_fragmented(chat: Chat) -> None:
    found = chat("abc", "de", element="fgh")
    assert found.fragmented
    assert found.services == ("element", "slack"), "of as many people, by name"
    assert found.recommendation == (
        "Show those who use Element (Matrix) and Slack how to do the same with Teams. Usual reasons: nobody outside can be asked in. "
        "Then close the others. 3 services do one job: settle on one."
    )
    assert found.evidence.startswith("6 of 10 people used Element (Matrix) and Slack on 2 days, beside Teams, ")
    assert not chat("abc", "", element="fgh").fragmented


def test_a_matter_of_policy_has_its_own_advice(observe: Make, shipped: Catalogue, sight: Make) -> None:
    (found,) = assess(observe(sight(service="nordvpn", domain="nordvpn.com")), shipped, {}, read_toolset("")).gaps
    assert found.recommendation == "Find out what is out of reach, open it where it is needed for work, and then block the ways around."


def test_what_was_sent_is_unknown_only_where_no_service_tells(chat: Chat) -> None:
    assert chat("", "abc").uploaded_bytes is None
    assert chat("abc", "d", RADIO).uploaded_bytes == 3000


def test_gaps_stand_by_class_then_by_people_then_by_days(observe: Make, shipped: Catalogue, sight: Make) -> None:
    used = {"slack": ("app.slack.com", "abc", 1), "canva": ("www.canva.com", "ab", 2), "loom": ("www.loom.com", "ab", 3), "zoom": ("zoom.us", "a", 1)}
    rows = [
        sight(day, service=service, domain=host, person=one)
        for service, (host, people, days) in used.items()
        for one in people
        for day in range(days)
    ]
    found = assess(observe(*rows), shipped, {"zoom": Decision("zoom", "approved")}, read_toolset(TEAMS)).gaps
    assert [(gap.capability, gap.gap) for gap in found] == [
        ("screen_recording", "no_tool"), ("design", "no_tool"), ("chat", "tool_unused"), ("video_meeting", "covered"),
    ]  # fmt: skip
    assert [CLASSES.index(gap.gap) for gap in found] == sorted(CLASSES.index(gap.gap) for gap in found)


def test_each_doubt_has_its_sentence(chat: Chat) -> None:
    assert chat("a", "bc", TEAMS).doubt == ("It is only 1 person: one project or one habit may explain it.", ALSO, THIN)
    assert chat("abc", "", RADIO).doubt == ("Radio leaves no trace in these logs: it may be used more than it seems.", ALSO, THIN)
    shared = chat("abc", "d", TEAMS.replace('["chat"]', '["chat", "video_meeting"]'))
    assert shared.doubt == ("Use of Teams shows for other jobs too: whether it is used for this one cannot be told.", ALSO, THIN)


def test_a_service_that_is_only_probably_used_for_it_is_a_doubt(shipped: Catalogue) -> None:
    known = replace(shipped.services["slack"], also=(), capability_confidence=0.1)
    use: Any = type("Use", (), {"service": known, "finding": type("F", (), {"name": "Slack"})()})()
    assert doubts.of("chat", 3, [use], (), read_toolset(""), None) == ("That Slack is used for this is only probable.",)
    assert doubts.of("chat", None, [], (), read_toolset(""), None) == (toml("gaps.toml")["doubt"]["people_unknown"],)


def test_all_that_tools_lack_is_told_once_and_what_a_tool_has_is_not(chat: Chat) -> None:
    tools = TEAMS + TEAMS.replace("Teams", "Zulip").replace("nobody outside can be asked in", "it rings on no phone") + RADIO
    found = chat("abc", "def", tools)
    assert found.toolset == ("Teams", "Zulip", "Radio")
    assert found.recommendation == (
        "Show those who use Slack how to do the same with Teams, Zulip and Radio. Usual reasons: nobody outside can be asked in; it rings on no "
        "phone. Then close the others."
    )


def test_what_nobody_can_be_counted_on_stands_behind_what_one_person_uses(observe: Make, shipped: Catalogue, sight: Make) -> None:
    rows = [sight(service="element", domain=HOSTS["element"], person=None, person_kind=None), sight(service="slack", domain=HOSTS["slack"])]
    (found,) = assess(observe(*rows), shipped, {}, read_toolset("")).gaps
    assert found.services == ("slack", "element")
    assert found.people is None


def test_gaps_of_as_many_people_and_days_stand_by_need(observe: Make, shipped: Catalogue, sight: Make) -> None:
    used = {"loom": "www.loom.com", "slack": "app.slack.com", "canva": "www.canva.com"}
    rows = [sight(service=service, domain=host) for service, host in used.items()]
    nameless = sight(service="zoom", domain="zoom.us", person=None, person_kind=None)
    found = assess(observe(*rows, nameless), shipped, {}, read_toolset("")).gaps
    assert [(gap.capability, gap.people) for gap in found] == [("chat", 1), ("design", 1), ("screen_recording", 1), ("video_meeting", None)]


def test_a_tool_that_two_of_many_use_is_hardly_used(chat: Chat) -> None:
    found = chat("", "no", element="abcdefghijklm")
    assert (found.gap, found.tool_people) == ("tool_unused", 2)
    assert found.evidence == "13 people used Element (Matrix) on 1 day. Provided: Teams; only 2 of 10 people were seen using it."


def test_a_doubt_about_other_jobs_is_that_of_the_service_used_most(shipped: Catalogue) -> None:
    def use(id_: str, *also: str) -> Any:
        known = replace(shipped.services[id_], also=also, capability_confidence=1.0)
        return type("Use", (), {"service": known, "finding": type("F", (), {"name": known.name})()})()

    tools = read_toolset("")
    assert doubts.of("chat", 3, [use("slack", "video_meeting"), use("zoom")], (), tools, None) == (ALSO,)
    assert doubts.of("chat", 3, [use("slack"), use("zoom", "chat")], (), tools, None) == ()


@pytest.mark.parametrize(
    ("seen", "expected", "said"), [(79, 100, True), (80, 100, False), (0, 100, True), (None, 100, False), (4, None, False), (4, 0, False)]
)
def test_thin_logs_are_a_doubt_where_it_is_known_how_thin(seen: int | None, expected: int | None, said: bool) -> None:
    coverage = Coverage(10, 1, seen, expected)
    assert bool(doubts.of("chat", 3, [], (), read_toolset(""), coverage)) == said
