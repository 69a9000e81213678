"""`gnomon backup`: everything of this installation as one file."""

from pathlib import Path

import click

import rules.tables  # noqa: F401 (a backup holds the tables of every wing)
import webui.tables  # noqa: F401
from discovery.store import back_up, open_store
from webui.commands.asking import asked
from webui.passwords import check_length
from webui.words import size


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Write everything of this installation to FILE: clients, findings' evidence, decisions, users; and, sealed by a passphrase, the keys to names.

    People may go on working meanwhile. Without the passphrase nobody can restore it, nor read a name of a person in it; domains, decisions and
    the names of clients and users can be read by whoever holds the file. The passphrase is asked for, or read from standard input.

    Example: gnomon backup /mnt/backups/gnomon-monday.zip
    """
    store = open_store()
    passphrase = asked("Passphrase", new=True)
    check_length(passphrase, "passphrase")
    made = back_up(store, file, passphrase)
    click.echo(f"{file}: written, {size(file.stat().st_size)} ({size(made.size)} of database). Keep the passphrase elsewhere.", err=True)
