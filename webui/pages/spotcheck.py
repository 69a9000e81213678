"""The spot check: findings drawn at random, under pseudonyms, to confirm or refute; and the precision that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.observations import WORD, Observations
from discovery.store.own import place_host
from rules import spotcheck
from rules.assess import assess
from rules.findings import Assessment, Evidence, Finding
from rules.queries import decisions
from rules.spotcheck import ANSWERS, Question
from rules.spotcheck import queries as said
from rules.toolset import Toolset
from webui.desk import client, desk
from webui.filters import Filter
from webui.pages import LOOK, Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("spotcheck", __name__, url_prefix="/c/<slug>/spot-check")
MENU = Entry("spotcheck.index", "Spot check", "spotcheck", 78, LOOK, filtered=False)

#: Hosts shown with a finding.
HOSTS: Final = 4

#: What was answered last, so that it can be taken back: in the session, under this name.
LAST: Final = "answered"


@dataclass(frozen=True, slots=True)
class Offer:
    """What was said to be a program or widget of the firm's: the hosts that could be background from now on."""

    finding: Finding
    hosts: tuple[Evidence, ...]


@blueprint.get("/")
@allow(ANALYST)
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The next findings to look at, and what the answers so far come to."""
    judged, seen = _pseudonymous()
    answers = said.answers(desk().store, client())
    mark = said.marker(desk().store, client())
    questions = spotcheck.draw(judged, mark, answers)
    programs = said.services_answered(desk().store, client(), "program")
    return render_template(
        "spotcheck/index.html",
        questions=questions,
        hosts=_hosts(seen, questions),
        answers=ANSWERS,
        precision=said.found_precision(desk().store, client()),
        offers=[offer for finding in judged.findings if finding.service in programs and (offer := _offer(finding)) is not None],
        since=seen.since,
        until=seen.until,
        last=last["marks"] if (last := session.get(LAST)) and last["client"] == client().id else [],
    )


@blueprint.post("/")
@allow(ANALYST)
def answer(slug: str) -> ResponseReturnValue:
    """Keep the answers of this page; what was left open is asked again."""
    judged, _ = _pseudonymous()
    mark = said.marker(desk().store, client())
    answered = [
        question for question in spotcheck.draw(judged, mark, said.answers(desk().store, client())) if request.form.get(question.mark) in ANSWERS
    ]
    for question in answered:
        said.answer(desk().store, client(), question.mark, question.finding.service, request.form[question.mark], by=current_user.name)
    if answered:
        session[LAST] = {"client": client().id, "marks": [question.mark for question in answered]}
    else:
        flash("No answer was chosen; nothing is kept.", "bad")
    return redirect(url_for("spotcheck.index", slug=slug), code=303)


@blueprint.post("/undo")
@allow(ANALYST)
def undo(slug: str) -> ResponseReturnValue:
    """Forget the answers that were given last; they are asked again."""
    last = session.pop(LAST, None)
    if last and last["client"] == client().id:
        for mark in last["marks"]:
            said.take_back(desk().store, client(), mark)
    flash("Taken back. These findings are asked about again.", "good")
    return redirect(url_for("spotcheck.index", slug=slug), code=303)


@blueprint.post("/background")
@allow(ANALYST)
def background(slug: str) -> ResponseReturnValue:
    """Make hosts background for this client."""
    hosts = request.form.getlist("host")
    try:
        for host in hosts:
            place_host(desk().store, client(), desk().shipped, host, "background", by=current_user.name)
        flash(
            "Kept. These hosts are background from now on; Own services lists them." if hosts else "No host was chosen.", "good" if hosts else "bad"
        )
    except GnomonError as error:
        flash(str(error), "bad")
    return redirect(url_for("spotcheck.index", slug=slug), code=303)


def _pseudonymous() -> tuple[Assessment, Observations]:
    """The last 30 days as everybody may see them: without names, even where the client's pages show names."""
    shown = desk().assessments.picture(client(), Filter())
    if not client().show_names:
        return shown.firm, shown.observations
    seen = kept.observations(desk().store, client(), desk().catalogue, since=shown.since, until=shown.until, names=False)
    return assess(seen, desk().catalogue, decisions(desk().store, client()), Toolset(), today=shown.last_day), seen


def _hosts(seen: Observations, questions: Sequence[Question]) -> dict[tuple[str | None, str], list[dict[str, Any]]]:
    """(person, service) -> the hosts that this person asked for, most requests first."""
    wanted = pl.DataFrame([(one.use.person, one.finding.service) for one in questions], schema={"person": WORD, "service": WORD}, orient="row")
    if not wanted.height:
        return {}
    counted = seen.usage.join(wanted.unique(), on=["person", "service"]).group_by("person", "service", "domain", "role").agg(pl.col("hits").sum())
    found: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
    for row in counted.sort("hits", "domain", descending=[True, False]).iter_rows(named=True):
        found.setdefault((row["person"], row["service"]), []).append(row)
    return {key: rows[:HOSTS] for key, rows in found.items()}


def _offer(finding: Finding) -> Offer | None:
    """The hosts that make the finding active; None where there is nothing left to offer."""
    working = tuple(one for one in finding.evidence if one.role == "use" and "." in one.domain and " " not in one.domain)
    return Offer(finding, working[:HOSTS]) if working and finding.activity == "active" else None
