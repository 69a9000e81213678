"""The client's own word on services: what the catalogue lacks, what it calls otherwise, which hosts are background there, and its own sites.

It is laid over the shipped catalogue, whichever edition that is, and wins. A host's entry speaks for everything below it; only background and private
entries of the catalogue below it stay, for those are nobody's use. What it contradicts is told by `contradictions`.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from discovery.catalogue import Catalogue, Entry, Service
from discovery.errors import GnomonError
from discovery.matching import LOCAL_SUFFIXES, canonical, is_address, registrable

#: What a host can be said to be. A service's host has a service and a role; the others are never counted as use.
MEANINGS: Final = ("service", "background", "own_site")

#: Before the ids of services that only the client has, so that no edition of the catalogue ever takes one.
PREFIX: Final = "own-"

_FILE: Final = "the client's own services"
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST: Final = 253

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class OwnService:
    """A service of the client's own, or what it says otherwise about one of the catalogue (then None: as the catalogue has it)."""

    id: str
    name: str | None
    capability: str | None
    added_at: datetime
    added_by: str

    @property
    def ours(self) -> bool:
        """Whether only the client has it."""
        return self.id.startswith(PREFIX)


@dataclass(frozen=True, slots=True)
class OwnHost:
    """A host, with everything below it, and what it is here; `service` and `role` where it means a service."""

    domain: str
    means: str
    service: str | None
    role: str | None
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Own:
    """Everything a client says: services by id, hosts by domain."""

    services: Mapping[str, OwnService] = field(default_factory=dict)
    hosts: Mapping[str, OwnHost] = field(default_factory=dict)

    def hosts_of(self, service: str) -> list[OwnHost]:
        """The hosts that the client gave to a service."""
        return [host for host in self.hosts.values() if host.service == service]

    @property
    def version(self) -> str:
        """The same for the same word, whoever said it when."""
        said = [[asdict(one) for one in those.values()] for those in (self.services, self.hosts)]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where the client's word stands against the catalogue's, or has lost its ground: about what, and in words."""

    about: str  # id of the service, or the domain
    text: str


def merged(catalogue: Catalogue, own: Own) -> Catalogue:
    """The catalogue with the client's word laid over it; its version tells both."""
    if not own.services and not own.hosts:
        return catalogue
    services = _Over(dict(_services(catalogue, own)), catalogue.services)
    said = {host.domain: entry for host in own.hosts.values() if (entry := _entry(host, services)) is not None}
    below = tuple(f".{domain}" for domain in said)
    kept = {name: entry for name, entry in catalogue.domains.items() if entry.kind != "service" or not name.endswith(below)} if below else {}
    return Catalogue(f"{catalogue.version}+{own.version}", services, catalogue.categories, {**(kept or catalogue.domains), **said})


def _services(catalogue: Catalogue, own: Own) -> Iterator[tuple[str, Service]]:
    shelves = {code: (name, shelf.title) for name, shelf in catalogue.categories.items() for code in shelf.capabilities}
    for one in own.services.values():
        category, title = shelves.get(one.capability or "", ("", ""))
        known = catalogue.services.get(one.id)
        if known is None and one.ours and one.name and title:
            yield one.id, _of_ours(one, own, category, title)
        elif known is not None:
            yield one.id, _changed(known, one, category, title)


def _of_ours(one: OwnService, own: Own, category: str, title: str) -> Service:
    domains: dict[str, tuple[str, ...]] = {}
    for host in own.hosts_of(one.id):
        domains[host.role or "use"] = (*domains.get(host.role or "use", ()), host.domain)
    about = f"Added by the client on {one.added_at.day} {one.added_at:%B %Y}; the catalogue does not know it."
    return Service(one.id, one.name or "", one.name or "", category, title, one.capability or "", (), (), about, domains, {})


