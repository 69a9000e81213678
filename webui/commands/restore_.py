"""`gnomon restore`: an empty installation becomes what was backed up."""

from pathlib import Path

import click

import rules.tables  # noqa: F401 (a backup holds the tables of every wing)
import webui.tables  # noqa: F401
from discovery.store import open_store, restore
from webui.commands.asking import asked


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def command(file: Path) -> None:
    """Fill this installation, which must be empty, from a backup in FILE: all as it was, on another machine or in another kind of database too.

    The passphrase is asked for, or read from standard input. Start Gnomon's pages afterwards, not before.

    Example: GNOMON_HOME=/srv/gnomon gnomon restore gnomon-monday.zip
    """
    store = open_store()
    said = restore(store, file, asked("Passphrase", new=False))
    click.echo(f"{file}: restored as it was on {said.made:%d %B %Y, %H:%M} UTC. Names, decisions and users are there again.", err=True)
