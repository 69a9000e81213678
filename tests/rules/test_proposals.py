"""What could be decided: the proposal of the table, with the service's name, the firm's tools and the need in plain words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from rules.assess import assess
from rules.factors import toml
from rules.findings import Finding, Gap
from rules.gaps import CLASSES
from rules.proposals import Proposal, choices, proposal
from rules.toolset import Toolset

ENTRIES = toml("proposals.toml")["proposal"]
GAP = Gap("chat", "Chat", "tool_beside", 3, 2, ("slack",), ("Teams", "Zulip"), "", need="Ask a colleague")


@pytest.fixture
def finding(observe: Callable[..., Any], sight: Callable[..., Any], shipped: Catalogue) -> Finding:
    return assess(observe(sight()), shipped, {}, Toolset()).findings[0]


@pytest.mark.parametrize("level", ["Low", "Guarded", "Elevated", "High", "Severe"])
@pytest.mark.parametrize("class_", [*CLASSES, "none"])
def test_the_first_entry_that_fits_is_proposed(finding: Finding, level: str, class_: str) -> None:
    entry = next(entry for entry in ENTRIES if level in entry["levels"] and class_ in entry["gaps"])
    judged = replace(finding, risk=replace(finding.risk, level=level))
    gap = None if class_ == "none" else replace(GAP, gap=class_)
    tools, need = ("Teams and Zulip", "Ask a colleague") if gap else ("what is provided", "")
    assert proposal(judged, gap) == Proposal(entry["status"], entry["text"].format(service="WeTransfer", tools=tools, need=need))


def test_where_a_name_is_missing_another_stands_for_it(finding: Finding) -> None:
    for class_ in CLASSES:
        entry = next(entry for entry in ENTRIES if finding.risk.level in entry["levels"] and class_ in entry["gaps"])
        bare = replace(GAP, gap=class_, toolset=(), need="")
        assert proposal(finding, bare).text == entry["text"].format(service="WeTransfer", tools="what is provided", need="Chat")


def test_every_choice_says_what_follows() -> None:
    assert choices() == toml("proposals.toml")["choices"]
