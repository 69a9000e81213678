"""`gnomon report`: what was found of a client, as documents for people and as data for programs and spreadsheets."""

import sys
from importlib.metadata import version
from pathlib import Path

import click

from discovery.catalogue import load
from discovery.store import get_client, open_store
from webui.assessments import Assessments
from webui.filters import PERIODS, Filter
from webui.reports import files
from webui.reports.documents import DOCUMENTS
from webui.reports.source import pack_of

_NAMES = ", ".join(document.id for document in DOCUMENTS)


@click.command("report")
@click.argument("client")
@click.option("--format", "kind", type=click.Choice(list(files.TYPES)), default="json", show_default=True, help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"), help="Where to; - is standard output.")
@click.option("--document", "name", default="pack", show_default=True, help=f"For HTML and PDF: pack (everything), or one of {_NAMES}.")
@click.option("--table", default="services", show_default=True, help=f"For CSV: one of {', '.join(files.TABLES)}.")
@click.option("--period", type=click.Choice(list(PERIODS)), help="Days counted back from the last event; 30 for documents, all for data.")
def command(client: str, kind: str, output: Path, name: str, table: str, period: str | None) -> None:
    """The policy pack of CLIENT as HTML or PDF, agenda and clauses as Word, or all findings as JSON, workbook or CSV.

    People appear under pseudonyms in data, and not at all in documents.

    Example: gnomon report acme --format pdf -o acme.pdf
    """
    documents = files.chosen(name)
    store, catalogue = open_store(), load()
    firm = get_client(store, client)
    assessments = Assessments(store, catalogue)
    if kind in files.DOCUMENTS:
        pieces = [files.document(pack_of(store, assessments, catalogue, firm, Filter(period=period or "30")), kind, documents)]
    else:
        firm.show_names = False  # what leaves the store carries pseudonyms, whatever the pages show
        shown = assessments.picture(firm, Filter(period=period or "all"))
        pieces = list(files.data(shown.firm, kind, client=firm.name, version=version("gnomon"), catalogue=catalogue, table=table))
    if str(output) == "-":
        sys.stdout.buffer.write(b"".join(pieces))
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(b"".join(pieces))
