"""The technology roadmap: for every gap what to do about it, what that would bring, and in which quarter.

`roadmap.toml` holds the rules and explains them. Risk removed is never estimated: the services an item touches are scored now and again as they
would be afterwards, by the same rules, and the item says both scores of each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from math import ceil
from typing import Any, Final

from discovery.catalogue import Catalogue
from rules import words
from rules.factors import rules, toml
from rules.findings import Rescored, Step
from rules.gaps import Need, Use, names
from rules.toolset import Toolset, suites

#: How a service would score on its business plan, once the people, days and uploads of these uses come to it.
Score = Callable[[str, Sequence[Use]], int]

_MONTHS_A_QUARTER: Final = 3

#: Actions that leave what is used as it is.
_CLOSING_NOTHING: Final = frozenset({"accept", "guide"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What the rules chose for a need.

    Attributes:
        action, because: the action and the rule's reason, in words.
        tool: what people are given, by name.
        target: its id in the catalogue; None: it is none, or leaves no trace of its own.
    """

    need: Need
    action: str
    because: str
    tool: str
    target: str | None


def steps(needs: Iterable[Need], toolset: Toolset, catalogue: Catalogue, score: Score, last: date | None) -> tuple[Step, ...]:
    """The roadmap in its order.

    Args:
        needs: every need, as `gaps.needs` gives them.
        toolset: what the firm provides.
        catalogue: of services, for names and prices.
        score: how a service would score.
        last: last day of the logs, from which quarters are counted; None: no quarter is given. What is accepted has none either: it is no work.
    """
    made = [_step(_chosen(need, toolset, catalogue, score), catalogue, score) for need in needs if need.gap != "covered"]
    work, accepted = ([step for step in made if (step.action == "accept") == is_so] for is_so in (False, True))
    return (*_in_quarters(_ordered(work), last), *_ordered(accepted))


def options(needs: Iterable[Need], toolset: Toolset, catalogue: Catalogue, score: Score) -> tuple[Step, ...]:
    """For every need that is not covered, each action that could be taken, with what it would bring; for a discussion in which people choose.

    Args:
        needs, toolset, catalogue, score: as for `steps`.
    """
    return tuple(
        _option(choice, catalogue, score) for need in needs if need.gap != "covered" for choice in _possible(need, toolset, catalogue, score)
    )


def quarters(last: date) -> list[str]:
    """The quarters a roadmap covers, for logs that end on that day."""
    first = last + timedelta(days=table()["starts_after_days"])
    number = first.year * 4 + (first.month - 1) // _MONTHS_A_QUARTER
    return [f"{n // 4}-Q{n % 4 + 1}" for n in range(number, number + table()["quarters"])]


@cache
def table() -> Mapping[str, Any]:
    """`roadmap.toml`."""
    return toml("roadmap.toml")


# What to do


def _chosen(need: Need, toolset: Toolset, catalogue: Catalogue, score: Score) -> Choice:
    larger = _larger_suite(need.code, toolset)
    chosen = {use.service.id: score(use.service.id, need.instead) for use in need.instead}
    facts = {
        "gap": need.gap,
        "policy": rules().capabilities[need.code].get("policy"),
        "lacking": need.lacking,
        "falls_short": any(tool.lacks for tool in need.tools),
        "people": need.people,
        "highest": max(use.finding.risk.score for use in need.instead),
        "upgrade": larger is not None,
        "business": min(chosen.values()),
    }
    rule = next(rule for rule in table()["rule"] if _fits(rule["when"], facts))
    liked = next((id_ for id_, points in chosen.items() if points < rule["when"].get("business_below", 0)), None)
    return _given(need, rule["action"], rule["because"], catalogue, score, larger, liked)


def _possible(need: Need, toolset: Toolset, catalogue: Catalogue, score: Score) -> Iterable[Choice]:
    """The actions of `[options]` that there is something to do with: no larger plan where none covers the need. The rules' own choice as it is."""
    chosen = _chosen(need, toolset, catalogue, score)
    larger = _larger_suite(need.code, toolset)
    least = min(need.instead, key=lambda use: score(use.service.id, need.instead)).service.id
    for action in table()["options"][rules().capabilities[need.code].get("policy", need.gap)]:
        if action == chosen.action:
            yield chosen
        elif action != "upgrade" or larger:
            yield _given(need, action, "", catalogue, score, larger, least)


