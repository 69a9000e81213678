"""`gnomon import`: logs into a client's store, exactly once."""

from pathlib import Path

import click

from discovery.errors import GnomonError
from discovery.logs import find
from discovery.store import account, get_client, get_import, import_log, import_people, open_store
from webui.commands.reading import format_choice, progress_bar, say_account, zone_choice


@click.command("import")
@click.argument("client")
@click.argument("log", nargs=-1)
@format_choice
@zone_choice
@click.option("--people", type=click.Path(path_type=Path), metavar="CSV", help="Replace the client's people list.")
def command(client: str, log: tuple[str, ...], format_id: str | None, zone: str | None, people: Path | None) -> None:
    """Take LOG… (also lease files) into the store of CLIENT. The same content twice counts once.

    Example: gnomon import acme access.log dhcpd.leases --people people.csv
    """
    store = open_store()
    firm = get_client(store, client)
    if people is not None:
        click.echo(f"{import_people(store, firm, people)} people in the list of {firm.name}.", err=True)
    failed = read = 0
    for one in find(list(log)):
        with progress_bar(one.name) as progress:
            done = import_log(store, firm, one, format_id=format_id, zone=zone or firm.zone, progress=progress)
        if done.state == "failed":
            failed += 1
            click.echo(f"{one.name}: {done.message}", err=True)
            continue
        read += 1
        say_account(account(get_import(store, firm, done.import_id)))
        if done.message:
            click.echo(f"  {done.message}", err=True)
    if failed and not read:
        raise GnomonError("None of the logs could be read; nothing was kept.")
