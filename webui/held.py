"""Everything held about one person as files for that person: data for programs, and the same to read. Nobody else appears in them."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from discovery.catalogue import Catalogue
from discovery.store import Client, Store
from discovery.store.held import Held, people_named, plain
from rules.findings import Finding, PersonUse
from rules.mentions.queries import mentions
from rules.spotcheck import queries as spotcheck
from webui import firm, words
from webui.reports import render
from webui.reveals import STEPS
from webui.reveals import queries as reveals

Rows = list[dict[str, Any]]

_OTHER: Final = "another person"
_WOULD_TELL: Final = (
    "Pages show pseudonyms here, and whoever saw which texts these are would know the name. They stand here once another administrator agreed that "
    "whoever makes this file may see it."
)
#: Parts of the file, in their order: key -> heading and what it says.
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "services": ("Services, and what is concluded", "How each service was used as far as can be told, and the rule that says so."),
    "days": ("Use by day and service", "Added up from the rows below; a day is a day in the firm's time zone."),
    "sightings": ("Other records", "Sign-ins, consents, inventories, payments and declarations."),
    "devices": ("Devices, and why they are held to be this person's", "The basis of each attribution."),
    "names": ("Names", "Under which names the logs and lists know this person. They are kept sealed."),
    "people_list": ("People list", "Rows of the firm's own list that are this person's."),
    "usage": ("Every row of use", "As it is kept, one row for each log, host and hour or day. Addresses of pages are never kept."),
    "dns_questions": ("Names asked for", "Questions to the firm's DNS server."),
    "leases": ("Addresses lent", "When an address was a device of this person's."),
    "mentions": ("Texts that name this person", "In decisions, notes and plans; other people's names are left out."),
    "spot_checks": ("Spot checks", "Where somebody confirmed or refuted a conclusion."),
    "names_shown": ("Who saw the name", "Requests for the name behind the pseudonym, the answers, and each look at it."),
    "logs": ("Sources", "The logs that all of this comes from."),
    "left_out": ("Left out", "What is held and does not stand here, and why."),
    "kept_for": ("How long it is kept", "And when it goes."),
}


#: Columns that hold moments, for the page to say them shorter.
MOMENTS: Final = frozenset({"made_at", "hour", "first", "last", "first_seen", "last_seen", "since", "until", "taken_in", "at"})


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the file is about: what is kept of them, and what is concluded from it; `named`: whether whoever makes the file may know the name."""

    client: Client
    held: Held
    team: str | None
    uses: Sequence[tuple[Finding, PersonUse]]
    named: bool


def content(store: Store, catalogue: Catalogue, about: Subject, now: datetime) -> dict[str, Any]:
    """Everything, as JSON holds it."""
    held = about.held
    return {
        "person": held.person,
        "team": about.team,
        "firm": about.client.name,
        "time_zone": about.client.zone,
        "made_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "services": [_use(finding, use) for finding, use in about.uses],
        "days": plain(_days(held.usage, catalogue)),
        "sightings": [_sighting(finding, use) | _dated(asdict(seen)) for finding, use in about.uses for seen in use.sightings],
        "devices": plain(held.devices),
        "names": plain(held.names),
        "people_list": plain(held.people_list),
        "usage": plain(held.usage),
        "dns_questions": plain(held.answers),
        "leases": plain(held.leases),
        "mentions": _mentions(store, about) if about.named else [],
        "spot_checks": _spot_checks(store, about),
        "names_shown": _names_shown(store, about),
        "logs": plain(held.logs),
        "left_out": _left_out(store, about),
        "kept_for": _kept_for(about.client, held),
    }


def files(told: Mapping[str, Any]) -> bytes:
    """One ZIP with the data and a page to read; the same content gives the same bytes."""
    page = render.page("people/held.html", told=told, parts=PARTS, moments=MOMENTS)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, text in (("everything-held.html", page), ("everything-held.json", json.dumps(told, indent=1, ensure_ascii=False))):
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(part, text.encode("utf-8", "replace"))
    return target.getvalue()


