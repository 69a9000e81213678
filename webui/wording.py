"""Clauses of a client's draft policy in somebody's own words: shipped, the practice's, or the client's."""

from dataclasses import dataclass

from discovery.store import Store
from discovery.store.tables import Client
from rules.clauses import general
from rules.practice.queries import own_clauses, template


@dataclass(frozen=True, slots=True)
class Wording:
    """One clause as this client's policy has it; no text: it is left out.

    Attributes:
        whose: `client`, `practice` or `shipped`.
    """

    heading: str
    text: str
    whose: str


def of(store: Store, client: Client) -> list[Wording]:
    """Every clause that can be worded: the general ones, then what the practice and the client added."""
    own, handed_on = own_clauses(store, client), template(store).clauses
    found = []
    for heading in dict.fromkeys((*general(), *handed_on, *own)):
        whose = "client" if heading in own else "practice" if heading in handed_on else "shipped"
        text = {"client": own, "practice": handed_on, "shipped": general()}[whose][heading]
        found.append(Wording(heading, text, whose))
    return found
