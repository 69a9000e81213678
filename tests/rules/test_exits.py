"""The way out of a service: every step in its words, and what is known with its source, or said not to be."""

from dataclasses import replace
from typing import Any

import pytest

from discovery.catalogue import Catalogue, Fact, Service
from rules.exits import Exit, exit_sheet
from rules.factors import toml
from rules.toolset import Tool, Toolset

TOOLS = Toolset((Tool("SharePoint", ("file_transfer",)), Tool("File server", ("file_transfer",)), Tool("Teams", ("chat",))))
CLOSING = toml("exits.toml")["closing"]


@pytest.fixture
def leave(shipped: Catalogue) -> Any:
    """The sheet of a service made of WeTransfer with these facts."""

    def made(toolset: Toolset = TOOLS, facts: dict[str, Fact] | None = None, **changes: Any) -> Exit:
        service: Service = replace(shipped.services["wetransfer"], facts=facts or {}, **changes)
        return exit_sheet(service, toolset)

    return made


def fact(value: Any, source: str = "jdm") -> Fact:
    return Fact(value, source, "2026-08-04", 1.0)


def text_of(sheet: Exit) -> str:
    return " ".join(step.text for step in sheet.steps)


def test_it_names_the_service_its_address_and_what_is_provided_instead(leave: Any) -> None:
    sheet = leave()
    assert (sheet.service, sheet.name) == ("wetransfer", "WeTransfer")
    assert "SharePoint and File server" in text_of(sheet)
    assert "Teams" not in text_of(sheet)
    assert "the place that was agreed on" in text_of(leave(Toolset()))


@pytest.mark.parametrize(("toolset", "tools"), [(TOOLS, "SharePoint and File server"), (Toolset(), "the place that was agreed on")])
def test_each_step_is_one_of_the_table_with_its_values(leave: Any, toolset: Toolset, tools: str) -> None:
    sheet = leave(toolset, domains={"use": ("a.example",)})
    values = {"service": "WeTransfer", "domain": "a.example", "tools": tools, "closing": CLOSING["unknown"]}
    assert {(step.title, step.text) for step in sheet.steps} <= {(one["title"], one["text"].format(**values)) for one in toml("exits.toml")["step"]}


@pytest.mark.parametrize(
    ("domains", "address"),
    [({"use": ("a.example", "b.example"), "visit": ("c.example",)}, "a.example"), ({"visit": ("c.example",)}, "c.example"), ({}, "WeTransfer")],
)
def test_people_are_sent_to_the_address_they_know(leave: Any, domains: dict[str, tuple[str, ...]], address: str) -> None:
    steps, entries = leave(domains=domains).steps, toml("exits.toml")["step"]
    values = {"service": "WeTransfer", "domain": address, "tools": "SharePoint and File server", "closing": CLOSING["unknown"]}
    texts = {entry["text"].format(**values) for entry in entries}
    assert {step.text for step in steps} <= texts
    assert any(address in step.text for step in steps)


@pytest.mark.parametrize(
    ("facts", "closing"),
    [
        ({"account_deletion": fact("easy")}, "easy"),
        ({"account_deletion": fact("impossible"), "account_required": fact(value=False)}, "impossible"),
        ({"account_required": fact(value=False)}, "no_account"),
        ({"account_required": fact(value=True)}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_how_an_account_is_closed_hangs_on_what_is_known(leave: Any, facts: dict[str, Fact], closing: str) -> None:
    told = text_of(leave(facts=facts))
    assert CLOSING[closing] in told
    assert not [key for key, said in CLOSING.items() if key != closing and said in told]


def test_what_is_known_has_its_source_and_what_is_not_says_so(leave: Any) -> None:
    assert leave(facts={"account_deletion": fact("hard"), "retention": fact("30 days", "editor")}).known == (
        "Deleting an account: hard (jdm, 2026-08-04).",
        "Retention: 30 days (general knowledge, 2026-08-04, not verified).",
    )
    assert leave().known == ("Deleting an account: not known how hard it is.", "Retention: not known how long content stays after deletion.")


def test_of_each_step_the_first_that_fits_the_service_is_told(shipped: Catalogue) -> None:
    entries = toml("exits.toml")["step"]
    for id_ in ("wetransfer", "slack", "chatgpt", "pastebin", "nordvpn", "bitwarden", "trello"):
        service = shipped.services[id_]
        fitting: dict[str, str] = {}
        for entry in entries:
            anywhere = "capabilities" not in entry and "categories" not in entry
            if anywhere or service.capability in entry.get("capabilities", ()) or service.category in entry.get("categories", ()):
                fitting.setdefault(entry["title"], entry["text"][:30].partition("{")[0])
        sheet = exit_sheet(service, TOOLS)
        assert [step.title for step in sheet.steps] == list(fitting)
        assert all(step.text.startswith(fitting[step.title]) for step in sheet.steps)
