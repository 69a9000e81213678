"""What a host's own name says about its role, where the catalogue knows only the domain above it (`labels.toml`).

Most services are known by their domain alone; but `cdn.`, `help.` or `login.` below it are no secret, and telling them apart decides whether
a page was seen or a tool was used.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from discovery import shipped

#: Roles that a label may overrule at all; `sync` and `infra` in the catalogue were meant.
OPEN: Final = ("use", "visit", "embed")


class _Labels(NamedTuple):
    roles: Mapping[str, str]  # label -> the role it speaks for
    overrules: Mapping[str, Collection[str]]  # label -> roles of the domain above it that give way
    groups: Mapping[str, str]  # label -> its group in the file
    pattern: str  # finds a label in its first or its second group


def role(prefix: str, above: str) -> str:
    """The role of a host, from the labels left of the catalogue's domain and the role of that domain."""
    labels = _labels()
    found = re.search(labels.pattern, prefix) if prefix and above in OPEN else None
    label = (found[1] or found[2]) if found else ""
    return labels.roles[label] if above in labels.overrules.get(label, ()) else above


def roles(prefix: pl.Expr, above: pl.Expr) -> pl.Expr:
    """The same of two columns; null prefixes and roles stay as they are."""
    pattern = _labels().pattern
    label = pl.coalesce(prefix.str.extract(pattern, 1), prefix.str.extract(pattern, 2))
    spoken = pl.concat_str(label, above, separator=">").replace_strict(_answers(), default=None, return_dtype=pl.String())
    return pl.coalesce(spoken, above)


def said(prefix: pl.Expr, *groups: str) -> pl.Expr:
    """Whether the label that decides, of the labels left of a domain, is of one of these groups."""
    known = _labels()
    label = pl.coalesce(prefix.str.extract(known.pattern, 1), prefix.str.extract(known.pattern, 2))
    return label.is_in([one for one, group in known.groups.items() if group in groups]).fill_null(value=False)


@cache
def _answers() -> dict[str, str]:
    labels = _labels()
    return {f"{label}>{above}": labels.roles[label] for label, froms in labels.overrules.items() for above in froms}


@cache
def _labels() -> _Labels:
    table = tomllib.loads(shipped.beside("discovery", "labels.toml").read_text(encoding="utf-8"))
    roles = {label: group.get("role", name) for name, group in table.items() for label in group["labels"]}
    overrules = {label: frozenset(group["from"]) for group in table.values() for label in group["labels"]}
    ends = _either(label for group in table.values() if group.get("ends") for label in group["labels"])
    others = _either(label for group in table.values() if not group.get("ends") for label in group["labels"])
    groups = {label: name for name, group in table.items() for label in group["labels"]}
    return _Labels(roles, overrules, groups, rf"(?:^|\.)(?:(?:[a-z0-9]+-)*({ends})|({others}))\d*(?:-[^.]*)?(?:\.|$)")


def _either(labels: Iterable[str]) -> str:
    return "|".join(sorted(labels, key=lambda label: (-len(label), label)))
