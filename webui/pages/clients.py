"""All clients: how each stands and which need somebody first. Never a person."""

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webui import csvs, downloads
from webui.desk import desk
from webui.listing import arrange
from webui.practice import portfolio
from webui.practice.portfolio import COLUMNS, Row
from webui.roles import visible_clients

blueprint = Blueprint("clients", __name__, url_prefix="/clients")

#: Clients that stand above the table.
MOST: Final = 5


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The portfolio; above the table those who cannot wait, where it is long."""
    found = portfolio.rows(desk(), visible_clients(desk().store), datetime.now(UTC).date())
    if downloads.wanted():
        return downloads.table("clients", *as_table(found))
    first = portfolio.urgent(found)
    listing = arrange(found, COLUMNS, request.args, default="attention")
    sentence = portfolio.in_one_sentence(found, first)
    return render_template(
        "clients/index.html",
        listing=listing,
        first=first[:MOST] if len(found) > MOST else [],
        sentence=sentence,
        working=any(row.stale for row in found),
    )


def as_table(found: list[Row]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Every client for export."""
    header = ["client", "needs", "highest level", "severe", "high", "services in use", "open findings", "alerts", "reviews overdue"]
    header += ["maturity step", "step", "working days", "working days with logs", "people seen", "people expected", "last event", "last import (UTC)"]
    header += ["reviewed up to"]
    return header, [_row(row) for row in found]


def _row(row: Row) -> list[csvs.Cell]:
    said: list[csvs.Cell] = [row.client.name, "; ".join(reason.text for reason in row.reasons)]
    one = row.summary
    if one is None or one.until is None:
        return [*said, *[None] * 14, row.last.taken, row.reviewed]
    levels = one.levels or {}
    said += [one.level, levels.get("Severe", 0), levels.get("High", 0), len(one.services), one.open, one.alerts, one.overdue]
    said += [one.step, one.step_title, one.working, one.covered, one.seen, one.expected, one.until]
    return [*said, row.last.taken, row.reviewed]
