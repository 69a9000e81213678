"""`gnomon demo`: the sample firm, from its logs to its pages."""

import secrets

import click

from discovery.catalogue import load
from discovery.store import Store, account, get_import, import_log, imports, observations, open_store
from rules.assess import assess
from rules.kept.queries import weights
from rules.practice import queries as practice
from rules.queries import decisions
from rules.toolset import read_toolset
from webui import queries, sample, sample_register, sample_roadmap
from webui.commands import tables
from webui.commands.reading import progress_bar, say_account
from webui.firstrun import create_admin, first_run_token
from webui.passwords import hashed
from webui.serve import run

_TOP = 10
_NAME = "demo"


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after printing the top findings.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="TCP port of the pages.")
def command(port: int, *, no_serve: bool) -> None:
    """Build the sample firm from the logs that travel with Gnomon, print its top findings, and serve its pages on this machine.

    Example: gnomon demo --no-serve
    """
    store, catalogue = open_store(), load()
    firm = sample.create(store)
    there = {row.name for row in imports(store, firm) if row.state == "published"}
    for log in sample.logs():
        if log.name not in there:
            with progress_bar(log.name) as progress:
                done = import_log(store, firm, log, zone=firm.zone, progress=progress)
            say_account(account(get_import(store, firm, done.import_id)))
    sample_register.settle(store, firm, catalogue)
    sample_roadmap.settle(store, firm, catalogue)
    seen = observations(store, firm, catalogue, names=True)
    toolset = read_toolset(practice.toolset(store, firm), services=catalogue.services)
    assessment = assess(seen, catalogue, decisions(store, firm), toolset, weights=weights(store, firm))
    tables.show(assessment, most=_TOP)
    if no_serve:
        return
    if (way_in := password(store)) is not None:
        click.echo(f"Sign in as “{_NAME}” with the password {way_in} (a new one at every start of the demo).", err=True)
    run(store, port=port)


def password(store: Store) -> str | None:
    """A new password of the demo's account; None where others sign in here."""
    made, there = secrets.token_urlsafe(9), queries.find_account(store, _NAME)
    if there is not None:
        queries.set_password(store, there.id, hashed(made))
    elif first_run_token(store) is not None:
        create_admin(store, _NAME, made)
    else:
        return None
    return made
