"""`gnomon scan`: logs in, findings out, nothing kept."""

from importlib.metadata import version
from pathlib import Path

import click

from discovery.catalogue import load
from discovery.logs import find
from discovery.scan import scan
from rules import export
from rules.assess import assess
from rules.toolset import Toolset, load_toolset
from webui.commands import tables
from webui.commands.reading import as_json, format_choice, progress_bar, say_account, zone_choice

_VIEWS = ("service", "person", "risk", "gap")


@click.command("scan")
@click.argument("log", nargs=-1, required=True)
@format_choice
@zone_choice
@click.option("--people", type=click.Path(path_type=Path), metavar="CSV", help="People list: person and any of user, host, mac, ip; team if known.")
@click.option("--leases", multiple=True, metavar="FILE", help="A DHCP lease file; may be given several times.")
@click.option("--toolset", type=click.Path(path_type=Path), metavar="TOML", help="What the firm already provides.")
@click.option("--by", type=click.Choice(_VIEWS), default="risk", help="What the table lists.")
@click.option("--output", type=click.Choice(["table", "json", "csv"]), default="table", help="How to answer.")
def command(
    log: tuple[str, ...],
    format_id: str | None,
    zone: str | None,
    people: Path | None,
    leases: tuple[str, ...],
    toolset: Path | None,
    by: str,
    output: str,
) -> None:
    """What LOG… show: files, folders, patterns, URLs or `-` for standard input. Nothing is stored.

    Example: gnomon scan access.log pihole.log.gz --people people.csv
    """
    catalogue = load()
    provided = Toolset() if toolset is None else load_toolset(toolset, services=catalogue.services)
    with progress_bar("reading") as bar:
        scanned = scan(find(list(log)), catalogue, format_id=format_id, zone=zone, people=people, leases=find(list(leases)), watch=lambda _log: bar)
    for account in scanned.observations.logs:
        say_account(account)
    for name, why in scanned.failures.items():
        click.echo(f"{name}: {why}", err=True)
    assessment = assess(scanned.observations, catalogue, {}, provided)
    if output == "json":
        as_json(export.to_json(assessment, version=version("gnomon"), catalogue=catalogue))
    elif output == "csv":
        tables.as_csv(assessment, by)
    else:
        tables.show(assessment, by)
