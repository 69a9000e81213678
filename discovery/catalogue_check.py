"""Find the mistakes in the catalogue's files before they become findings: each with file, line and a sentence.

`check` reads the files themselves, not the compiled form, so it can name the line, and it goes on after a mistake, so it names them all.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from publicsuffixlist import PublicSuffixList

from discovery import catalogue_build, catalogue_edition, shipped
from discovery.catalogue_build import ROLES, Record
from discovery.errors import CatalogueError

#: Hosts that carry the files of many firms: a name below them may belong to a service, they themselves never do.
SHARED_HOSTS: Final = frozenset({
    "akamai.net", "akamaiedge.net", "akamaihd.net", "akamaized.net", "amazonaws.com", "azureedge.net", "azurefd.net", "b-cdn.net",
    "blob.core.windows.net", "cdn77.org", "cloudfront.net", "cloudflare.net", "core.windows.net", "edgecastcdn.net", "edgekey.net",
    "edgesuite.net", "fastly.net", "fastlylb.net", "firebaseio.com", "googleapis.com", "googleusercontent.com", "gstatic.com",
    "jsdelivr.net", "s3.amazonaws.com", "stackpathcdn.com", "storage.googleapis.com", "trafficmanager.net", "unpkg.com", "windows.net",
})  # fmt: skip

_KEYS: Final = ("id", "name", "vendor", "category", "capability", "capability_confidence", "also", "aliases", "about", "sources", "domains", "facts")
_OPTIONAL: Final = frozenset({"capability_confidence", "also", "aliases", "about", "sources"})
_PLANS: Final = frozenset({"free", "business"})
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_SOURCE: Final = re.compile(r"[a-z0-9_-]+|https://[^\s/]+\.[^\s/]+/\S*")
_DATES: Final = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}


class _Claim(NamedTuple):
    """A domain as somebody wrote it down."""

    domain: str
    owner: str  # service id, or "background" or "private"
    vendor: str
    role: str | None
    record: Record


def check(place: Path | None = None) -> list[str]:
    """Every mistake in a catalogue as "file:line: sentence"; an empty list is good.

    Args:
        place: its folder, or the file of an update; the one in use unless told otherwise.
    """
    try:
        sources = catalogue_edition.sources(place or catalogue_edition.in_use())
        services, hosts, categories = _read(sources)
        made = catalogue_edition.made(sources.get(catalogue_edition.EDITION))
    except CatalogueError as error:
        return [str(error)]
    problems = [
        *(f"{record.place}: {problem}" for record in services for problem in _of_service(record, categories)),
        *(f"{record.place}: {problem}" for record in hosts for problem in _of_host(record)),
        *_order(services, "id"),
        *_order(hosts, "domain"),
        *_across([*_claims(services), *_claims(hosts)]),
        *_early(services, made),
    ]
    return sorted(problems, key=_by_place)


def _read(sources: Mapping[str, bytes]) -> tuple[list[Record], list[Record], dict[str, Any]]:
    services: list[Record] = []
    hosts: list[Record] = []
    for file, content in sources.items():
        if file.endswith(".jsonl"):
            (services if file.startswith("catalogue/") else hosts).extend(catalogue_build.read_lines(file, content))
    return services, hosts, catalogue_build.read_categories(sources["categories.toml"])


def _by_place(problem: str) -> tuple[str, int, str]:
    file, line, sentence = problem.split(":", 2)
    return file, int(line), sentence


# One service


def _of_service(record: Record, categories: Mapping[str, Any]) -> Iterator[str]:
    fields = record.fields
    wrong = [key for key in fields if key not in _KEYS]
    missing = [key for key in _KEYS if key not in fields and key not in _OPTIONAL]
    yield from (f"unknown key {key!r}." for key in wrong)
    yield from (f"{key!r} is missing." for key in missing)
    if wrong or missing:
        return
    if list(fields) != [key for key in _KEYS if key in fields]:
        yield f"the keys are not in the usual order ({', '.join(_KEYS)})."
    yield from _of_words(record, categories)
    yield from _of_domains(fields["domains"])
    for key, fact in fields["facts"].items():
        yield from (f"fact {key!r}: {problem}" for problem in _of_fact(key, fact))


def _of_words(record: Record, categories: Mapping[str, Any]) -> Iterator[str]:
    fields = record.fields
    if not _ID.fullmatch(fields["id"]):
        yield f"the id {fields['id']!r} should be lower-case words joined by hyphens."
    if any(not str(fields[key]).strip() for key in ("name", "vendor", "about") if key in fields):
        yield "name, vendor and about must say something."
    if fields["category"] != Path(record.file).name.partition(".")[0]:
        yield f"category {fields['category']!r} belongs in {fields['category']}.jsonl."
    if "about" not in fields and not fields.get("sources"):
        yield "'about' is missing; only a service with 'sources' may go without."
    if not 0 < fields.get("capability_confidence", 1) <= 1:
        yield "capability_confidence lies above 0 and up to 1."
    own = categories.get(fields["category"], {}).get("capabilities", {})
    known = {code for category in categories.values() for code in category["capabilities"]}
    if fields["capability"] not in own:
        yield f"category {fields['category']!r} has no capability {fields['capability']!r}."
    yield from (f"unknown capability {code!r} in 'also'." for code in fields.get("also", ()) if code not in known)
    if fields["capability"] in fields.get("also", ()):
        yield f"'also' repeats the capability {fields['capability']!r}."


def _of_domains(domains: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from (f"unknown role {role!r}." for role in domains if role not in ROLES)
    yield from (f"role {role!r} is empty: leave it out." for role, hosts in domains.items() if not hosts)
    if not any(domains.values()):
        yield "a service needs at least one domain."
    for host in (host for hosts in domains.values() for host in hosts):
        yield from _of_name(host)
        yield from _of_suffix(host)
        if host in SHARED_HOSTS:
            yield f"{host!r} is shared by many firms; name the host below it that belongs to this service."


def _of_fact(key: str, fact: Mapping[str, Any]) -> Iterator[str]:
    plan, _, name = key.rpartition(".")
    kind = _vocabulary().get(name)
    if kind is None or (plan and plan not in _PLANS):
        yield "no such fact (see discovery/facts.toml)."
        return
    if set(fact) != {"value", "source", "date", "confidence"}:
        yield "a fact has value, source, date and confidence, and nothing else."
        return
    if not _fits(fact["value"], kind):
        yield f"{fact['value']!r} is not a value it can have ({kind['kind']})."
    if not isinstance(fact["source"], str) or not _SOURCE.fullmatch(fact["source"]):
        yield "the source is neither the id of a list (data/README.md) nor the address of a page (https://…)."
    if not _is_date(fact["date"]):
        yield f"{fact['date']!r} is not a date (YYYY, YYYY-MM or YYYY-MM-DD)."
    if isinstance(fact["confidence"], bool) or not isinstance(fact["confidence"], int | float) or not 0 < fact["confidence"] <= 1:
        yield "confidence lies above 0 and up to 1."


def _fits(value: object, kind: Mapping[str, Any]) -> bool:
    words: Sequence[str] = kind.get("words", ())
    fits: Mapping[str, bool] = {
        "yes_no": isinstance(value, bool),
        "word": value in words,
        "words": isinstance(value, list) and all(isinstance(word, str) and (not words or word in words) for word in value),
        "country": isinstance(value, str) and bool(re.fullmatch("[A-Z]{2}", value)),
        "year": type(value) is int and 1600 < value < 2100,  # noqa: PLR2004 (a typing mistake, not a year)
        "breaches": isinstance(value, list) and all(isinstance(breach, dict) and set(breach) == {"year", "what"} for breach in value),
        "text": isinstance(value, str) and bool(value.strip()),
    }
    return fits[kind["kind"]]


def _is_date(text: object) -> bool:
    if not isinstance(text, str) or len(text) not in _DATES:
        return False
    try:
        datetime.strptime(text, _DATES[len(text)])  # noqa: DTZ007
    except ValueError:
        return False
    return True


# One background host or private site


def _of_host(record: Record) -> Iterator[str]:
    fields = record.fields
    missing = [key for key in ("domain", "class", "source") if not isinstance(fields.get(key), str) or not fields[key].strip()]
    yield from (f"{key!r} is missing." for key in missing)
    yield from (f"unknown key {key!r}." for key in fields if key not in ("domain", "class", "title", "source"))
    if "domain" not in missing:
        yield from _of_name(fields["domain"])


def _of_name(name: str) -> Iterator[str]:
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():  # noqa: PLR2004
        yield f"{name!r} is not a host name (lower case, A-labels, no scheme, path, port or wildcard)."


def _of_suffix(name: str) -> Iterator[str]:
    if _public_suffixes().is_public(name):
        yield f"{name!r} is a public suffix: anyone can have a name below it."


# All of them together


def _order(records: Iterable[Record], key: str) -> Iterator[str]:
    """Lines are sorted and every key stands once in its file."""
    last: dict[str, str] = {}
    for record in records:
        before, this = last.get(record.file), str(record.fields.get(key, ""))
        if before is not None and this < before:
            yield f"{record.place}: {this!r} should stand before {before!r} (lines are sorted by {key})."
        last[record.file] = this


def _early(services: Iterable[Record], made: date | None) -> Iterator[str]:
    """Nothing is known from after the day on which the catalogue says it was made."""
    dates = [(str(fact.get("date", "")), record) for record in services for fact in record.fields.get("facts", {}).values()]
    newest, record = max(dates, key=itemgetter(0), default=("", None))
    if made and record and newest > made.isoformat()[: len(newest)]:
        yield f"{record.place}: a fact is of {newest}, after the day in {catalogue_edition.EDITION} ({made})."


def _claims(records: Iterable[Record]) -> Iterator[_Claim]:
    for record in records:
        fields = record.fields
        if "domain" in fields:
            yield _Claim(str(fields["domain"]), record.file.removesuffix(".jsonl"), "", None, record)
            continue
        for role, hosts in fields.get("domains", {}).items():
            yield from (_Claim(host, str(fields.get("id")), str(fields.get("vendor")), role, record) for host in hosts)


def _across(claims: Sequence[_Claim]) -> Iterator[str]:
    first: dict[str, _Claim] = {}
    ids: dict[str, Record] = {}
    for claim in claims:
        before = first.setdefault(claim.domain, claim)
        if before is not claim:
            yield f"{claim.record.place}: {claim.domain!r} is already claimed by {before.owner!r} ({before.record.place})."
        if claim.role and ids.setdefault(claim.owner, claim.record) is not claim.record:
            yield f"{claim.record.place}: the id {claim.owner!r} is already taken ({ids[claim.owner].place})."
            ids[claim.owner] = claim.record  # say it once for this line
    for claim in first.values():
        above = _above(claim.domain, first)
        if above and claim.role:
            yield from _nested(claim, above)


def _above(domain: str, claims: Mapping[str, _Claim]) -> _Claim | None:
    """The claim that would match this domain if its own were not there."""
    parent = domain.partition(".")[2]
    while parent:
        if parent in claims:
            return claims[parent]
        parent = parent.partition(".")[2]
    return None


def _nested(claim: _Claim, above: _Claim) -> Iterator[str]:
    others = above.role and above.owner != claim.owner and above.vendor != claim.vendor
    if others and not _tenant_suffixes().is_public(above.domain):
        yield f"{claim.record.place}: {claim.domain!r} lies below {above.domain!r} of {above.owner!r}, which is another vendor's."


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(shipped.beside("discovery", "facts.toml").read_text(encoding="utf-8"))


@cache
def _public_suffixes() -> PublicSuffixList:
    """Suffixes that registries hand out names below."""
    return PublicSuffixList(only_icann=True)


@cache
def _tenant_suffixes() -> PublicSuffixList:
    """These and the suffixes that a hosting service gives its customers (github.io): what lies below them is the customer's."""
    return PublicSuffixList()
