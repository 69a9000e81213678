"""Read one factor of `risk.toml` for one service: how many points, how far that is believed, and the sentence that says so."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from discovery import shipped
from discovery.catalogue import Fact, Service
from rules.words import count, people, sentence, size


@dataclass(frozen=True, slots=True)
class Exposure:
    """How this firm uses a service. None is "not known".

    Attributes:
        activity: the strongest among its people.
        active_people: people who use it actively.
        people: people in the firm, or seen; what `active_people` is a share of.
        active_days: days with active use.
        working_days: Monday to Friday in the period.
        uploaded_bytes: sent to it.
        refused: requests that the network refused.
        late_days, late_working_days: the same days in the last two weeks of the period.
        provided: whether something the firm provides does the same job.
    """

    activity: str
    active_people: int | None
    people: int | None
    active_days: int
    working_days: int
    uploaded_bytes: int | None
    refused: int = 0
    late_days: int = 0
    late_working_days: int = 0
    provided: bool | None = None


class Override(NamedTuple):
    """Points that a firm adds to a service or takes off it, why, and who says so."""

    points: float
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Factor:
    """A table `[factor.*]` of `risk.toml`; the keys are explained there."""

    id: str
    part: str
    title: str
    facts: Sequence[str] = ()
    reads: str = "value"
    times: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unknown: Mapping[str, Any] | None = None
    curve: Sequence[tuple[float, float]] = ()
    points: float = 0.0
    text: str = ""
    none: str = ""
    recent_years: int = 0
    weight: float = 1.0
    own_times: Mapping[str, float] = field(default_factory=dict)

    def times_for(self, service: Service) -> float:
        """How much it counts for this service; `weight` and `own_times` are the firm's own multiples, whatever is shipped."""
        keys = (service.capability, service.category, "all")
        return self.weight * next((table[key] for table in (self.own_times, self.times) for key in keys if key in table), 1.0)

    @property
    def range(self) -> tuple[float, float]:
        """The least and the most points it can have."""
        possible = [entry["points"] for entry in self.values.values()] or [points for _, points in self.curve] or [0.0, self.points]
        return min(possible), max(possible)


class Said(NamedTuple):
    """What a factor says of a service: points (None: not known), how far that is believed (0 to 1), in words, and who says so.

    `verified` is False where only general knowledge says so.
    """

    points: float | None
    trust: float
    text: str
    source: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class RiskRules:
    """`risk.toml` and `capabilities.toml`."""

    levels: Mapping[str, int]
    parts: Mapping[str, str]
    trust: Mapping[str, float]
    activity: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, Sequence[str]]
    factors: tuple[Factor, ...]
    capabilities: Mapping[str, Mapping[str, Any]]
    overrides: Mapping[str, Override] = field(default_factory=dict)

    def read(self, factor: Factor, service: Service, exposure: Exposure | None, on: date, plan: str) -> Said:
        """What a factor says, on that day and of that plan."""
        if factor.part == "use":
            return _of_use(factor, exposure) if exposure else _unknown(factor)
        if factor.reads == "capability":
            known = self.capabilities[service.capability]
            return Said(factor.points * known["stake"], 1.0, factor.text.format(value=known["handles"]), "rules/capabilities.toml")
        facts = [fact for name in factor.facts or (factor.id,) if (fact := service.fact(name, plan))]
        return max((self._of_fact(factor, fact, on) for fact in facts), key=lambda said: said.points or 0.0, default=_unknown(factor))

    def place(self, code: str) -> str:
        """The group of a country or region: home, adequate, watched or elsewhere."""
        return next((group for group, codes in self.places.items() if code in codes), "elsewhere")

    def level(self, score: float) -> str:
        """The word for a score."""
        return [level for level, start in self.levels.items() if max(round(score), 0) >= start][-1]

    def key_of(self, factor: Factor, fact: Fact, on: date) -> tuple[str, str]:
        """Which entry of the factor's `values` a fact is, and the fact in words."""
        return _READINGS[factor.reads](fact.value, factor, self, on)

    def _of_fact(self, factor: Factor, fact: Fact, on: date) -> Said:
        key, value = self.key_of(factor, fact, on)
        entry = factor.values[key]
        source = f"{fact.source}, {fact.date}" if fact.verified else f"general knowledge, {fact.date}, not verified"
        trust = fact.confidence * self.trust["verified" if fact.verified else "editor"]
        return Said(entry["points"], trust, entry["text"].format(value=value), source, fact.verified)


