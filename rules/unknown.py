"""Domains that no catalogue knows: listed with what their host names suggest, never dropped."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

import polars as pl

from discovery.observations import Observations
from rules.factors import toml
from rules.findings import UnknownDomain

#: Labels compared with the lists of `guesses.toml`: what stands before a hyphen or a number.
_STEM: Final = re.compile(r"[a-z]+")

_NO_HINT: Final = "nothing in its name says what it is"


def domains(observations: Observations) -> tuple[UnknownDomain, ...]:
    """Unknown registrable domains, most people first; counts of people are null where they cannot be told apart."""
    rows = observations.usage.filter((pl.col("match") == "unknown") & pl.col("registrable").is_not_null())
    named, devices = (pl.col("person").filter(pl.col("person_kind") == kind).drop_nulls().n_unique() for kind in ("person", "device"))
    told = pl.when(named > 0).then(named).otherwise(devices).cast(pl.Int64)  # never added: a device may be somebody's who is named
    table = rows.group_by("registrable").agg(
        pl.max_horizontal(told, pl.col("people").max()).alias("people"),
        pl.col("day").n_unique().cast(pl.Int64).alias("days"),
        pl.col("hits").sum(),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("uploaded_bytes", "downloaded_bytes")),
        pl.col("domain").unique().alias("hosts"),
    )
    ordered = table.sort("people", "days", "hits", "registrable", descending=[True, True, True, False], nulls_last=True)
    apart = observations.people_told_apart
    return tuple(
        UnknownDomain(
            domain=row["registrable"],
            people=(row["people"] or None) if apart else None,
            days=row["days"],
            hits=row["hits"],
            uploaded_bytes=row["uploaded_bytes"],
            downloaded_bytes=row["downloaded_bytes"],
            guess=guess(row["registrable"], row["hosts"]),
        )
        for row in ordered.iter_rows(named=True)
    )


def guess(registrable: str, hosts: Iterable[str]) -> str:
    """What the labels of its hosts suggest, in words: "people sign in (login.), files are moved (upload.)"."""
    labels = {label for host in hosts for label in host.removesuffix(registrable).rstrip(".").split(".") if label}
    found: dict[str, list[str]] = {}
    for label in sorted(labels):
        stem = _STEM.match(label)
        words = _words().get(label) or (_words().get(stem.group()) if stem else None)
        if words:
            found.setdefault(words, []).append(label)
    said = [f"{words} ({', '.join(f'{label}.' for label in found[words][:3])})" for words in dict.fromkeys(_words().values()) if words in found]
    return ", ".join(said[:3]) or _NO_HINT


@cache
def _words() -> Mapping[str, str]:
    """Label -> what it suggests."""
    return {label: words for words, labels in toml("guesses.toml").items() for label in labels}
