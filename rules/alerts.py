"""The nouns of alerts: what is worth telling at once after a new import. `watch` raises them; `alerts.toml` has thresholds and sentences.

An alert is not kept: it stands while what it says is true and nobody answered it by a decision. Kept is only that somebody muted it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from discovery.catalogue import Catalogue
from rules.factors import toml
from rules.findings import Assessment, Finding
from rules.register import Register

#: Service -> Monday of a week -> bytes uploaded.
Uploads = Mapping[str, Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at.

    Attributes:
        kind: key of `alerts.toml`.
        service: id in the catalogue.
        name: of the service.
        mark: which alert of this kind and service it is; names nobody.
        day: from when on it stands.
        text: what happened, in words.
        rule: what made it an alert.
        finding: of the service in the new days; None: it was not seen in them.
    """

    kind: str
    service: str
    name: str
    mark: str
    day: date
    text: str
    rule: str
    finding: Finding | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What a mute goes by."""
        return self.kind, self.service, self.mark

    @property
    def group(self) -> str:
        """What to do, a key of `groups`."""
        return str(_table()["kind"][self.kind]["group"])

    @property
    def title(self) -> str:
        """Of its kind."""
        return str(_table()["kind"][self.kind]["title"])


@dataclass(frozen=True, slots=True)
class Seen:
    """What alerts are computed from; everything is of the whole firm.

    Attributes:
        now: the new days.
        before: everything kept before them; None: nothing.
        register: the decisions in force.
        catalogue: for names and breaches.
        provided: ids of services that belong to what the firm provides; they need no decision.
        today: the day on which review dates are read.
        uploads: of the whole time, by week.
        names: whether people and the smallest teams may be named.
        zone: of the client, in which days are told.
    """

    now: Assessment
    before: Assessment | None
    register: Register
    catalogue: Catalogue
    provided: frozenset[str]
    today: date
    uploads: Uploads = field(default_factory=dict)
    names: bool = False
    zone: str = "UTC"

    def day(self, moment: datetime | None) -> date:
        """The day of a moment on the client's clock."""
        return moment.astimezone(ZoneInfo(self.zone)).date() if moment else date.min


def window() -> int:
    """How many days at the end are held against everything before."""
    return int(_table()["window"])


def groups() -> Mapping[str, Mapping[str, str]]:
    """What to do -> title and text, in order."""
    found: Mapping[str, Mapping[str, str]] = _table()["group"]
    return found


def kinds() -> Mapping[str, Mapping[str, Any]]:
    """Every kind of alert."""
    found: Mapping[str, Mapping[str, Any]] = _table()["kind"]
    return found


def split(found: Iterable[Alert], muted: Iterable[tuple[str, str, str]]) -> tuple[list[Alert], list[Alert]]:
    """Alerts that are heard, and those that somebody muted."""
    silent = frozenset(muted)
    every = list(found)
    return [one for one in every if one.key not in silent], [one for one in every if one.key in silent]


@cache
def _table() -> Mapping[str, Any]:
    return toml("alerts.toml")
