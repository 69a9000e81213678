"""The catalogue: which online services exist, by which domains they are known, and what is known about them.

It is read from `data/catalogue/*.jsonl`, `data/background.jsonl` and `data/private.jsonl`, or from a signed update of them, compiled once to a
compact file in the user's cache folder and found there again by the hash of its sources. Services are unfolded from their line only when somebody
asks for one.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from discovery import catalogue_build, catalogue_edition
from discovery.catalogue_check import check

__all__ = ["ROLES", "Catalogue", "Category", "Entry", "Fact", "Service", "check", "load", "read"]

#: What a domain of a service is for. `use`: app, login, upload or API that a person works with; `sync`: agents that poll without anyone;
#: `embed`: widgets and trackers in other people's pages; `visit`: marketing and public documents; `infra`: static files that come along.
ROLES: Final = catalogue_build.ROLES

#: A capability that is less sure than this is shown as "probably".
SURE: Final = 0.6

FactValue: TypeAlias = bool | int | str | Sequence[Any]

#: Facts that a dearer plan may mend, and the value one wants.
_GOOD: Final[Mapping[str, FactValue]] = {
    "sso": True, "mfa": True, "admin_control": True, "audit_log": True, "dpa": True, "region_choice": True, "trains_on_input": "no",
    "public_links_default": False, "encryption_at_rest": True, "end_to_end": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known about a service.

    Attributes:
        value: see `facts.toml` for the kinds.
        source: id of the source, or "editor" for general knowledge of the field.
        date: YYYY, YYYY-MM or YYYY-MM-DD: when it was true.
        confidence: 0 to 1.
    """

    value: FactValue
    source: str
    date: str
    confidence: float = 1.0

    @property
    def verified(self) -> bool:
        """Whether it rests on a source that can be looked up, not on general knowledge alone."""
        return self.source != "editor"


@dataclass(frozen=True, slots=True)
class Service:
    """An online service. `facts` are keyed by fact name, with plan prefix where the fact holds for one plan only.

    `capability_confidence` says how sure the capability is, 0 to 1; `sources` are the lists that a service carried over in bulk is known from
    (empty: written by hand).
    """

    id: str
    name: str
    vendor: str
    category: str
    category_title: str
    capability: str
    also: tuple[str, ...]
    aliases: tuple[str, ...]
    about: str
    domains: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Fact]
    capability_confidence: float = 1.0
    sources: tuple[str, ...] = ()

    @property
    def probably(self) -> bool:
        """Whether its capability is only probable, and has to be shown so."""
        return self.capability_confidence < SURE

    @property
    def has_plans(self) -> bool:
        """Whether anything is known of the free plan and of the business plan by itself."""
        return {"free", "business"} <= {name.partition(".")[0] for name in self.facts}

    @property
    def upgrade_fixes(self) -> tuple[str, ...]:
        """Names of the facts that are known to be bad on the free plan and good on the business plan."""
        return tuple(name for name, good in _GOOD.items() if self._better(name, good))

    def _better(self, name: str, good: FactValue) -> bool:
        free, business = self.fact(name), self.fact(name, "business")
        return free is not None and business is not None and free.value != good == business.value

    def fact(self, name: str, plan: str = "free") -> Fact | None:
        """What is known on that plan, else for the service as a whole, else None (which means: not known)."""
        return self.facts.get(f"{plan}.{name}") or self.facts.get(name)


class Entry(NamedTuple):
    """One domain of the catalogue and where it stands.

    `id` is the service, or the class of a background host or private site; `role` is None for those.
    """

    kind: str  # service, background, private
    id: str
    role: str | None
    title: str | None  # of a background host: whose it is
    file: str
    line: int


class Category(NamedTuple):
    """A shelf of the catalogue: its title, and capability code -> title."""

    title: str
    capabilities: Mapping[str, str]


