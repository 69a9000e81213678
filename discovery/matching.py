"""Which service a domain belongs to: a dictionary walk from the whole name to its shorter suffixes, so the longest entry wins.

A suffix is cut at a dot and nowhere else: `notdropbox.com` and `dropbox.com.example.org` are not `dropbox.com`. All kinds of entry (services,
background hosts, private sites) compete in the same walk. Only a name that matched nothing is looked up in the public suffix list,
for its registrable domain. Below a service's domain the host's own labels may say more about its role (`labels.py`).
"""

from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl
import publicsuffixlist

from discovery import called, labels
from discovery.catalogue import Catalogue
from discovery.suffixes import EXEMPT, PUBLIC, WILDCARD, Suffixes

#: Names that never leave the local network: RFC 6761, 6762 (local), 7686 (onion), 8375 (home.arpa), reverse look-ups,
#: ICANN's reserved `internal`, and the endings that private networks use by habit (RFC 6762 appendix G).
LOCAL_SUFFIXES: Final = frozenset({"local", "localhost", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "onion", "arpa"})


class Match(NamedTuple):
    """What a domain is.

    `service` and `role` are set for kind service, `cls` for background and private; `entry` is the domain of the catalogue that decided;
    `registrable` is the registrable domain of an unknown name (None for addresses and for names without one).
    """

    kind: str  # service, background, private, unknown
    service: str | None = None
    role: str | None = None
    entry: str | None = None
    cls: str | None = None
    registrable: str | None = None


_SINGLE_LABEL: Final = Match("background", cls="local_network")

#: Columns of `Matcher.match_all`.
MATCHES: Final[dict[str, pl.DataType]] = dict.fromkeys(("domain", "match", "service", "role", "entry", "cls", "registrable"), pl.String())

#: A name in canonical spelling with two labels or more, which is no address: these are matched as columns, all others one by one.
_USUAL: Final = r"^(?:[a-z0-9_-]+\.)+[a-z0-9_-]*[a-z_-][a-z0-9_-]*$"


