"""Domains that belong together: they come within seconds of each other, carry one firm's name, or share an unusual label of their hosts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, pairwise
from typing import Final

import polars as pl

from rules.hints import guesses

#: So many that come next are looked at; those of one page come in a bundle.
_NEXT: Final = 3

#: A label as long as this that two domains share, and hardly any other, is no accident.
_UNUSUAL: Final = 8
_FEW: Final = 3

#: Names of firms shorter than this are too many people's.
_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Company:
    """Who comes with whom.

    Attributes:
        groups: domain -> all that belong together, itself among them; alone where nobody does.
        why: domain -> why it is in its group, in words; empty where it is alone.
        services: domain -> ids of the services it mostly comes along with, most often first.
    """

    groups: Mapping[str, tuple[str, ...]]
    why: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def company(usage: pl.DataFrame, hosts: Mapping[str, Iterable[str]]) -> Company:
    """The company that unknown domains keep.

    Args:
        usage: columns of `OBSERVED`.
        hosts: unknown registrable domain -> its hosts.
    """
    met = _met(usage) if hosts else []
    edges = [(one, other, "come within seconds of each other") for one, other in met if {one, other} <= hosts.keys()]
    edges += [(one, other, "carry the same name") for one, other in _of_one_name(hosts)]
    edges += [(one, other, f"share the label “{label}”") for one, other, label in _of_one_label(hosts)]
    why: dict[str, str] = {}
    for one, other, words in edges:
        why.setdefault(one, words)
        why.setdefault(other, words)
    services: dict[str, list[str]] = defaultdict(list)
    for one, other in met:
        if one in hosts and other not in hosts:
            services[one].append(other)
    return Company(_groups(hosts, edges), why, {domain: tuple(found) for domain, found in services.items()})


def _met(usage: pl.DataFrame) -> list[tuple[str, str]]:
    """Pairs of an unknown domain and another or a service that mostly begin a day within seconds, for the same person; most often first."""
    limits = guesses()["limits"]
    wanted = pl.col("person").is_not_null() & pl.col("match").is_in(["unknown", "service"])
    numbers = pl.col("person", "device").cast(pl.Categorical).to_physical()  # quicker to compare than words
    name = pl.coalesce("registrable", "service").cast(pl.Categorical).alias("name")
    named = usage.lazy().filter(wanted).select(numbers, name, "day", "first", "match").collect()
    by = ("person", "device", "day")
    firsts = named.group_by(*by, "name").agg(pl.col("first").min(), (pl.col("match") == "unknown").any().alias("strange")).sort(*by, "first", "name")
    pairs = pl.concat([_pairs(firsts, by, step, limits["seconds"]) for step in range(1, _NEXT + 1)])
    both = pl.concat([pairs, pairs.select(pl.col("other").alias("name"), pl.col("name").alias("other"))])
    days = firsts.group_by("name").agg(pl.len().alias("days"), pl.col("strange").any())
    counted = both.group_by("name", "other").agg(pl.len().alias("times")).join(days, on="name").filter("strange")
    rarer = counted.join(days.rename({"name": "other", "days": "days_other", "strange": "strange_other"}), on="other")
    mostly = pl.when("strange_other").then(pl.min_horizontal("days", "days_other")).otherwise("days") * limits["together"]
    often = rarer.filter((pl.col("times") >= limits["times"]) & (pl.col("times") >= mostly)).cast({"name": pl.String, "other": pl.String})
    return often.sort("times", "name", "other", descending=[True, False, False]).select("name", "other").rows()


def _pairs(firsts: pl.DataFrame, by: tuple[str, ...], step: int, seconds: int) -> pl.DataFrame:
    """Each row's name with that of the row so many places on, where it is the same person's day within seconds and one of them is unknown."""
    near = (pl.col("first").shift(-step) - pl.col("first")).dt.total_seconds() <= seconds
    same = [pl.col(key).eq_missing(pl.col(key).shift(-step)) for key in by]
    strange = pl.col("strange") | pl.col("strange").shift(-step)
    return (
        firsts.with_columns(pl.col("name").shift(-step).alias("other"), pl.all_horizontal(near, strange, *same).alias("met"))
        .filter(pl.col("met") & pl.col("other").is_not_null())
        .select("name", "other")
    )


def _of_one_name(hosts: Iterable[str]) -> Iterator[tuple[str, str]]:
    stems: dict[str, list[str]] = defaultdict(list)
    for domain in sorted(hosts):
        stem = _stem(domain.partition(".")[0])
        if len(stem) >= _STEM:
            stems[stem].append(domain)
    for those in stems.values():
        yield from pairwise(those)


def _stem(label: str) -> str:
    """The name of the firm in a label: "getacme" and "acme-cdn" are "acme"."""
    before, after = _affixes()
    bare = label.replace("-", "")
    if bare.startswith(before):
        bare = bare.removeprefix(next((part for part in before if bare.startswith(part) and len(bare) - len(part) >= _STEM), ""))
    if bare.endswith(after):
        bare = bare.removesuffix(next((part for part in after if bare.endswith(part) and len(bare) - len(part) >= _STEM), ""))
    return bare


@cache
def _affixes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What may stand before the name of a firm, and behind it."""
    affixes = guesses()["affixes"]
    return tuple(affixes["before"]), tuple(affixes["after"])


def _of_one_label(hosts: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, str]]:
    holders: dict[str, set[str]] = defaultdict(set)
    usual = {label for group in guesses()["labels"] for label in group["labels"]}
    for domain, names in hosts.items():
        for name in names:
            for label in name.removesuffix(domain).split("."):
                if len(label) >= _UNUSUAL and label not in usual:
                    holders[label].add(domain)
    for label, those in sorted(holders.items()):
        if 1 < len(those) <= _FEW:
            yield from ((one, other, label) for one, other in combinations(sorted(those), 2))


def _groups(domains: Iterable[str], edges: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, ...]]:
    """Whatever is joined by edges, directly or through others."""
    groups = {domain: {domain} for domain in domains}
    for one, other, _ in edges:
        if groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for member in groups[other]:
                groups[member] = groups[one]
    return {domain: tuple(sorted(group)) for domain, group in groups.items()}
