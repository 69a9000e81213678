"""Domains that no catalogue knows, sorted out: what may be a tool first, then websites, then what is set aside with its reason. None is dropped.

What a domain is, is guessed from the labels of its hosts, from the bytes and from its companions, and always said in words. A name that reads like
a known service's is never set aside.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from discovery.catalogue import Catalogue
from discovery.observations import Observations
from rules import hints
from rules.companions import Company, company
from rules.findings import LooksLike, UnknownDomain
from rules.hints import Said, guesses
from rules.lookalikes import look_alikes

#: What a domain may be, the most interesting first.
KINDS: Final = ("tool", "unclear", "website")

#: What of the observations is counted.
_COUNTED: Final = ("registrable", "domain", "day", "person", "person_kind", "people", "hits", "uploaded_bytes", "downloaded_bytes")

#: Hosts of a domain that are kept to show.
_HOSTS: Final = 12


def domains(observations: Observations, catalogue: Catalogue) -> tuple[UnknownDomain, ...]:
    """Unknown registrable domains: what is worth a look by kind, people and regularity, then what is set aside.

    Counts of people are null where they cannot be told apart.
    """
    rows = _counted(observations).to_dicts()
    hosts = {row["registrable"]: row["hosts"] for row in rows}
    since, until = observations.since, observations.until
    days = (until - since).days + 1 if since and until else 0
    with ThreadPoolExecutor(1) as aside:  # the company is found by Polars, the rest in plain Python
        kept = aside.submit(company, observations.usage, hosts)
        alike, suffixes = look_alikes(hosts, catalogue), _suffixes(hosts, catalogue)
        bench = _Bench(catalogue, kept.result(), alike, suffixes, days)
    found = sorted((bench.judge(row) for row in rows), key=_rank)
    leads: dict[tuple[str, ...], str] = {}  # the domain of each group most worth a look
    for one in found:
        leads.setdefault(one.group, one.domain)
    return tuple(_led(one, leads[one.group]) for one in found)


def _counted(observations: Observations) -> pl.DataFrame:
    """One row per unknown registrable domain; a named person's device is never counted beside that person."""
    unknown = (pl.col("match") == "unknown") & pl.col("registrable").is_not_null()
    rows = observations.usage.lazy().filter(unknown).select(_COUNTED).collect()
    named, devices = (pl.col("person").filter(pl.col("person_kind") == kind).drop_nulls() for kind in ("person", "device"))
    by_day = rows.group_by("registrable", "day").agg(named.n_unique().alias("n"), devices.n_unique().alias("d"), pl.col("people").max())
    daily = pl.max_horizontal(pl.when(pl.col("n").sum() > 0).then(pl.col("n").sum()).otherwise(pl.col("d").sum()), pl.col("people").sum())
    regular = by_day.group_by("registrable").agg(daily.cast(pl.Int64).alias("person_days"))
    told = pl.when(named.n_unique() > 0).then(named.n_unique()).otherwise(devices.n_unique()).cast(pl.Int64)
    table = rows.group_by("registrable").agg(
        pl.max_horizontal(told, pl.col("people").max()).alias("people"),
        pl.col("day").n_unique().cast(pl.Int64).alias("days"),
        pl.col("hits").sum(),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("uploaded_bytes", "downloaded_bytes")),
        pl.col("domain").unique().sort().alias("hosts"),
    )
    apart = pl.lit(observations.people_told_apart)
    known = [pl.when(apart & (pl.col(name) > 0)).then(name).alias(name) for name in ("people", "person_days")]
    return table.join(regular, on="registrable").with_columns(known)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What the judgement of one domain rests on."""

    catalogue: Catalogue
    company: Company
    alike: Mapping[str, LooksLike]
    suffixes: frozenset[str]
    days: int  # of the period

    def judge(self, row: Mapping[str, Any]) -> UnknownDomain:
        domain = row["registrable"]
        said = hints.spoken(domain, row["hosts"])
        kind = _kind(said, row["uploaded_bytes"], row["downloaded_bytes"])
        alike = self.alike.get(domain)
        return UnknownDomain(
            domain=domain,
            people=row["people"],
            days=row["days"],
            hits=row["hits"],
            uploaded_bytes=row["uploaded_bytes"],
            downloaded_bytes=row["downloaded_bytes"],
            guess="; ".join([said.text, *_of_bytes(row), *self._with(domain)]),
            person_days=row["person_days"],
            hosts=tuple(row["hosts"][:_HOSTS]),
            kind=kind,
            need=hints.need(domain, said),
            group=self.company.groups[domain],
            together=self.company.why.get(domain, ""),
            set_aside="" if alike else self._set_aside(row, said, kind),
            looks_like=alike,
        )

    def _with(self, domain: str) -> list[str]:
        names = [self.catalogue.services[service].name for service in self.company.services.get(domain, ())[:2]]
        return [guesses()["says"]["with"].format(names=" and ".join(names))] if names else []

    def _set_aside(self, row: Mapping[str, Any], said: Said, kind: str) -> str:
        """Why it is not worth a look; empty if it is."""
        domain, reasons = row["registrable"], guesses()["set_aside"]
        if domain in self.suffixes:
            return str(reasons["suffix"])
        for served in ("counts", "files"):
            if kind != "tool" and (said.kinds == {served} or (hints.named(domain, served) and "site" not in said.kinds)):
                return str(reasons[served])
        if kind != "tool" and hints.odd(domain.partition(".")[0]):
            return str(reasons["machine"])
        return str(reasons["once"]) if self._once(row) else ""

    def _once(self, row: Mapping[str, Any]) -> bool:
        """Whether it was seen so seldom that it tells nothing: one person on one day, and no upload."""
        limits = guesses()["limits"]
        seldom = self.days >= limits["few_days"] or row["hits"] <= limits["once_hits"]
        return row["days"] == 1 and (row["people"] or 1) == 1 and (row["uploaded_bytes"] or 0) < limits["sent"] and seldom


def _of_bytes(row: Mapping[str, Any]) -> list[str]:
    sent, back, limits = row["uploaded_bytes"], row["downloaded_bytes"], guesses()["limits"]
    if sent is None or sent < limits["sent"]:
        return []
    says = guesses()["says"]
    return [says["sent"]] if back is not None and sent > back else [says["some_sent"]] if _sends(sent, back) else []


def _sends(sent: int | None, back: int | None) -> bool:
    limits = guesses()["limits"]
    return sent is not None and back is not None and sent >= limits["sent"] and sent >= limits["sent_share"] * back


def _kind(said: Said, sent: int | None, back: int | None) -> str:
    if "tool" in said.kinds or _sends(sent, back):
        return "tool"
    reads = sent is not None and back is not None and sent <= guesses()["limits"]["read_share"] * back
    if "weak" in said.kinds and not reads:
        return "tool" if sent is None else "unclear"
    return "website" if reads or "site" in said.kinds else "unclear"


def _suffixes(hosts: Mapping[str, Iterable[str]], catalogue: Catalogue) -> frozenset[str]:
    """Domains below which whole addresses of several known services stand: the search suffix of a network, or a gateway that renames sites."""
    found: dict[str, set[str]] = {}
    for domain, names in hosts.items():
        for name in names:
            inner = name.removesuffix(f".{domain}").split(".")
            known = (catalogue.domains.get(".".join(inner[at:])) for at in range(len(inner) - 1))
            found.setdefault(domain, set()).update(entry.id for entry in known if entry is not None)
    return frozenset(domain for domain, ids in found.items() if len(ids) > 1)


def _led(one: UnknownDomain, lead: str) -> UnknownDomain:
    """The domain, its group beginning with the one that speaks for it."""
    if lead == one.group[0]:
        return one
    return replace(one, group=(lead, *(domain for domain in one.group if domain != lead)))


def _rank(one: UnknownDomain) -> tuple[Any, ...]:
    return one.looks_like is None, bool(one.set_aside), KINDS.index(one.kind), -(one.person_days or 0), -one.days, len(one.domain), one.domain
