"""What could be decided about a service, and why: a proposal for the talk in which people decide. The table is `proposals.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules import words
from rules.factors import toml
from rules.findings import Finding, Gap


@dataclass(frozen=True, slots=True)
class Proposal:
    """A status of the register that could follow, and the sentence that says what would be done."""

    status: str
    text: str


def proposal(finding: Finding, gap: Gap | None) -> Proposal:
    """The proposal for a service in use.

    Args:
        finding: the service.
        gap: the need behind it; None where none is judged.
    """
    class_ = gap.gap if gap else "none"
    fits = (entry for entry in _table()["proposal"] if finding.risk.level in entry["levels"] and class_ in entry["gaps"])
    entry = next(fits)
    tools = words.listed(gap.toolset) if gap and gap.toolset else "what is provided"
    return Proposal(entry["status"], entry["text"].format(service=finding.name, tools=tools, need=(gap.need or gap.title) if gap else ""))


def choices() -> dict[str, str]:
    """Status -> what follows from choosing it."""
    return dict(_table()["choices"])


@cache
def _table() -> Mapping[str, Any]:
    return toml("proposals.toml")
