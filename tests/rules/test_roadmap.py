"""From gaps to steps: the first rule that fits, risk removed by scoring again, order and quarters."""

import tomllib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery import shipped as files
from discovery.catalogue import Catalogue
from discovery.observations import Observations
from rules import roadmap
from rules.assess import assess
from rules.factors import rules
from rules.findings import Assessment, Step
from rules.register import Decision
from rules.toolset import Toolset, read_toolset, suites

Make = Callable[..., Any]
BASIC = 'suites = ["microsoft_365_business_basic"]'
DOMAINS = {
    "wetransfer": "wetransfer.com", "smash": "fromsmash.com", "pastebin": "pastebin.com", "notion": "www.notion.so", "trello": "trello.com",
    "chatgpt": "chatgpt.com", "dropbox": "www.dropbox.com", "slack": "app.slack.com", "microsoft-teams": "teams.microsoft.com",
    "sharepoint-onedrive": "firm.sharepoint.com", "onenote": "onenote.officeapps.live.com", "nordvpn": "nordvpn.com", "gmail": "mail.google.com",
    "loom": "www.loom.com", "canva": "www.canva.com",
}  # fmt: skip


@pytest.fixture
def judge(observe: Make, shipped: Catalogue) -> Callable[..., Assessment]:
    def made(*rows: Any, toolset: str = "", **more: Any) -> Assessment:
        return assess(observe(*rows, **more), shipped, {}, read_toolset(toolset))

    return made


def use(sight: Make, service: str, *people: str, days: int = 1, **changes: Any) -> list[Any]:
    return [sight(day, service=service, domain=DOMAINS[service], person=person, **changes) for person in people for day in range(days)]


def step(assessment: Assessment, capability: str) -> Step:
    (found,) = [one for one in assessment.roadmap if one.capability == capability]
    return found


# Which action


def test_nothing_provided_and_no_plan_that_would_do_is_a_project(judge: Make, sight: Make) -> None:
    found = step(judge(*use(sight, "pastebin", "ann", "bob", "cy", days=5, uploaded_bytes=10**9)), "paste")
    assert (found.action, found.stage, found.closes, found.target) == ("adopt", "project", ("pastebin",), None)
    assert "still to be chosen" in found.text


def test_a_business_plan_that_would_do_is_licensed(judge: Make, sight: Make) -> None:
    found = step(judge(*use(sight, "canva", "ann", "bob", "cy", days=9)), "design")
    assert (found.action, found.target, found.closes) == ("license", "canva", ())
    assert [(part.service, part.before > part.after > 0) for part in found.parts] == [("canva", True)]


def test_a_larger_plan_of_what_the_firm_has_comes_before_a_new_tool(judge: Make, sight: Make) -> None:
    found = step(judge(*use(sight, "loom", "ann", "bob", "cy", days=9), toolset=BASIC), "screen_recording")
    assert (found.action, found.target, found.closes) == ("upgrade", "clipchamp", ("loom",))
    assert "Microsoft 365 Business Standard" in found.title


def test_what_is_there_and_unused_is_shown(judge: Make, sight: Make) -> None:
    found = step(judge(*use(sight, "notion", "ann", "bob", "cy", days=9), toolset=BASIC), "notes_wiki")
    assert (found.action, found.stage, found.cost, found.target) == ("promote", "owned", "none", "onenote")
    assert (found.effort, found.effort_because) == (1, "0.5 days for the firm and 0.1 for each of 3 people, rounded up to half a day.")


def test_habit_is_trained_and_a_missing_feature_added(judge: Make, sight: Make) -> None:
    teams = use(sight, "microsoft-teams", "dee", "eve", "flo")
    habit = judge(*use(sight, "slack", "ann", "bob", "cy", days=9, uploaded_bytes=10**8), *teams, toolset=BASIC)
    assert step(habit, "chat").action == "train"
    feature = judge(*use(sight, "slack", "dee", "eve", "flo", days=5, uploaded_bytes=10**5), *teams, toolset=BASIC)
    assert step(feature, "chat").action == "extend"
    risky = judge(
        *use(sight, "wetransfer", "ann", "bob", "cy", days=9, uploaded_bytes=10**10),
        *use(sight, "sharepoint-onedrive", "ann", "bob", "cy"),
        toolset=BASIC,
    )
    assert step(risky, "file_transfer").action == "replace"


