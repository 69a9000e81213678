"""`gnomon parse`: the canonical events of a log."""

import sys
from typing import Final

import click
import polars as pl

from discovery.logs import find
from discovery.pipeline import read_log
from discovery.settled import Settled
from webui.commands.reading import format_choice, progress_bar, say_account, zone_choice

#: Times as RFC 3339, without zeros behind the seconds.
_AS_TEXT: Final = pl.col("timestamp").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").str.replace(r"\.?0+Z$", "Z")


@click.command("parse")
@click.argument("log")
@format_choice
@zone_choice
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show the first N events only.")
def command(log: str, format_id: str | None, zone: str | None, limit: int | None) -> None:
    """The events of LOG as one JSON object a line; the account of its lines on standard error.

    Example: gnomon parse access.log --limit 10
    """
    for one in find([log]):
        shown = _Shown(limit)
        events = Settled(shown)
        with progress_bar(one.name) as progress:
            result = read_log(one, format_id=format_id, zone=zone, progress=progress, sink=events)
            events.rest()
        say_account(result.account)


class _Shown:
    """Writes events to standard output as they come, one JSON object a line, absent values as null."""

    def __init__(self, limit: int | None) -> None:
        self._left = limit

    def __call__(self, events: pl.DataFrame) -> None:
        if self._left is not None:
            events = events.head(self._left)
            self._left -= events.height
        if events.height:
            sys.stdout.write(events.with_columns(_AS_TEXT).write_ndjson())
