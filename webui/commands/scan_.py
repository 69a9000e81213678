"""`gnomon scan`: logs in, findings out, nothing kept."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from discovery.catalogue import load
from discovery.logs import find
from discovery.scan import scan
from rules import export
from rules.assess import assess
from rules.toolset import Toolset, load_toolset
from webui.commands import tables
from webui.commands.reading import as_json, format_choice, progress_bar, say_account, zone_choice

if TYPE_CHECKING:
    from discovery.resolve import Reverse

_VIEWS = ("service", "person", "risk", "gap")


@click.command("scan")
@click.argument("log", nargs=-1, required=True)
@format_choice
@zone_choice
@click.option(
    "--people",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="People list: person and any of user, host, mac, ip; team if known. Or a directory's users.",
)
@click.option("--leases", multiple=True, metavar="FILE", help="A DHCP lease file; may be given several times.")
@click.option("--toolset", type=click.Path(path_type=Path), metavar="TOML", help="What the firm already provides.")
@click.option("--reverse-dns", is_flag=True, help="Ask this machine's DNS resolver for names of addresses that no log names (off by default).")
@click.option("--by", type=click.Choice(_VIEWS), default="risk", help="What the table lists.")
@click.option("--output", type=click.Choice(["table", "json", "csv"]), default="table", help="How to answer.")
def command(
    log: tuple[str, ...],
    format_id: str | None,
    zone: str | None,
    people: Path | None,
    leases: tuple[str, ...],
    toolset: Path | None,
    reverse_dns: bool,
    by: str,
    output: str,
) -> None:
    """What LOG… show: files, folders, patterns, URLs or `-` for standard input. Nothing is stored.

    Example: gnomon scan access.log pihole.log.gz --people people.csv
    """
    catalogue = load()
    provided = Toolset() if toolset is None else load_toolset(toolset, services=catalogue.services)
    reverse = _reverse() if reverse_dns else None
    lease_files = find(list(leases))
    with progress_bar("reading") as bar:
        scanned = scan(
            find(list(log)), catalogue, format_id=format_id, zone=zone, people=people, leases=lease_files, watch=lambda _log: bar, reverse=reverse
        )
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


def _reverse() -> "Reverse":
    from discovery.resolve import Reverse  # noqa: PLC0415 (the resolver is slow to load, and seldom asked)

    return Reverse()
