"""Bandwidth: which service the line is busy with, by hour and day of the week; of the firm as a whole, never of a person."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from discovery import store as kept
from rules.bandwidth import DAYS, HOURS, Line, Peak, Spender, line
from webui import charts, csvs, downloads, words
from webui.desk import client, desk
from webui.helpers import heeds, picture
from webui.pages import LOOK, Entry

blueprint = Blueprint("bandwidth", __name__, url_prefix="/c/<slug>/bandwidth")
MENU = Entry("bandwidth.index", "Bandwidth", "bandwidth", 74, LOOK)


@dataclass(frozen=True, slots=True)
class Row:
    """A day of the heat map: the shade and bytes of each hour."""

    day: str
    cells: list[tuple[int, int]]

    @property
    def total(self) -> int:
        """Of the day."""
        return sum(value for _, value in self.cells)


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:  # noqa: ARG001 (the client is loaded from it)
    """The week as a heat map, who fills it, and the table behind."""
    heeds()
    shown = picture()
    since, until = _days(shown.since, shown.until)
    used = _line(since, until)
    if used and downloads.wanted():
        return downloads.table(f"{client().slug}-bandwidth", *as_table(used))
    names = {service.id: service.name for service in desk().catalogue.services.values()}
    return render_template(
        "bandwidth/index.html",
        picture=shown,
        line=used,
        rows=heat(used) if used else [],
        sentences=[sentence(peak, names) for peak in used.peaks] if used else [],
        steps=charts.root_steps(max(used.total)) if used else [],
        names=names,
        since=since,
        until=until,
        hour=hour,
    )


def _line(since: date | None, until: date | None) -> Line | None:
    if since is None or until is None:
        return None
    return line(kept.week_bytes(desk().store, client(), desk().catalogue, since=since, until=until), ((until - since).days + 1) / 7)


def heat(used: Line) -> list[Row]:
    """The week, a row for each day."""
    totals, top = used.total, max(used.total)
    days = [totals[day * HOURS : (day + 1) * HOURS] for day in range(len(DAYS))]
    return [Row(name, [(charts.shade_by_root(value, top), value) for value in values]) for name, values in zip(DAYS, days, strict=True)]


def sentence(peak: Peak, names: dict[str, str]) -> tuple[str, str]:
    """A busy hour and what it is busy with: "Tuesday, 10:00 to 11:00" and "about 1.2 GB, 75% of it sending large files, mostly WeTransfer"."""
    when = f"{DAYS[peak.day]}, {peak.hour}:00 to {peak.hour + 1}:00"
    if peak.capability is None:
        return when, f"{words.size(peak.total)}, to what no name stands for"
    need = words.lower_first(desk().catalogue.capabilities.get(peak.capability, peak.capability))
    most = f", mostly {names[peak.service]}" if peak.service in names else ""
    return when, f"{words.size(peak.total)}, {words.percent(peak.share, 1)} of it {need}{most}"


def hour(at: int, letters: int | None = None) -> str:
    """An hour of the week in words: "Tuesday 10:00", or with so many letters of the day "Tue 10:00"."""
    return f"{DAYS[at // HOURS][:letters]} {at % HOURS}:00"


def _days(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """The whole months that a period touches, as far as there are logs."""
    logs = [job for job in kept.imports(desk().store, client()) if job.state == "published" and job.family != "identity" and job.first and job.last]
    if not logs or since is None or until is None:
        return None, None
    zone = ZoneInfo(client().zone)
    first = min(job.first for job in logs if job.first).astimezone(zone).date()
    last = max(job.last for job in logs if job.last).astimezone(zone).date()
    end = date(until.year + until.month // 12, until.month % 12 + 1, 1)
    return max(first, since.replace(day=1)), min(last, date.fromordinal(end.toordinal() - 1))


def as_table(used: Line) -> tuple[list[str], list[list[csvs.Cell]]]:
    """What fills the line in a usual week, then each hour of it."""
    names = {service.id: service.name for service in desk().catalogue.services.values()}
    header = ["what", "name", "uploaded bytes a week", "downloaded bytes a week", "busiest hour"]
    rows: list[list[csvs.Cell]] = [["service", *_row(one, names)] for one in used.services]
    rows += [["need", *_row(one, dict(desk().catalogue.capabilities))] for one in used.capabilities]
    rows += [["hour", hour(at), up, down, None] for at, (up, down) in enumerate(zip(used.uploaded, used.downloaded, strict=True))]
    return header, rows


def _row(one: Spender, names: dict[str, str]) -> list[csvs.Cell]:
    return [names.get(one.id or "", "everything else"), one.uploaded, one.downloaded, hour(one.busiest)]
