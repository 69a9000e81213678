"""Names that read like a known service's: `evil-dropbox.com`, `dropbox.com.evil.example`, `dropb0x.com`, or Cyrillic letters in place of Latin ones.

They match nothing, for a suffix is cut at a dot (see `discovery.matching`); here they are found among the unknown domains and said so, with the
service they resemble and why. A name is a service's own where no other vendor's domain in the catalogue holds it, so that `monday-market.com`
raises no alarm. Every question is a look-up in an index that is made once for a catalogue; who else holds a name is asked only of names that matter.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate, chain
from typing import Any, Final, NamedTuple

from discovery.catalogue import Catalogue, Entry
from discovery.matching import registrable
from rules.factors import toml
from rules.findings import LooksLike

#: Roles of the domains that people know a service by.
_KNOWN_BY: Final = ("use", "visit")

#: Files of the catalogue that were carried over in bulk.
_IN_BULK: Final = ".open.jsonl"

#: Endings that registries run are short (co.uk, com.au); longer ones are hosting platforms, below which names are those of customers.
_LONGEST_ENDING: Final = 6


class _Brand(NamedTuple):
    """A registrable domain that people know a service by; `shared`: it houses several services of its vendor."""

    service: str
    domain: str
    shared: bool


@dataclass(frozen=True)
class _Known:
    """A catalogue as a key: two of one version are the same."""

    version: str
    catalogue: Catalogue = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Index:
    """What the names of a catalogue are compared by.

    Attributes:
        catalogue: where names and vendors stand.
        labels: what stands before the public suffix -> the brand.
        skeletons: how that reads -> the brand.
        words: labels long enough to mean it between hyphens, where only their own vendor's domains hold them.
        parts: those that mean it anywhere in a name.
        coined: those that nobody else would be called by, however short.
        bait: words beside a name that make people sign in or install something.
        shorter: labels as they stand and without one of their letters -> those labels.
        domains: the brands' whole domains.
        shortest, typo: how long a part, and a name with a typing error in it, must be.
        entries: all domains of the catalogue.
        names, begins: their first labels, a line each, and where each begins.
        own: label -> whether it is its vendor's own, as far as that was asked.
    """

    catalogue: Catalogue
    labels: Mapping[str, _Brand]
    skeletons: Mapping[str, str]
    words: frozenset[str]
    parts: frozenset[str]
    coined: frozenset[str]
    bait: frozenset[str]
    shorter: Mapping[str, tuple[str, ...]]
    domains: Mapping[str, _Brand]
    shortest: int
    typo: int
    entries: Sequence[Entry]
    names: str
    begins: Sequence[int]
    own: dict[str, bool] = field(default_factory=dict)

    def is_own(self, label: str) -> bool:
        """Whether no domain of another vendor in the catalogue holds a label, or the label was coined for one service."""
        if label in self.coined:
            return True
        if label not in self.own:
            self.own[label] = all(_same_house(self.catalogue, self.labels[label], entry) for entry in self._holding(label))
        return self.own[label]

    def _holding(self, label: str) -> Iterator[Entry]:
        """The domains whose first label begins or ends with this one, or has it between hyphens."""
        at = self.names.find(label)
        while at >= 0:
            number = bisect_right(self.begins, at) - 1
            name = self.names[self.begins[number] : self.begins[number + 1] - 1]
            if name.startswith(label) or name.endswith(label) or label in name.split("-"):
                yield self.entries[number]
            at = self.names.find(label, self.begins[number + 1])


def look_alikes(domains: Mapping[str, Iterable[str]], catalogue: Catalogue) -> dict[str, LooksLike]:
    """Those domains that read like a known service's.

    Args:
        domains: unknown registrable domain -> its hosts.
        catalogue: the one that does not know them.
    """
    index = _index(_Known(catalogue.version, catalogue))
    found = {domain: _of_hosts(domain, hosts, index) or _of_name(domain, index) for domain, hosts in domains.items()}
    return {domain: like for domain, like in found.items() if like is not None}


def _of_hosts(domain: str, hosts: Iterable[str], index: _Index) -> LooksLike | None:
    """Whether a host begins with the whole address of a service. Where several services do, it is a search suffix that was added, or a gateway."""
    before = (host.removesuffix(domain).rstrip(".") for host in hosts)
    found = {brand.domain: brand for labels in before if "." in labels for brand in _addresses(labels, index)}
    if len({_vendor(index.catalogue, brand) for brand in found.values()}) != 1:
        return None
    return _like(found[min(found)], "address", index, own=domain)


def _addresses(before: str, index: _Index) -> Iterator[_Brand]:
    """The brands whose domain is the end of these labels, before whatever more stands there."""
    labels = before.split(".")
    for end in range(len(labels), 1, -1):
        for start in (end - 2, end - 3):
            if start >= 0 and (brand := index.domains.get(".".join(labels[start:end]))) is not None:
                yield brand


def _of_name(domain: str, index: _Index) -> LooksLike | None:
    label = domain.partition(".")[0]
    read = _read(label)
    if read != label:
        return _of_script(read, index)
    return _same(label, index) or _baited(label, index) or _part(label, index) or _ending(domain, label, index) or _typo(label, index)


def _of_script(read: str, index: _Index) -> LooksLike | None:
    return _like(index.labels[found], "script", index, read=read) if (found := index.skeletons.get(_skeleton(read))) else None


def _same(label: str, index: _Index) -> LooksLike | None:
    found = index.skeletons.get(_skeleton(label))
    if found is None or label in index.labels:
        return None
    if label.replace("-", "") == found.replace("-", ""):
        return _like(index.labels[found], "hyphen", index) if found in index.words and index.is_own(found) else None
    return _like(index.labels[found], "signs", index)


def _part(label: str, index: _Index) -> LooksLike | None:
    held = _ends(label, index.parts, index.shortest)
    if "-" in label:
        held |= index.words.intersection(label.split("-"))
    found = max(sorted(filter(index.is_own, held)), key=len, default=None)
    return _like(index.labels[found], "part", index, part=found) if found else None


def _baited(label: str, index: _Index) -> LooksLike | None:
    """A coined name, however short, beside a word that makes people sign in or install something: zoom-meeting."""
    names = [word for word in label.split("-") if word not in index.bait]
    return _like(index.labels[names[0]], "part", index, part=names[0]) if len(names) == 1 and names[0] != label and names[0] in index.coined else None


def _ending(domain: str, label: str, index: _Index) -> LooksLike | None:
    """The whole name of a service, which no other vendor has, below another ending: dropbox.support."""
    if domain in index.domains or not (label in index.coined or (label in index.words and not index.labels[label].shared)):
        return None
    return _like(index.labels[label], "ending", index) if index.is_own(label) else None


def _ends(label: str, names: frozenset[str], shortest: int) -> set[str]:
    """The names that a label begins or ends with, itself not."""
    return set(names.intersection([end for size in range(shortest, len(label)) for end in (label[:size], label[-size:])]))


def _typo(label: str, index: _Index) -> LooksLike | None:
    """One letter added, left out, changed or changed places with its neighbour; what is a service's name itself is no error in another's."""
    near = () if label in index.labels else (label, *_shorter(label))
    known = () if index.shorter.keys().isdisjoint(near) else (label, *sorted(set(near[1:])))
    candidates = chain.from_iterable(index.shorter.get(short, ()) for short in known)
    found = next((one for one in candidates if one != label and _one_off(label, one) and index.is_own(one)), None)
    return _like(index.labels[found], "typo", index) if found else None


def _one_off(one: str, other: str) -> bool:
    """Whether two labels differ in one letter, or in the order of two neighbours (Damerau 1964)."""
    if abs(len(one) - len(other)) == 1:
        short, long = sorted((one, other), key=len)
        return short in _shorter(long)
    at = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    swapped = len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] == other[at[1]] and one[at[1]] == other[at[0]]  # noqa: PLR2004
    return len(one) == len(other) and (len(at) == 1 or swapped)


def _shorter(label: str) -> list[str]:
    return [label[:place] + label[place + 1 :] for place in range(len(label))]


def _like(brand: _Brand, why: str, index: _Index, **words: str) -> LooksLike:
    name = _vendor(index.catalogue, brand) if brand.shared else index.catalogue.services[brand.service].name
    sentence: str = _rules()["why"][why]
    return LooksLike(brand.service, name, brand.domain, sentence.format(domain=brand.domain, name=name, **words))


def _vendor(catalogue: Catalogue, brand: _Brand) -> str:
    return catalogue.services[brand.service].vendor


def _read(label: str) -> str:
    """A label as people read it: an A-label in its own letters."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:  # not a name that could be shown: it reads as it stands
        return label


