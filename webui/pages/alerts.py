"""Alerts: what is worth telling since the last logs came in, grouped by what to do; muted with a reason, and heard again."""

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from rules import alerts, controls, queries
from rules.alerts import Alert
from rules.controls import Kind
from webui import csvs, deciding, downloads, words
from webui.desk import client, desk
from webui.helpers import address
from webui.pages import Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("alerts", __name__, url_prefix="/c/<slug>/alerts")


def waiting() -> int | None:
    """How many alerts are heard, where this page knows without more work."""
    return desk().lookout.count(client(), g.get("picture"))


MENU = Entry("alerts.index", "Alerts", "alerts", 46, filtered=False, count=waiting)


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The open alerts by what to do; the muted ones below."""
    heard = desk().lookout.heard(client())
    if downloads.wanted():
        return downloads.table(f"{client().slug}-alerts", *as_table(heard.open, [alert for alert, _ in heard.muted]))
    grouped = {group: [alert for alert in heard.open if alert.group == group] for group in alerts.groups()}
    return render_template("alerts/index.html", heard=heard, grouped=grouped, groups=alerts.groups(), window=alerts.window(), kinds_of=kinds_of)


@blueprint.post("/mute")
@allow(ANALYST)
def mute(slug: str) -> ResponseReturnValue:
    """Hear an alert no more, for a reason."""
    try:
        queries.mute(desk().store, client(), _key(), reason=deciding.said("reason"), muted_by=current_user.name)
        flash("Muted. It stands at the end of this page with its reason, and can be heard again there.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(address("alerts.index", slug=slug), code=303)


@blueprint.post("/unmute")
@allow(ANALYST)
def unmute(slug: str) -> ResponseReturnValue:
    """Hear an alert again."""
    known = queries.unmute(desk().store, client(), _key(), by=current_user.name)
    flash("It is heard again." if known else "It was not muted.", "good" if known else "bad")
    return redirect(address("alerts.index", slug=slug), code=303)


def kinds_of(alert: Alert) -> list[Kind]:
    """Which kinds of finding an alert is an example of."""
    return controls.of_alert(alert.kind)


def _key() -> tuple[str, str, str]:
    """Which alert a form speaks of."""
    kind, service, mark = (request.form.get(name, "") for name in ("kind", "service", "mark"))
    if kind not in alerts.kinds() or service not in desk().catalogue.services or len(mark) > 64:  # noqa: PLR2004 (the longest that is kept)
        raise GnomonError("There is no such alert any more.")
    return kind, service, mark


def as_table(heard: list[Alert], muted: list[Alert]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Every alert as a table for export, with the items of frameworks it speaks to."""
    header = ["to do", "alert", "service", "since", "what happened", "why", "level", "muted", "controls"]
    rows: list[list[csvs.Cell]] = [
        [
            *(alerts.groups()[one.group]["title"], one.title, one.name, one.day, one.text, one.rule),
            *(one.finding.risk.level if one.finding else None, silent),
            words.listed([f"{item.framework} {item.item}" for kind in controls.of_alert(one.kind) for item in kind.controls]),
        ]
        for silent, some in ((False, heard), (True, muted))
        for one in some
    ]
    return header, rows
