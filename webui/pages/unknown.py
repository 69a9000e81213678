"""Domains that no catalogue knows: sorted out by what they may be, each with what its names suggest, and two clicks away from being a service."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.errors import GnomonError
from discovery.store import own_services
from discovery.store.own import add_service, forget_host, forget_service, place_host
from rules.findings import UnknownDomain
from webui import charts, downloads
from webui.desk import client, desk
from webui.helpers import address, chosen, heeds, picture
from webui.listing import Column, arrange
from webui.pages import LOOK, Entry
from webui.roles import ANALYST, allow
from webui.triage import KINDS, as_table

blueprint = Blueprint("unknown", __name__, url_prefix="/c/<slug>/unknown")
MENU = Entry("unknown.index", "Unknown domains", "unknown", 70, LOOK)

#: What the list can show, and what is in it.
VIEWS: Final = {"look": "Worth a look", "sites": "Websites", "aside": "Set aside"}

COLUMNS: Final[Mapping[str, Column[UnknownDomain]]] = {
    "domain": Column("Domain", lambda row: row.domain, fixed=True),
    "why": Column("What its names suggest"),
    "people": Column("People", lambda row: row.people, largest_first=True),
    "days": Column("Days", lambda row: row.days, largest_first=True),
    "regular": Column("Person-days", lambda row: row.person_days, largest_first=True),
    "uploaded": Column("Uploaded", lambda row: row.uploaded_bytes, largest_first=True),
    "rank": Column("", lambda _: 0),  # as the rules rank them
}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """One view of the list, searched by name."""
    heeds("search")
    wanted = (chosen().search or "").casefold()
    rows = [row for row in picture().assessment.unknown if any(wanted in name for name in (row.domain, *row.group))]
    if downloads.wanted():
        return downloads.table(f"{client().slug}-unknown-domains", *as_table(rows))
    leads = [row for row in rows if not row.group or row.group[0] == row.domain or row.looks_like]
    views = {view: [row for row in (rows if view == "aside" else leads) if _view(row) == view] for view in VIEWS}
    view = request.args.get("show", "look") if request.args.get("show") in VIEWS else "look"
    return render_template(
        "unknown/index.html",
        picture=picture(),
        unlisted=[row for row in picture().assessment.unlisted if wanted in row.name.casefold()],
        listing=arrange(views[view], COLUMNS, request.args, default="rank"),
        views={name: (VIEWS[name], len(those)) for name, those in views.items()},
        view=view,
        kinds=KINDS,
        ours={row.domain for row in rows if _is_ours(row.domain)},
        alike=[row for row in rows if row.looks_like],
        added=own_services(desk().store, client()).services.get(request.args.get("added", "")),
        placed=own_services(desk().store, client()).hosts.get(request.args.get("placed", "")),
    )


def _view(row: UnknownDomain) -> str:
    return "aside" if row.set_aside else "sites" if row.kind == "website" and not row.looks_like else "look"


@blueprint.get("/<domain>")
def show(slug: str, domain: str) -> ResponseReturnValue:
    """One domain with all that is seen of it, and the form that makes it a service."""
    heeds()
    row = _row(domain)
    if row is None:
        return redirect(address("unknown.index", slug=slug, **chosen().args()), code=303)
    shown = picture()
    usage = shown.observations.usage.filter((pl.col("match") == "unknown") & (pl.col("registrable") == domain))
    by_day = usage.group_by("day").agg(pl.col("person").drop_nulls().n_unique()).sort("day")
    return render_template(
        "unknown/show.html",
        row=row,
        kinds=KINDS,
        hosts=_hosts(usage),
        spark=charts.spark(tuple(by_day.iter_rows()), shown.since, shown.until) if usage["person"].count() else None,
        first=usage["first"].min(),
        last=usage["last"].max(),
        name=_called(domain),
        ours=_is_ours(domain),
        categories=desk().catalogue.categories,
    )


@blueprint.post("/<domain>")
@allow(ANALYST)
def add(slug: str, domain: str) -> ResponseReturnValue:
    """Make it a service of the client's own, or say that it is background or one's own site. All that is kept is matched again at once."""
    store, firm, shipped = desk().store, client(), desk().shipped
    hosts = request.form.getlist("host")
    means = request.form.get("means", "service")
    try:
        if means == "service":
            said = request.form.get("name", ""), request.form.get("capability", ""), _roles(hosts, request.form.get("role", ""))
            made = add_service(store, firm, shipped, *said, by=current_user.name)
            return redirect(address("unknown.index", slug=slug, added=made.id, **chosen().args()), code=303)
        for host in hosts:
            place_host(store, firm, shipped, host, means, by=current_user.name)
    except GnomonError as error:
        flash(str(error), "bad")
        return redirect(address("unknown.show", slug=slug, domain=domain, **chosen().args()), code=303)
    return redirect(address("unknown.index", slug=slug, placed=hosts[0] if hosts else None, **chosen().args()), code=303)


@blueprint.post("/undo")
@allow(ANALYST)
def undo(slug: str) -> ResponseReturnValue:
    """Take back what was just said: the domain is unknown again."""
    gone = forget_service(desk().store, client(), request.form.get("service", "")) or forget_host(
        desk().store, client(), request.form.get("host", "")
    )
    flash("Taken back. The domain is unknown again." if gone else "It was taken back already.", "good")
    return redirect(address("unknown.index", slug=slug, **chosen().args()), code=303)


def _row(domain: str) -> UnknownDomain | None:
    if not any(domain == row.domain for row in picture().firm.unknown) and desk().catalogue.domains.get(domain) is None:
        abort(404)
    return next((row for row in picture().assessment.unknown if row.domain == domain), None)


def _roles(hosts: Sequence[str], role: str) -> dict[str, str]:
    """The role that was chosen; but what was set aside beside a tool only comes along with it."""
    aside = {row.domain for row in picture().firm.unknown if row.set_aside}
    return {host: "infra" if role == "use" and host in aside and len(hosts) > 1 else role for host in hosts}


def _hosts(usage: pl.DataFrame) -> list[dict[str, Any]]:
    """Each host with what was counted there, and where it was first seen."""
    place = pl.col("log", "first_line").sort_by("first", "log", "first_line").first()
    table = usage.group_by("domain").agg(pl.col("hits").sum(), pl.col("day").n_unique().alias("days"), place)
    return table.sort("hits", "domain", descending=[True, False]).head(50).to_dicts()


def _called(domain: str) -> str:
    """A name to begin with: "Acme soft" for acme-soft.io, "BBC" for bbc.co.uk."""
    words = domain.partition(".")[0].replace("-", " ")
    return words.upper() if len(words) <= 3 else words.capitalize()  # noqa: PLR2004 (so short a name is mostly initials)


def _is_ours(domain: str) -> bool:
    """Whether it carries the client's name."""
    bare = "".join(sign for sign in client().name.casefold() if sign.isascii() and sign.isalnum())
    label = domain.partition(".")[0].replace("-", "")
    return len(label) > 3 and bare.startswith(label)  # noqa: PLR2004 (shorter ones are too many firms' beginnings)