def _skeleton(label: str) -> str:
    """What a label looks like (after Unicode Technical Standard 39, section 4): accents and hyphens gone, signs that read alike made one."""
    table, pairs = _reads()
    plain = label if label.isascii() else _without_accents(label)
    plain = plain.replace("-", "")
    for pair, reads in pairs:
        plain = plain.replace(pair, reads)
    return plain.translate(table)


def _without_accents(label: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", label.casefold()) if not unicodedata.combining(sign))


@lru_cache(maxsize=4)
def _index(known: _Known) -> _Index:
    catalogue, shortest = known.catalogue, _rules()["shortest"]
    brands = _brands(catalogue)
    labels: dict[str, _Brand] = {}
    for domain, brand in brands.items():
        labels.setdefault(domain.partition(".")[0], brand)
    named = labels.keys() - set(_rules()["ordinary"])
    coined = labels.keys() & set(_rules()["coined"])
    skeletons = {_skeleton(label): label for label in labels if len(label) >= shortest["same"] or label in coined}
    words = frozenset(label for label in named if len(label) >= shortest["word"])
    parts = frozenset(label for label in words if len(label) >= shortest["part"] and "-" not in label)
    first = [domain.partition(".")[0] for domain in catalogue.domains]
    begins = list(accumulate((len(name) + 1 for name in first), initial=0))
    return _Index(
        catalogue,
        labels,
        skeletons,
        words,
        parts,
        frozenset(coined),
        frozenset(_rules()["bait"]),
        _near(label for label in parts if len(label) >= shortest["typo"] or label in coined),
        brands,
        shortest["part"],
        shortest["typo"],
        entries=tuple(catalogue.domains.values()),
        names="\n".join(first),
        begins=begins,
    )


def _near(labels: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    near: dict[str, tuple[str, ...]] = {}
    for label in sorted(labels):
        for short in dict.fromkeys((label, *_shorter(label))):
            near[short] = (*near[short], label) if short in near else (label,)
    return near


def _brands(catalogue: Catalogue) -> dict[str, _Brand]:
    """Domains by which people know the services described by hand; those carried over in bulk are too many and too little known."""
    found: dict[str, _Brand] = {}
    for domain, entry in catalogue.domains.items():
        if entry.role in _KNOWN_BY and not entry.file.endswith(_IN_BULK):
            owned = registrable(domain)
            if owned and len(owned.partition(".")[2]) <= _LONGEST_ENDING and (owned == domain or owned not in found):
                found[owned] = _Brand(entry.id, owned, owned != domain)
    return found


def _same_house(catalogue: Catalogue, brand: _Brand, entry: Entry) -> bool:
    return entry.kind == "service" and (entry.id == brand.service or catalogue.services[entry.id].vendor == _vendor(catalogue, brand))


@cache
def _rules() -> Mapping[str, Any]:
    return toml("lookalikes.toml")


@cache
def _reads() -> tuple[dict[int, str], list[tuple[str, str]]]:
    """Single signs, and pairs of them."""
    reads: Mapping[str, str] = _rules()["reads"]
    return str.maketrans({sign: to for sign, to in reads.items() if len(sign) == 1}), [(pair, to) for pair, to in reads.items() if len(pair) > 1]