def test_ways_round_the_firm_are_closed_and_policy_is_said(judge: Make, sight: Make) -> None:
    found = judge(*use(sight, "nordvpn", "ann"), *use(sight, "gmail", "bob"))
    assert (step(found, "vpn_proxy").action, step(found, "webmail").action) == ("restrict", "guide")
    assert step(found, "vpn_proxy").removed == found.finding("nordvpn").risk.score
    assert step(found, "webmail").parts == ()


def test_one_person_with_little_at_stake_is_accepted(judge: Make, sight: Make) -> None:
    found = step(judge(*use(sight, "canva", "ann")), "design")
    assert (found.action, found.quarter, found.removed, found.closes) == ("accept", "", 0, ())


def test_what_is_covered_asks_for_nothing(judge: Make, sight: Make) -> None:
    assert judge(*use(sight, "microsoft-teams", "ann"), toolset=BASIC).roadmap == ()


def test_an_approved_service_is_what_people_are_given(observe: Make, sight: Make, shipped: Catalogue) -> None:
    rows = [*use(sight, "dropbox", "ann", "bob", days=9), *use(sight, "wetransfer", "cy", "dee", "eve", days=9, uploaded_bytes=10**9)]
    found = assess(observe(*rows), shipped, {"smash": Decision("smash", "approved")}, Toolset())
    assert "smash" not in {service for one in found.roadmap for service in one.closes}


# What it would bring


def moved(observations: Observations, target: Step) -> Observations:
    """The same period, had the people of the closed services worked with the target."""
    there = pl.col("service").is_in(list(target.closes))
    usage = observations.usage.with_columns(
        pl.when(there).then(pl.lit(DOMAINS[target.target])).otherwise(pl.col("domain")).alias("domain"),
        pl.when(there).then(pl.lit(target.target)).otherwise(pl.col("service")).alias("service"),
    )
    return Observations(usage, observations.logs, observations.coverage, observations.zone, observations.since, observations.until)


USES = st.lists(
    st.tuples(
        st.sampled_from(["wetransfer", "smash", "sharepoint-onedrive"]),
        st.sampled_from(["ann", "bob", "cy", "dee"]),
        st.integers(0, 11),
        st.sampled_from([0, 10**6, 10**9, None]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda use: use[:3],
)


def test_sending_waits_for_one_place_for_files_where_that_is_lacking_too(judge: Make, sight: Make) -> None:
    sent = use(sight, "wetransfer", "ann", "bob", "cy", days=9, uploaded_bytes=10**9)
    both = judge(*sent, *use(sight, "dropbox", "ann", "bob", "cy", days=9, uploaded_bytes=10**9))
    found = step(both, "file_transfer")
    assert (found.waits_for, found.waits_because) == ("gap:cloud_storage", "links to large files build on one place for files")
    assert (step(both, "cloud_storage").waits_for, step(both, "cloud_storage").waits_because) == ("", "")
    assert (step(judge(*sent), "file_transfer").waits_for, step(judge(*sent), "file_transfer").waits_because) == ("", ""), "nothing to wait for"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(USES)
def test_risk_removed_is_the_difference_of_two_whole_assessments(observe: Make, sight: Make, shipped: Catalogue, uses: Sequence[Any]) -> None:
    """Everybody moved over and everything judged anew: the difference is what the step said, to the point."""
    rows = [sight(day, service=service, domain=DOMAINS[service], person=who, uploaded_bytes=sent) for service, who, day, sent in uses]
    toolset = read_toolset('[[tool]]\nname = "SharePoint"\ncapabilities = ["file_transfer"]\nservices = ["sharepoint-onedrive"]')
    before = assess(observe(*rows), shipped, {}, toolset)
    for found in before.roadmap:
        if not found.parts:
            assert found.action == "accept"
            continue
        assert found.target == "sharepoint-onedrive"
        after = assess(moved(observe(*rows), found), shipped, {}, toolset, today=before.until)
        scores = [sum(finding.risk.score for finding in one.findings) for one in (before, after)]
        assert found.removed == scores[0] - scores[1] > 0


def test_each_part_is_the_score_of_its_service_now(judge: Make, sight: Make) -> None:
    found = judge(*use(sight, "notion", "ann", "bob", "cy", days=9), *use(sight, "wetransfer", "ann", days=9, uploaded_bytes=10**10), toolset=BASIC)
    parts = [part for one in found.roadmap for part in one.parts]
    assert parts
    for part in parts:
        finding = found.finding(part.service)
        assert part.before == (finding.risk.score if finding else 0)


# In which order


def made(id_: str, effort: float = 1, stage: str = "owned", waits_for: str = "") -> Step:
    return Step(f"gap:{id_}", id_, "train", id_, "", "", stage, "none", effort, 1, (), None, (), waits_for=f"gap:{waits_for}" if waits_for else "")


STEPS = st.lists(
    st.builds(made, st.sampled_from("abcdefgh"), st.floats(0.5, 20), st.sampled_from(["owned", "cheap", "project"])),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(STEPS, st.data())
def test_nothing_comes_before_what_it_waits_for(steps: list[Step], data: st.DataObject) -> None:
    ids = [one.id[4:] for one in steps]
    waiting = [made(one.id[4:], one.effort, one.stage, data.draw(st.sampled_from([*ids[:n], ""]))) for n, one in enumerate(steps)]
    ordered = list(roadmap._in_quarters(roadmap._ordered(waiting), date(2026, 11, 13)))  # noqa: SLF001 (order is a law of its own)
    at = {one.id: (one.quarter, n) for n, one in enumerate(ordered)}
    assert sorted(at) == sorted(one.id for one in steps)
    for one in ordered:
        assert one.quarter in roadmap.quarters(date(2026, 11, 13))
        if one.waits_for:
            assert at[one.waits_for][0] <= one.quarter
            assert at[one.waits_for][1] < at[one.id][1]


@given(STEPS)
def test_no_quarter_but_the_last_is_overfull(steps: list[Step]) -> None:
    found = list(roadmap._in_quarters(steps, date(2026, 11, 13)))  # noqa: SLF001
    for quarter in roadmap.quarters(date(2026, 11, 13))[:-1]:
        inside = [one.effort for one in found if one.quarter == quarter]
        assert len(inside) <= 1 or sum(inside) <= roadmap.table()["days_a_quarter"]


def test_what_is_owned_comes_before_what_is_bought(judge: Make, sight: Make) -> None:
    rows = [
        *use(sight, "notion", "ann", "bob", "cy", days=9),
        *use(sight, "pastebin", "ann", "bob", "cy", days=9),
        *use(sight, "canva", "ann", "bob", "cy", days=9),
    ]
    stages = [one.stage for one in judge(*rows, toolset=BASIC).roadmap if one.action != "accept"]
    assert stages == sorted(stages, key=roadmap.table()["stages"].index)
    assert len(set(stages)) == 3


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 11, 13), "2026-Q4"), (date(2026, 12, 20), "2027-Q1"), (date(2027, 3, 17), "2027-Q1"), (date(2027, 3, 18), "2027-Q2")],
)
def test_quarters_begin_two_weeks_after_the_logs(day: date, first: str) -> None:
    found = roadmap.quarters(day)
    assert (found[0], len(found), found) == (first, 4, sorted(found))


