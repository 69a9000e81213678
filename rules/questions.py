"""The classic questions to a list of services, as `questions.toml` puts them: yes, no, or not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from discovery.catalogue import Service
from rules.factors import Factor, RiskRules, rules, toml

Condition = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its short title, the question in words, and when a service is among the answers."""

    id: str
    title: str
    question: str
    when: tuple[Condition, ...]

    def answer(self, service: Service, on: date, plan: str = "free") -> bool | None:
        """Whether the service is among the answers; None: not known."""
        found = [_all([_holds(key, fits, service, on, plan) for key, fits in entry.items()]) for entry in self.when]
        return True if True in found else None if None in found else False


@cache
def questions() -> Mapping[str, Question]:
    """The shipped questions by id, in their order."""
    return {id_: Question(id_, entry["title"], entry["question"], tuple(entry["when"])) for id_, entry in toml("questions.toml").items()}


def answers(service: Service, on: date, plan: str = "free") -> tuple[frozenset[str], frozenset[str]]:
    """Ids of the questions that a service is an answer to, and of those where that is not known."""
    said = {id_: question.answer(service, on, plan) for id_, question in questions().items()}
    return frozenset(id_ for id_, one in said.items() if one), frozenset(id_ for id_, one in said.items() if one is None)


def _all(parts: Sequence[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def _holds(key: str, fits: Sequence[str], service: Service, on: date, plan: str) -> bool | None:
    if key in {"capability", "category"}:
        return getattr(service, key) in fits
    table = rules()
    factor = next((factor for factor in table.factors if factor.id == key), Factor(key, "", key))
    read = [_key(table, factor, service, name, on, plan) for name in factor.facts or (factor.id,)]
    known = [one for one in read if one is not None]
    return any(one in fits for one in known) if known else None


def _key(table: RiskRules, factor: Factor, service: Service, name: str, on: date, plan: str) -> str | None:
    fact = service.fact(name, plan)
    return None if fact is None else table.key_of(factor, fact, on)[0]
