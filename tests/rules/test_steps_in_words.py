"""What a step of the roadmap says, word for word: a reader has nothing else to go by. Scores are the catalogue's, and are not told here."""

from collections.abc import Callable
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from rules import assess as judgement
from rules import roadmap
from rules.assess import assess
from rules.findings import Assessment, Rescored, Step
from rules.toolset import read_toolset

Make = Callable[..., Any]
BASIC = 'suites = ["microsoft_365_business_basic"]'
DOMAINS = {"wetransfer": "wetransfer.com", "smash": "fromsmash.com", "canva": "www.canva.com", "loom": "www.loom.com", "nordvpn": "nordvpn.com"}


@pytest.fixture
def firm(observe: Make, shipped: Catalogue, sight: Make) -> Assessment:
    """Three people send files, design and record screens for a week and a half; one goes round the firewall."""
    used = [("wetransfer", "abc", 3), ("smash", "a", 1), ("canva", "abc", 9), ("loom", "abc", 9), ("nordvpn", "a", 1)]
    rows = [
        sight(day, service=service, domain=DOMAINS[service], person=person, uploaded_bytes=10**8)
        for service, people, days in used
        for person in people
        for day in range(days)
    ]
    return assess(observe(*rows), shipped, {}, read_toolset(BASIC))


def told(step: Step) -> tuple[Any, ...]:
    return step.title, step.because, step.stage, step.cost, step.effort, step.people, step.closes, step.target


