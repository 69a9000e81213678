"""What an update of the catalogue changes, so that a changed finding can be explained: services, hosts and facts, old against new."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from discovery import catalogue
from discovery.catalogue import Catalogue, Entry, Fact

#: What a service is called and filed under.
_WORDS: Final = ("name", "vendor", "category", "capability", "probably")


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as a line of the report.

    Attributes:
        kind: service added, service removed, renamed, changed, host added, host removed, host moved, fact added, fact removed, fact changed.
        service: id of the service; of a host that is no service's, its kind and class ("background advertising").
        what: the host, or the name of the fact or field; of a service its name.
        before, after: in words; None where there was or is nothing.
    """

    kind: str
    service: str
    what: str
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return f"{self.kind}: {self.service}: {self.what}" + (f" ({self.before or self.after})" if self.before or self.after else "")
        return f"{self.kind}: {self.service}: {self.what}: {self.before} → {self.after}"

    def as_row(self) -> dict[str, str | None]:
        """For JSON."""
        return asdict(self)


def diff(old: Path, new: Path) -> list[Change]:
    """All changes from one catalogue (a folder or a compiled file) to another: services first, then hosts, then facts.

    Raises:
        CatalogueError: one of them cannot be read.
    """
    before, after = catalogue.read(old), catalogue.read(new)
    return [*_of_services(before, after), *_of_hosts(before, after), *_of_facts(before, after)]


def _of_services(old: Catalogue, new: Catalogue) -> Iterator[Change]:
    successors = _successors(old, new)
    for gone in sorted(old.services.keys() - new.services.keys()):
        to = successors.get(gone)
        yield Change("renamed", gone, old.services[gone].name, gone, to) if to else Change("service removed", gone, old.services[gone].name)
    for come in sorted(new.services.keys() - old.services.keys() - set(successors.values())):
        yield Change("service added", come, new.services[come].name)
    for same in sorted(old.services.keys() & new.services.keys()):
        before, after = old.services[same], new.services[same]
        for word in _WORDS:
            if getattr(before, word) != getattr(after, word):
                kind = "renamed" if word == "name" else "changed"
                yield Change(kind, same, word, _in_words(getattr(before, word)), _in_words(getattr(after, word)))


def _successors(old: Catalogue, new: Catalogue) -> dict[str, str]:
    """Services that are gone under their id and whose name is another new one's name or alias."""
    come = new.services.keys() - old.services.keys()
    names = {name.casefold(): service for service in come for name in (new.services[service].name, *new.services[service].aliases)}
    gone = old.services.keys() - new.services.keys()
    return {service: names[name] for service in gone if (name := old.services[service].name.casefold()) in names}


def _of_hosts(old: Catalogue, new: Catalogue) -> Iterator[Change]:
    before, after = old.domains, new.domains
    yield from (Change("host removed", _owner(before[host]), host, _role(before[host])) for host in sorted(before.keys() - after.keys()))
    yield from (Change("host added", _owner(after[host]), host, None, _role(after[host])) for host in sorted(after.keys() - before.keys()))
    for host in sorted(before.keys() & after.keys()):
        was, becomes = _place(before[host]), _place(after[host])
        if was != becomes:
            yield Change("host moved", _owner(after[host]), host, was, becomes)


def _owner(entry: Entry) -> str:
    return entry.id if entry.kind == "service" else f"{entry.kind} {entry.id}"


def _role(entry: Entry) -> str | None:
    return entry.role


def _place(entry: Entry) -> str:
    return f"{_owner(entry)}, {entry.role}" if entry.role else _owner(entry)


def _of_facts(old: Catalogue, new: Catalogue) -> Iterator[Change]:
    for service in sorted(old.services.keys() & new.services.keys()):
        before, after = old.services[service].facts, new.services[service].facts
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                yield _of_fact(service, name, before.get(name), after.get(name))


def _of_fact(service: str, name: str, before: Fact | None, after: Fact | None) -> Change:
    kind = "fact added" if before is None else "fact removed" if after is None else "fact changed"
    return Change(kind, service, name, _told(before) if before else None, _told(after) if after else None)


def _told(fact: Fact) -> str:
    return f"{_in_words(fact.value)} ({fact.source}, {fact.date}, {fact.confidence:g})"


def _in_words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def summary(changes: list[Change]) -> Mapping[str, int]:
    """How many changes of each kind, in the order of the report."""
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    return counts
