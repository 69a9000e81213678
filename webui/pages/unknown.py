"""Domains that no catalogue knows: listed, not dropped."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from rules.findings import UnknownDomain
from webui import csvs
from webui.desk import client
from webui.helpers import chosen, heeds, picture
from webui.listing import Column, arrange
from webui.pages import Entry

blueprint = Blueprint("unknown", __name__, url_prefix="/c/<slug>/unknown")
MENU = Entry("unknown.index", "Unknown domains", "unknown", 70, more=True)

COLUMNS: Final[Mapping[str, Column[UnknownDomain]]] = {
    "domain": Column("Domain", lambda row: row.domain),
    "people": Column("People", lambda row: row.people, largest_first=True),
    "days": Column("Days", lambda row: row.days, largest_first=True),
    "hits": Column("Requests", lambda row: row.hits, largest_first=True),
    "uploaded": Column("Uploaded", lambda row: row.uploaded_bytes, largest_first=True),
}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The list, searched by name."""
    heeds("search")
    wanted = (chosen().search or "").casefold()
    rows = [row for row in picture().assessment.unknown if wanted in row.domain]
    if request.args.get("format") == "csv":
        return csvs.download(f"{client().slug}-unknown-domains", *as_table(rows))
    unlisted = [row for row in picture().assessment.unlisted if wanted in row.name.casefold()]
    listing = arrange(rows, COLUMNS, request.args, default="uploaded")
    return render_template("unknown/index.html", picture=picture(), unlisted=unlisted, listing=listing)


def as_table(rows: list[UnknownDomain]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The list as a table for export."""
    header = ["domain", "people", "days", "requests", "uploaded bytes", "downloaded bytes", "what its name suggests"]
    return header, [[row.domain, row.people, row.days, row.hits, row.uploaded_bytes, row.downloaded_bytes, row.guess] for row in rows]