def test_the_same_logs_give_the_same_roadmap(judge: Make, sight: Make) -> None:
    rows = [
        *use(sight, "notion", "ann", "bob"),
        *use(sight, "wetransfer", "ann", "cy"),
        *use(sight, "trello", "bob", "dee"),
        *use(sight, "chatgpt", "ann"),
    ]
    assert judge(*rows, toolset=BASIC).roadmap == judge(*rows[::-1], toolset=BASIC).roadmap


# The rules themselves


def test_the_rules_are_whole() -> None:
    table = tomllib.loads(files.beside("rules", "roadmap.toml").read_text(encoding="utf-8"))
    conditions = {"gap", "policy", "lacking", "falls_short", "people_up_to", "highest_below", "highest_from", "upgrade", "business_below"}
    for rule in table["rule"]:
        assert rule["action"] in table["action"]
        assert set(rule["when"]) <= conditions
        assert rule["because"]
    for action in table["action"].values():
        assert action["stage"] in table["stages"]
        assert action["cost"] in {"none", "low", "medium", "high"}
    assert table["rule"][-1]["when"] == {"gap": ["no_tool"]}


def test_no_need_waits_for_itself_in_the_end() -> None:
    waits = {need: entry["need"] for need, entry in roadmap.table()["waits_for"].items()}
    assert set(waits) | set(waits.values()) <= set(rules().capabilities)
    for need in waits:
        seen = [need]
        while seen[-1] in waits:
            seen.append(waits[seen[-1]])
            assert len(seen) == len(set(seen)), seen


def test_advice_says_what_becomes_of_it() -> None:
    for code, known in rules().capabilities.items():
        assert known.get("policy") in ({"rule", "block"} if "advice" in known else {None}), code


def test_suites_grow_into_larger_ones() -> None:
    assert suites()["microsoft_365_business_premium"].includes == ("microsoft_365_business_standard", "microsoft_365_business_basic")
    assert suites()["zoom"].includes == ()
