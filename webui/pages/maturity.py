"""Maturity: five steps drawn as a stair, each criterion ticked from evidence, what the next step takes, and how it was in the months before."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from webui import csvs, downloads, growth
from webui.desk import client, desk
from webui.growth import Stretch
from webui.pages import LOOK, Entry
from webui.roles import may

blueprint = Blueprint("maturity", __name__, url_prefix="/c/<slug>/maturity")
MENU = Entry("maturity.index", "Maturity", "maturity", 76, LOOK, filtered=False)

#: Where a criterion is worked on: name in maturity.toml -> page, and what stands on the link.
PLACES: Final = {
    "imports": ("imports.index", "Imports"),
    "tools": ("settings.tools", "What the firm provides"),
    "services": ("services.index", "Services"),
    "register": ("register.index", "Register"),
    "alerts": ("alerts.index", "Alerts"),
    "gaps": ("gaps.index", "Gaps"),
}
#: The box the stair is drawn in.
WIDTH: Final = 1000
HEIGHT: Final = 200


@dataclass(frozen=True, slots=True)
class Tread:
    """One step as drawn: its place and size."""

    x: float
    y: float
    width: float
    height: float
    reached: bool
    now: bool


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The stair as of the last day with logs."""
    past = growth.stretches(desk().store, client(), desk().catalogue, desk().assessments, desk().lookout)
    if past and downloads.wanted():
        return downloads.table(f"{client().slug}-maturity", *as_table(past))
    now = past[-1] if past else None
    return render_template("maturity/index.html", now=now, past=past, stair=stair(now) if now else [], place=place)


def stair(now: Stretch) -> list[Tread]:
    """Five steps that rise to the right."""
    steps = now.reached.steps
    wide, high = WIDTH / len(steps), HEIGHT / len(steps)
    return [
        Tread(at * wide, HEIGHT - (at + 1) * high, wide - 6, (at + 1) * high, step.reached, at + 1 == now.reached.level)
        for at, step in enumerate(steps)
    ]


def place(page: str) -> tuple[str | None, str]:
    """Address (None: not this reader's) and name of the page where a criterion is worked on."""
    endpoint, name = PLACES[page]
    return url_for(endpoint, slug=client().slug) if may(endpoint) else None, name


def as_table(past: list[Stretch]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Every criterion of every stretch of days, with its evidence."""
    header = ["from", "to", "step reached", "step", "criterion", "holds", "evidence", "to do"]
    return header, [
        [one.since, one.until, one.reached.level, step.title, criterion.title, criterion.holds, criterion.evidence, criterion.todo]
        for one in past
        for step in one.reached.steps
        for criterion in step.criteria
    ]
