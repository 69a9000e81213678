"""The devices: addresses and machines without a person first, with what they use and how we know; and one of them."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from webui import csvs, downloads, heat, words
from webui import devices as gear
from webui.desk import client
from webui.devices import GROUPS, Device
from webui.helpers import chosen, heeds, picture
from webui.listing import Column, arrange
from webui.pages import LOOK, Entry
from webui.roles import ANALYST, allow

blueprint = Blueprint("devices", __name__, url_prefix="/c/<slug>/devices")
MENU = Entry("devices.index", "Devices", "devices", 66, LOOK)

COLUMNS: Final[Mapping[str, Column[Device]]] = {
    "name": Column("Device", lambda device: device.name.casefold(), fixed=True),
    "use": Column("In use", lambda device: len(device.member.active) if device.member else 0, largest_first=True),
    "risk": Column("Highest risk"),
    "people": Column("People"),
    "services": Column("Services met", lambda device: device.services, largest_first=True),
    "days": Column("Days", lambda device: device.days, largest_first=True),
    "basis": Column("How we know"),
    "last": Column("Last seen", lambda device: device.last, largest_first=True),
}

#: Columns of devices without a person, and of the others.
OF_NOBODY: Final = ("use", "risk")
OF_SOMEBODY: Final = ("people",)


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """One group of the list, searched by name."""
    heeds("search")
    shown = picture()
    wanted = (chosen().search or "").casefold()
    everything = [one for one in gear.devices(shown.observations.usage, shown.assessment.findings) if wanted in one.name.casefold()]
    if downloads.wanted():
        return downloads.table(f"{client().slug}-devices", *as_table(everything))
    groups = {group: [one for one in everything if one.group == group] for group in GROUPS}
    first = next((group for group, those in groups.items() if those), "nobody")
    group = request.args.get("show", first) if request.args.get("show") in GROUPS else first
    elsewhere = OF_SOMEBODY if group == "nobody" else OF_NOBODY
    columns = {name: column for name, column in COLUMNS.items() if name not in elsewhere}
    listing = arrange(groups[group], columns, request.args, default="use" if group == "nobody" else "name")
    return render_template("devices/index.html", picture=shown, groups=groups, group=group, listing=listing, titles_of=GROUPS)


@blueprint.get("/<device_id>")
@allow(ANALYST)
def show(slug: str, device_id: str) -> ResponseReturnValue:  # noqa: ARG001
    """One device."""
    heeds()
    shown = picture()
    usage = shown.observations.usage
    device = gear.find(gear.devices(usage, shown.firm.findings), device_id)
    if device is None:
        abort(404)
    met = [(shown.firm.finding(service), *rest) for service, *rest in gear.met(usage, device.name)]
    known = [(finding, *rest) for finding, *rest in met if finding is not None]
    if downloads.wanted():
        return downloads.table(f"{client().slug}-device-{device.id}", *met_table(known))
    return render_template("devices/show.html", device=device, met=known, picture=shown, grid=_calendar(device))


def _calendar(device: Device) -> heat.Grid | None:
    shown = picture()
    rows = gear.of_rows(shown.observations.usage)
    rows = rows.filter((rows["at"] == device.name) & (rows["match"] == "service"))
    if shown.since is None or shown.until is None or not rows.height:
        return None
    names = {finding.service: finding.name for finding in shown.firm.findings}
    named = rows.with_columns(rows["service"].replace(names))
    return heat.people_by_day(named, shown.since, shown.until, group="service")


def as_table(devices: list[Device]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Every device as a table for export."""
    header = ["device", "kind", "group", "people", "how we know", "logs", "services met", "services in active use", "days"]
    header += ["first seen (UTC)", "last seen (UTC)"]
    rows: list[list[csvs.Cell]] = [
        [
            *(one.name, one.kind, GROUPS[one.group][0], words.listed(one.people), words.listed(one.bases), words.listed(one.sources)),
            *(one.services, len(one.member.active) if one.member else None, one.days, one.first, one.last),
        ]
        for one in devices
    ]
    return header, rows


def met_table(met: list[tuple]) -> tuple[list[str], list[list[csvs.Cell]]]:  # type: ignore[type-arg]
    """The services met at one device as a table for export."""
    header = ["service", "days", "last seen (UTC)", "people known there", "level", "status"]
    return header, [[found.name, days, last, words.listed(who), found.risk.level, words.STATUSES[found.status]] for found, days, last, who in met]
