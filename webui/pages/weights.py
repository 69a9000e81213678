"""What a client changes in the rules of risk: weights of factors, also for one category, starts of levels, points for one service; with a note."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from rules.factors import Factor, rules
from rules.kept import queries
from rules.weights import Weight, in_force, pair
from webui import deciding, downloads, weighing
from webui.csvs import Cell
from webui.desk import client, desk
from webui.roles import ANALYST, allow

blueprint = Blueprint("weights", __name__, url_prefix="/c/<slug>/settings/weights")


@blueprint.get("/")
@allow(ANALYST)
def index(slug: str) -> ResponseReturnValue:
    """The rules in force, what was changed in them, and by whom."""
    changed = queries.weights(desk().store, client())
    if downloads.wanted():
        return downloads.table(f"{slug}-weights", *as_table(changed))
    return render_template(
        "settings/weights.html",
        shipped=rules(),
        table=in_force(changed),
        changed={(one.kind, one.key): one for one in changed},
        groups=_by_part(in_force(changed).factors),
        history=queries.weight_history(desk().store, client()),
        title_of=_title,
        effect=weighing.effect,
        reach=_reach,
        times=_times,
        categories=desk().catalogue.categories,
        service=desk().catalogue.services.get(request.args.get("service", "")),
    )


def as_table(changed: Sequence[Weight]) -> tuple[list[str], list[list[Cell]]]:
    """Every rule in force as a table for export, with what the firm changed and why."""
    header = ["part", "what", "points or start", "weight", "changed by", "why"]
    table, notes = in_force(tuple(changed)), {(one.kind, one.key): one for one in changed}
    rows: list[list[Cell]] = [["Levels", name, start, None, *_said(notes.pop(("level", name), None))] for name, start in table.levels.items()]
    for part, factors in _by_part(table.factors):
        rows += [[part, one.title, _reach(one), one.weight, *_said(notes.pop(("factor", one.id), None))] for one in factors]
    rows += [["Changed here", _title(kind, key), _effect(one), None, *_said(one)] for (kind, key), one in notes.items()]
    return header, rows


def _effect(one: Weight) -> str:
    return "as shipped" if one.value is None else weighing.effect(one.kind, one.value)


def _said(one: Weight | None) -> list[Cell]:
    return [one.changed_by, one.note] if one else [None, None]


@blueprint.post("/")
@allow(ANALYST)
def change(slug: str) -> ResponseReturnValue:
    """Keep one change; an empty value takes it back."""
    try:
        made = _in_form()
        queries.weigh(desk().store, client(), made, changed_by=current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
    else:
        flash(f"{_title(made.kind, made.key)} is {'as shipped again' if made.value is None else 'changed'}. All scores follow at once.", "good")
    return redirect(url_for("weights.index", slug=slug), code=303)


def _in_form() -> Weight:
    kind, key = (request.form.get(name, "").strip() for name in ("kind", "key"))
    if kind == "service":
        key = deciding.service_named(key)
    if kind == "times":
        key = pair(key, _group(request.form.get("group", "")))
    number = deciding.number_in("value")
    note = "".join(sign for sign in request.form.get("note", "") if sign.isprintable())[:500]
    return Weight(kind, key, number, note)


def _group(code: str) -> str:
    """A category or a capability that there is."""
    if code in desk().catalogue.categories or code in desk().catalogue.capabilities:
        return code
    raise GnomonError("Please choose a category, or one thing people do, from the list.")


def _title(kind: str, key: str) -> str:
    return weighing.title(kind, key, desk().catalogue)


def _times(factor: Factor) -> list[tuple[str, str, float, bool]]:
    """Code and title of each category or capability it counts differently for, how many times, and whether the firm said so."""
    named = {code: times for code, times in {**factor.times, **factor.own_times}.items() if code != "all"}
    return [(code, weighing.group_title(code, desk().catalogue), times, code in factor.own_times) for code, times in named.items()]


def _by_part(factors: Sequence[Factor]) -> list[tuple[str, list[Factor]]]:
    parts = rules().parts
    return [(parts[part], list(those)) for part, those in groupby(factors, key=lambda factor: factor.part)]


def _reach(factor: Factor) -> str:
    """The least and the most points it can bring, with its weight: "−4 to +7"."""
    return " to ".join(f"{factor.weight * points:+.3g}".replace("-", "\N{MINUS SIGN}").replace("+0", "0") for points in factor.range)
