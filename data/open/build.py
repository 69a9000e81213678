"""Carry services over in bulk from the openly licensed lists that README.md names: run as `python data/open/build.py FACTS`.

FACTS is a folder with `facts.ndjson` and `facts_listdomains.ndjson` (a domain, its name, votes for its function, facts with the id of their
source), `background.ndjson` and `sources.json`. Written are `data/catalogue/<category>.open.jsonl` and what is missing in `data/background.jsonl`.
What somebody wrote by hand always wins: a service whose domain or name stands in `data/catalogue/<category>.jsonl` is left out here,
so the build is repeated when those files have grown.
"""

# ruff: noqa: INP001 (run by hand, beside its data)

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import carry
from publicsuffixlist import PublicSuffixList

DATA: Final = Path(__file__).resolve().parents[1]
SURE: Final = 0.6  # a function voted with less is marked
WEAK: Final = 0.5  # what a single broad list is worth

#: Functions of the lists under other names than ours.
FUNCTIONS: Final = {"url_shortener": "short_link", "tunnel_ddns": "tunnel", "legal": "esign"}
#: Lists of bare domains that name one kind of service and little else.
SINGLE_PURPOSE: Final = {
    "vpn_proxy": {"maltrail", "nextdns-bypass", "shadowwh-tunnels"},
    "short_link": {"sublime-url_shorteners", "misp-url-shortener", "misp-link-in-bio", "shadowwh-urlshortener"},
    "tunnel": {"misp-dynamic-dns", "shadowwh-dynamic", "maltrail", "v2fly"},
    "remote_access": {"shadowwh-remote", "jischell"},
    "ai_assistant": {"shadowwh-ai", "v2fly"},
}

Row = dict[str, Any]


@dataclass
class Taken:
    """What is spoken for: domains, the domains above them, names and ids of services, and private or background domains."""

    domains: dict[str, str] = field(default_factory=dict)  # domain -> id
    owners: dict[str, set[str]] = field(default_factory=dict)  # domain above one of them -> vendors
    names: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def add(self, service: Row) -> None:
        """Take note of a service."""
        self.ids.add(service["id"])
        self.names |= {_plain(name) for name in (service["name"], *service.get("aliases", ()))}
        for host in _hosts(service):
            self.domains[host] = service["id"]
            for suffix in _suffixes(host):
                if "." in suffix and suffix != host:
                    self.owners.setdefault(suffix, set()).add(service["vendor"])


def main(facts: Path) -> None:
    """Write the services, then the background hosts."""
    judged, taken = _judged(), _taken()
    categories = {code: name for name, category in _categories().items() for code in category["capabilities"]}
    dates = {name: source["date"] for name, source in json.loads((facts / "sources.json").read_text(encoding="utf-8")).items()}
    services: dict[str, list[Row]] = {name: [] for name in _categories()}
    for row in _rows(facts):
        made = _service(row, judged, taken, categories, dates)
        if made:
            services[made["category"]].append(made)
    for category, made_here in services.items():
        _write(DATA / "catalogue" / f"{category}.open.jsonl", sorted(made_here, key=lambda one: str(one["id"])))
    background = DATA / "background.jsonl"
    _write(background, carry.background(_read(background), facts / "background.ndjson", taken.domains))
    sys.stdout.write("".join(f"{category}: {len(made)}\n" for category, made in services.items()))


def _rows(facts: Path) -> Iterator[Row]:
    """Named services first, the most popular of them first, then bare domains."""
    named = _read(facts / "facts.ndjson")
    yield from sorted(named, key=lambda row: (row.get("rank", 10**9), row["domain"]))
    bare = _read(facts / "facts_listdomains.ndjson")
    yield from sorted(bare, key=lambda row: (row.get("rank", 10**9), row["domain"]))


