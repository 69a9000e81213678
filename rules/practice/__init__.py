"""What a practice hands to all its clients: toolset, decisions, weights and clauses. A client's effective value is its own, else the template's.

A client's own word is never overridden: whoever decided on a service, entered a toolset or changed a weight keeps that, whatever the template
says later. `effect` tells what a changed template would mean for a client before anybody applies it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from rules.register import Decision, Register
from rules.weights import Weight

#: Parts of a template, in the order in which they are told.
PARTS: Final = ("toolset", "decision", "weight", "clause")

_DECISION: Final = ("service", "status", "owner", "reason", "conditions", "review_by", "decided_at", "decided_by", "account", "data_held")
_WEIGHT: Final = ("kind", "key", "value", "note", "changed_by", "changed_at")


@dataclass(frozen=True, slots=True)
class Template:
    """What is handed to the clients.

    Attributes:
        toolset: TOML as of `rules.toolset`; blank: none.
        decisions: one for each service and class of account at most.
        weights: one for each kind and key at most.
        clauses: heading -> text, see `rules.clauses`.
    """

    toolset: str = ""
    decisions: tuple[Decision, ...] = ()
    weights: tuple[Weight, ...] = ()
    clauses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Template":
        """The template from what `plain` made of it."""
        decisions = tuple(Decision(**_read(one), inherited=True) for one in plain.get("decisions", ()))
        weights = tuple(Weight(**_read(one), inherited=True) for one in plain.get("weights", ()))
        return cls(plain.get("toolset", ""), decisions, weights, dict(plain.get("clauses", {})))

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return {
            "toolset": self.toolset,
            "decisions": [_written(asdict(one), _DECISION) for one in self.decisions],
            "weights": [_written(asdict(one), _WEIGHT) for one in self.weights],
            "clauses": dict(self.clauses),
        }

    def deciding(self, made: Decision) -> "Template":
        """With a decision, in place of the one for the same service and class of account."""
        others = (one for one in self.decisions if (one.service, one.account) != (made.service, made.account))
        return replace(self, decisions=tuple(sorted((*others, made), key=lambda one: (one.service, one.account))))

    def without(self, service: str) -> "Template":
        """Without any decision on a service."""
        return replace(self, decisions=tuple(one for one in self.decisions if one.service != service))

    def weighing(self, change: Weight) -> "Template":
        """With a weight; one without a value is taken out."""
        others = (one for one in self.weights if (one.kind, one.key) != (change.kind, change.key))
        kept = (*others, change) if change.value is not None else tuple(others)
        return replace(self, weights=tuple(sorted(kept, key=lambda one: (one.kind, one.key))))

    def saying(self, heading: str, text: str) -> "Template":
        """With a clause; an empty one is taken out."""
        others = {name: said for name, said in self.clauses.items() if name != heading}
        return replace(self, clauses={**others, heading: text} if text else others)


@dataclass(frozen=True, slots=True)
class Own:
    """What a client says of its own; empty where it says nothing and inherits. `register` is what of its own decisions is in force."""

    toolset: str = ""
    register: Register = field(default_factory=Register)
    weights: tuple[Weight, ...] = ()
    clauses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a changed template means for one client in one thing.

    Attributes:
        part: one of `PARTS`.
        key: id of the service, kind and key of the weight, heading of the clause; empty for the toolset.
        before, after: what was and would be inherited (a status, TOML, a number, a text); None: nothing.
        own: what the client keeps instead; None: it follows the template.
    """

    part: str
    key: str
    before: str | None
    after: str | None
    own: str | None = None


def toolset(own: str, template: Template) -> str:
    """The effective toolset."""
    return own if own.strip() else template.toolset


def weights(own: Sequence[Weight], template: Template) -> tuple[Weight, ...]:
    """The effective weights. Where levels begin belongs together: a client with any of its own inherits none."""
    said = {(one.kind, one.key) for one in own}
    levels = any(one.kind == "level" for one in own)
    handed = (one for one in template.weights if (one.kind, one.key) not in said and not (levels and one.kind == "level"))
    return tuple(sorted((*own, *handed), key=lambda one: (one.kind, one.key)))


def clauses(own: Mapping[str, str], template: Template) -> dict[str, str]:
    """The effective clauses, by heading."""
    return {**template.clauses, **own}


def effect(own: Own, before: Template, after: Template) -> list[Effect]:
    """What a client would notice if `after` took the place of `before`, and what it keeps as its own."""
    return [*_toolset(own, before, after), *_decisions(own, before, after), *_weights(own, before, after), *_clauses(own, before, after)]


def _toolset(own: Own, before: Template, after: Template) -> Iterator[Effect]:
    if before.toolset != after.toolset:
        yield Effect("toolset", "", before.toolset or None, after.toolset or None, own.toolset if own.toolset.strip() else None)


def _decisions(own: Own, before: Template, after: Template) -> Iterator[Effect]:
    then, now = ({(one.service, one.account): one for one in template.decisions} for template in (before, after))
    for key in sorted(then.keys() | now.keys()):
        if _terms(then.get(key)) != _terms(now.get(key)):
            mine = own.register.about(key[0])
            yield Effect("decision", key[0], _status(then.get(key)), _status(now.get(key)), mine[0].status if mine else None)


def _weights(own: Own, before: Template, after: Template) -> Iterator[Effect]:
    then, now = ({(one.kind, one.key): one.value for one in template.weights} for template in (before, after))
    mine = {(one.kind, one.key): one.value for one in own.weights}
    levels = any(kind == "level" for kind, _ in mine)
    for kind, name in sorted(then.keys() | now.keys()):
        key = (kind, name)
        if then.get(key) != now.get(key):
            kept = _number(mine[key]) if key in mine else "its own levels" if levels and kind == "level" else None
            yield Effect("weight", f"{kind} {name}", _number(then.get(key)), _number(now.get(key)), kept)


def _clauses(own: Own, before: Template, after: Template) -> Iterator[Effect]:
    for heading in sorted(before.clauses.keys() | after.clauses.keys()):
        if before.clauses.get(heading) != after.clauses.get(heading):
            yield Effect("clause", heading, before.clauses.get(heading), after.clauses.get(heading), own.clauses.get(heading))


def _terms(decision: Decision | None) -> tuple[object, ...] | None:
    """What of a decision a client would notice."""
    if decision is None:
        return None
    return (decision.status, decision.owner, decision.reason, decision.conditions, decision.review_by, decision.data_held)


def _status(decision: Decision | None) -> str | None:
    return decision.status if decision else None


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _written(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value := values[name], date) else value for name in names}


def _read(plain: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(plain)
    for name, kind in (("review_by", date), ("decided_at", datetime), ("changed_at", datetime)):
        if values.get(name):
            values[name] = kind.fromisoformat(values[name])
    return values
