"""A log that no format understands: its first lines as a table, what each column is, the events that gives, and then it is read again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discovery import store as kept
from discovery.blocks import Blocks
from discovery.errors import GnomonError
from discovery.identify import HEAD
from discovery.logs import LogFile
from discovery.own_formats import ROLES, OwnFormat, checked
from discovery.own_formats_guess import guess, preview
from discovery.own_formats_table import Table, table
from discovery.times import Reading
from discovery.unfold import unfolded
from webui.desk import client, desk
from webui.roles import ANALYST, allow

blueprint = Blueprint("teaching", __name__, url_prefix="/c/<slug>/imports/<int:number>/teach")

#: Lines and events that are shown, and the least share of lines that must be understood.
LINES: Final = 8
EVENTS: Final = 8
ENOUGH: Final = 0.6
_EVENT: Final = {
    "line": "Line",
    "timestamp": "Time",
    "user_name": "User",
    "source_ip": "Client address",
    "source_mac": "Client MAC",
    "host_name": "Client device",
    "destination_domain": "Site",
    "destination_ip": "Site address",
    "source_bytes": "Sent",
    "destination_bytes": "Received",
    "event_action": "Verdict",
}


@blueprint.get("/")
@allow(ANALYST)
def show(slug: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The table with a proposal."""
    name, _, head = _log(number)
    first = _table(head)
    chosen = {column: role for role, column in guess(first).items()}
    return _page(number, name, first, chosen, _title(name), head)


@blueprint.post("/")
@allow(ANALYST)
def teach(slug: str, number: int) -> ResponseReturnValue:
    """Look at the events that the chosen columns give, or keep the format and read the log again."""
    name, path, head = _log(number)
    first = _table(head)
    chosen = {column: role for at, column in enumerate(first.names) if (role := request.form.get(f"column-{at}", "")) in ROLES}
    title = request.form.get("title", "").strip()
    if request.form.get("action") != "save":
        return _page(number, name, first, chosen, title, head)
    try:
        own = _readable(_own(first, chosen, title), head)
    except GnomonError as error:
        return _page(number, name, first, chosen, title, head, wrong=str(error)), 400
    kept.teach_format(desk().store, client(), own)
    desk().jobs.submit(client(), path, name)
    kept.remove_import(desk().store, client(), number)
    flash(f"“{own.title}” is a format of {client().name} now. {name} is read again, and the next logs of this kind are recognised.", "good")
    return redirect(url_for("imports.index", slug=slug), code=303)


def _page(number: int, name: str, first: Table, chosen: Mapping[str, str], title: str, head: bytes, wrong: str | None = None) -> str:
    events: list[dict[str, Any]] = []
    share = 0.0
    try:
        events, share = _read(_own(first, chosen, title or _title(name)), head) or (events, share)
    except GnomonError as error:
        wrong = wrong or str(error)
    columns = [name for name in _EVENT if any(event[name] is not None for event in events)]
    shown = {"number": number, "name": name, "first": first, "lines": first.rows[:LINES], "chosen": chosen, "roles": ROLES, "title": title}
    return render_template("imports/teach.html", **shown, events=events, columns=columns, headings=_EVENT, share=share, wrong=wrong)


def _own(first: Table, chosen: Mapping[str, str], title: str) -> OwnFormat:
    """The format that the form describes. Raises GnomonError with what is missing."""
    roles: dict[str, str] = {}
    for column, role in chosen.items():
        if role in roles:
            raise GnomonError(f"Two columns are “{ROLES[role]}”: {roles[role]} and {column}. Choose one of them.")
        roles[role] = column
    return checked(title=title, kind=first.kind, columns=roles, separator=first.separator or ",", header=first.header or first.kind != "csv")


def _read(own: OwnFormat, head: bytes) -> tuple[list[dict[str, Any]], float] | None:
    """The first events, and the share of lines that are understood."""
    found = preview(own, head, Reading(client().zone))
    if found is None:
        return None
    best, events = found
    return events.head(EVENTS).select(list(_EVENT)).to_dicts(), best.share


def _readable(own: OwnFormat, head: bytes) -> OwnFormat:
    """The format, if it reads the first lines. Raises GnomonError where it does not."""
    events, share = _read(own, head) or ([], 0.0)
    if not events or share < ENOUGH:
        raise GnomonError("With these columns too few of the first lines can be read. Nothing was kept.")
    return own


def _log(number: int) -> tuple[str, Path, bytes]:
    """Name, file and first lines of an upload that waits to be taught."""
    try:
        job = kept.get_import(desk().store, client(), number)
    except kept.UnknownImport:
        abort(404)
    path = desk().jobs.unknown(client(), number)
    if path is None or job.state != "failed":
        abort(404)
    with LogFile(path, job.name).open() as stream:
        return job.name, path, unfolded(Blocks(stream)).head(HEAD)


def _table(head: bytes) -> Table:
    return table(head) or abort(404)


def _title(name: str) -> str:
    return Path(name).stem[:80] or "Log"
