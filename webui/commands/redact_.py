"""`gnomon redact`: a sample of a log that may be shared."""

import sys
from pathlib import Path
from typing import TextIO

import click

from discovery.errors import GnomonError
from discovery.logs import LogFile, find
from discovery.redact import gather, redacted
from webui.commands.reading import progress_bar
from webui.words import plural

_UNDERSTOOD = "Users, devices, addresses, sites outside the catalogue and paths are invented; times, numbers and categories are not."
_UNKNOWN = (
    "No format understands this file: addresses, sites and accounts that show as such are invented, names of people and devices in running text "
    "have stayed."
)
_DONE = "{n} written. {what} Look it over before you share it."


@click.command("redact")
@click.argument("log")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"), help="Where to; - is standard output.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Write the first N lines only.")
def command(log: str, output: Path, limit: int | None) -> None:
    """Write LOG in the same shape with invented users, devices, addresses, sites and paths; each the same throughout the file.

    Example: gnomon redact access.log --limit 500 -o sample.log
    """
    found = find([log])
    if len(found) > 1:
        raise GnomonError(f"{log} holds {len(found)} logs. Name one of them.")
    if str(output) == "-":
        sys.stdout.reconfigure(newline="")  # type: ignore[union-attr] # line ends stay as they are
        said = _write(found[0], sys.stdout, limit)
    else:
        if output.exists() and output.samefile(found[0].path):
            raise GnomonError("The sample would take the place of the log itself. Choose another name.")
        with output.open("w", encoding="utf-8", newline="") as file:
            said = _write(found[0], file, limit)
    click.echo(said, err=True)


def _write(log: LogFile, file: TextIO, limit: int | None) -> str:
    """Write the sample; gives what was done to it, in words."""
    written = 0
    with progress_bar(log.name) as progress:
        found = gather(log)
        for line in redacted(log, found=found, limit=limit, progress=progress):
            file.write(line)
            written += 1
    return _DONE.format(n=plural(written, "line"), what=_UNDERSTOOD if found.format else _UNKNOWN)
