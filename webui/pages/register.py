"""The register: the firm's list of cloud services with what was decided on each, what is overdue, and every step there ever was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from discovery.catalogue import Service
from discovery.errors import GnomonError
from rules import controls, differences, queries
from rules.alerts import Alert
from rules.controls import Kind
from rules.findings import Finding
from rules.register import UNDECIDED, Decision, standing
from webui import csvs, deciding, downloads, needs, words
from webui.assessments import Picture
from webui.desk import client, desk
from webui.guard import safe_next
from webui.helpers import address, heeds, picture
from webui.listing import Column, choose
from webui.pages import Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("register", __name__, url_prefix="/c/<slug>/register")
MENU = Entry("register.index", "Register", "register", 44)

COLUMNS: Final[Mapping[str, Column["Line"]]] = {
    "service": Column("Service", fixed=True),
    "decision": Column("Decision"),
    "review": Column("Review"),
    "owner": Column("Owner"),
    "data": Column("Data held"),
    "now": Column("Risk here, people now"),
}

#: Alerts that are about a decision already made.
ABOUT_DECISIONS: Final = ("review_overdue", "tolerance_expired", "used_against_decision", "another_team")


@dataclass(frozen=True, slots=True)
class Line:
    """A service of the register.

    Attributes:
        decision: in force; None: the firm provides the service, or nobody has decided.
        overdue: its review date has passed.
        finding: what the logs of the period show; None: nothing.
        steps: every decision on it, newest first.
    """

    service: Service
    decision: Decision | None
    overdue: bool
    provided: bool
    finding: Finding | None
    steps: list[Decision]

    @property
    def status(self) -> str:
        """The status that is kept; whether it is overdue stands beside it."""
        return self.decision.status if self.decision else "unreviewed"


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The list, overdue on top."""
    heeds()
    shown = picture()
    lines, waiting = entries(shown)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-register", *as_table([*lines, *waiting]))
    heard = desk().lookout.heard(client())
    return render_template(
        "register/index.html",
        picture=shown,
        lines=lines,
        waiting=waiting,
        looks=[alert for alert in heard.open if alert.kind in ABOUT_DECISIONS],
        today=shown.last_day,
        listing=choose(COLUMNS, request.args),
    )


