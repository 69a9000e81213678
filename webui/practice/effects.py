"""What a changed template would mean for each client, in words, before anybody applies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from discovery import store as kept
from discovery.store import Store
from discovery.store.tables import Client
from rules import practice, queries
from rules.kept.queries import own_weights
from rules.practice import Effect, Own, Template
from rules.practice.queries import own_clauses
from rules.register import in_force
from webui import firm, words
from webui.practice.queries import summaries

#: Ends what changes for people: it is told first.
_USED: Final = ", in use there"

#: Tools that are named.
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Told:
    """What one client would notice, and what it keeps as its own."""

    client: Client
    changes: tuple[str, ...]
    keeps: tuple[str, ...]


def own_of(store: Store, client: Client) -> Own:
    """What a client says of its own."""
    return Own(client.toolset, in_force(queries.own_history(store, client)), own_weights(store, client), own_clauses(store, client))


def told(store: Store, before: Template, after: Template, names: Mapping[str, str]) -> list[Told]:
    """What each client would notice, by name of the client.

    Args:
        names: id of a service -> its name.
    """
    in_use = {number: frozenset(summary.services) for number, (_, summary) in summaries(store).items()}
    found = []
    for client in kept.clients(store):
        effects = practice.effect(own_of(store, client), before, after)
        said = [(effect, _in_words(effect, names, in_use=effect.key in in_use.get(client.id, ()))) for effect in effects]
        changes = tuple(text for _, text in sorted((one for one in said if one[0].own is None), key=lambda one: not one[1].endswith(_USED)))
        found.append(Told(client, changes, tuple(text for effect, text in said if effect.own is not None)))
    return found


def in_one_sentence(found: list[Told]) -> str:
    """All of it in one sentence."""
    changed, keeping = sum(bool(one.changes) for one in found), sum(bool(one.keeps) for one in found)
    if not found:
        return "There is no client yet whom this could change."
    keep = f" {keeping:,} {words.verb(keeping, 'keeps', 'keep')} something of {words.verb(keeping, 'its', 'their')} own." if keeping else ""
    return f"This changes {changed:,} of {words.plural(len(found), 'client')}.{keep}"


def _in_words(effect: Effect, names: Mapping[str, str], *, in_use: bool) -> str:
    """One change, or what the client keeps instead of it."""
    if effect.part == "toolset":
        return "What it provides" if effect.own else f"Provided: {_tools(effect.after)}{_instead(_tools(effect.before) if effect.before else '')}"
    if effect.part == "clause":
        what = "new" if effect.before is None else "taken out" if effect.after is None else "reworded"
        return f"Clause “{effect.key}”: {'its own words' if effect.own is not None else what}"
    if effect.part == "weight":
        kind, _, key = effect.key.partition(" ")
        name = f"Weight of {names.get(key, key) if kind == 'service' else f'{kind} “{key}”'}"
        return f"{name}: stays {effect.own}" if effect.own else f"{name}: {effect.after or 'as shipped'}{_instead(effect.before or 'as shipped')}"
    then, now, own = (words.STATUSES[status].lower() if status else "undecided" for status in (effect.before, effect.after, effect.own))
    name, used = names.get(effect.key, effect.key), _USED if in_use else ""
    if effect.own:
        return f"{name}: stays {own}"
    return f"{name}: {'other terms' if then == now else now + _instead(then if effect.before else '')}{used}"


def _instead(before: str) -> str:
    return f" instead of {before}" if before else ""


def _tools(toml: str | None) -> str:
    names = firm.provided(toml).names if toml else []
    return words.listed(names, most=_MOST if len(names) > _MOST + 1 else None) or "nothing"
