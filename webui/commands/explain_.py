"""`gnomon explain`: what a host is, and why."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import click

from discovery.catalogue import Catalogue, Service, load
from discovery.errors import GnomonError
from discovery.matching import Match, Matcher, canonical
from rules.findings import LooksLike
from rules.lookalikes import look_alikes
from rules.risk import inherent
from webui.commands.reading import told


@click.command("explain")
@click.argument("host", nargs=-1, required=True)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer; JSON is one object a line.")
def command(host: tuple[str, ...], output: str) -> None:
    """What each HOST is: service, category, role, the entry that matched, every fact with source and date, and its risk.

    A web address stands for its host; a name that only reads like a known service's is said to. `-` reads hosts from standard input.

    Example: gnomon explain www.dropbox.com
    """
    if not any(name.strip() for name in host):
        raise GnomonError("A host has a name, such as www.dropbox.com.")
    catalogue = load()
    matcher, today = Matcher(catalogue), datetime.now(UTC).date()
    hosts = (line.strip() for line in sys.stdin) if host == ("-",) else iter(host)
    for name in hosts:
        if not name:
            continue
        match = matcher.match(_host_of(name))
        service = catalogue.services.get(match.service) if match.service else None
        if output == "json":
            sys.stdout.write(json.dumps(_answer(name, match, service, catalogue, today), ensure_ascii=False, default=str) + "\n")
        else:
            _say(name, match, service, catalogue, today)


def _host_of(given: str) -> str:
    """The host of a web address; anything else as it is."""
    if not any(mark in given for mark in "/?#@"):
        return given
    try:
        return urlsplit(given if "//" in given else f"//{given}").hostname or given
    except ValueError:  # a bracket that is never closed
        return given


def _alike(host: str, match: Match, catalogue: Catalogue) -> LooksLike | None:
    if match.registrable is None:
        return None
    return look_alikes({match.registrable: (canonical(_host_of(host)),)}, catalogue).get(match.registrable)


def _answer(host: str, match: Match, service: Service | None, catalogue: Catalogue, today: date) -> dict[str, object]:
    risk = inherent(service, today) if service else None
    alike = _alike(host, match, catalogue)
    return {
        "host": host,
        "match": match.kind,
        "service": service.id if service else None,
        "name": service.name if service else None,
        "category": service.category_title if service else None,
        "capability": service.capability if service else None,
        "also": list(service.also) if service else [],
        "capability_confidence": service.capability_confidence if service else None,
        "role": match.role,
        "entry": match.entry,
        "class": match.cls,
        "looks_like": asdict(alike) if alike else None,
        "facts": {
            name: {"value": fact.value, "source": fact.source, "date": fact.date, "confidence": fact.confidence}
            for name, fact in service.facts.items()
        }
        if service
        else {},
        "risk": risk
        and {
            "score": risk.score,
            "low": risk.low,
            "high": risk.high,
            "level": risk.level,
            "reasons": [{"factor": r.factor, "points": r.points, "text": r.text, "source": r.source} for r in risk.reasons],
        },
    }


def _say(host: str, match: Match, service: Service | None, catalogue: Catalogue, today: date) -> None:
    if service is None:
        where = {
            "background": f"background traffic ({match.cls})" + (f", matched by {match.entry}" if match.entry else ""),
            "private": f"a private matter ({match.cls}): never reported, never stored with a person",
        }.get(match.kind, f"not in the catalogue of {len(catalogue.services)} services")
        told.print(f"[bold]{host}[/bold]: {where}")
        if alike := _alike(host, match, catalogue):
            told.print(f"  It reads like {alike.name}: {alike.why}.")
        return
    risk = inherent(service, today)
    need, *others = (catalogue.capabilities.get(one, one) for one in (service.capability, *service.also))
    told.print(
        f"[bold]{host}[/bold]: {service.name} ({service.category_title}: {'probably ' if service.probably else ''}{need}),"
        f" role “{match.role}”, matched by {match.entry}"
    )
    told.print(f"  {service.about}" + (f" Also: {', '.join(others)}." if others else ""))
    told.print(f"  Risk of the service itself: {risk.level}, {risk.score} of 100 ({risk.low}–{risk.high})")
    for reason in risk.reasons:
        told.print(f"    {reason.points:+5.1f}  {reason.text} [dim]({reason.source})[/dim]", markup=True)
    for name, fact in service.facts.items():
        told.print(f"  {name}: {fact.value} [dim]({fact.source}, {fact.date})[/dim]")
