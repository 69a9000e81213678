"""`gnomon parse`: the canonical events of a log."""

import sys

import click
import polars as pl

from discovery.events import EVENT
from discovery.logs import find
from discovery.pipeline import read_log
from webui.commands.reading import format_choice, progress_bar, say_account, zone_choice


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
        tables: list[pl.DataFrame] = []
        with progress_bar(one.name) as progress:
            result = read_log(one, format_id=format_id, zone=zone, progress=progress, sink=tables.append)
        # a verdict may stand blocks behind the line it judges, and the format is only sure at the end
        rows = with_verdicts(pl.concat(tables)) if tables else None
        if rows is not None:
            ndjson(rows if limit is None else rows.head(limit), result.account.format)
        say_account(result.account)


def with_verdicts(events: pl.DataFrame) -> pl.DataFrame:
    """Events without the rows that only judge another line; the judged line carries the verdict."""
    judged = events.filter(pl.col("requests") == 0).group_by("line").agg(pl.col("event_action").last().alias("_verdict"))
    own = events.unique("line", keep="first", maintain_order=True).sort("line")
    rows = own.join(judged, on="line", how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce("_verdict", "event_action").alias("event_action"))


def ndjson(rows: pl.DataFrame, format_id: str) -> None:
    """One object a line, absent values as null."""
    shown = rows.select(
        pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").str.replace(r"\.?0+Z$", "Z") if name == "timestamp" else pl.col(name) for name in EVENT
    ).with_columns(rows["format"] if "format" in rows.columns else pl.lit(format_id).alias("format"))
    sys.stdout.write(shown.write_ndjson())