class _Services(Mapping[str, Service]):
    """Services by id, unfolded from their line of JSON when asked for."""

    def __init__(self, lines: Mapping[str, str], categories: Mapping[str, Category]) -> None:
        self._lines = lines
        self._categories = categories
        self._unfolded: dict[str, Service] = {}

    def __getitem__(self, key: str) -> Service:
        if key not in self._unfolded:
            self._unfolded[key] = _service(json.loads(self._lines[key]), self._categories)
        return self._unfolded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All services, all domains. `version` is the day it was made (else the newest date of a fact) and the start of the hash of its sources."""

    version: str
    services: Mapping[str, Service]
    categories: Mapping[str, Category]
    domains: Mapping[str, Entry]

    @cached_property
    def capabilities(self) -> Mapping[str, str]:
        """Capability code -> title."""
        return {code: title for category in self.categories.values() for code, title in category.capabilities.items()}

    def age(self, today: date) -> int | None:
        """Days since it was made; None where it does not say."""
        made = self.version.partition("+")[0]
        return (today - date.fromisoformat(made)).days if len(made) == len("2026-11-22") else None

    def search(self, text: str) -> list[Service]:
        """Services whose name, aliases, vendor, domains or description hold the text; the closest first, those written by hand before others."""
        wanted = text.strip().casefold()
        found = [(_closeness(service, wanted), service) for service in self.services.values()] if wanted else []
        hits = [hit for hit in found if hit[0] < _NO_MATCH]
        return [service for _, service in sorted(hits, key=lambda hit: (hit[0], bool(hit[1].sources), hit[1].name.casefold()))]

    def stats(self) -> Mapping[str, Any]:
        """Counts of services by category and capability, of domains by kind, and the share of services (all; by hand) each fact is known for."""
        return self._stats

    @cached_property
    def _stats(self) -> Mapping[str, Any]:
        services = list(self.services.values())
        by_hand = [service for service in services if not service.sources]
        return {
            "version": self.version,
            "services": len(services),
            "written_by_hand": len(by_hand),
            "with_both_plans": sum(service.has_plans for service in services),
            "probably": sum(service.probably for service in services),
            "by_category": dict(Counter(service.category for service in services)),
            "by_capability": {code: sum(service.capability == code for service in services) for code in self.capabilities},
            "domains": dict(Counter(entry.kind for entry in self.domains.values())),
            "roles": {role: sum(entry.role == role for entry in self.domains.values()) for role in ROLES},
            "facts": _coverage(services),
            "facts_written_by_hand": _coverage(by_hand),
            "verified_facts": sum(fact.verified for service in services for fact in service.facts.values()),
            "all_facts": sum(len(service.facts) for service in services),
        }


def _coverage(services: Sequence[Service]) -> dict[str, float]:
    """Name of a fact -> the share of services it is known for, on any plan."""
    names = Counter(name for service in services for name in {key.rpartition(".")[2] for key in service.facts})
    return {name: count / len(services) for name, count in names.most_common()}


def load(root: Path | None = None) -> Catalogue:
    """The catalogue under `root` (unless told otherwise the one in use: shipped, or a newer update; all of a process share it).

    Raises:
        CatalogueError: a file cannot be read as what it should be; the text names file, line and key.
    """
    if root is not None:
        return _catalogue(catalogue_build.compiled(root))
    place = catalogue_edition.in_use()
    return _in_use(place, catalogue_edition.state(place))


@lru_cache(maxsize=1)
def _in_use(place: Path, _state: frozenset[tuple[str, int, int]]) -> Catalogue:
    return _catalogue(catalogue_build.compiled(place))


def read(place: Path) -> Catalogue:
    """The catalogue in a data folder, in an update, or in a file of the compiled form.

    Raises:
        CatalogueError: it is neither, or cannot be read.
    """
    written = place.is_dir() or catalogue_edition.is_update(place)
    return load(place) if written else _catalogue(catalogue_build.read_compiled(place))


def _catalogue(compiled: Mapping[str, Any]) -> Catalogue:
    categories = {code: Category(**category) for code, category in compiled["categories"].items()}
    domains = dict(zip(compiled["domains"], map(Entry._make, compiled["domains"].values()), strict=True))
    return Catalogue(compiled["version"], _Services(compiled["services"], categories), categories, domains)


def _service(record: Mapping[str, Any], categories: Mapping[str, Category]) -> Service:
    category = categories[record["category"]]
    confidence = float(record.get("capability_confidence", 1))
    return Service(
        id=record["id"],
        name=record["name"],
        vendor=record["vendor"],
        category=record["category"],
        category_title=category.title,
        capability=record["capability"],
        also=tuple(record.get("also", ())),
        aliases=tuple(record.get("aliases", ())),
        about=record.get("about") or _about(category.capabilities.get(record["capability"], ""), confidence),
        domains={role: tuple(hosts) for role, hosts in record["domains"].items()},
        facts={name: Fact(**fact) for name, fact in record["facts"].items()},
        capability_confidence=confidence,
        sources=tuple(record.get("sources", ())),
    )


def _about(capability: str, confidence: float) -> str:
    """What can be said of a service that nobody described."""
    return f"Probably for: {capability}. The lists that name it do not settle it." if confidence < SURE else f"Listed under: {capability}."


_NO_MATCH: Final = 4


def _closeness(service: Service, wanted: str) -> int:
    names = [name.casefold() for name in (service.id, service.name, *service.aliases)]
    hosts = [host for hosts in service.domains.values() for host in hosts]
    if wanted in names or wanted in hosts:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(wanted in text for text in (*names, *hosts, service.vendor.casefold())):
        return 2
    return 3 if wanted in service.about.casefold() else _NO_MATCH
