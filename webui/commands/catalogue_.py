"""`gnomon catalogue`: counts, check and search."""

import sys

import click

from discovery import catalogue as known
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
    """Services whose name, vendor, alias or domain holds TEXT."""
    found = known.load().search(text)
    for service in found:
        click.echo(f"{service.id}  {service.name} ({service.vendor}), {service.category_title}: {', '.join(service.domains.get('use', ()))}")
    if not found:
        click.echo(f"Nothing in the catalogue looks like “{text}”.", err=True)