def _service(row: Row, judged: carry.Judged, taken: Taken, categories: Mapping[str, str], dates: Mapping[str, str]) -> Row | None:
    domain = row["domain"]
    capability, confidence = _capability(row, judged)
    if capability not in categories or domain in judged.left_out or not _free(domain, taken, judged):
        return None
    name = carry.name(row, judged)
    if "name" in row and _plain(name) in taken.names:
        return None
    service_id = carry.identity(name, domain, taken.ids)
    vendor = next(iter(taken.owners.get(domain, ())), None) or carry.vendor(row, name)
    role = "visit" if domain in taken.owners else carry.role(row, capability, judged)  # by hand somebody named the hosts below it that are used
    made: Row = {"id": service_id, "name": name, "vendor": vendor, "category": categories[capability], "capability": capability}
    if confidence < SURE:
        made["capability_confidence"] = confidence
    made |= {"sources": carry.sources(row, dates, own=domain in judged.capability), "domains": {role: [domain, *_more(row, taken)]}}
    taken.add(made)
    return made | {"facts": carry.facts(row, dates)}


def _capability(row: Row, judged: carry.Judged) -> tuple[str, float]:
    """What it is used for, and how sure that is."""
    domain, function = row["domain"], FUNCTIONS.get(row["function"], row["function"]) or ""
    if domain in judged.capability:
        return judged.capability[domain], 1.0
    if "name" not in row:
        lists = SINGLE_PURPOSE.get(function, set()) & set(row["sources"])
        bare = not row.get("rank") or function in {"short_link", "remote_access", "ai_assistant", "tunnel"}
        return (function, 0.7 if len(lists) > 1 else WEAK) if lists and bare and domain == _registrable(domain) else ("", 0.0)
    strongest = row["function_votes"].get(row["function"], 0.0)
    return function, round(min(row["function_conf"], WEAK if strongest < 1 else 1.0), 2)


def _free(domain: str, taken: Taken, judged: carry.Judged) -> bool:
    """Whether nobody else speaks for the domain, one above it or one below it."""
    above = set(_suffixes(domain))
    if above & taken.domains.keys() or domain in taken.others or _suffix_list().is_public(domain) or _everybody().is_public(domain):
        return False
    if len(taken.owners.get(domain, ())) > 1:
        return False
    return not above & taken.others or domain in judged.capability


def _more(row: Row, taken: Taken) -> list[str]:
    """Further domains of the same service that nobody else speaks for."""
    found = sorted({host for host in carry.further(row) if not set(_suffixes(host)) & (taken.domains.keys() | taken.others)})
    return [host for host in found if host not in taken.owners and host != row["domain"] and not _everybody().is_public(host) and not _shared(host)]


def _shared(host: str) -> bool:
    return any(suffix in carry.SHARED for suffix in _suffixes(host))


def _taken() -> Taken:
    taken = Taken()
    for path in sorted((DATA / "catalogue").glob("*.jsonl")):
        for service in _read(path) if not path.stem.endswith(".open") else ():
            taken.add(service)
    taken.others = {entry["domain"] for kind in ("private", "background") for entry in _read(DATA / f"{kind}.jsonl")}
    return taken


def _judged() -> carry.Judged:
    table = tomllib.loads((DATA / "open" / "judged.toml").read_text(encoding="utf-8"))
    return carry.Judged(
        {domain: code for code, domains in table["capability"].items() for domain in domains.split()},
        {domain for domains in table["left_out"].values() for domain in domains.split()},
        set(table["only_visited"]["domains"].split()),
        set(table["embedded"]["domains"].split()),
        table["name"],
    )


def _categories() -> dict[str, Any]:
    return tomllib.loads((DATA / "categories.toml").read_text(encoding="utf-8"))


def _hosts(service: Row) -> list[str]:
    return [host for hosts in service["domains"].values() for host in hosts]


def _suffixes(domain: str) -> Iterator[str]:
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()) or name


def _registrable(domain: str) -> str:
    return _suffix_list().privatesuffix(domain) or domain


_LISTS: Final = (PublicSuffixList(only_icann=True), PublicSuffixList())


def _suffix_list() -> PublicSuffixList:
    return _LISTS[0]


def _everybody() -> PublicSuffixList:
    """With the suffixes below which a hosting service's customers have their names."""
    return _LISTS[1]


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
