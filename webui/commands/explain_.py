"""`gnomon explain`: what a host is, and why."""

import json
import sys
from datetime import UTC, date, datetime

import click

from discovery.catalogue import Catalogue, Service, load
from discovery.matching import Match, Matcher
from rules.risk import inherent
from webui.commands.reading import told


@click.command("explain")
@click.argument("host", nargs=-1, required=True)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer; JSON is one object a line.")
def command(host: tuple[str, ...], output: str) -> None:
    """What each HOST is: service, category, role, the entry that matched, every fact with source and date, and its risk.

    `-` reads hosts from standard input.

    Example: gnomon explain www.dropbox.com
    """
    catalogue = load()
    matcher, today = Matcher(catalogue), datetime.now(UTC).date()
    hosts = (line.strip() for line in sys.stdin) if host == ("-",) else iter(host)
    for name in hosts:
        if not name:
            continue
        match = matcher.match(name)
        service = catalogue.services.get(match.service) if match.service else None
        if output == "json":
            sys.stdout.write(json.dumps(_answer(name, match, service, today), ensure_ascii=False, default=str) + "\n")
        else:
            _say(name, match, service, catalogue, today)


def _answer(host: str, match: Match, service: Service | None, today: date) -> dict[str, object]:
    risk = inherent(service, today) if service else None
    return {
        "host": host,
        "match": match.kind,
        "service": service.id if service else None,
        "name": service.name if service else None,
        "category": service.category_title if service else None,
        "capability": service.capability if service else None,
        "capability_confidence": service.capability_confidence if service else None,
        "role": match.role,
        "entry": match.entry,
        "class": match.cls,
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
            "background": f"background traffic ({match.cls}), matched by {match.entry}",
            "private": f"a private matter ({match.cls}): never reported, never stored with a person",
        }.get(match.kind, f"not in the catalogue of {len(catalogue.services)} services")
        told.print(f"[bold]{host}[/bold]: {where}")
        return
    risk = inherent(service, today)
    need = catalogue.capabilities.get(service.capability, service.capability)
    told.print(
        f"[bold]{host}[/bold]: {service.name} ({service.category_title}: {'probably ' if service.probably else ''}{need}),"
        f" role “{match.role}”, matched by {match.entry}"
    )
    told.print(f"  {service.about}")
    told.print(f"  Risk of the service itself: {risk.level}, {risk.score} of 100 ({risk.low}–{risk.high})")
    for reason in risk.reasons:
        told.print(f"    {reason.points:+5.1f}  {reason.text} [dim]({reason.source})[/dim]", markup=True)
    for name, fact in service.facts.items():
        told.print(f"  {name}: {fact.value} [dim]({fact.source}, {fact.date})[/dim]")