class Matcher:
    """Matches domains with one catalogue. Every entry's answer is made once; a look-up only finds it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._entries: dict[str, Match] = {suffix: Match("background", entry=suffix, cls="local_network") for suffix in LOCAL_SUFFIXES}
        for domain, entry in catalogue.domains.items():
            if entry.kind == "service":
                self._entries[domain] = Match("service", entry.id, entry.role, domain)
            else:
                self._entries[domain] = Match(entry.kind, entry=domain, cls=entry.id)

    def match(self, domain: str) -> Match:
        """The longest entry that is the domain or a parent of it; kind unknown where there is none."""
        if domain.startswith((called.NAME, called.MERCHANT)):
            return self._called(domain)
        name = canonical(domain)
        found = self._find(name)
        if found is None:
            return Match("unknown", registrable=registrable(name))
        if found.role is None or found.entry is None or name == found.entry:
            return found
        return found._replace(role=labels.role(name.removesuffix(f".{found.entry}"), found.role))

    def match_all(self, domains: pl.Series) -> pl.DataFrame:
        """One row per distinct domain as given (nulls left out), columns of `MATCHES`."""
        given = domains.drop_nulls().unique().alias("domain").to_frame()
        usual = pl.col("domain").str.contains(_USUAL)
        names = given.filter(usual)["domain"]
        others = [(name, *self.match(name)) for name in given.filter(~usual)["domain"].to_list()]
        one_by_one = pl.DataFrame(others, schema={"domain": pl.String(), **_ANSWER}, orient="row").select(list(MATCHES))
        return pl.concat([self._match_usual(names), one_by_one])

    def _called(self, marked: str) -> Match:
        """What an app, a vendor or a merchant is, by its name or by a host name in its place."""
        merchant = marked.startswith(called.MERCHANT)
        name = marked.removeprefix(called.MERCHANT if merchant else called.NAME).partition(called.GRANTS)[0]
        for host in (part.strip(".,;:()") for part in (name.split() if merchant else [name])):
            if "." in host and " " not in host and (found := self._find(canonical(host))) and found.kind in {"service", "private"}:
                return found
        service = self._namer.find(name, merchant=merchant)
        if service is not None:
            return Match("service", service, "use")
        return Match("private") if self._namer.private(name) else Match("unknown")

    @cached_property
    def _namer(self) -> called.Namer:
        return called.Namer(self.catalogue)

    def _match_usual(self, names: pl.Series) -> pl.DataFrame:
        numbers, registrables = self._suffixes.resolve(names)
        rows = self._answers[numbers].with_columns(names.alias("domain"), registrables.alias("registrable"))
        known = pl.col("match").is_not_null()
        prefix = pl.col("domain").str.head(pl.col("domain").str.len_bytes() - pl.col("entry").str.len_bytes() - 1)
        below = pl.when(pl.col("service").is_not_null() & (pl.col("domain") != pl.col("entry"))).then(prefix)
        return rows.with_columns(
            pl.col("match").fill_null("unknown"),
            labels.roles(below, pl.col("role")).alias("role"),
            pl.when(~known).then("registrable").alias("registrable"),
        ).select(list(MATCHES))

    @cached_property
    def _answers(self) -> pl.DataFrame:
        """The answers in the order of the entries; the last row is that of the unknown, found as number -1."""
        return pl.DataFrame([*self._entries.values(), (None,) * len(_ANSWER)], schema=_ANSWER, orient="row")

    @cached_property
    def _suffixes(self) -> Suffixes:
        """Every suffix that says something: number of the entry, and what the public suffix list says of it."""
        exact, wildcards, exceptions = _rules()
        names = [*self._entries, *((exact | exceptions) - self._entries.keys())]
        numbers = np.full(len(names), -1, np.int64)
        numbers[: len(self._entries)] = np.arange(len(self._entries))
        flags = [PUBLIC * (name in exact) + EXEMPT * (name in exceptions) + WILDCARD * (name in wildcards) for name in names]
        return Suffixes(pl.Series(names), numbers, np.array(flags, np.uint8))

    def _find(self, name: str) -> Match | None:
        entries, suffix = self._entries, name
        while suffix:
            if (found := entries.get(suffix)) is not None:
                return found
            suffix = suffix.partition(".")[2]
        return None if "." in name or not name or is_address(name) else _SINGLE_LABEL


_ANSWER: Final[dict[str, pl.DataType]] = dict.fromkeys(("match", "service", "role", "entry", "cls", "registrable"), pl.String())


@lru_cache(maxsize=2)
def matcher(catalogue: Catalogue) -> Matcher:
    """The matcher of a catalogue, made once: its answers take longer to make than a short log takes to read."""
    return Matcher(catalogue)


def canonical(domain: str) -> str:
    """A name as the catalogue spells it: lower case, A-labels, without port, surrounding blanks or trailing dot."""
    name = domain.strip().lower()
    if name.count(":") == 1:  # more than one: an IPv6 address
        name = name.partition(":")[0]
    return _a_labels(name).rstrip(".")


def registrable(name: str) -> str | None:
    """The domain that somebody registered (one label below its public suffix), or None for an address, a single label or a bare suffix.

    Follows the algorithm of https://publicsuffix.org/list/ over the list that `publicsuffixlist` keeps, private section included:
    `site.github.io` is its owner's, not GitHub's. An ending that the list does not know counts as a suffix.
    """
    if is_address(name) or name.startswith(".") or ".." in name:
        return None
    exact, wildcards, exceptions = _rules()
    below, suffix = None, name
    while suffix not in exact:
        if suffix in exceptions:
            return suffix
        parent = suffix.partition(".")[2]
        if not parent or parent in wildcards:
            break
        below, suffix = suffix, parent
    return below


def is_address(name: str) -> bool:
    """Whether a name is the text of an IP address: its last label is a number, or it holds colons."""
    return (name[-1:].isdigit() and name.rpartition(".")[2].isdigit()) or ":" in name


def _a_labels(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()
    except UnicodeError:  # not a name that DNS could carry: left as it is, it will match nothing
        return name


@cache
def _rules() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The public suffix list as three sets: suffixes (the root of a wildcard is one itself), roots of wildcards, and names exempt from one."""
    rules = [rule if rule.isascii() else ".".join(map(_punycode, rule.split("."))) for rule in _listed()]
    wildcards = frozenset(rule[2:] for rule in rules if rule.startswith("*."))
    exact = frozenset(rule for rule in rules if rule[0] not in "*!")
    return exact | wildcards, wildcards, frozenset(rule[1:] for rule in rules if rule.startswith("!"))


def _punycode(label: str) -> str:
    """The A-label of a label in its canonical form, as the list holds them: without the preparation that makes other names slow."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


@cache
def public_endings() -> frozenset[str]:
    """The top-level domains, as A-labels."""
    exact, _, _ = _rules()
    return frozenset(rule for rule in exact if "." not in rule)


def _listed() -> Iterator[str]:
    for line in Path(publicsuffixlist.PSLFILE).read_text(encoding="utf-8").splitlines():
        rule = line.strip()
        if rule and not rule.startswith("//"):
            yield rule
