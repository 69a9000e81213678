"""Logs in: dropped, streamed to disk, read with visible progress, accounted for line by line, and removable again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from discovery import store as kept
from discovery.coverage import working_hours
from discovery.errors import GnomonError
from discovery.formats import all_formats
from discovery.identity import is_people_list
from discovery.leases import lease_formats
from discovery.pace import WORKING
from discovery.recipes import recipes
from discovery.sightings import sighting_formats
from discovery.store.tables import Import
from webui import charts, csvs, downloads, words
from webui.desk import client, desk
from webui.pages import Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("imports", __name__, url_prefix="/c/<slug>/imports")
MENU = Entry("imports.index", "Imports", "imports", 50, filtered=False)

#: States that are shown without being asked for.
SHOWN: Final = ("staging", "published", "failed", "already")
NAME_LENGTH: Final = 200


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The drop zone, what is being read, and every log taken in."""
    if downloads.wanted():
        return downloads.table(f"{client().slug}-imports", *as_table(kept.imports(desk().store, client())))
    return render_template("imports/index.html", listed=kept.people_listed(desk().store, client()), **state())


@blueprint.get("/progress")
def progress(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    """The list alone, which the page fetches again while logs are read."""
    return render_template("imports/list.html", **state())


@blueprint.post("/")
@allow(ANALYST)
def upload(slug: str) -> ResponseReturnValue:
    """Take one or many files; each is in line or refused with a sentence of its own."""
    files = [file for file in request.files.getlist("log") if file.filename]
    sentences, failed = [], not files
    for file in files:
        try:
            sentences.append(take(file))
        except GnomonError as error:
            failed = True
            sentences.append(f"{_name(file)}: {error}")
    if not files:
        sentences = ["No file was chosen."]
    if request.headers.get("Accept") == "text/plain":
        return Response(" ".join(sentences), status=400 if failed else 200, mimetype="text/plain")
    flash(" ".join(sentences), "bad" if failed else "good")
    return redirect(url_for("imports.index", slug=slug), code=303)


@blueprint.get("/<int:number>/remove")
@allow(ANALYST)
def confirm(slug: str, number: int) -> ResponseReturnValue:  # noqa: ARG001
    """What removing a log means, before it happens."""
    return render_template("imports/remove.html", job=_import(number), wrong=None)


@blueprint.post("/<int:number>/remove")
@allow(ANALYST)
def remove(slug: str, number: int) -> ResponseReturnValue:
    """Remove a log once its name is typed; one that is still being read, or brought nothing, needs no name."""
    job = _import(number)
    if job.state == "published" and request.form.get("name", "").strip() != job.name:
        return render_template("imports/remove.html", job=job, wrong="This is not the name of the log. Nothing was removed."), 400
    kept.remove_import(desk().store, client(), number)
    if (unknown := desk().jobs.unknown(client(), number)) is not None:
        unknown.unlink()
    flash(f"{job.name} is removed, and its numbers with it." if job.state == "published" else f"{job.name}: stopped, nothing was kept.", "good")
    return redirect(url_for("imports.index", slug=slug), code=303)


def take(file: FileStorage) -> str:
    """Put an uploaded file in line, or into effect where it is a people list; says what happened."""
    path = Path(str(getattr(file.stream, "name", "")))
    file.stream.close()
    if is_people_list(path):
        found = kept.import_people(desk().store, client(), path)
        return f"{_name(file)} is a people list with {words.people(found)}. It is in force at once."
    desk().jobs.submit(client(), path, _name(file))
    return f"{_name(file)} is in line."


def state() -> dict[str, Any]:
    """Everything the list shows."""
    jobs = kept.imports(desk().store, client())
    shown = [job for job in jobs if job.state in SHOWN]
    return {
        "jobs": shown,
        "removed": [job for job in jobs if job.state not in SHOWN],
        "running": any(job.state == "staging" for job in shown) or desk().jobs.at_work(client()),
        "recipes": recipes(),
        "accounts": (accounts := {job.id: kept.account(job) for job in shown}),
        "hours": working_hours([accounts[job.id] for job in shown if job.state == "published"], client().zone),
        "office": WORKING,
        "before": kept.counted_before(desk().store, client()),
        "teachable": {job.id for job in shown if job.state == "failed" and desk().jobs.unknown(client(), job.id)},
        "titles": {name: one.title for some in (all_formats(), lease_formats(), sighting_formats()) for name, one in some.items()},
        "bars": {job.id: bar_of(job) for job in shown},
        "left": {job.id: seconds_left(job) for job in shown if job.state == "staging"},
        "sum": _sum,
    }


def bar_of(job: Import) -> list[charts.Part]:
    """What became of the lines of a log; leases are no requests, and understanding them is all there is to do with their lines."""
    skipped, rejected = _sum(job.skipped), _sum(job.rejected)
    parts = [("events", skipped)] if job.family == "identity" else [("events", job.events), ("skipped", skipped)]
    return charts.stack([*parts, ("rejected", rejected)])


def seconds_left(job: Import) -> float | None:
    """How long the rest of a log will take at the speed so far; None where that cannot be told yet."""
    if not job.bytes_done or not job.bytes_total or job.seconds < 1:
        return None
    return job.seconds * (job.bytes_total - job.bytes_done) / job.bytes_done


def as_table(jobs: list[Import]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The list as a table for export."""
    header = [
        "log",
        "state",
        "format",
        "bytes",
        "lines",
        "requests",
        "skipped",
        "not understood",
        "first (UTC)",
        "last (UTC)",
        "time zone",
        "taken in (UTC)",
    ]
    header += ["message"]
    rows: list[list[csvs.Cell]] = [
        [
            *(job.name, job.state, job.format, job.bytes, job.lines, job.events, _sum(job.skipped), _sum(job.rejected)),
            *(job.first, job.last, job.zone, job.finished, job.message),
        ]
        for job in jobs
    ]
    return header, rows


def _import(number: int) -> Import:
    try:
        return kept.get_import(desk().store, client(), number)
    except kept.UnknownImport:
        abort(404)


def _sum(reasons: Mapping[str, int]) -> int:
    return sum(reasons.values())


def _name(file: FileStorage) -> str:
    """The name the user knows the file by: its last part, without control characters."""
    last = (file.filename or "log").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:NAME_LENGTH] or "log"
