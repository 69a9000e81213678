"""How mature a client is, now and in the months before, each judged with what was known then."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from discovery import store as kept
from discovery.catalogue import Catalogue
from discovery.coverage import working_days
from discovery.store import Store
from discovery.store.tables import Client
from rules import alerts, maturity, queries
from rules.alerts import Alert, Seen
from rules.maturity import Evidence, Maturity
from rules.practice import queries as practice
from rules.register import Decision, register_on
from rules.toolset import read_toolset
from rules.watch import watch
from webui.assessments import Assessments, Picture
from webui.filters import Filter
from webui.lookout import Lookout

#: One look back, in days, and how many there are at most.
STRETCH: Final = 30
MOST: Final = 6
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Thirty days of a client with the step that was reached at their end, and how many of their working days have logs."""

    since: date
    until: date
    reached: Maturity
    covered: int
    working: int


def stretches(store: Store, client: Client, catalogue: Catalogue, assessments: Assessments, lookout: Lookout) -> list[Stretch]:
    """The steps reached, the earliest first; empty without logs."""
    return _judged(store, client, catalogue, lookout, _pictures(store, client, assessments, MOST))


def latest(store: Store, client: Client, assessments: Assessments, lookout: Lookout) -> Stretch | None:
    """The last of them alone, which takes far less work; None without logs."""
    pictures = _pictures(store, client, assessments, 2)
    if not pictures:
        return None
    made = _judged(store, client, assessments.catalogue_of(client), lookout, pictures, 1)
    return made[0] if made else None


def _judged(store: Store, client: Client, catalogue: Catalogue, lookout: Lookout, pictures: list[Picture], most: int = MOST) -> list[Stretch]:
    """The first so many of these pictures (the latest first) with their steps, the earliest first."""
    history, toolset = queries.all_history(store, client), practice.toolset(store, client)
    made: list[Stretch] = []
    for at, shown in enumerate(pictures[:most]):
        before = pictures[at + 1] if at + 1 < len(pictures) else None
        if shown.since is None or shown.until is None:
            continue
        heard = lookout.heard(client).open if at == 0 else _heard_then(store, client, catalogue, shown, before, history)
        evidence = _evidence(client, toolset, shown, before, history, heard)
        made.append(Stretch(shown.since, shown.until, maturity.maturity(evidence), evidence.covered, evidence.working))
    return made[::-1]


def _pictures(store: Store, client: Client, assessments: Assessments, most: int) -> list[Picture]:
    """Thirty days each, the latest first, as far back as there are logs."""
    last = kept.last_event_day(store, client)
    if last is None:
        return []
    first = min(job.first for job in kept.imports(store, client) if job.state == "published" and job.first).date()
    found = []
    for at in range(most):
        until = last - timedelta(days=STRETCH * at)
        if until < first:
            break
        chosen = Filter() if at == 0 else Filter("custom", until - timedelta(days=STRETCH - 1), until)
        found.append(assessments.picture(client, chosen))
    return [shown for shown in found if shown.observations.usage.height]


def _evidence(client: Client, toolset: str, shown: Picture, before: Picture | None, history: list[Decision], heard: list[Alert]) -> Evidence:
    day = shown.until or date.min
    covered = sum(one.weekday() < _SATURDAY for one in shown.observations.usage["day"].unique().to_list())
    working = working_days(shown.since, shown.until)
    tools = len(read_toolset(toolset).tools)
    earlier = before.firm if before else None
    return Evidence(shown.firm, earlier, covered, working, history, heard, shown.provided, tools, day, client.zone)


def _heard_then(store: Store, client: Client, catalogue: Catalogue, shown: Picture, before: Picture | None, history: list[Decision]) -> list[Alert]:
    """The alerts that stood open at the end of earlier days."""
    day = shown.until or date.min
    register = register_on(history, datetime.combine(day, time.max, ZoneInfo(client.zone)))
    seen = Seen(shown.firm, before.firm if before else None, register, catalogue, shown.provided, day, zone=client.zone)
    muted = [
        mute.key for mute in queries.mutes(store, client) if mute.muted_at.date() <= day and (mute.ended_at is None or mute.ended_at.date() > day)
    ]
    return alerts.split(watch(seen), muted)[0]
