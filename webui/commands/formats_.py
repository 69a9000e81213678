"""`gnomon formats`: every log format that can be read."""

import click

from discovery.format import LogFormat
from discovery.formats import all_formats
from discovery.leases import LeaseFormat, lease_formats
from webui.commands.reading import as_json


@click.command("formats")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", help="How to answer.")
def command(output: str) -> None:
    """Every log format that can be read, with what it can tell.

    Example: gnomon formats --output json
    """
    known: list[LogFormat | LeaseFormat] = [found for found in all_formats().values() if not found.declines]
    known += lease_formats().values()
    rows = [
        {"id": found.id, "title": found.title, "family": found.family, "fields": list(found.fields)}
        for found in sorted(known, key=lambda one: one.id)
    ]
    if output == "json":
        as_json(rows)
        return
    width = max(len(str(row["id"])) for row in rows)
    for row in rows:
        click.echo(f"{row['id']:{width}}  {row['family']:9} {row['title']}")
