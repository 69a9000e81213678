"""Which service a domain belongs to: a dictionary walk from the whole name to its shorter suffixes, so the longest entry wins.

A suffix is cut at a dot and nowhere else: `notdropbox.com` and `dropbox.com.example.org` are not `dropbox.com`. All kinds of entry (services,
background hosts, private sites) compete in the same walk. Only a name that matched nothing is looked up in the public suffix list,
for its registrable domain.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl
import publicsuffixlist

from discovery.catalogue import Catalogue

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


_ANSWER: Final[dict[str, pl.DataType]] = dict.fromkeys(("match", "service", "role", "entry", "cls", "registrable"), pl.String())
_UNKNOWN: Final = Match("unknown")
_SINGLE_LABEL: Final = Match("background", cls="local_network")

#: Columns of `Matcher.match_all`.
MATCHES: Final[dict[str, pl.DataType]] = dict.fromkeys(("domain", "match", "service", "role", "entry", "cls", "registrable"), pl.String())


class Matcher:
    """Matches domains with one catalogue. Every entry's answer is made once; a look-up only finds it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._entries: dict[str, Match] = {suffix: Match("background", entry=suffix, cls="local_network") for suffix in LOCAL_SUFFIXES}
        for domain, entry in catalogue.domains.items():
            if entry.kind == "service":
                self._entries[domain] = Match("service", entry.id, entry.role, domain)
            else:
                self._entries[domain] = Match(entry.kind, entry=domain, cls=entry.id)

    def match(self, domain: str) -> Match:
        """The longest entry that is the domain or a parent of it; kind unknown where there is none."""
        name = canonical(domain)
        return self._find(name) or Match("unknown", registrable=registrable(name))

    def match_all(self, domains: pl.Series) -> pl.DataFrame:
        """One row per distinct domain as given (nulls left out), columns of `MATCHES`."""
        given = domains.drop_nulls().unique()
        names = _canonical_all(given)
        found = [self._find(name) or _UNKNOWN for name in names]
        answers = dict.fromkeys(found)
        table = pl.DataFrame(list(answers), schema=_ANSWER, orient="row")
        numbers = {answer: number for number, answer in enumerate(answers)}
        rows = table[[numbers[answer] for answer in found]] if found else table
        owners = pl.Series([registrable(name) if answer is _UNKNOWN else None for name, answer in zip(names, found, strict=True)], dtype=pl.String)
        return rows.with_columns(given.alias("domain"), owners.alias("registrable")).select(list(MATCHES))

    def _find(self, name: str) -> Match | None:
        entries, suffix = self._entries, name
        while suffix:
            if (found := entries.get(suffix)) is not None:
                return found
            suffix = suffix.partition(".")[2]
        return None if "." in name or not name or is_address(name) else _SINGLE_LABEL


def canonical(domain: str) -> str:
    """A name as the catalogue spells it: lower case, A-labels, without port, surrounding blanks or trailing dot."""
    name = domain.strip().lower()
    if name.count(":") == 1:  # more than one: an IPv6 address
        name = name.partition(":")[0]
    return _a_labels(name.rstrip("."))


def _canonical_all(names: pl.Series) -> list[str]:
    """The names in canonical spelling; nearly all have it already, and one look at the column finds the others."""
    listed = names.to_list()
    for index in (~names.str.contains(r"^[a-z0-9_.-]*[a-z0-9_-]$")).arg_true():
        listed[index] = canonical(listed[index])
    return listed


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
    rules = [_a_labels(rule) for rule in _listed()]
    wildcards = frozenset(rule[2:] for rule in rules if rule.startswith("*."))
    exact = frozenset(rule for rule in rules if rule[0] not in "*!")
    return exact | wildcards, wildcards, frozenset(rule[1:] for rule in rules if rule.startswith("!"))


def _listed() -> Iterator[str]:
    for line in Path(publicsuffixlist.PSLFILE).read_text(encoding="utf-8").splitlines():
        rule = line.strip()
        if rule and not rule.startswith("//"):
            yield rule
