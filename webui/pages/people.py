"""The people, by team; and one of them with their services and days. What has no name stands under Devices."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl
from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webui import crowd, csvs, downloads, heat, words
from webui.desk import client, desk
from webui.helpers import address, chosen, heeds, picture
from webui.listing import Column, choose
from webui.pages import Entry
from webui.reveals import queries as reveal
from webui.roles import ANALYST, allow

blueprint = Blueprint("people", __name__, url_prefix="/c/<slug>/people")
MENU = Entry("people.index", "People", "people", 30)

COLUMNS: Final[Mapping[str, Column[crowd.Member]]] = {
    "person": Column("Person", fixed=True),
    "use": Column("Services in use"),
    "refused": Column("Not approved"),
    "risk": Column("Highest risk"),
    "uploaded": Column("Uploaded"),
    "basis": Column("How we know"),
}


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """Everybody, by team."""
    heeds("level", "status", "category", "capability", "search")
    found = replace(chosen(), activity="any").select(picture().assessment, picture().provided)
    members, devices = crowd.people(found), crowd.devices(found)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-people", *as_table([*members, *devices], picture().provided))
    teams: dict[str | None, list[crowd.Member]] = defaultdict(list)
    for member in members:
        teams[member.team].append(member)
    return render_template(
        "people/index.html", picture=picture(), teams=teams, devices=devices, total=len(members), listing=choose(COLUMNS, request.args)
    )


@blueprint.get("/<member_id>")
@allow(ANALYST)
def show(slug: str, member_id: str) -> ResponseReturnValue:
    """One person; a device has a page of its own."""
    heeds()
    member = crowd.find(picture().firm.findings, member_id)
    if member is None:
        abort(404)
    if member.kind != crowd.PERSON:
        return redirect(address("devices.show", slug=slug, device_id=member.id, **chosen().args()), code=303)
    if downloads.wanted():
        return downloads.table(f"{client().slug}-person-{member.id}", *uses_table(member))
    shown = picture()
    usage = shown.observations.usage.filter((pl.col("person") == member.name) & (pl.col("match") == "service"))
    names = {finding.service: finding.name for finding in shown.firm.findings}
    grid = None
    if shown.since and shown.until and usage.height:
        named = usage.with_columns(pl.col("service").replace_strict(names, default=pl.col("service")))
        grid = heat.people_by_day(named, shown.since, shown.until, group="service")
    return render_template(
        "people/show.html",
        member=member,
        grid=grid,
        picture=shown,
        others=[pair for pair in member.uses if pair[1].activity != "active" and pair[1].kind == "traffic"],
        known=[(finding, seen) for finding, use in member.uses for seen in use.sightings],
        reveal=None if client().show_names else reveal.of(desk().store, client(), member.name, current_user.name),
    )


def as_table(members: list[crowd.Member], provided: frozenset[str]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Everybody as a table for export, in the order of the page."""
    header = ["person or device", "kind", "team", "how we know", "services in active use", "of which not approved", "highest level", "uploaded bytes"]
    rows: list[list[csvs.Cell]] = [
        [
            member.name,
            member.kind,
            member.team,
            words.listed(member.bases),
            len(member.active),
            member.not_approved(provided),
            member.level,
            member.uploaded,
        ]
        for member in members
    ]
    return header, rows


def uses_table(member: crowd.Member) -> tuple[list[str], list[list[csvs.Cell]]]:
    """One person's use of services, as a table for export."""
    header = [
        "service",
        "activity",
        "why this activity",
        "how we know",
        "account",
        "days",
        "requests",
        "uploaded bytes",
        "downloaded bytes",
        "level",
        "status",
    ]
    rows: list[list[csvs.Cell]] = [
        [
            *(found.name, use.activity, use.rule, use.basis, words.ACCOUNTS.get(use.account, use.account), use.days, use.hits),
            *(use.uploaded_bytes, use.downloaded_bytes, found.risk.level, words.STATUSES[found.status]),
        ]
        for found, use in member.uses
    ]
    return header, rows