def _option(choice: Choice, catalogue: Catalogue, score: Score) -> Step:
    made = _worded(choice, catalogue, _rescored(choice, catalogue, score))
    return replace(made, id=f"{made.id}:{choice.action}")


def _fits(when: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    tests: Mapping[str, Callable[[Any], bool]] = {
        "highest_below": lambda limit: facts["highest"] < limit,
        "highest_from": lambda limit: facts["highest"] >= limit,
        "business_below": lambda limit: facts["business"] < limit,
        "people_up_to": lambda most: facts["people"] is not None and facts["people"] <= most,
    }
    return all(
        tests[key](value) if key in tests else facts[key] in value if isinstance(value, list) else facts[key] == value for key, value in when.items()
    )


def _given(need: Need, action: str, because: str, catalogue: Catalogue, score: Score, larger: str | None, liked: str | None) -> Choice:
    """The tool that an action gives people."""
    match action:
        case "license":
            return Choice(need, action, because, catalogue.services[liked or ""].name, liked)
        case "upgrade":
            suite = suites()[larger or ""]
            tool = next(tool for tool in suite.tools if need.code in tool.capabilities)
            return Choice(need, action, because, suite.name, next(iter(tool.services), None))
        case "adopt":
            sold = {service for suite in suites().values() for tool in suite.tools if need.code in tool.capabilities for service in tool.services}
            found = _best(sorted(service for service in sold if service in catalogue.services), need, score)
            return Choice(need, action, because, catalogue.services[found[1]].name if found else "", found[1] if found else None)
        case "restrict" | "guide" | "accept":
            return Choice(need, action, because, "", None)
    traced = [service for tool in need.tools for service in tool.services] + [use.service.id for use in need.own]
    return Choice(need, action, because, words.listed(names(need)), next(iter(traced), None))


def _best(services: Sequence[str], need: Need, score: Score) -> tuple[int, str] | None:
    """The service that would score lowest with everybody on its business plan, with that score."""
    return min(((score(service, need.instead), service) for service in services), default=None)


def _larger_suite(capability: str, toolset: Toolset) -> str | None:
    """The smallest plan that includes a suite the firm has, and covers the capability."""
    shipped = suites()
    larger = [id_ for id_, suite in shipped.items() if id_ not in toolset.suites and set(suite.includes) & set(toolset.suites)]
    covering = [id_ for id_ in larger if capability in shipped[id_].capabilities]
    return min(covering, key=lambda id_: len(shipped[id_].tools), default=None)


# What it would bring


def _step(choice: Choice, catalogue: Catalogue, score: Score) -> Step:
    made = _worded(choice, catalogue, _rescored(choice, catalogue, score))
    if choice.action not in _CLOSING_NOTHING and made.removed <= 0:
        because = f"to {made.title[:1].lower()}{made.title[1:]} would remove no risk"
        return _worded(replace(choice, action="accept", because=because), catalogue, ())
    return made


def _rescored(choice: Choice, catalogue: Catalogue, score: Score) -> tuple[Rescored, ...]:
    if choice.action in _CLOSING_NOTHING:
        return ()
    closed = [use for use in choice.need.instead if use.service.id != choice.target]
    parts = [Rescored(use.service.id, use.finding.name, use.finding.risk.score, 0) for use in closed]
    if choice.target in catalogue.services:
        there = [use for use in (*choice.need.own, *choice.need.instead) if use.service.id == choice.target]
        now = there[0].finding.risk.score if there else 0
        merged = [*there, *closed]
        parts.append(Rescored(str(choice.target), catalogue.services[str(choice.target)].name, now, score(str(choice.target), merged)))
    return tuple(parts)


def _worded(choice: Choice, catalogue: Catalogue, parts: tuple[Rescored, ...]) -> Step:
    need, action = choice.need, table()["action"][choice.action]
    people = need.people
    left = [use.finding.name for use in need.instead if use.service.id != choice.target]
    known = rules().capabilities[need.code]
    lacks = "; ".join(tool.lacks for tool in need.tools if tool.lacks)
    values = {
        "tool": choice.tool,
        "services": words.listed(left, 2) if left else "nothing else",
        "people": "everybody who needs it" if people is None else words.people(people),
        "need": known["need"][:1].lower() + known["need"][1:],
        "title": need.title,
        "example": f", for example {choice.tool}" if choice.tool else "",
        "advice": known.get("advice", table()["advice"]),
        "lacks": words.sentence(f"what falls short today: {lacks}") + " " if lacks else "",
    }
    cost, stage = _price(choice, catalogue, action)
    waits = table()["waits_for"].get(need.code) if choice.action not in _CLOSING_NOTHING else None
    return Step(
        id=f"gap:{need.code}",
        capability=need.code,
        action=choice.action,
        title=action["title"].format(**values),
        text=" ".join(filter(None, (_sentences(action["text"].format(**values)), _uncounted(choice, parts)))),
        because=words.sentence(choice.because) if choice.because else "",
        stage=stage,
        cost=cost,
        effort=ceil(2 * (action["effort"] + action["effort_each"] * (people or 0))) / 2,
        people=people,
        closes=tuple(use.service.id for use in need.instead if use.service.id != choice.target) if choice.action not in _CLOSING_NOTHING else (),
        target=choice.target,
        parts=parts,
        waits_for=f"gap:{waits['need']}" if waits else "",
        waits_because=waits["because"] if waits else "",
        effort_because=_effort_in_words(action, people),
    )


def _effort_in_words(action: Mapping[str, Any], people: int | None) -> str:
    each = f" and {action['effort_each']:g} for each of {words.count(people, 'person', 'people')}" if people and action["effort_each"] else ""
    return f"{action['effort']:g} {'day' if action['effort'] == 1 else 'days'} for the firm{each}, rounded up to half a day."


def _uncounted(choice: Choice, parts: Sequence[Rescored]) -> str:
    """That the score of what people are given is missing in the sum, where it is."""
    if not parts or choice.target or choice.action == "restrict":
        return ""
    said = table()["uncounted"]
    return str(said["text"].format(tool=choice.tool) if choice.tool else said["nothing_chosen"])


def _price(choice: Choice, catalogue: Catalogue, action: Mapping[str, Any]) -> tuple[str, str]:
    """Cost class and stage: of what is bought, the price of its business plan, where it is known."""
    if choice.action not in {"license", "adopt"} or choice.target not in catalogue.services:
        return action["cost"], action["stage"]
    fact = catalogue.services[str(choice.target)].fact("price_class", "business")
    cost = action["cost"] if fact is None else {"free": "none"}.get(str(fact.value), str(fact.value))
    return cost, "project" if cost == "high" else action["stage"]


def _sentences(text: str) -> str:
    return ". ".join(part[:1].upper() + part[1:] for part in text.split(". "))


# In which order


def _ordered(made: Iterable[Step]) -> list[Step]:
    """By stage, then risk removed for each day of work; nothing before what it waits for."""
    stages = table()["stages"]
    wanted = sorted(made, key=lambda step: (stages.index(step.stage), -step.removed / max(step.effort, 0.5), -(step.people or 0), step.id))
    by_id, placed = {step.id: step for step in wanted}, dict[str, Step]()

    def place(step: Step) -> None:
        if step.id not in placed:
            if step.waits_for in by_id:
                place(by_id[step.waits_for])
            placed[step.id] = step

    for step in wanted:
        place(step)
    return list(placed.values())


def _in_quarters(ordered: Sequence[Step], last: date | None) -> Iterable[Step]:
    """Each step in the first quarter that has room for it and does not come before what it waits for."""
    if last is None:
        return ordered
    free = dict.fromkeys(quarters(last), float(table()["days_a_quarter"]))
    found: dict[str, Step] = {}
    for step in ordered:
        waits = found.get(step.waits_for)
        waiting = replace(step, waits_for=step.waits_for if waits else "", waits_because=step.waits_because if waits else "")
        at = _quarter(step.effort, free, waits.quarter if waits else "")
        free[at] -= step.effort
        found[step.id] = replace(waiting, quarter=at)
    return found.values()


def _quarter(effort: float, free: Mapping[str, float], not_before: str) -> str:
    open_ = [quarter for quarter in free if quarter >= not_before]
    whole = float(table()["days_a_quarter"])
    return next((quarter for quarter in open_ if free[quarter] >= effort or free[quarter] == whole), open_[-1])
