"""What people need done, in plain words, as rules/capabilities.toml puts it; read once."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from rules.factors import toml


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
