"""The client's own services and overrides: what the catalogue lacks or calls otherwise here, which hosts are background, and its own sites."""

from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from discovery.own_services import Own, contradictions
from discovery.store import own_services
from discovery.store.own import add_service, change_service, forget_host, forget_service, place_host
from webui import downloads, words
from webui.csvs import Cell
from webui.desk import client, desk
from webui.pages import SET_UP, Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("own", __name__, url_prefix="/c/<slug>/own-services")
MENU = Entry("own.index", "Own services", "own", 82, SET_UP, filtered=False)

MEANS: Final = {"background": "Background for us", "own_site": "Our own site", "service": "A host of"}

#: What was removed last, so that it can be put back: in the session, under this name.
REMOVED: Final = "removed_own"


@blueprint.get("/")
@allow(ANALYST)
def index(slug: str) -> ResponseReturnValue:
    """Everything the client says."""
    own, shipped, merged = own_services(desk().store, client()), desk().shipped, desk().catalogue
    if downloads.wanted():
        return downloads.table(f"{slug}-own-services", *as_table(own, merged))
    against: dict[str, list[str]] = {}
    for one in contradictions(shipped, own):
        against.setdefault(one.about, []).append(one.text)
    removed = session.get(REMOVED)
    return render_template(
        "own/index.html",
        own=own,
        ours=[one for one in own.services.values() if one.ours],
        changed=[one for one in own.services.values() if not one.ours],
        hosts=[host for host in own.hosts.values() if host.means != "service" or host.service not in own.services],
        against=against,
        catalogue=merged,
        shipped=shipped,
        means=MEANS,
        removed=removed if removed and removed["client"] == client().id else None,
    )


def as_table(own: Own, catalogue: Catalogue) -> tuple[list[str], list[list[Cell]]]:
    """Everything the client says as a table for export: services first, then hosts."""
    header = ["host", "means", "service", "capability", "role", "said by", "said at"]
    rows: list[list[Cell]] = []
    for one in own.services.values():
        means = "Only here" if one.ours else "Called or used otherwise here"
        rows.append([None, means, _name(one.id, catalogue), one.capability, None, one.added_by, one.added_at])
    for host in own.hosts.values():
        service, role = (_name(host.service, catalogue), words.ROLES[host.role]) if host.service and host.role else (None, None)
        rows.append([host.domain, MEANS[host.means], service, None, role, host.added_by, host.added_at])
    return header, rows


def _name(service: str, catalogue: Catalogue) -> str:
    """What a service is called here; its id where it is gone."""
    return catalogue.services[service].name if service in catalogue.services else service


@blueprint.post("/services")
@allow(ANALYST)
def add(slug: str) -> ResponseReturnValue:
    """A service that the catalogue lacks."""
    hosts = dict.fromkeys(request.form.get("hosts", "").replace(",", " ").split(), request.form.get("role", "use"))
    try:
        form = request.form.get("name", ""), request.form.get("capability", "")
        made = add_service(desk().store, client(), desk().shipped, *form, hosts, by=current_user.name)
        flash(f"“{made.name}” is a service of {client().name} now; everything kept is matched again.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return _back(slug)


@blueprint.post("/services/change")
@allow(ANALYST)
def change(slug: str) -> ResponseReturnValue:
    """Another name or capability for a service."""
    service = _service_of(request.form.get("service", ""))
    try:
        said: dict[str, Any] = {name: request.form.get(name, "").strip() or None for name in ("name", "capability")}
        change_service(desk().store, client(), desk().shipped, service, **said, by=current_user.name)
        flash("Kept. Every page says so from now on.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return _back(slug)


@blueprint.post("/hosts")
@allow(ANALYST)
def place(slug: str) -> ResponseReturnValue:
    """What a host is here."""
    means = request.form.get("means", "")
    service = _service_of(request.form.get("service", "")) or None
    try:
        host = place_host(
            desk().store,
            client(),
            desk().shipped,
            request.form.get("domain", ""),
            means,
            by=current_user.name,
            service=service,
            role=request.form.get("role") or None,
        )
        flash(f"Kept: {host.domain}, with everything below it. Everything kept is matched again.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return _back(slug)


@blueprint.post("/remove")
@allow(ANALYST)
def remove(slug: str) -> ResponseReturnValue:
    """Take back what was said of a service or a host; it can be put back."""
    own, store = own_services(desk().store, client()), desk().store
    service, domain = request.form.get("service", ""), request.form.get("host", "")
    if service not in own.services and domain not in own.hosts:
        abort(404)
    session[REMOVED] = _kept(own, service, domain)
    if service:
        forget_service(store, client(), service)
    else:
        forget_host(store, client(), domain)
    return _back(slug)


@blueprint.post("/put-back")
@allow(ANALYST)
def put_back(slug: str) -> ResponseReturnValue:
    """Undo the last removal."""
    kept = session.pop(REMOVED, None)
    if kept is None or kept["client"] != client().id:
        abort(404)
    store, shipped, by = desk().store, desk().shipped, current_user.name
    try:
        if kept["ours"]:
            made = add_service(store, client(), shipped, kept["name"], kept["capability"], {host: role for host, _, _, role in kept["hosts"]}, by=by)
            flash(f"“{made.name}” is back.", "good")
            return _back(slug)
        if kept["service"]:
            change_service(store, client(), shipped, kept["service"], name=kept["name"], capability=kept["capability"], by=by)
        for domain, means, of, role in kept["hosts"]:
            place_host(store, client(), shipped, domain, means, by=by, service=of, role=role)
        flash("It is back.", "good")
    except GnomonError as error:
        flash(str(error), "bad")
    return _back(slug)


def _kept(own: Own, service: str, domain: str) -> dict[str, Any]:
    """What is needed to put something back."""
    one = own.services.get(service)
    hosts = own.hosts_of(service) if one is not None and one.ours else [own.hosts[domain]] if domain in own.hosts else []
    return {
        "client": client().id,
        "service": service,
        "ours": one is not None and one.ours,
        "name": one.name if one else None,
        "capability": one.capability if one else None,
        "hosts": [(host.domain, host.means, host.service, host.role) for host in hosts],
        "called": (one.name or desk().catalogue.services[one.id].name if one.id in desk().catalogue.services else one.id) if one else domain,
    }


def _service_of(text: str) -> str:
    """The id of a service, given as its id or its name."""
    services = desk().catalogue.services
    if text in services:
        return text
    found = desk().catalogue.search(text)
    return next((one.id for one in found if one.name.casefold() == text.strip().casefold()), text)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("own.index", slug=slug), code=303)