@blueprint.get("/controls")
def framework(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    """What the findings say about the items of the known frameworks."""
    heeds()
    shown = picture()
    rows = evidence(shown, desk().lookout.heard(client()).open)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-controls", *controls_table(rows))
    return render_template("register/controls.html", picture=shown, rows=rows)


@blueprint.post("/<service>/undo")
@allow(ANALYST)
def undo(slug: str, service: str) -> ResponseReturnValue:
    """Take the last decision on a service back."""
    try:
        flash(deciding.undo(service), "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(safe_next(request.form.get("next")) if request.form.get("next") else address("register.index", slug=slug), code=303)


@blueprint.app_template_global("changed_since")
def changed_since(decision: Decision, finding: Finding | None) -> list[differences.Difference]:
    """What is different from what was known when a decision was made, with its cause."""
    if decision.snapshot is None or finding is None:
        return []
    return differences.since_decision(decision.snapshot, finding, desk().catalogue.version, picture().firm.rules_in_force)


@blueprint.app_template_global("usually_holds")
def usually_holds(finding: Finding | None) -> str:
    """What data a service of this kind typically holds."""
    return needs.handles(finding.capability) if finding else ""


@blueprint.app_template_global("standing")
def in_force(steps: list[Decision]) -> Decision | None:
    """Of decisions, newest first, the one that nobody took back."""
    return standing(steps)


@blueprint.app_template_global("controls_of")
def controls_of(finding: Finding) -> list[Kind]:
    """Which kinds of finding a service is an example of."""
    return controls.of_finding(finding)


def entries(shown: Picture) -> tuple[list[Line], list[Line]]:
    """The register and what the firm provides; and services in active use that stand on neither, the highest risk first."""
    history = queries.all_history(desk().store, client())
    register = queries.decisions(desk().store, client())
    steps: dict[str, list[Decision]] = {}
    for step in history[::-1]:
        steps.setdefault(step.service, []).append(step)
    lines = [_line(decision.service, decision, shown, steps.get(decision.service, [])) for decision in register.every()]
    named = {line.service.id for line in lines}
    own = [_line(finding.service, None, shown, []) for finding in shown.firm.findings if finding.service in shown.provided - named]
    waiting = [_line(one.service, None, shown, []) for one in shown.firm.findings if one.activity == "active" and one.service not in named]
    ordered = sorted(lines, key=lambda line: (not line.overdue, line.status in UNDECIDED, line.service.name.casefold()))
    return ordered + sorted(own, key=lambda line: line.service.name.casefold()), [line for line in waiting if not line.provided]


def _line(service: str, decision: Decision | None, shown: Picture, steps: list[Decision]) -> Line:
    overdue = decision is not None and decision.status != "not_approved" and decision.is_overdue(shown.last_day)
    known = desk().catalogue.services.get(service) or _gone(service)
    return Line(known, decision, overdue, service in shown.provided, shown.firm.finding(service), steps)


def _gone(service: str) -> Service:
    """A service that the register knows and the catalogue no longer does."""
    return Service(service, service, "", "", "", "", (), (), "Not in the catalogue any more.", {}, {})


def evidence(shown: Picture, open_alerts: list[Alert]) -> list[tuple[Kind, list[str]]]:
    """Each kind of finding that occurs, with what it occurs in."""
    found: dict[str, dict[str, None]] = {}
    for finding in (finding for finding in shown.firm.findings if finding.service not in shown.provided):
        for kind in controls.of_finding(finding):
            found.setdefault(kind.id, {})[finding.name] = None
    for alert in open_alerts:
        for kind in controls.of_alert(alert.kind):
            found.setdefault(kind.id, {})[alert.name] = None
    for gap in shown.firm.gaps:
        for kind in controls.of_gap(gap):
            found.setdefault(kind.id, {})[gap.title] = None
    if shown.firm.coverage.cannot_see:
        found["blind_spot"] = dict.fromkeys(shown.firm.coverage.cannot_see)
    if any(use.person_kind == "device" for finding in shown.firm.findings for use in finding.by_person):
        found["unknown_device"] = {"devices without a name": None}
    return [(kind, list(found[id_])) for id_, kind in controls.kinds().items() if id_ in found]


def controls_table(rows: list[tuple[Kind, list[str]]]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """One row for each item that a kind of finding speaks to."""
    header = ["finding", "framework", "item", "title", "found in", "examples"]
    return header, [
        [kind.title, control.framework, control.item, control.title, len(names), words.listed(names)]
        for kind, names in rows
        for control in kind.controls
    ]


def as_table(lines: list[Line]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """The asset register as a table for export: also what the firm provides, and what nobody has decided on."""
    header = ["service", "vendor", "category", "need", "decision", "stands for", "overdue", "owner", "data held", "conditions", "reason", "review by"]
    header += ["decided by", "decided at (UTC)", "people then", "days then", "uploaded bytes then", "score then"]
    header += ["people now", "days now", "uploaded bytes now", "score now", "level now", "last seen (UTC)"]
    return header, [_row(line) for line in lines]


def _row(line: Line) -> list[csvs.Cell]:
    one, then, now = line.decision or Decision(line.service.id, "unreviewed"), line.decision and line.decision.snapshot, line.finding
    status = "Provided" if line.provided and line.decision is None else words.STATUSES[line.status]
    titles = desk().catalogue.capabilities
    row: list[csvs.Cell] = [line.service.name, line.service.vendor, line.service.category_title]
    row += [titles.get(line.service.capability, line.service.capability), status, words.SCOPES[one.account], line.overdue]
    row += [one.owner, one.data_held, one.conditions, one.reason, one.review_by, one.decided_by, one.decided_at]
    row += [then.people, then.days, then.uploaded_bytes, then.score] if then else [None] * 4
    row += [now.active_people, now.days, now.uploaded_bytes, now.risk.score, now.risk.level, now.last_seen] if now else [None] * 6
    return row
