"""A change of the rules of risk in words, for the page where it is made and for every report it was in force for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from discovery.catalogue import Catalogue
from rules.factors import rules
from rules.findings import Assessment


@dataclass(frozen=True, slots=True)
class Said:
    """One change that was in force: what, how it counts now, why, and since which day. Who made it is not told: reports name nobody."""

    title: str
    effect: str
    note: str
    since: str


def title(kind: str, key: str, catalogue: Catalogue) -> str:
    """What is weighed: "Second factor for Files"."""
    match kind:
        case "service":
            return catalogue.services[key].name if key in catalogue.services else key
        case "times":
            factor, _, group = key.partition(":")
            return f"{title('factor', factor, catalogue)} for {group_title(group, catalogue)}"
        case "factor":
            name = next((factor.title for factor in rules().factors if factor.id == key), key)
            return f"{name[:1].upper()}{name[1:]}"
    return key


def effect(kind: str, value: float) -> str:
    """How it counts: "counts 2 times as much"."""
    match kind:
        case "level":
            return f"begins at {value:g}"
        case "service":
            return f"{value:+g} {'point' if abs(value) == 1 else 'points'}".replace("-", "\N{MINUS SIGN}")
    return "does not count" if not value else f"counts {value:g} times" + (" as much" if kind == "factor" else " its points")


def group_title(code: str, catalogue: Catalogue) -> str:
    """The title of a category or a capability."""
    return catalogue.categories[code].title if code in catalogue.categories else catalogue.capabilities.get(code, code)


def in_force(judged: Assessment, catalogue: Catalogue) -> tuple[Said, ...]:
    """The changes that an assessment was made with."""
    changed: Sequence[dict[str, Any]] = judged.rules_in_force.get("weights", ())
    return tuple(
        Said(title(one["kind"], one["key"], catalogue), effect(one["kind"], one["value"]), one["note"], (one["at"] or "")[:10]) for one in changed
    )
