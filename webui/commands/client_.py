"""`gnomon client`: the firms that are looked after."""

import click

from discovery.store import clients, create_client, delete_client, get_client, open_store
from webui.commands.reading import zone_option


@click.group("client")
def command() -> None:
    """The firms that are looked after.

    Example: gnomon client add "Example & Co" --timezone Europe/London --people 40
    """


@command.command("add")
@click.argument("name")
@click.option("--timezone", "zone", default="UTC", callback=zone_option, metavar="ZONE", help="Where its people work, e.g. Europe/London.")
@click.option("--people", type=click.IntRange(min=1), help="How many people work there.")
def add(name: str, zone: str, people: int | None) -> None:
    """Create a client and say its short name."""
    made = create_client(open_store(), name, zone=zone, people_expected=people)
    click.echo(made.slug)


@command.command("list")
def listed() -> None:
    """Short name, name and time zone of every client."""
    for client in clients(open_store()):
        click.echo(f"{client.slug}  {client.name}  {client.zone}")


@command.command("remove")
@click.argument("client")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(client: str, *, yes: bool) -> None:
    """Delete a client, everything kept of it and its keys. This cannot be undone."""
    store = open_store()
    firm = get_client(store, client)
    if not yes and click.prompt(f"This deletes everything kept of {firm.name}. Type “{firm.slug}” to go on") != firm.slug:
        raise click.Abort
    delete_client(store, firm)
    click.echo(f"{firm.name} is gone.", err=True)
