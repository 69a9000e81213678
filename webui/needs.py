"""What people need done, in plain words, as rules/capabilities.toml puts it; read once."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from rules.factors import toml
from rules.findings import Gap

#: Classes of gap in which a need is not met, the plainest first.
UNMET: Final = ("no_tool", "tool_unused", "tool_beside")


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return toml("capabilities.toml")


def in_words(capability: str, title: str) -> str:
    """The need as a person would put it, else its title."""
    return str(_table().get(capability, {}).get("need", title))


def is_policy(capability: str) -> bool:
    """Whether the answer to a need is a word on policy rather than a tool (such as private mail)."""
    return "advice" in _table().get(capability, {})


def handles(capability: str) -> str:
    """What is typically handled where a need is met; empty where the rules say nothing."""
    return str(_table().get(capability, {}).get("handles", ""))


def unmet(gaps: Iterable[Gap]) -> list[Gap]:
    """Needs that people go elsewhere for and that a tool would answer, those of most people first."""
    found = [gap for gap in gaps if gap.gap in UNMET and gap.services and not is_policy(gap.capability)]
    return sorted(found, key=lambda gap: (-(gap.people or 0), UNMET.index(gap.gap), -gap.days))
