"""`gnomon formats`: every log format that can be read, and how to get a useful log of each."""

import click

from discovery.format import LogFormat
from discovery.formats import all_formats, get
from discovery.leases import LeaseFormat, lease_formats
from discovery.recipes import recipe
from discovery.sightings import SightingFormat, sighting_formats
from webui.commands.reading import as_json, told

Known = LogFormat | LeaseFormat | SightingFormat


@click.command("formats")
@click.argument("format_id", metavar="[ID]", required=False)
@click.option("--output", type=click.Choice(["table", "json"]), default="table", help="How to answer.")
def command(format_id: str | None, output: str) -> None:
    """Every log format that can be read, with what it can tell. With ID, that one: how to switch such a log on, and how to get it.

    Example: gnomon formats fortigate
    """
    if format_id is None:
        _list([_row(known) for known in readable()], output)
        return
    known = lease_formats().get(format_id) or sighting_formats().get(format_id) or get(format_id)
    if output == "json":
        as_json(_row(known) | _details(known))
    else:
        _say(known)


def readable() -> list[Known]:
    """Every format that is of use, by id."""
    logs = [found for found in all_formats().values() if not found.declines]
    known: list[Known] = [*logs, *lease_formats().values(), *sighting_formats().values()]
    return sorted(known, key=lambda one: one.id)


def _row(known: Known) -> dict[str, object]:
    return {"id": known.id, "title": known.title, "family": known.family, "fields": list(known.fields)}


def _details(known: Known) -> dict[str, object]:
    how = recipe(known.id)
    declines = getattr(known, "declines", None)
    return {"recipe": how and how.as_row(), "cannot_tell": list(getattr(known, "cannot_tell", ())), "declines": declines}


def _list(rows: list[dict[str, object]], output: str) -> None:
    if output == "json":
        as_json(rows)
        return
    width = max(len(str(row["id"])) for row in rows)
    for row in rows:
        click.echo(f"{row['id']:{width}}  {row['family']:9} {row['title']}")


def _say(known: Known) -> None:
    told.print(f"[bold]{known.title}[/bold] ({known.id}, {known.family})")
    details, how = _details(known), recipe(known.id)
    if details["declines"]:
        told.print(str(details["declines"]), markup=False)
    for heading, text in how.steps().items() if how else ():
        told.print(f"[bold]{heading}:[/bold] ", end="")
        told.print(text, markup=False)
    for sentence in getattr(known, "cannot_tell", ()):
        told.print(f"It cannot tell: {sentence}", markup=False)