def _use(finding: Finding, use: PersonUse) -> dict[str, Any]:
    told: dict[str, Any] = {"service": finding.name, "activity": use.activity, "why": use.rule, "basis": use.basis}
    told |= {"account": words.ACCOUNTS.get(use.account, use.account), "days": use.days, "requests": use.hits}
    told |= {"uploaded_bytes": use.uploaded_bytes, "downloaded_bytes": use.downloaded_bytes}
    told |= {"first_seen": use.first_seen, "last_seen": use.last_seen}
    return _dated(told | {"risk_of_the_service": finding.risk.level, "status_of_the_service": words.STATUSES[finding.status]})


def _sighting(finding: Finding, use: PersonUse) -> dict[str, Any]:
    return {"service": finding.name, "basis": use.basis}


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value for name, value in row.items()}


def _days(usage: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Use by day and service, of what is no service by host."""
    names = {service: known.name for service, known in catalogue.services.items()}
    called = pl.coalesce(pl.col("service").replace(names), "domain", pl.lit(words.NOT_KNOWN)).alias("service or host")
    sums = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(said) for name, said in _SUMS.items()]
    return usage.group_by("day", called).agg(pl.col("hits").sum().alias("requests"), *sums).sort("day", "service or host")


_SUMS: Final = {"source_bytes": "uploaded_bytes", "destination_bytes": "downloaded_bytes"}


def _mentions(store: Store, about: Subject) -> Rows:
    theirs, without_others = _pattern(_own_names(store, about)), _without_others(store, about)
    found = mentions(store, about.client, lambda text: bool(theirs.search(text)))
    return [{**asdict(one), "text": without_others(one.text)} for one in found]


def _own_names(store: Store, about: Subject) -> set[str]:
    return {name.casefold() for name, (key, _) in people_named(store, about.client).items() if key in about.held.keys}


def _without_others(store: Store, about: Subject) -> Callable[[str], str]:
    """Leaves other people's names out of a text; and this person's own where it is not to be known which name that is."""
    anybody = _pattern(people_named(store, about.client))
    if not about.named:
        return lambda text: anybody.sub("somebody", text)
    own = _own_names(store, about)
    return lambda text: anybody.sub(lambda name: about.held.person if name[0].casefold() in own else _OTHER, text)


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    """Any of the names as words of their own, the longest first; nothing at all where there is none."""
    told = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{told})(?!\w)" if told else r"(?!)", re.IGNORECASE)


def _spot_checks(store: Store, about: Subject) -> Rows:
    """Answers are kept under a keyed hash of pseudonym and service."""
    given, mark = spotcheck.answers(store, about.client), spotcheck.marker(store, about.client)
    own = [pseudonym for key, pseudonym in people_named(store, about.client).values() if key in about.held.keys]
    asked = [(finding.name, mark(f"{pseudonym}\0{finding.service}")) for finding, _ in about.uses for pseudonym in own]
    return [{"service": name, "answer": given[one]} for name, one in asked if one in given]


def _names_shown(store: Store, about: Subject) -> Rows:
    """Steps of the record that are about this person; who took them is part of what the person may know."""
    steps = [step for step in reveals.record(store, about.client) if step.person in about.held.keys]
    said = _without_others(store, about)
    told = [{"at": step.at, "who": step.by, "step": STEPS[step.step], "purpose": step.purpose} for step in steps]
    return [_dated(row | {"reason": said(step.reason), "ticket": said(step.ticket)}) for row, step in zip(told, steps, strict=True)]


def _left_out(store: Store, about: Subject) -> Rows:
    rows = [] if about.named else [{"what": PARTS["mentions"][0], "why": _WOULD_TELL}]
    if any(store.spool.glob(f"*{about.client.vault}*")):
        rows.append({"what": "Logs that nobody read yet", "why": "They wait for a week at most, as they came, and are not searched."})
    return rows


def _kept_for(client: Client, held: Held) -> Rows:
    days = client.people_days
    usage = f"for {firm.KEPT_FOR[str(days)]}, then only how many people it was" if days else firm.KEPT_FOR[""]
    goes = [f"{day + timedelta(days=days + 1)}" for day in sorted(held.usage["day"].to_list())] if days else []
    return [
        {"what": "Who used what", "kept": usage} | ({"oldest_goes_on": goes[0], "newest_goes_on": goes[-1]} if goes else {}),
        {"what": "Times of day", "kept": "for 7 days, then days only"},
        {"what": "Names, sealed", "kept": "as long as a log or the people list has them"},
        {"what": "Texts of decisions and plans", "kept": "until the client is removed"},
    ]
