"""`gnomon review`: each client's changes, reports and to-do list, prepared in one run."""

from pathlib import Path

import click

from discovery.catalogue import load
from discovery.errors import GnomonError
from discovery.store import clients, get_client, open_store
from webui.practice import review


@click.command("review")
@click.argument("client", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="Every client.")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("review"), show_default=True, help="The folder to fill."
)
@click.option("--pdf", is_flag=True, help="Write each policy pack as PDF, too; that takes longer.")
def command(client: tuple[str, ...], output: Path, *, everybody: bool, pdf: bool) -> None:
    """Prepare the review of CLIENT…: what changed since the last review, the policy pack, and a to-do list of a quarter of an hour.

    The folder gets one page over all of them (index.html) and a folder for each. A client that cannot be prepared does not stop the others.

    Example: gnomon review --all -o review-2027-q1
    """
    if everybody == bool(client):
        raise click.UsageError("Name one or more clients, or say --all.")
    store, catalogue = open_store(), load()
    chosen = clients(store) if everybody else [get_client(store, slug) for slug in client]
    if not chosen:
        raise GnomonError("There is no client yet. Make one with “gnomon client add”.")
    prepared = review.prepare_all(store, catalogue, chosen, output, pdf=pdf, say=lambda text: click.echo(text, err=True))
    click.echo(str(output / review.INDEX))
    if all(one.failed for one in prepared):
        raise GnomonError("None of the reviews could be prepared.")