def test_the_roadmap_says_what_why_when_and_for_how_much(firm: Assessment) -> None:
    assert {step.id: (*told(step), step.quarter) for step in firm.roadmap} == {
        "gap:file_transfer": (
            "Show people OneDrive and SharePoint", "A tool is there and hardly used.",
            "owned", "none", 1, 3, ("wetransfer", "smash"), "sharepoint-onedrive", "2026-Q1",
        ),
        "gap:vpn_proxy": (
            "Close: VPN, proxy and encrypted DNS", "It goes round the firm's protection, so another tool is no answer.",
            "cheap", "none", 1.5, 1, ("nordvpn",), None, "2026-Q1",
        ),
        "gap:design": (
            "Provide Canva on its business plan", "People have chosen a tool whose business plan would score below 65.",
            "cheap", "low", 3, 3, (), "canva", "2026-Q1",
        ),
        "gap:screen_recording": (
            "Go up to Microsoft 365 Business Standard", "A larger plan of a suite that the firm has would cover it.",
            "cheap", "medium", 3, 3, ("loom",), "clipchamp", "2026-Q1",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("option", "title", "text"),
    [
        ("file_transfer:promote", "Show people OneDrive and SharePoint",
         ("This can be done with OneDrive and SharePoint, which is there already. Ask 3 people whether they know it and can get in, show it once, "
         "and close WeTransfer and Smash after a month.")),
        ("file_transfer:replace", "Replace WeTransfer and Smash with OneDrive and SharePoint",
         ("What is used instead is risky and people know OneDrive and SharePoint. What falls short today: people outside have to prove who they are "
         "before they can open or send a file. Mend that first, move what is kept in WeTransfer and Smash, and close them on an announced day.")),
        ("file_transfer:restrict", "Close: Sending large files",
         "Say why, and how the job is to be done instead. Then close WeTransfer and Smash on an announced day."),
        ("screen_recording:license", "Provide Loom on its business plan",
         ("People chose Loom themselves, and its business plan can be answered for. License it for 3 people, bring the accounts under the firm's "
         "sign-in, and close the rest.")),
        ("screen_recording:upgrade", "Go up to Microsoft 365 Business Standard",
         ("Microsoft 365 Business Standard would cover this need for those who have it. Compare its price with what one project costs, "
         "move 3 people, and close Loom.")),
        ("screen_recording:adopt", "Choose one tool to show somebody how it is done",
         "Try two or three with those who need them, for example Clipchamp. Then provide one, move 3 people, and close Loom."),
        ("vpn_proxy:restrict", "Close: VPN, proxy and encrypted DNS",
         ("Find out what is out of reach, open it where it is needed for work, and then block the ways around. Then close NordVPN on an announced "
         "day.")),
        ("vpn_proxy:accept", "Accept: VPN, proxy and encrypted DNS",
         "Accept NordVPN: in the register, with an owner, and look again in a year. The risk stays as it is."),
    ],
)  # fmt: skip
def test_each_option_says_what_would_be_done(firm: Assessment, option: str, title: str, text: str) -> None:
    (found,) = [step for step in firm.options if step.id == f"gap:{option}"]
    assert (found.title, found.text) == (title, text)


def test_what_may_be_done_depends_on_the_gap(firm: Assessment) -> None:
    assert [step.id for step in firm.options] == [
        *(f"gap:file_transfer:{action}" for action in ("promote", "replace", "license", "restrict", "accept")),
        *(f"gap:design:{action}" for action in ("license", "adopt", "restrict", "accept")),  # no larger plan has a tool for it
        *(f"gap:screen_recording:{action}" for action in ("license", "upgrade", "adopt", "restrict", "accept")),
        *(f"gap:vpn_proxy:{action}" for action in ("restrict", "accept")),
    ]


def test_an_option_that_the_rules_chose_keeps_its_reason_and_the_others_need_none(firm: Assessment) -> None:
    chosen = {f"{step.id}:{step.action}": step.because for step in firm.roadmap}
    assert {step.id: step.because for step in firm.options if step.because} == chosen


def test_the_least_risky_of_those_in_use_is_put_to_the_choice(firm: Assessment) -> None:
    """On their business plans, with everybody's files on it."""
    (found,) = [step for step in firm.options if step.id == "gap:file_transfer:license"]
    after = {step.target: step.parts[-1].after for step in firm.options if step.capability == "file_transfer" and step.parts and step.target}
    assert (found.target, found.closes) == ("wetransfer", ("smash",))
    assert [(part.service, part.name, part.after == 0) for part in found.parts] == [("smash", "Smash", True), ("wetransfer", "WeTransfer", False)]
    assert after["wetransfer"] == found.parts[-1].after < found.parts[-1].before


@pytest.mark.parametrize(
    ("action", "people", "said"),
    [
        ("train", 1, "1 day for the firm and 0.15 for each of 1 person, rounded up to half a day."),
        ("extend", 3, "2 days for the firm and 0.1 for each of 3 people, rounded up to half a day."),
        ("guide", 3, "1 day for the firm, rounded up to half a day."),
        ("promote", None, "0.5 days for the firm, rounded up to half a day."),
    ],
)
def test_work_is_explained(action: str, people: int | None, said: str) -> None:
    assert roadmap._effort_in_words(roadmap.table()["action"][action], people) == said  # noqa: SLF001


def test_where_people_cannot_be_told_apart_it_is_for_everybody_who_needs_it(observe: Make, shipped: Catalogue, sight: Make) -> None:
    rows = [sight(day, service="pastebin", domain="pastebin.com", person=f"10.0.0.{n}", person_kind="device") for n in range(3) for day in range(5)]
    (step,) = assess(observe(*rows, apart=False), shipped, {}, read_toolset("")).roadmap
    assert (step.action, step.people, step.target, step.effort) == ("adopt", None, None, 6)
    assert step.text == (
        "Try two or three with those who need them. Then provide one, move everybody who needs it, and close Pastebin. "
        "What the tool still to be chosen scores is not counted."
    )
    assert [(part.service, part.after) for part in step.parts] == [("pastebin", 0)]


def test_a_tool_that_leaves_no_trace_is_not_counted(observe: Make, shipped: Catalogue, sight: Make) -> None:
    own = '[[tool]]\nname = "Our drive"\ncapabilities = ["file_transfer"]'
    rows = [sight(day, person=person, uploaded_bytes=10**9) for person in "abc" for day in range(9)]
    (step,) = assess(observe(*rows), shipped, {}, read_toolset(own)).roadmap
    assert (step.action, step.target, step.closes) == ("train", None, ("wetransfer",))
    assert step.text.endswith(" Then close the others. What Our drive itself scores is not known and not counted.")
    assert isinstance(step.parts[0], Rescored)


def test_where_only_what_people_are_given_is_used_nothing_else_is_closed(observe: Make, shipped: Catalogue, sight: Make) -> None:
    rows = [sight(day, service="canva", domain="www.canva.com", person=person) for person in "abc" for day in range(9)]
    found = assess(observe(*rows), shipped, {}, read_toolset(""))
    (license_,) = [step for step in found.options if step.action == "license"]
    assert (license_.closes, [part.service for part in license_.parts]) == ((), ["canva"])


def test_what_would_remove_no_risk_is_accepted_with_that_reason(
    observe: Make, shipped: Catalogue, sight: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the tool that is there would score as high as what people use."""
    monkeypatch.setattr(judgement._Bench, "score", lambda *_: 100)  # noqa: SLF001
    rows = [sight(day, person=person, uploaded_bytes=10**8) for person in "abc" for day in range(5)]
    (step,) = assess(observe(*rows), shipped, {}, read_toolset(BASIC)).roadmap
    assert (step.action, step.title, step.parts, step.closes, step.quarter) == ("accept", "Accept: Sending large files", (), (), "")
    assert step.because == "To show people OneDrive and SharePoint would remove no risk."


def test_a_larger_plan_is_put_to_the_choice_also_where_the_rules_would_rather_wait(observe: Make, shipped: Catalogue, sight: Make) -> None:
    found = assess(observe(sight(service="loom", domain="www.loom.com")), shipped, {}, read_toolset(BASIC))
    assert [step.action for step in found.roadmap] == ["accept"]
    (larger,) = [step for step in found.options if step.action == "upgrade"]
    assert (larger.title, larger.closes, larger.because) == ("Go up to Microsoft 365 Business Standard", ("loom",), "")


def test_where_only_the_tool_of_the_proposal_is_used_nothing_else_is_left(observe: Make, shipped: Catalogue, sight: Make) -> None:
    rows = [sight(day, service="docusign", domain="docusign.net", person=person) for person in "abc" for day in range(9)]
    (found,) = [step for step in assess(observe(*rows), shipped, {}, read_toolset("")).options if step.action == "adopt"]
    assert (found.target, found.closes) == ("docusign", ())
    assert found.text == "Try two or three with those who need them, for example Docusign. Then provide one, move 3 people, and close nothing else."


@pytest.mark.parametrize(("score", "action"), [(64, "license"), (65, "adopt")])
def test_what_people_chose_is_licensed_where_its_business_plan_scores_below_the_limit(
    observe: Make, shipped: Catalogue, sight: Make, monkeypatch: pytest.MonkeyPatch, score: int, action: str
) -> None:
    monkeypatch.setattr(judgement._Bench, "score", lambda *_: score)  # noqa: SLF001
    rows = [sight(day, service="canva", domain="www.canva.com", person=person) for person in "abc" for day in range(9)]
    found = assess(observe(*rows), shipped, {}, read_toolset(""))
    assert [step.action for step in found.options if step.because] == [action]
    assert {step.target for step in found.options if step.action == "license"} == {"canva"}


@pytest.mark.parametrize(("people", "effort"), [(1, 2.5), (2, 2.5), (3, 3), (5, 3), (6, 3.5)])
def test_work_grows_with_the_people_by_half_days(observe: Make, shipped: Catalogue, sight: Make, people: int, effort: float) -> None:
    """Two days for the firm and a fifth of a day for each."""
    rows = [sight(day, service="canva", domain="www.canva.com", person=person) for person in "abcdef"[:people] for day in range(9)]
    (found,) = [step for step in assess(observe(*rows), shipped, {}, read_toolset("")).options if step.action == "license"]
    assert (found.effort, found.people) == (effort, people)


def test_what_gives_people_nothing_has_no_target_whatever_is_provided(firm: Assessment, observe: Make, shipped: Catalogue, sight: Make) -> None:
    own = '[[tool]]\nname = "Our VPN"\ncapabilities = ["vpn_proxy", "temp_identity"]\nservices = ["zoom"]'
    used = [sight(service=service, domain=f"{service}.com") for service in ("nordvpn", "33mail")]
    beside = assess(observe(*used), shipped, {}, read_toolset(own))
    nothing = {"restrict", "guide", "accept"}
    steps = [step for step in (*firm.options, *beside.options, *beside.roadmap) if step.action in nothing]
    assert {step.action for step in steps} == nothing
    assert {step.target for step in steps} == {None}
    assert all(bool(step.closes) == (step.action == "restrict") for step in steps)
    assert all(not step.parts or step.action == "restrict" for step in steps)
    assert {bool(step.waits_for) for step in steps if step.action != "restrict"} == {False}
