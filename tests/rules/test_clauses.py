"""Clauses, proposals and exit sheets: they follow from decisions and facts, and say nothing of what was not decided."""

from datetime import date

import pytest

from discovery.catalogue import Catalogue
from rules.clauses import clauses, general
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


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (Decision("smash", "approved", owner=" Ann ", review_by=date(2027, 2, 1)),
         "Smash is looked at again by 1 February 2027. Questions about it go to Ann."),
        (Decision("smash", "approved_with_conditions"), "Smash"),
        (Decision("smash", "tolerated", owner="Ann"), "Questions about it go to Ann."),
    ],
)  # fmt: skip
def test_what_is_permitted_says_until_when_and_who_answers(shipped: Catalogue, decision: Decision, said: str) -> None:
    assert said in written(shipped, decision)["Sending large files"]


def test_a_refusal_and_an_end_need_no_second_date(shipped: Catalogue) -> None:
    refused = written(shipped, Decision("smash", "not_approved", owner="Ann", review_by=date(2027, 2, 1)))["Sending large files"]
    assert "looked at again" not in refused
    assert "Ann" not in refused
    ends = written(shipped, Decision("smash", "tolerated", review_by=date(2027, 2, 1)))["Sending large files"]
    assert ends.count("1 February 2027") == 1


@pytest.mark.parametrize(
    ("decision", "template"),
    [
        (Decision("smash", "approved_with_conditions", conditions=" "), "approved_without_words"),
        (Decision("smash", "approved_with_conditions", conditions="no files of clients"), "approved_with_conditions"),
        (Decision("smash", "tolerated"), "tolerated_open"),
        (Decision("smash", "tolerated", review_by=date(2027, 2, 1)), "tolerated"),
    ],
)
def test_each_permission_has_its_sentence(shipped: Catalogue, decision: Decision, template: str) -> None:
    said = toml("clauses.toml")["sentence"][template].format(service="Smash", conditions="No files of clients.", day="1 February 2027")
    assert said in written(shipped, decision)["Sending large files"]


def test_a_clause_goes_by_status_and_ends_with_what_to_do_instead(shipped: Catalogue) -> None:
    said = toml("clauses.toml")["sentence"]
    found = clauses(
        Register([Decision("smash", "not_approved"), Decision("wetransfer", "approved"), Decision("transfernow", "approved")]), shipped, TOOLS,
        firm="Acme", day=DAY,
    )  # fmt: skip
    clause = next(one for one in found if one.heading == "Sending large files")
    assert clause.sentences[:4] == (
        said["provided"].format(firm="Acme", tools="SharePoint"),
        said["approved"].format(services="TransferNow and WeTransfer", are="are"),
        said["not_approved"].format(services="Smash", are="is"),
        said["instead"],
    )
    assert clause.services == ("smash", "transfernow", "wetransfer")
    assert clause.text == " ".join(clause.sentences)


def test_clauses_in_own_words_take_the_place_of_general_ones(shipped: Catalogue) -> None:
    heading = next(iter(general()))
    own = {heading: "At {firm} we say it so. {braces} stay.", "Our own": "For {firm}.", "Empty": " "}
    found = {one.heading: one.text for one in clauses(Register(), shipped, TOOLS, firm="Acme", day=DAY, own=own)}
    assert found[heading] == "At Acme we say it so. {braces} stay."
    assert found["Our own"] == "For Acme."
    assert "Empty" not in found
    assert list(found).index("Our own") < len(found) - 1, "before what closes every policy"
    assert heading not in {one.heading for one in clauses(Register(), shipped, TOOLS, firm="Acme", day=DAY, own={heading: ""})}


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


def test_a_clause_speaks_of_each_decision_in_the_order_of_its_permission(shipped: Catalogue) -> None:
    ends = date(2027, 2, 1)
    made = [
        Decision("wetransfer", "not_approved", owner="Ben", review_by=ends), Decision("smash", "tolerated", review_by=ends, owner="Cem"),
        Decision("transfernow", "approved_with_conditions", conditions="no files of clients", review_by=ends),
        Decision("filemail", "approved", owner="Ann"), Decision("smash", "approved", account="company", review_by=ends),
    ]  # fmt: skip
    found = {clause.heading: clause for clause in clauses(Register(made), shipped, TOOLS, firm="Acme", day=DAY)}["Sending large files"]
    assert found.sentences[:10] == (
        "Acme provides SharePoint for this.",
        "Filemail and Smash with an account that Acme provides may be used.",
        "Questions about it go to Ann.",
        "Smash with an account that Acme provides is looked at again by 1 February 2027.",
        "TransferNow may be used on these conditions: No files of clients.",
        "TransferNow is looked at again by 1 February 2027.",
        "Smash may be used as before until 1 February 2027, while the firm looks for a lasting answer.",
        "Questions about it go to Cem.",
        "WeTransfer is not used for the firm's work.",
        "What is still kept there is moved before the account is closed.",
    )
    assert found.sentences[10:] == ((toml("clauses.toml")["need"]["file_transfer"],) if "file_transfer" in toml("clauses.toml")["need"] else ())
    assert found.services == ("filemail", "smash", "transfernow", "wetransfer")


def test_general_clauses_stand_around_those_of_needs_and_own_ones(shipped: Catalogue) -> None:
    table = toml("clauses.toml")
    before, after = (
        [(entry["heading"], entry["text"].replace("{firm}", "Acme")) for entry in table[place].values()] for place in ("before", "after")
    )
    found = clauses(Register([Decision("slack", "approved")]), shipped, Toolset(), firm="Acme", day=DAY, own={"Our own": "Ours."})
    told = [(clause.heading, clause.text) for clause in found]
    assert told[: len(before)] == before
    assert told[-len(after) :] == after
    assert [heading for heading, _ in told[len(before) : -len(after)]] == ["Chat", "Our own"]
    assert general() == {heading: entry["text"] for place in ("before", "after") for entry in table[place].values() for heading in [entry["heading"]]}
