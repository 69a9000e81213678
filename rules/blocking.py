"""Which names a block or allow list may hold, given the decisions in force: only names that belong to one service alone.

A name stays off every block list when anything else stands on it: an approved, provided or undecided service, a background host, a public suffix.
What it means for a target to list a name is in `blocking.toml`; `webui.exports` writes the syntax.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from discovery.catalogue import Catalogue
from discovery.matching import registrable
from rules.factors import toml
from rules.register import ANY, APPROVED, Decision, Register

#: A name as every target can take it: labels of letters, digits and hyphens, the last no number (RFC 1123).
_NAME: Final = re.compile(r"(?=.{4,240}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What listing a name means on one target; see `blocking.toml`."""

    id: str
    title: str
    matches: str
    comments: bool
    allows: bool
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One name on a list, with the decision that put it there (None: the firm provides the service)."""

    domain: str
    service: str
    name: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A name of a service that stays off the list, and why, in words."""

    domain: str
    service: str
    why: str


@dataclass(frozen=True, slots=True)
class Lists:
    """A block list, an allow list, and what could not be blocked."""

    blocked: tuple[Entry, ...]
    allowed: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]


@cache
def meanings() -> Mapping[str, Meaning]:
    """What each target makes of a list, by id."""
    return {id_: Meaning(id=id_, **entry) for id_, entry in toml("blocking.toml").items()}


def lists(
    register: Register, catalogue: Catalogue, provided: Iterable[str], matches: str, day: date | None, seen: Mapping[str, Iterable[str]] | None = None
) -> Lists:
    """The lists that follow from the decisions.

    Args:
        register: what is in force.
        catalogue: which names belong to which service.
        provided: ids of services that the firm provides.
        matches: "suffix" or "host": what listing a name means.
        day: on which decisions are read.
        seen: service id -> its names in the logs: where exact names count, or a name above them is shared, these can still be stopped.
    """
    wanted = frozenset(provided) | {one.service for one in register.every() if one.status_on(day) in APPROVED}
    unwanted = {
        one.service: one
        for one in register.every()
        if one.account == ANY and one.status_on(day) == "not_approved" and one.service in catalogue.services and one.service not in wanted
    }
    names = _Names(catalogue, frozenset(unwanted), matches, seen or {})
    blocked, left_out = [], []
    for service, decision in unwanted.items():
        for domain in names.of(service):
            why = names.shared(domain, service)
            if why:
                left_out.append(LeftOut(domain, service, why))
            else:
                blocked.append(Entry(domain, service, catalogue.services[service].name, decision))
    allowed = [
        Entry(domain, service, catalogue.services[service].name, register.get(service))
        for service in sorted(wanted)
        if service in catalogue.services
        for domain in sorted({host for hosts in catalogue.services[service].domains.values() for host in hosts})
        if _NAME.fullmatch(domain) and registrable(domain)
    ]
    thin = _widest if matches == "suffix" else list
    return Lists(tuple(sorted(thin(blocked), key=_place)), tuple(sorted(thin(allowed), key=_place)), tuple(left_out))


@dataclass(frozen=True)
class _Names:
    """The names of services that are to be blocked, and what else stands on them."""

    catalogue: Catalogue
    unwanted: frozenset[str]
    matches: str
    seen: Mapping[str, Iterable[str]]

    def of(self, service: str) -> list[str]:
        """The service's own names: of the roles that whatif.toml says are blocked, and those seen in the logs."""
        domains = self.catalogue.services[service].domains
        own = {host for role in toml("whatif.toml")["roles"]["blocked"] for host in domains.get(role, ())}
        return sorted(own | set(self.seen.get(service, ())))

    def shared(self, domain: str, service: str) -> str:
        """Why a name stays off the list; empty where it need not."""
        if not _NAME.fullmatch(domain):
            return "It is no plain host name."
        if registrable(domain) is None:
            return "It is an ending under which many have their names."
        for below in self._standing_on(domain):
            entry = self.catalogue.domains[below]
            if entry.kind == "service" and entry.id != service and entry.id not in self.unwanted:
                return f"{self.catalogue.services[entry.id].name} stands on it too ({below})."
            if entry.kind == "background":
                return f"Programs need it in the background ({below})."
            if entry.kind == "private":
                return "Sites for private matters stand on it too."
        return ""

    def _standing_on(self, domain: str) -> Iterable[str]:
        if self.matches == "host":
            return [domain] if domain in self.catalogue.domains else []
        return _below(self.catalogue).get(domain, ())


_CACHED: dict[str, Mapping[str, list[str]]] = {}


def _below(catalogue: Catalogue) -> Mapping[str, list[str]]:
    """Each name -> the catalogue's names that are it or end in it."""
    if catalogue.version not in _CACHED:
        found: dict[str, list[str]] = {}
        for name in catalogue.domains:
            for ending in _endings(name):
                found.setdefault(ending, []).append(name)
        _CACHED.clear()
        _CACHED[catalogue.version] = found
    return _CACHED[catalogue.version]


def _endings(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


def _place(entry: Entry) -> tuple[str, str]:
    return entry.name.casefold(), entry.domain


def _widest(entries: Iterable[Entry]) -> list[Entry]:
    """Without names that another name on the list covers."""
    there = {entry.domain: entry for entry in entries}
    return [entry for name, entry in there.items() if not any(ending in there for ending in list(_endings(name))[1:])]
