"""`gnomon report`: a client's findings for other programs and for spreadsheets."""

import io
import json
import sys
from importlib.metadata import version
from pathlib import Path

import click

from discovery.catalogue import load
from discovery.store import get_client, observations, open_store
from rules import export
from rules.assess import assess
from rules.queries import decisions
from rules.toolset import read_toolset
from webui.commands.tables import csv_of


@click.command("report")
@click.argument("client")
@click.option("--format", "kind", type=click.Choice(["json", "csv"]), default="json", help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"), help="Where to; - is standard output.")
def command(client: str, kind: str, output: Path) -> None:
    """Everything kept of CLIENT: JSON as `scan` gives it, or the findings as CSV. People appear under pseudonyms.

    Example: gnomon report acme --format csv -o acme.csv
    """
    store, catalogue = open_store(), load()
    firm = get_client(store, client)
    seen = observations(store, firm, catalogue)
    assessment = assess(seen, catalogue, decisions(store, firm), read_toolset(firm.toolset or "", services=catalogue.services))
    text = io.StringIO()
    if kind == "json":
        json.dump(export.to_json(assessment, version=version("gnomon"), catalogue=catalogue), text, ensure_ascii=False, indent=1, default=str)
        text.write("\n")
    else:
        text.write(csv_of(export.findings_frame(assessment)))
    if str(output) == "-":
        sys.stdout.write(text.getvalue())
    else:
        output.write_text(text.getvalue(), encoding="utf-8", newline="")
