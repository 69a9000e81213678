"""`gnomon import`: logs into a client's store, exactly once."""

from pathlib import Path

import click

from discovery.errors import GnomonError
from discovery.logs import find
from discovery.store import Client, Store, account, get_client, get_import, import_log, import_people, is_bundle, open_store, take_bundle
from webui.commands.reading import format_choice, progress_bar, say_account, zone_choice


@click.command("import")
@click.argument("client")
@click.argument("log", nargs=-1)
@format_choice
@zone_choice
@click.option("--trust", default="", metavar="FINGERPRINT", help="Trust the key that a bundle is signed with, for this client, from now on.")
@click.option("--people", type=click.Path(path_type=Path), metavar="CSV", help="Replace the client's people list.")
def command(client: str, log: tuple[str, ...], format_id: str | None, zone: str | None, trust: str, people: Path | None) -> None:
    """Take LOG… (also lease files, or a bundle made at the client's site) into the store of CLIENT. The same content twice counts once.

    Example: gnomon import acme access.log dhcpd.leases --people people.csv
    """
    if not log and people is None:
        raise click.UsageError("Name one or more logs, or a list of --people.")
    store = open_store()
    firm = get_client(store, client)
    if people is not None:
        click.echo(f"{import_people(store, firm, people)} people in the list of {firm.name}.", err=True)
    failed = read = 0
    bundles = [Path(one) for one in log if is_bundle(Path(one))]
    for bundle in bundles:
        try:
            _take_bundle(store, firm, bundle, trust)
        except GnomonError as error:
            failed += 1
            click.echo(str(error), err=True)
            continue
        read += 1
    for one in find([one for one in log if Path(one) not in bundles]):
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


def _take_bundle(store: Store, firm: Client, bundle: Path, trust: str) -> None:
    taken = take_bundle(store, firm, bundle, trust=trust)
    for name in taken.new:
        click.echo(f"{bundle.name}: {name} was taken in.", err=True)
    if taken.already:
        click.echo(f"{bundle.name}: {len(taken.already)} of its logs had been taken in before; nothing of them was added.", err=True)