def _changed(known: Service, one: OwnService, category: str, title: str) -> Service:
    if one.name:
        known = replace(known, name=one.name, aliases=(*known.aliases, known.name))
    if one.capability and title:
        known = replace(known, capability=one.capability, category=category, category_title=title, capability_confidence=1.0)
    return known


def _entry(host: OwnHost, services: Mapping[str, Service]) -> Entry | None:
    if host.means != "service":
        return Entry("background", host.means, None, None, _FILE, 0)
    if host.service is None or host.service not in services:
        return None
    return Entry("service", host.service, host.role or "use", None, _FILE, 0)


class _Over(Mapping[str, Value]):
    """A mapping laid over another."""

    def __init__(self, over: Mapping[str, Value], under: Mapping[str, Value]) -> None:
        self._over, self._under = over, under

    def __getitem__(self, key: str) -> Value:
        return self._over[key] if key in self._over else self._under[key]

    def __iter__(self) -> Iterator[str]:
        yield from self._under
        yield from (key for key in self._over if key not in self._under)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def contradictions(catalogue: Catalogue, own: Own) -> list[Contradiction]:
    """What the client says against the catalogue, and what no longer stands on anything.

    Args:
        catalogue: the shipped one.
        own: the client's word.
    """
    found: list[Contradiction] = []
    for one in own.services.values():
        known = catalogue.services.get(one.id)
        if known is None and not one.ours:
            found.append(Contradiction(one.id, "The catalogue no longer has this service, so there is nothing to change."))
        elif one.capability and one.capability not in catalogue.capabilities:
            found.append(Contradiction(one.id, "The catalogue no longer has this need; please choose another."))
        elif known is not None:
            found.append(Contradiction(one.id, f"The catalogue calls it {known.name}, for {catalogue.capabilities[known.capability]}. Yours counts."))
    return [*found, *(Contradiction(host.domain, text) for host in own.hosts.values() if (text := _against(catalogue, host)))]


def _against(catalogue: Catalogue, host: OwnHost) -> str:
    domain, entry = _nearest(catalogue, host.domain)
    below = sum(one.kind == "service" and name.endswith(f".{host.domain}") for name, one in catalogue.domains.items())
    if entry is not None and entry.kind == "service" and entry.id != host.service:
        return f"The catalogue takes it for {catalogue.services[entry.id].name}. Yours counts."
    if entry is not None and entry.kind == "background" and host.means == "service":
        return f"The catalogue takes it for background ({entry.id.replace('_', ' ')}). Yours counts."
    if entry is not None and domain == host.domain and entry.role != host.role and host.means == "service":
        return f"The catalogue gives it another part (“{entry.role}”). Yours counts."
    return f"The catalogue knows {below} hosts below it as a service's. Yours counts." if below else ""


def _nearest(catalogue: Catalogue, name: str) -> tuple[str, Entry | None]:
    """The longest entry that is the name or a parent of it."""
    while name and name not in catalogue.domains:
        name = name.partition(".")[2]
    return name, catalogue.domains.get(name)


def checked_domain(text: str, catalogue: Catalogue) -> str:
    """A host as it is kept, from what somebody typed or pasted, be it a whole address of a page.

    Raises:
        GnomonError: it is no host that somebody could own, or a private matter, which is never counted for anybody.
    """
    name = canonical(re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower()).partition("/")[0].rpartition("@")[2])
    labels = name.split(".")
    if len(name) > _LONGEST or len(labels) < 2 or is_address(name) or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004 (a name and its ending)
        raise GnomonError(f"“{text.strip()[:80]}” is not the name of a site. It looks like example.com or app.example.com.")
    if registrable(name) is None and labels[-1] not in LOCAL_SUFFIXES:
        raise GnomonError(f"“{name}” is an ending that many firms share, not the name of one site.")
    _, entry = _nearest(catalogue, name)
    if entry is not None and entry.kind == "private":
        raise GnomonError(f"“{name}” is a private matter. Gnomon never counts it for anybody, so it cannot become a service.")
    return name
