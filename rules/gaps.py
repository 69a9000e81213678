"""Why people use something else: for each thing they need done, what the firm provides, what is used instead, and the class of the gap.

Classes, the first that fits (decision 21): `no_tool`, nothing is provided; `tool_unused`, it is, and nobody was seen using it; `tool_beside`, it is
used, and something else beside it (also where its use would leave no trace: unknown is not "no"); `covered`, nothing else is used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from rules import words
from rules.factors import rules, toml
from rules.findings import Finding, Gap, counted
from rules.register import APPROVED
from rules.toolset import Tool, Toolset

#: Most urgent first.
CLASSES: Final = ("no_tool", "tool_unused", "tool_beside", "covered")


@dataclass(frozen=True, slots=True)
class Use:
    """A finding with the days on which somebody worked with it."""

    finding: Finding
    days: frozenset[date]


@dataclass(frozen=True, slots=True)
class _Need:
    """One capability as the sentences of `gaps.toml` speak of it. `seen`: whether use of the tools could be seen at all."""

    code: str
    title: str
    instead: Sequence[Use]
    own: Sequence[Use]
    tools: Sequence[Tool]
    seen: bool
    whole: int | None

    @property
    def gap(self) -> str:
        if not self.tools and not any(use.finding.status in APPROVED for use in self.own):
            return "no_tool"
        if not self.instead:
            return "covered"
        return "tool_unused" if self.seen and not self.own else "tool_beside"


def gaps(uses: Iterable[Use], titles: Mapping[str, str], toolset: Toolset, whole: int | None) -> tuple[Gap, ...]:
    """The gap of each capability that somebody needs, by class, then by people.

    Args:
        uses: every finding.
        titles: capability code -> title.
        toolset: what the firm provides; a service it approved counts as provided.
        whole: people in the firm, or seen.
    """
    needs = (_need(code, title, list(uses_of), toolset, whole) for code, title, uses_of in _by_capability(list(uses), titles, toolset))
    found = [_gap(need) for need in needs if need.instead or need.own]
    return tuple(sorted(found, key=lambda gap: (CLASSES.index(gap.gap), -(gap.people or 0), -gap.days, gap.capability)))


def _by_capability(uses: Sequence[Use], titles: Mapping[str, str], toolset: Toolset) -> Iterable[tuple[str, str, Iterable[Use]]]:
    """The uses that speak for each capability: of its own services, and of services by which a tool for it shows."""
    for code, title in titles.items():
        shows = {service for tool in toolset.providing(code) for service in tool.services}
        yield code, title, (use for use in uses if use.finding.service in shows or use.finding.capability == code)


def _need(code: str, title: str, uses: Sequence[Use], toolset: Toolset, whole: int | None) -> _Need:
    tools = toolset.providing(code)
    shows = {service for tool in tools for service in tool.services}
    own = [use for use in uses if _provided(use.finding, shows) and use.finding.activity in {"active", "background"}]
    others = [use for use in uses if use.finding.activity == "active" and use.finding.service not in toolset.services | shows]
    instead = sorted(
        (use for use in others if use.finding.status not in APPROVED), key=lambda use: (-(use.finding.active_people or 0), use.finding.name)
    )
    seen = all(tool.services for tool in tools)
    return _Need(code, title, instead, own, tools, seen, whole)


def _provided(finding: Finding, shows: set[str]) -> bool:
    return finding.service in shows or finding.status in APPROVED


def _gap(need: _Need) -> Gap:
    class_ = need.gap
    spoken = need.own if class_ == "covered" else need.instead
    people, days = _people(spoken), frozenset[date]().union(*(use.days for use in spoken))
    fragmented = (
        len({use.finding.service for use in (*need.own, *need.instead) if use.finding.activity == "active"}) >= _sentences()["fragmented_from"]
    )
    said = _said(need, class_, people, len(days))
    known = rules().capabilities[need.code]
    recommendation = known["advice"] if class_ == "no_tool" and "advice" in known else said["recommendation"]
    if fragmented:
        recommendation += " " + _sentences()["fragmented"].format(count=len(need.own) + len(need.instead))
    return Gap(
        capability=need.code,
        title=need.title,
        gap=class_,
        people=people,
        days=len(days),
        services=tuple(use.finding.service for use in spoken),
        toolset=_names(need),
        recommendation=recommendation,
        evidence=said["evidence"],
        question=known["question"],
        fragmented=fragmented,
        need=known["need"],
        tool_people=_people(need.own) if need.own or need.seen else None,
    )


def _said(need: _Need, class_: str, people: int | None, days: int) -> Mapping[str, str]:
    """Evidence and recommendation, with the names in place."""
    unseen = class_ == "tool_beside" and not need.own
    spoken = need.own if class_ == "covered" else need.instead
    lacks = [tool for tool in need.tools if tool.lacks]
    values: Mapping[str, Any] = {
        "people": words.people(people, need.whole).capitalize(),
        "days": words.count(days, "day"),
        "services": words.listed([use.finding.name for use in spoken]),
        "first": spoken[0].finding.name,
        "tools": words.listed(_names(need)),
        "tool_people": words.people(_people(need.own), need.whole),
        "lacks": words.sentence(f"usual reasons: {'; '.join(tool.lacks for tool in lacks)}") + " " if lacks else "",
    }
    template = _sentences()["tool_beside_unseen" if unseen else class_]
    return {key: text.format(**values) for key, text in template.items()}


def _names(need: _Need) -> tuple[str, ...]:
    """What is provided, by name: tools, and services the firm approved."""
    approved = [use.finding.name for use in need.own if use.finding.status in APPROVED]
    return tuple(dict.fromkeys([*(tool.name for tool in need.tools), *approved]))


def _people(uses: Sequence[Use]) -> int | None:
    """People who actively use any of these, each counted once; None where a source cannot tell them apart."""
    if any(use.finding.active_people is None for use in uses):
        return None
    return counted(one for use in uses for one in use.finding.by_person if one.activity == "active") or 0


@cache
def _sentences() -> Mapping[str, Any]:
    return toml("gaps.toml")
