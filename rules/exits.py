"""Exit sheets: how to get data out of a service and close it, from what the catalogue knows of it. The steps are in `exits.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from discovery.catalogue import Fact, Service
from rules import words
from rules.factors import toml
from rules.toolset import Toolset


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Exit:
    """The way out of one service: what to do in order, and the facts it rests on, in words with source and date."""

    service: str
    name: str
    steps: tuple[Step, ...]
    known: tuple[str, ...]


def exit_sheet(service: Service, toolset: Toolset) -> Exit:
    """The sheet of a service.

    Args:
        service: the one that is left.
        toolset: what the firm provides instead.
    """
    provided = [tool.name for tool in toolset.providing(service.capability)]
    values = {
        "service": service.name,
        "domain": (service.domains.get("use") or service.domains.get("visit") or (service.name,))[0],
        "tools": words.listed(provided) if provided else "the place that was agreed on",
        "closing": _closing(service),
    }
    steps: dict[str, Step] = {}
    for entry in _table()["step"]:
        if entry["title"] not in steps and _fits(entry, service):
            steps[entry["title"]] = Step(entry["title"], entry["text"].format(**values))
    return Exit(service.id, service.name, tuple(steps.values()), tuple(_known(service)))


def _fits(entry: Mapping[str, Any], service: Service) -> bool:
    if "capabilities" in entry or "categories" in entry:
        return service.capability in entry.get("capabilities", ()) or service.category in entry.get("categories", ())
    return True


def _closing(service: Service) -> str:
    deletion, account = service.facts.get("account_deletion"), service.fact("account_required")
    key = str(deletion.value) if deletion else "no_account" if account and account.value is False else "unknown"
    return str(_table()["closing"][key])


def _known(service: Service) -> list[str]:
    """What is known about leaving: each with its source; what is not known says so."""
    deletion, retention = service.facts.get("account_deletion"), service.fact("retention")
    return [
        f"Deleting an account: {deletion.value}{_source(deletion)}." if deletion else "Deleting an account: not known how hard it is.",
        f"Retention: {retention.value}{_source(retention)}." if retention else "Retention: not known how long content stays after deletion.",
    ]


def _source(fact: Fact) -> str:
    return f" ({fact.source}, {fact.date})" if fact.verified else f" (general knowledge, {fact.date}, not verified)"


@cache
def _table() -> Mapping[str, Any]:
    return toml("exits.toml")
