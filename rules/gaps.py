"""Why people use something else: for each thing they need done, what the firm provides, what is used instead, and the class of the gap.

`gaps.toml` says how a need is classed (decision 21) and holds the sentences. Unknown is not "no": where the use of a tool would leave no trace, it
is not said to be unused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from discovery.catalogue import Service
from discovery.observations import Coverage
from rules import doubts, words
from rules.factors import rules, toml
from rules.findings import Finding, Gap, PersonUse, counted
from rules.register import APPROVED
from rules.toolset import Tool, Toolset

#: Most urgent first.
CLASSES: Final = ("no_tool", "tool_unused", "tool_beside", "covered")

_IN_USE: Final = frozenset({"active", "background"})


@dataclass(frozen=True, slots=True)
class Use:
    """A finding with the days on which somebody worked with it, and its entry in the catalogue."""

    finding: Finding
    days: frozenset[date]
    service: Service


@dataclass(frozen=True, slots=True)
class Need:
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
        """The class, as `gaps.toml` says."""
        if not self.tools and not any(use.finding.status in APPROVED for use in self.own):
            return "no_tool"
        if not self.instead:
            return "covered"
        return "tool_unused" if self.seen and self._hardly_used else "tool_beside"

    @property
    def spoken(self) -> Sequence[Use]:
        """The use that the need is told by: of something else, or, where it is covered, of what is provided."""
        return self.own if self.gap == "covered" else self.instead

    @property
    def people(self) -> int | None:
        """Who has it, each counted once; None where a source cannot tell them apart."""
        return _people(self.spoken)

    @property
    def lacking(self) -> str:
        """What the evidence of `tool_beside` points to: feature, habit, or empty where it cannot be told."""
        others, both = _who(self.instead, {"active"}), self.both
        if self.gap != "tool_beside" or not self.own or not others:
            return ""
        return "feature" if len(both) >= sentences()["feature_from"] * len(others) else "habit"

    @property
    def both(self) -> frozenset[str]:
        """Who works with something else and uses the tool too."""
        return _who(self.instead, {"active"}) & _who(self.own, _IN_USE)

    @property
    def _hardly_used(self) -> bool:
        if not self.own:
            return True
        users = _who(self.own, _IN_USE)
        everybody = users | _who(self.instead, {"active"})
        return bool(users) and len(users) < sentences()["hardly_used_below"] * len(everybody)


def gaps(needed: Iterable[Need], toolset: Toolset, coverage: Coverage | None = None) -> tuple[Gap, ...]:
    """The gap of each need, by class, then by people.

    Args:
        needed: as `needs` gives them.
        toolset: what the firm provides.
        coverage: how much of the firm the logs can show, for the doubts.
    """
    found = [_gap(need, toolset, coverage) for need in needed]
    return tuple(sorted(found, key=lambda gap: (CLASSES.index(gap.gap), -(gap.people or 0), -gap.days, gap.capability)))


def needs(uses: Iterable[Use], titles: Mapping[str, str], toolset: Toolset, whole: int | None) -> list[Need]:
    """Each capability that somebody works on, with the uses that speak for it.

    Args:
        uses: every finding.
        titles: capability code -> title.
        toolset: what the firm provides; a service it approved counts as provided.
        whole: people in the firm, or seen.
    """
    made = (_need(code, title, list(uses_of), toolset, whole) for code, title, uses_of in _by_capability(list(uses), titles, toolset))
    return [need for need in made if need.instead or need.own]


def _by_capability(uses: Sequence[Use], titles: Mapping[str, str], toolset: Toolset) -> Iterable[tuple[str, str, Iterable[Use]]]:
    """The uses that speak for each capability: of its own services, and of services by which a tool for it shows."""
    for code, title in titles.items():
        shows = {service for tool in toolset.providing(code) for service in tool.services}
        yield code, title, (use for use in uses if use.finding.service in shows or use.finding.capability == code)


def _need(code: str, title: str, uses: Sequence[Use], toolset: Toolset, whole: int | None) -> Need:
    tools = toolset.providing(code)
    shows = {service for tool in tools for service in tool.services}
    own = [use for use in uses if _provided(use.finding, shows) and use.finding.activity in _IN_USE]
    others = [use for use in uses if use.finding.activity == "active" and use.finding.service not in toolset.services | shows]
    instead = sorted(
        (use for use in others if use.finding.status not in APPROVED), key=lambda use: (-(use.finding.active_people or 0), use.finding.name)
    )
    return Need(code, title, instead, own, tools, all(tool.services for tool in tools), whole)


def _provided(finding: Finding, shows: set[str]) -> bool:
    return finding.service in shows or finding.status in APPROVED


def _gap(need: Need, toolset: Toolset, coverage: Coverage | None) -> Gap:
    spoken, known = need.spoken, rules().capabilities[need.code]
    people, days = need.people, _days(spoken)
    active = {use.finding.service for use in (*need.own, *need.instead) if use.finding.activity == "active"}
    fragmented = len(active) >= sentences()["fragmented_from"]
    said = _said(need, people, days)
    recommendation = known["advice"] if need.gap == "no_tool" and "advice" in known else said["recommendation"]
    if fragmented:
        recommendation += " " + sentences()["fragmented"].format(count=len(active))
    sent = [use.finding.uploaded_bytes for use in spoken if use.finding.uploaded_bytes is not None]
    return Gap(
        capability=need.code,
        title=need.title,
        gap=need.gap,
        people=people,
        days=days,
        services=tuple(use.finding.service for use in spoken),
        toolset=names(need),
        recommendation=recommendation,
        evidence=said["evidence"],
        question=known["question"],
        fragmented=fragmented,
        need=known["need"],
        tool_people=_people(need.own) if need.own or need.seen else None,
        tool_days=_days(need.own) if need.own or need.seen else None,
        teams=tuple(sorted({one.team for one in _active(spoken) if one.team})),
        uploaded_bytes=sum(sent) if sent else None,
        lacking=need.lacking,
        doubt=doubts.of(need.code, people, spoken, need.tools, toolset, coverage),
    )


def _said(need: Need, people: int | None, days: int) -> Mapping[str, str]:
    """Evidence and recommendation, with the names in place."""
    lacks = [tool for tool in need.tools if tool.lacks]
    tool_people = _people(need.own)
    values: Mapping[str, Any] = {
        "people": words.people(people, need.whole).capitalize(),
        "days": words.count(days, "day"),
        "services": words.listed([use.finding.name for use in need.spoken]),
        "first": need.spoken[0].finding.name,
        "tools": words.listed(names(need)),
        "tool_people": words.people(tool_people, need.whole),
        "both": f"{words.people(len(need.both), people)} {'uses' if len(need.both) == 1 else 'use'} both" if need.both else "nobody uses both",
        "hardly": f"only {words.people(tool_people, need.whole)} {'was' if tool_people == 1 else 'were'} seen" if tool_people else "nobody was seen",
        "lacks": words.sentence(f"usual reasons: {'; '.join(tool.lacks for tool in lacks)}") + " " if lacks else "",
    }
    return {key: _said_as(text.format(**values)) for key, text in sentences()[_template(need)].items()}


def _said_as(text: str) -> str:
    """With a capital at the start of each sentence."""
    return ". ".join(part[:1].upper() + part[1:] for part in text.split(". "))


def _template(need: Need) -> str:
    if need.gap != "tool_beside":
        return need.gap
    return f"tool_beside_{need.lacking or 'unseen'}" if need.lacking or not need.own else "tool_beside"


def names(need: Need) -> tuple[str, ...]:
    """What is provided, by name: tools, and services the firm approved."""
    approved = [use.finding.name for use in need.own if use.finding.status in APPROVED]
    return tuple(dict.fromkeys([*(tool.name for tool in need.tools), *approved]))


def _active(uses: Iterable[Use]) -> list[PersonUse]:
    return [one for use in uses for one in use.finding.by_person if one.activity == "active"]


def _days(uses: Sequence[Use]) -> int:
    return len(frozenset[date]().union(*(use.days for use in uses)))


def _who(uses: Iterable[Use], activities: Iterable[str]) -> frozenset[str]:
    """Persons with one of these activities."""
    return frozenset(
        one.person for use in uses for one in use.finding.by_person if one.activity in activities and one.person and one.person_kind == "person"
    )


def _people(uses: Sequence[Use]) -> int | None:
    """People who actively use any of these, each counted once; None where a source cannot tell them apart."""
    if any(use.finding.active_people is None for use in uses):
        return None
    return counted(_active(uses)) or 0


@cache
def sentences() -> Mapping[str, Any]:
    """`gaps.toml`."""
    return toml("gaps.toml")
