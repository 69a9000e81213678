"""`gnomon unknown`: a client's domains that no catalogue knows, sorted out."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Final

import click
from rich.markup import escape
from rich.table import Table

from discovery.catalogue import Catalogue, load
from discovery.store import catalogue_of, get_client, observations, open_store
from rules import export, unknown
from rules.findings import UnknownDomain
from webui.commands.reading import as_json, told
from webui.csvs import lines
from webui.triage import KINDS, as_table
from webui.words import short_size

_MOST: Final = 40


@click.command("unknown")
@click.argument("client")
@click.option(
    "--output", type=click.Choice(["table", "json", "csv"]), default="table", help="How to answer; JSON and CSV hold what is set aside too."
)
def command(client: str, output: str) -> None:
    """Domains of CLIENT that the catalogue does not know: what may be a tool first, by people and regularity, each with what its names suggest.

    Example: gnomon unknown acme
    """
    store = open_store()
    firm = get_client(store, client)
    catalogue = catalogue_of(store, firm, load())
    found = unknown.domains(observations(store, firm, catalogue), catalogue)
    if output == "json":
        as_json([export.unknown_row(domain) for domain in found])
    elif output == "csv":
        header, rows = as_table(found)
        sys.stdout.write("".join(lines(header, rows)))
    else:
        _show(found, catalogue)


def _show(found: Sequence[UnknownDomain], catalogue: Catalogue) -> None:
    look = [one for one in found if not one.set_aside]
    alike = [one for one in look if one.looks_like]
    for one in alike:
        assert one.looks_like is not None  # noqa: S101 (chosen by it)
        told.print(f"[bold]{escape(one.domain)}[/bold] looks like {escape(one.looks_like.name)}: {escape(one.looks_like.why)}")
    leads = [one for one in look if not one.group or one.group[0] == one.domain]
    table = Table(title=f"{len(leads)} unknown domains worth a look, by kind, people and regularity")
    for name in ("Domain", "With it", "May be", "For"):
        table.add_column(name, overflow="fold")
    for name in ("People", "Person-days", "Days", "Uploaded"):
        table.add_column(name, justify="right")
    table.add_column("What its names suggest", overflow="fold")
    for one in leads[:_MOST]:
        people, days = ("not known" if number is None else str(number) for number in (one.people, one.person_days))
        need = catalogue.capabilities.get(one.need or "", "")
        table.add_row(
            *(escape(one.domain), escape(", ".join(one.group[1:4])), KINDS[one.kind], need, people, days, str(one.days)),
            *(short_size(one.uploaded_bytes), escape(one.guess)),
        )
    told.print(table)
    if len(leads) > _MOST:
        told.print(f"{len(leads) - _MOST} more; --output csv lists all {len(found)}")
    for reason, count in Counter(one.set_aside for one in found if one.set_aside).most_common():
        told.print(f"[dim]Set aside: {count} ({reason.lower()})[/dim]")
