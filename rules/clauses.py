"""Draft clauses of an acceptable-use policy that follow from the decisions taken: one for each need something was decided about.

Nothing is invented: without decisions only the general clauses remain. The sentences are in `clauses.toml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from discovery.catalogue import Catalogue
from rules import words
from rules.factors import toml
from rules.register import Decision, Register
from rules.toolset import Toolset

#: In the order in which a clause speaks of them; what is undecided makes no rule.
_SPOKEN: Final = ("approved", "approved_with_conditions", "tolerated", "not_approved")
_NAMES: Final = 30


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its heading, its sentences, and the ids of the services whose decisions made it (none: it is general)."""

    heading: str
    sentences: tuple[str, ...]
    services: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentences in one paragraph."""
        return " ".join(self.sentences)


def clauses(
    register: Register, catalogue: Catalogue, toolset: Toolset, *, firm: str, day: date | None, own: Mapping[str, str] | None = None
) -> tuple[Clause, ...]:
    """The clauses in order.

    Args:
        register: what is in force.
        catalogue: gives services their names and needs.
        toolset: what the firm provides.
        firm: its name.
        day: on which they are written: permissions that have run out by then make no rule.
        own: clauses in the practice's or the firm's own words, heading -> text ("{firm}" stands for its name). One with the heading of a general
            clause takes its place, or takes it out where it has no text.
    """
    said, own = _table(), own or {}
    decided: dict[str, list[Decision]] = {}
    for decision in register.every():
        if decision.service in catalogue.services and decision.status_on(day) in _SPOKEN:
            decided.setdefault(catalogue.services[decision.service].capability, []).append(decision)
    needs = [
        Clause(title, tuple(_sentences(code, decided[code], catalogue, toolset, firm)), tuple(dict.fromkeys(one.service for one in decided[code])))
        for code, title in catalogue.capabilities.items()
        if code in decided
    ]
    further = [(heading, text) for heading, text in own.items() if heading not in general()]
    written = [Clause(heading, (_filled(text, firm),)) for heading, text in further if text.strip()]
    return (*_general(said["before"], firm, own), *needs, *written, *_general(said["after"], firm, own))


def general() -> dict[str, str]:
    """The shipped clauses that stand in every policy: heading -> text."""
    return {entry["heading"]: entry["text"] for place in ("before", "after") for entry in _table()[place].values()}


def _general(table: Mapping[str, Mapping[str, str]], firm: str, own: Mapping[str, str]) -> Iterator[Clause]:
    for entry in table.values():
        text = own.get(entry["heading"], entry["text"])
        if text.strip():
            yield Clause(entry["heading"], (_filled(text, firm),))


def _filled(text: str, firm: str) -> str:
    """The text with the firm's name; other braces stay as they are written."""
    return text.replace("{firm}", firm)


def _sentences(code: str, decisions: Sequence[Decision], catalogue: Catalogue, toolset: Toolset, firm: str) -> Iterator[str]:
    """What one need's clause says: what is provided, then what was decided, then what holds for the need itself."""
    said = _said()
    if tools := [tool.name for tool in toolset.providing(code)]:
        yield said["provided"].format(firm=firm, tools=words.listed(tools, _NAMES))
    for status in _SPOKEN:
        found = [decision for decision in decisions if decision.status == status]
        names = [_name(decision, catalogue, firm) for decision in found]
        if status in {"approved", "not_approved"} and names:
            yield said[status].format(services=words.listed(names, _NAMES), are="is" if len(names) == 1 else "are")
        for decision, name in zip(found, names, strict=True):
            yield from _of_one(decision, name)
    if any(decision.status == "not_approved" for decision in decisions):
        yield said["instead"]
    if code in _table()["need"]:
        yield _table()["need"][code]


def _name(decision: Decision, catalogue: Catalogue, firm: str) -> str:
    """The service, with the class of account where the decision is about one only."""
    return _said()[f"account_{decision.account}"].format(name=catalogue.services[decision.service].name, firm=firm)


def _of_one(decision: Decision, name: str) -> Iterator[str]:
    """What a clause says of one decision by itself."""
    said, status = _said(), decision.status
    if status in {"approved_with_conditions", "tolerated"}:
        conditions = words.sentence(decision.conditions.strip()) if decision.conditions.strip() else ""
        yield said[_key(decision)].format(service=name, conditions=conditions, day=_day(decision.review_by))
    if decision.review_by and status not in {"tolerated", "not_approved"}:
        yield said["review"].format(service=name, day=_day(decision.review_by))
    if decision.owner.strip() and status != "not_approved":
        yield said["owner"].format(owner=decision.owner.strip())


def _key(decision: Decision) -> str:
    if decision.status == "approved_with_conditions" and not decision.conditions.strip():
        return "approved_without_words"
    if decision.status == "tolerated" and decision.review_by is None:
        return "tolerated_open"
    return decision.status


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _said() -> Mapping[str, str]:
    found: Mapping[str, str] = _table()["sentence"]
    return found


@cache
def _table() -> Mapping[str, Any]:
    return toml("clauses.toml")
