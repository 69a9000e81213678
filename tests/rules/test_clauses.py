"""Clauses, proposals and exit sheets: they follow from decisions and facts, and say nothing of what was not decided."""

from datetime import date

import pytest

from discovery.catalogue import Catalogue
from rules.clauses import clauses
from rules.exits import exit_sheet
from rules.factors import rules, toml
from rules.findings import Finding, Gap, Risk
from rules.gaps import CLASSES
from rules.proposals import choices, proposal
from rules.register import STATUSES, Decision, Register
from rules.toolset import Tool, Toolset

DAY = date(2026, 11, 13)
TOOLS = Toolset((Tool("SharePoint", ("file_transfer", "cloud_storage")),))


def written(shipped: Catalogue, *decisions: Decision) -> dict[str, str]:
    return {clause.heading: clause.text for clause in clauses(Register(decisions), shipped, TOOLS, firm="Example {firm}", day=DAY)}


def test_without_decisions_only_what_holds_anyway(shipped: Catalogue) -> None:
    general = toml("clauses.toml")
    assert list(written(shipped)) == [entry["heading"] for part in ("before", "after") for entry in general[part].values()]


def test_each_decision_is_in_the_clause_of_its_need(shipped: Catalogue) -> None:
    text = written(
        shipped,
        Decision("wetransfer", "not_approved"),
        Decision("smash", "approved_with_conditions", conditions="no {personal} data", review_by=date(2027, 2, 1), owner="Ann"),
        Decision("dropbox", "tolerated", review_by=date(2027, 1, 1)),
        Decision("slack", "in_review"),
    )
    sending = text["Sending large files"]
    assert "Example {firm} provides SharePoint for this." in sending
    assert "WeTransfer is not used for the firm's work." in sending
    assert (
        "Smash may be used on these conditions: No {personal} data. Smash is looked at again by 1 February 2027. Questions about it go to Ann."
        in sending
    )
    assert "Dropbox may be used as before until 1 January 2027" in text["Cloud storage and sync"]
    assert "Chat" not in text, "nothing was decided about it"


def test_a_permission_that_ran_out_makes_no_rule(shipped: Catalogue) -> None:
    assert "Cloud storage and sync" not in written(shipped, Decision("dropbox", "tolerated", review_by=date(2026, 11, 12)))


def test_a_decision_about_one_class_of_account_says_so(shipped: Catalogue) -> None:
    text = written(shipped, Decision("chatgpt", "approved", account="company"), Decision("chatgpt", "not_approved", account="personal"))
    assert "ChatGPT with an account that Example {firm} provides may be used." in text["AI assistants and writing"]
    assert "ChatGPT with a private account is not used" in text["AI assistants and writing"]


def test_every_named_need_exists(shipped: Catalogue) -> None:
    assert set(toml("clauses.toml")["need"]) <= set(shipped.capabilities)


@pytest.mark.parametrize("level", rules().levels)
@pytest.mark.parametrize("class_", [*CLASSES, None])
def test_there_is_a_proposal_for_every_level_and_gap(level: str, class_: str | None) -> None:
    finding = _finding(level)
    gap = Gap("chat", "Chat", class_, 3, 2, ("slack",), ("Teams",), "", need="Talk") if class_ else None
    made = proposal(finding, gap)
    assert made.status in STATUSES
    assert "Slack" in made.text
    assert "{" not in made.text
    assert set(choices()) <= set(STATUSES)


def _finding(level: str) -> Finding:
    from datetime import UTC, datetime  # noqa: PLC0415

    at = datetime(2026, 11, 1, tzinfo=UTC)
    risk = Risk(50, 40, 60, level, ())
    return Finding(
        "slack", "Slack", "", "", "chat", "unreviewed", "active", risk, 1, 1, 1, 1, 1, 0, None, None, at, at, by_person=(), evidence=()
    )  # fmt: skip


@pytest.mark.no_cover
def test_every_service_has_a_way_out(shipped: Catalogue) -> None:
    titles = list(dict.fromkeys(step["title"] for step in toml("exits.toml")["step"]))
    for service in shipped.services.values():
        sheet = exit_sheet(service, TOOLS)
        assert [step.title for step in sheet.steps] == titles
        assert not any("{" in step.text for step in sheet.steps)


def test_a_way_out_rests_on_facts_and_says_what_is_not_known(shipped: Catalogue) -> None:
    known = exit_sheet(shipped.services["wetransfer"], TOOLS)
    assert known.known[0].startswith("Deleting an account: easy (jdm, ")
    assert "Take it into SharePoint" in " ".join(step.text for step in known.steps)
    blank = next(service for service in shipped.services.values() if not service.facts)
    assert all("not known" in line for line in exit_sheet(blank, Toolset()).known)
    hard = next(s for s in shipped.services.values() if "account_deletion" in s.facts and s.facts["account_deletion"].value == "impossible")
    assert "Article 17" in " ".join(step.text for step in exit_sheet(hard, TOOLS).steps)
