"""`gnomon catalogue`: counts, check, search and what an update changes."""

import sys
from pathlib import Path

import click

from discovery import catalogue as known
from discovery import catalogue_diff
from webui.commands.reading import as_json, told


@click.group("catalogue")
def command() -> None:
    """The catalogue of services.

    Example: gnomon catalogue search dropbox
    """


@command.command("stats")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
def stats(output: str) -> None:
    """Services by category and capability, and how many of them each fact is known for."""
    numbers = known.load().stats()
    if output == "json":
        as_json(numbers)
        return
    for name, value in numbers.items():
        if isinstance(value, dict):
            told.print(f"{name}:")
            for key, count in value.items():
                told.print(f"  {key}: {count}")
        else:
            told.print(f"{name}: {value}")


@command.command("check")
def check() -> None:
    """Every mistake with its file and line; exit status 2 if there is one."""
    problems = known.check()
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} mistakes." if problems else "The catalogue is sound.", err=True)
    sys.exit(2 if problems else 0)


@command.command("search")
@click.argument("text")
def search(text: str) -> None:
    """Services whose name, vendor, alias or domain holds TEXT, the closest first.

    Example: gnomon catalogue search whiteboard
    """
    catalogue = known.load()
    found = catalogue.search(text)
    for service in found:
        need = ("probably " if service.probably else "") + catalogue.capabilities.get(service.capability, service.capability)
        hosts = [host for role in known.ROLES for host in service.domains.get(role, ())]
        click.echo(f"{service.id}  {service.name} ({service.vendor}), {need}: {', '.join(hosts[:_HOSTS])}")
    if not found:
        click.echo(f"Nothing in the catalogue looks like “{text}”.", err=True)


_HOSTS = 4  # enough to recognise it


@command.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
def diff(old: Path, new: Path, output: str) -> None:
    """What changes from OLD to NEW: services, hosts and facts. Each is a data folder with a catalogue, or a compiled catalogue.

    Example: gnomon catalogue diff data.before data
    """
    changes = catalogue_diff.diff(old, new)
    if output == "json":
        as_json({"summary": catalogue_diff.summary(changes), "changes": [change.as_row() for change in changes]})
        return
    for change in changes:
        click.echo(str(change))
    counts = ", ".join(f"{count} × {kind}" for kind, count in catalogue_diff.summary(changes).items())
    click.echo(f"{len(changes)} changes: {counts}." if changes else "Nothing changes.", err=True)