@cache
def rules() -> RiskRules:
    """The shipped rules."""
    table = toml("risk.toml")
    factors = tuple(Factor(id=key, **entry) for key, entry in table.pop("factor").items())
    return RiskRules(factors=factors, capabilities=toml("capabilities.toml"), **table)


def toml(name: str) -> dict[str, Any]:
    """A file of rules."""
    return tomllib.loads(shipped.beside("rules", name).read_text(encoding="utf-8"))


def _unknown(factor: Factor) -> Said:
    text = factor.unknown["text"] if factor.unknown else factor.title
    return Said(None, 0.0, f"Not known: {text}.", "not known")


# Readings of a fact: the key in the factor's `values`, and the value in words

_Reading = Callable[[Any, Factor, RiskRules, date], tuple[str, str]]


def _value(value: Any, _factor: Factor, _rules: RiskRules, _on: date) -> tuple[str, str]:  # noqa: ANN401
    key = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return key, key


def _places(value: Any, _factor: Factor, table: RiskRules, _on: date) -> tuple[str, str]:  # noqa: ANN401
    codes = [value] if isinstance(value, str) else list(value)
    order = ("watched", "elsewhere", "adequate", "home")
    return min((table.place(code) for code in codes), key=order.index, default="elsewhere"), ", ".join(codes)


def _any(value: Any, _factor: Factor, _rules: RiskRules, _on: date) -> tuple[str, str]:  # noqa: ANN401
    return "some" if value else "none", ", ".join(value)


def _breaches(value: Any, factor: Factor, _rules: RiskRules, on: date) -> tuple[str, str]:  # noqa: ANN401
    if not value:
        return "none", ""
    latest = max(value, key=lambda breach: breach["year"])
    return "recent" if on.year - latest["year"] <= factor.recent_years else "old", f"{latest['year']}, {latest['what']}"


_READINGS: Final[Mapping[str, _Reading]] = {"value": _value, "places": _places, "any": _any, "breaches": _breaches}


# Readings of the use


def _of_use(factor: Factor, exposure: Exposure) -> Said:
    number, value = _amount(factor.reads, exposure)
    if number is None:
        return _unknown(factor)
    text = factor.text.format(value=value) if number else factor.none
    return Said(along(factor.curve, number), 1.0, sentence(text), "these logs")


def _amount(reads: str, exposure: Exposure) -> tuple[float | None, str]:
    """The number a curve starts from (None: not known), and how it is said. A share above 1, as of weekends worked, is as high as the curve goes."""
    sent, active, whole = exposure.uploaded_bytes, exposure.active_people, exposure.people
    amounts: Mapping[str, tuple[float | None, str]] = {
        "megabytes": (None if sent is None else sent / 1_000_000, size(sent or 0)),
        "days": (exposure.active_days / max(exposure.working_days, 1), count(exposure.active_days, "day")),
        "share": (active / whole if active is not None and whole else None, people(active, whole)),
        "refused": (exposure.refused, count(exposure.refused, "request")),
        "late": (exposure.late_days / max(exposure.late_working_days, 1), count(exposure.late_days, "day")),
        "missing": (None if exposure.provided is None else float(not exposure.provided), ""),
    }
    return amounts[reads]


def along(curve: Sequence[tuple[float, float]], x: float) -> float:
    """The height of a curve of straight lines at x; level before its first and after its last point."""
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 + (y1 - y0) * max(x - x0, 0.0) / (x1 - x0)
    return curve[-1][1]
