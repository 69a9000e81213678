"""`gnomon blocklist`: what was decided, as a list for a firewall, proxy, DNS server or browser."""

import sys
from pathlib import Path

import click

from discovery.catalogue import load
from discovery.store import get_client, last_event_day, open_store
from rules.queries import decisions
from webui import blocklists
from webui.assessments import Assessments
from webui.exports import targets
from webui.exports.base import KINDS
from webui.filters import Filter


@click.command("blocklist")
@click.argument("client", required=False)
@click.option("--target", metavar="ID", help="What the list is for; --targets lists them.")
@click.option("--kind", type=click.Choice(KINDS), default="block", show_default=True, help="Block, allow, or take the block list back.")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"), help="Where to; - is standard output.")
@click.option("--targets", "list_targets", is_flag=True, help="List the targets, and what a list means on each.")
def command(client: str | None, target: str | None, kind: str, output: Path, *, list_targets: bool) -> None:
    """Services of CLIENT that are not approved, as a list for one target. Approved services and names that others share are never on it.

    Example: gnomon blocklist acme --target rpz -o rpz.zone
    """
    if list_targets:
        for one in targets().values():
            click.echo(f"{one.id:20}{one.meaning.title}. {one.meaning.note}")
        return
    if client is None or target is None:
        raise click.UsageError("A client and a --target are needed; --targets lists them.")
    blocklists.find(target, kind)
    store, catalogue = open_store(), load()
    firm = get_client(store, client)
    picture = Assessments(store, catalogue).picture(firm, Filter(period="all"))
    day = last_event_day(store, firm)
    found = blocklists.names(decisions(store, firm), catalogue, picture.provided, target, day, picture.firm.findings)
    for left in found.left_out:
        click.echo(f"{left.domain} ({left.service}) is left out: {left.why}", err=True)
    written = blocklists.text(found, target, kind, client=firm.name, day=day)
    if str(output) == "-":
        sys.stdout.write(written)
    else:
        output.write_text(written, encoding="utf-8", newline="\n")
