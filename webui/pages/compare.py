"""Two periods or two imports side by side: what differs, and whether people, logs, catalogue or rules are the cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from discovery import store as kept
from discovery.store.tables import Client, Import
from rules.differences import Change
from webui import changes, crowd, csvs, downloads, words
from webui.assessments import Picture
from webui.desk import client, desk
from webui.filters import Filter
from webui.pages import LOOK, Entry

blueprint = Blueprint("compare", __name__, url_prefix="/c/<slug>/compare")
MENU = Entry("compare.index", "Compare", "compare", 77, LOOK, filtered=False)

#: What a side can be judged by.
RULES: Final = {"own": "Own services and weights count", "shipped": "As shipped, without them"}


@dataclass(frozen=True, slots=True)
class Side:
    """One side as its form says it: the days, or one log by itself, and by which words it is judged."""

    name: str
    since: date | None
    until: date | None
    log: Import | None = None
    shipped: bool = False

    @classmethod
    def parse(cls, name: str, args: Mapping[str, str], usual: tuple[date, date] | None, logs: Mapping[int, Import], firm: Client) -> Self:
        """Read the arguments `<name>_log`, `<name>_since`, `<name>_until` and `<name>_rules`; what is not understood is the usual."""
        log = logs.get(int(number)) if (number := args.get(f"{name}_log", "")).isdecimal() and len(number) < len(str(2**31)) else None
        asked = Filter.parse({"since": args.get(f"{name}_since", ""), "until": args.get(f"{name}_until", "")})
        days = _days_of(log, firm) if log else (asked.since, asked.until) if asked.period == "custom" else usual or (None, None)
        return cls(name, *days, log, args.get(f"{name}_rules") == "shipped")

    @property
    def picture(self) -> Picture:
        """What the side shows."""
        days = Filter(period="custom", since=self.since, until=self.until)
        return desk().assessments.alone(client(), days, log=self.log.id if self.log else None, shipped=self.shipped)


@dataclass(frozen=True, slots=True)
class Row:
    """One number of both sides, in words; `differs` where they are not the same; `page` says more."""

    title: str
    page: str
    now: str
    before: str

    @property
    def differs(self) -> bool:
        """Whether the sides disagree."""
        return self.now != self.before


@blueprint.get("/")
def index(slug: str) -> ResponseReturnValue:
    """The two sides, and what is different."""
    last = desk().assessments.picture(client(), Filter()).last_day
    if last is None:
        return render_template("compare/index.html", sides=None)
    logs = {job.id: job for job in kept.imports(desk().store, client()) if job.state == "published" and job.first and job.events}
    recent = Filter()
    since, until = recent.days(last)
    usual = {"a": (since, until) if since and until else None, "b": recent.before(last)}
    sides = [Side.parse(name, request.args, usual[name], logs, client()) for name in usual]
    now, before = (side.picture for side in sides)
    found = changes.compare(now, before)
    if downloads.wanted():
        return downloads.table(f"{slug}-compare", *as_table(found.changes if found else ()))
    return render_template(
        "compare/index.html",
        sides=sides,
        logs=logs.values(),
        days_of={number: _days_of(job, client()) for number, job in logs.items()},
        rules=RULES,
        comparison=found,
        rows=rows(now, before),
    )


def as_table(found: Sequence[Change]) -> tuple[list[str], list[list[csvs.Cell]]]:
    """Every change as a table for export."""
    header = ["change", "service", "what", "moved to", "cause", "why"]
    return header, [[words.CHANGES[one.kind], one.name, one.text, one.to.name if one.to else None, one.cause, one.because] for one in found]


def rows(now: Picture, before: Picture) -> list[Row]:
    """What can be counted on both sides, and what they rest on."""
    return [Row(title, page, new, old) for (title, page, new), (*_, old) in zip(_facts(now), _facts(before), strict=True)]


def _facts(shown: Picture) -> Sequence[tuple[str, str, str]]:
    judged, usage = shown.firm, shown.observations.usage
    active = [finding for finding in judged.findings if finding.activity == "active"]
    coverage, changed = judged.coverage, judged.rules_in_force.get("weights", ())
    return (
        ("Services in active use", "services.index", words.count(len(active))),
        ("People who use them", "people.index", words.people(crowd.count_active(active), coverage.people_expected)),
        ("Of high or severe risk", "services.index", words.count(sum(finding.risk.level in {"High", "Severe"} for finding in active))),
        (
            "Uploaded to them",
            "services.index",
            words.size(sum(sent) if (sent := [one.uploaded_bytes for one in active if one.uploaded_bytes is not None]) else None),
        ),
        ("Days with logs", "imports.index", words.count(usage["day"].n_unique())),
        ("Logs", "imports.index", words.listed(sorted(usage["log"].drop_nulls().unique().to_list())) or "none"),
        ("Catalogue", "catalogue.index", shown.catalogue or words.NOT_KNOWN),
        ("Weights", "weights.index", f"{words.count(len(changed))} changed" if changed else "as shipped"),
    )


def _days_of(job: Import, firm: Client) -> tuple[date, date]:
    """First and last day of a log, on the clock of the client; only logs with events are asked."""
    zone = ZoneInfo(firm.zone)
    first, last = (moment.astimezone(zone).date() if moment else date.min for moment in (job.first, job.last))
    return first, last
