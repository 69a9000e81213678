"""What a firm changed in the shipped rules of risk: how much a factor counts, for all or for one category, levels, and points for one service.

Every change carries a note and who made it, is never overwritten (`rules.queries` keeps the history), and is printed with every assessment it
was in force for. A weight is never negative, so the laws of the score hold whatever a firm enters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from discovery.errors import GnomonError
from rules.factors import Override, RiskRules, rules

#: Kind -> the least and the most a value can be.
KINDS: Final = {"factor": (0.0, 3.0), "times": (0.0, 3.0), "level": (1.0, 100.0), "service": (-50.0, 50.0)}


@dataclass(frozen=True, slots=True)
class Weight:
    """One change.

    Attributes:
        kind: `factor` (a multiple of the shipped points), `times` (the same for one category or capability, in place of what `risk.toml` says of
            it), `level` (the score from which it begins) or `service` (points added or taken off).
        key: id of the factor, factor and category or capability as `pair` joins them, name of the level, or id of the service.
        value: None takes an earlier change back.
        note: why, in words.
        changed_by, changed_at: who and when (UTC).
        inherited: from the practice's template.
    """

    kind: str
    key: str
    value: float | None
    note: str
    changed_by: str = ""
    changed_at: datetime | None = None
    inherited: bool = False


def pair(factor: str, group: str) -> str:
    """The key of a factor's weight for a category or a capability."""
    return f"{factor}:{group}"


def check(change: Weight, before: Sequence[Weight] = ()) -> Weight:
    """The change, if it makes sense beside those in force before it.

    Raises:
        GnomonError: no such factor or level, a value out of bounds, no note, or levels that would no longer rise; the sentence says which.
    """
    if change.kind not in KINDS:
        raise GnomonError(f"“{change.kind}” cannot be weighed. It can be: {', '.join(KINDS)}.")
    kind, key = ("factor", change.key.partition(":")[0]) if change.kind == "times" else (change.kind, change.key)
    known = {"factor": [factor.id for factor in rules().factors], "level": list(rules().levels)[1:]}.get(kind)
    if known is not None and key not in known:
        raise GnomonError(f"There is no {kind} “{key}” in rules/risk.toml.")
    if not change.note.strip():
        raise GnomonError("Please say why in a sentence: it is printed with every assessment.")
    least, most = KINDS[change.kind]
    if change.value is not None and not least <= change.value <= most:
        raise GnomonError(f"The value has to lie between {least:g} and {most:g}.")
    starts = list(in_force((*_others(before, change), change)).levels.values())
    if any(after <= one for one, after in pairwise(starts)):
        raise GnomonError("Each level has to begin above the one below it.")
    return change


@lru_cache(maxsize=64)
def in_force(weights: tuple[Weight, ...] = ()) -> RiskRules:
    """The rules with these changes."""
    shipped = rules()
    chosen = {kind: {one.key: one for one in weights if one.kind == kind and one.value is not None} for kind in KINDS}
    factors = chosen["factor"]
    return replace(
        shipped,
        levels={level: int(_value(chosen["level"].get(level), start)) for level, start in shipped.levels.items()},
        factors=tuple(
            replace(factor, weight=_value(factors.get(factor.id), factor.weight), own_times=_times(chosen["times"].values(), factor.id))
            for factor in shipped.factors
        ),
        overrides={key: Override(_value(one, 0.0), one.note, _who(one)) for key, one in chosen["service"].items()},
    )


def as_facts(weights: Iterable[Weight]) -> list[dict[str, Any]]:
    """The changes as an assessment prints them."""
    return [
        {
            "kind": one.kind,
            "key": one.key,
            "value": one.value,
            "note": one.note,
            "by": one.changed_by,
            "at": one.changed_at.isoformat(timespec="seconds") if one.changed_at else None,
        }
        for one in sorted(weights, key=lambda one: (one.kind, one.key))
        if one.value is not None
    ]


def _times(weights: Iterable[Weight], factor: str) -> dict[str, float]:
    """Category or capability -> how much the factor counts for it."""
    split = ((one.key.partition(":"), one.value) for one in weights)
    return {group: value for (id_, _, group), value in split if id_ == factor and value is not None}


def _others(weights: Iterable[Weight], change: Weight) -> tuple[Weight, ...]:
    return tuple(one for one in weights if (one.kind, one.key) != (change.kind, change.key))


def _value(weight: Weight | None, shipped: float) -> float:
    return shipped if weight is None or weight.value is None else weight.value


def _who(weight: Weight) -> str:
    return ("the practice" if weight.inherited else "the firm") + (f", {weight.changed_at:%Y-%m-%d}" if weight.changed_at else "")
