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

from discovery.framing import must_compile
from discovery.observations import LogAccount
from discovery.progress import Progress


class _Answers(Console):
    def on_broken_pipe(self) -> None:
        """Rich would end the process as if something had failed."""
        raise BrokenPipeError


#: Messages for people while work is done.
said = Console(stderr=True, highlight=False)

#: Answers for people.
told = _Answers(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)

_FIRST = "The first log takes some ten seconds longer: the parts that read are compiled for this computer, once."


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
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[Progress], None]]:
    """A bar with rate and time left on standard error, where that is a terminal; before the first log ever read here, why it waits."""
    if sys.stderr.isatty() and must_compile():
        said.print(_FIRST)
    columns = (TextColumn("{task.description}"), BarColumn(), FileSizeColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=said, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)
        yield lambda progress: bar.update(task, completed=progress.bytes_done, total=progress.bytes_total)


def say_account(account: LogAccount) -> None:
    """The account of a log in a few lines, on standard error."""
    formats = ", ".join(f"{format_} ({n:,})" for format_, n in account.formats.items()) or account.format
    click.echo(f"{account.path}: {formats}, {account.lines:,} lines = {account.events:,} events{_parts(account)}", err=True)
    for sentence in (*account.warnings, *_clock(account)):
        click.echo(f"  {sentence}", err=True)


def _clock(account: LogAccount) -> Iterator[str]:
    """When the log was silent, and where its clock goes back."""
    for one in account.silences:
        whose = f"No lines of {one.format}" if one.format else "No requests"
        yield f"{whose} from {one.since:%Y-%m-%d %H:%M} to {one.until:%Y-%m-%d %H:%M} UTC ({one.working_hours:.1f} working hours)."
    for jump in account.clock_jumps:
        yield f"About line {jump.line:,} the time goes back from {jump.before:%Y-%m-%d %H:%M} to {jump.after:%Y-%m-%d %H:%M} UTC."


def _parts(account: LogAccount) -> str:
    skipped = [f"{n:,} skipped ({reason})" for reason, n in account.skipped.items()]
    rejected = [f"{n:,} not understood ({reason})" for reason, n in account.rejected.items()]
    return "".join(f" + {part}" for part in (*skipped, *rejected))
