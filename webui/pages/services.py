"""The services in use: sorted by risk, searched, decided on many at a time; and one service with everything known about it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from discovery.errors import GnomonError
from rules import whatif
from rules.exits import exit_sheet
from rules.findings import Finding
from rules.practice import queries as practice
from rules.queries import history
from rules.questions import Question, questions
from rules.toolset import read_toolset
from webui import charts, csvs, deciding, dossier, downloads, words
from webui.assessments import Picture
from webui.desk import client, desk
from webui.helpers import address, chosen, heeds, picture
from webui.listing import Column, arrange
from webui.pages import Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("services", __name__, url_prefix="/c/<slug>/services")
MENU = Entry("services.index", "Services", "services", 20)

COLUMNS: Final[Mapping[str, Column[Finding]]] = {
    "name": Column("Service", lambda finding: finding.name.casefold(), fixed=True),
    "risk": Column("Risk", lambda finding: finding.risk.score, largest_first=True),
    "people": Column("People", lambda finding: finding.active_people, largest_first=True),
    "days": Column("Days", lambda finding: finding.active_days or finding.days, largest_first=True),
    "uploaded": Column("Uploaded", lambda finding: finding.uploaded_bytes, largest_first=True),
    "downloaded": Column("Downloaded", lambda finding: finding.downloaded_bytes, largest_first=True, extra=True),
    "trend": Column("Trend"),
    "last": Column("Last seen", lambda finding: finding.last_seen, largest_first=True, extra=True),
    "use": Column("Use", lambda finding: finding.activity, extra=True),
    "category": Column("Category", lambda finding: finding.category, extra=True),
    "vendor": Column("Vendor", lambda finding: finding.vendor.casefold(), extra=True),
    "status": Column("Status", lambda finding: list(words.STATUSES).index(finding.status)),
}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The list."""
    shown = picture()
    findings = chosen().select(shown.assessment, shown.provided)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-services", *as_table(findings))
    listing = arrange(findings, COLUMNS, request.args, default="risk")
    sparks = {finding.service: charts.spark(finding.by_day, shown.since, shown.until) for finding in listing.rows}
    return render_template(
        "services/index.html",
        listing=listing,
        picture=shown,
        sparks=sparks,
        hidden=len(shown.assessment.findings) - len(findings),
        asked=_asked(shown),
    )


def _asked(shown: Picture) -> list[tuple[Question, int, int]]:
    """The classic questions: each with how many of the chosen services answer it with yes, and for how many that is not known."""
    findings = replace(chosen(), question=None).select(shown.assessment, shown.provided)
    return [
        (question, sum(id_ in finding.answers for finding in findings), sum(id_ in finding.unanswered for finding in findings))
        for id_, question in questions().items()
    ]


@blueprint.post("/decide")
@allow(ANALYST)
def decide_many(slug: str) -> ResponseReturnValue:
    """One decision on every chosen service."""
    wanted = frozenset(request.form.getlist("service"))
    try:
        flash(deciding.decide_many([finding for finding in picture().firm.findings if finding.service in wanted]), "good")
    except GnomonError as error:
        flash(str(error), "bad")
    as_it_was = {name: request.args[name] for name in ("sort", "order", "columns", "page") if name in request.args}
    return redirect(address("services.index", slug=slug, **as_it_was, **chosen().args()), code=303)


@blueprint.get("/<service>")
def show(slug: str, service: str) -> ResponseReturnValue:  # noqa: ARG001
    """One service."""
    heeds()
    shown = picture()
    finding = shown.assessment.finding(service) or shown.firm.finding(service)
    if finding is None and service not in desk().catalogue.services:
        abort(404)
    if finding is None:
        return render_template("services/absent.html", service=desk().catalogue.services[service], picture=shown)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-{service}", *people_table(finding))
    file = dossier.of(finding, shown, desk().catalogue)
    target = whatif.targets().get(request.args.get("target", ""), whatif.targets()[whatif.USUAL])
    replay = whatif.replay(finding, target, shown.observations, shown.firm, desk().catalogue, shown.provided) if file.service else None
    return render_template(
        "services/show.html",
        finding=finding,
        file=file,
        picture=shown,
        history=history(desk().store, client(), service),
        replay=replay,
        targets=whatif.targets(),
        exit=exit_sheet(file.service, read_toolset(practice.toolset(desk().store, client()))) if file.service else None,
    )


@blueprint.post("/<service>/decide")
@allow(ANALYST)
def decide(slug: str, service: str) -> ResponseReturnValue:
    """A decision on one service."""
    if service not in desk().catalogue.services:
        abort(404)
    try:
        flash(deciding.decide(service), "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(address("services.show", slug=slug, service=service, **chosen().args()), code=303)


@blueprint.post("/<service>/undo")
@allow(ANALYST)
def undo(slug: str, service: str) -> ResponseReturnValue:
    """Put the decision before the last in force again; the register keeps every step."""
    try:
        flash(deciding.undo(service), "good")
    except GnomonError:
        abort(404)
    return redirect(address("services.show", slug=slug, service=service, **chosen().args()), code=303)


def as_table(findings: tuple[Finding, ...]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The list as a table for export."""
    header = ["service", "vendor", "category", "need", "status", "activity", "level", "score", "low", "high", "active people", "people", "days"]
    header += ["requests", "blocked requests", "uploaded bytes", "downloaded bytes", "first seen (UTC)", "last seen (UTC)", "reasons"]
    titles = desk().catalogue.capabilities
    return header, [_row(finding, titles) for finding in findings]


def _row(finding: Finding, titles: Mapping[str, str]) -> list[csvs.Cell]:
    risk = finding.risk
    return [
        finding.name,
        finding.vendor,
        finding.category,
        titles.get(finding.capability, finding.capability),
        words.STATUSES[finding.status],
        finding.activity,
        risk.level,
        risk.score,
        risk.low,
        risk.high,
        finding.active_people,
        finding.people,
        finding.days,
        finding.hits,
        finding.blocked_hits,
        finding.uploaded_bytes,
        finding.downloaded_bytes,
        finding.first_seen,
        finding.last_seen,
        " | ".join(f"{reason.text} ({reason.points:g})" for reason in risk.reasons),
    ]


def people_table(finding: Finding) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Who uses one service, as a table for export."""
    header = ["person or device", "kind", "team", "how we know", "activity", "why this activity", "account", "days", "requests", "blocked requests"]
    header += ["uploaded bytes", "downloaded bytes", "first seen (UTC)", "last seen (UTC)"]
    rows: list[list[csvs.Cell]] = [
        [
            *(use.person, use.person_kind, use.team, use.basis, use.activity, use.rule, words.ACCOUNTS.get(use.account, use.account)),
            *(use.days, use.hits, use.blocked_hits, use.uploaded_bytes, use.downloaded_bytes, use.first_seen, use.last_seen),
        ]
        for use in finding.by_person
    ]
    return header, rows
