"""What commands share that read logs: the options, the progress bar, the account in words."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.progress import BarColumn, FileSizeColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bar

from discovery.observations import LogAccount
from discovery.pipeline import Progress

#: Messages for people while work is done.
said = Console(stderr=True, highlight=False)

#: Answers for people.
told = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)


def zone_option(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A time zone by its IANA name."""
    if value is not None:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise click.BadParameter(f"“{value}” is no time zone; a name looks like Europe/London.") from None
    return value


format_choice = click.option("--format", "format_id", metavar="ID", help="The format, if you know it (see `gnomon formats`); else it is identified.")
zone_choice = click.option("--timezone", "zone", metavar="ZONE", callback=zone_option, help="Zone of times that carry none, e.g. Europe/London.")


def as_json(value: object) -> None:
    """One JSON document on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[Progress], None]]:
    """A bar with rate and time left on standard error, where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), FileSizeColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=said, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)
        yield lambda progress: bar.update(task, completed=progress.bytes_done, total=progress.bytes_total)


def say_account(account: LogAccount) -> None:
    """The account of a log in a few lines, on standard error."""
    click.echo(f"{account.path}: {account.format}, {account.lines:,} lines = {account.events:,} events{_parts(account)}", err=True)
    for warning in account.warnings:
        click.echo(f"  {warning}", err=True)


def _parts(account: LogAccount) -> str:
    skipped = [f"{n:,} skipped ({reason})" for reason, n in account.skipped.items()]
    rejected = [f"{n:,} not understood ({reason})" for reason, n in account.rejected.items()]
    return "".join(f" + {part}" for part in (*skipped, *rejected))
