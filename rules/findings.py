"""The nouns of judgement: what `assess` returns and every page, report and export reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from discovery.observations import Coverage, LogAccount


@dataclass(frozen=True, slots=True)
class Reason:
    """One summand of a score: `points` (signed) towards 100 = worst, in words, with the source of the fact.

    `part` says what it belongs to: what is at stake, how well it is guarded, law and standing, use here.
    """

    factor: str
    points: float
    text: str
    source: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A score from 0 to 100 where 100 is worst, the interval that unknown facts leave open, and why.

    `unknown` lists facts that are not known, each with the score's range were it known: "Not known: … (would change the score by …)".
    """

    score: int
    low: int
    high: int
    level: str  # Low, Guarded, Elevated, High, Severe
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What another record than traffic says of a person and a service: of one name in one file, in words, with what that leaves open."""

    kind: str  # sign-in, consent, installed, expensed, declared
    account: str
    text: str
    times: int
    first_seen: datetime
    last_seen: datetime
    doubt: str
    source: str


@dataclass(frozen=True, slots=True)
class PersonUse:
    """One person's (or device's) use of one service. `rule` says in words why the activity is what it is.

    All counts are those of traffic; what else is known stands in `sightings`.
    """

    person: str | None
    basis: str | None
    person_kind: str | None  # person, device, shared
    team: str | None
    account: str
    activity: str
    rule: str
    days: int
    hits: int
    blocked_hits: int
    uploaded_bytes: int | None
    downloaded_bytes: int | None
    first_seen: datetime
    last_seen: datetime
    kind: str = "traffic"  # kind of sighting; of somebody whom traffic never showed here, that of the latest other record
    sightings: tuple[Sighting, ...] = ()


def counted(uses: Iterable[PersonUse]) -> int | None:
    """How many people these are: those known by name, or the devices where no name is known; None where neither can be told.

    A device without a name may belong to somebody already counted, so the two are never added: "at least so many".
    """
    known = list(uses)
    kinds = {kind: {use.person for use in known if use.person_kind == kind and use.person is not None} for kind in ("person", "device")}
    return len(kinds["person"] or kinds["device"]) or None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A domain that led to the finding: its role, its hits, the first line in which log, and how the name was found, in words, if not in that log."""

    domain: str
    role: str
    hits: int
    log: str
    first_line: int | None  # None: not kept
    naming: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A service in use by this firm. People are counted as `counted` does; None where the source cannot tell people apart."""

    service: str  # id in the catalogue
    name: str
    vendor: str
    category: str  # title
    capability: str  # code
    status: str  # the register's decision: unreviewed, in_review, approved, approved_with_conditions, tolerated, not_approved
    activity: str  # strongest among its people: active, background, visit, embedded
    risk: Risk
    people: int | None
    active_people: int | None
    devices: int
    days: int
    hits: int
    blocked_hits: int
    uploaded_bytes: int | None
    downloaded_bytes: int | None
    first_seen: datetime
    last_seen: datetime
    by_person: tuple[PersonUse, ...]
    evidence: tuple[Evidence, ...]
    by_day: tuple[tuple[date, int], ...] = ()  # people (or devices, where no name is known) per day, for the trend line
    active_days: int = 0  # days on which somebody worked with it
    sighted_people: int | None = 0  # who are known from other records than traffic; None: they name nobody


@dataclass(frozen=True, slots=True)
class UnknownDomain:
    """A registrable domain that no catalogue knows. `guess` is what its host labels suggest, in words."""

    domain: str
    people: int | None
    days: int
    hits: int
    uploaded_bytes: int | None
    downloaded_bytes: int | None
    guess: str


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What another record than traffic names and no catalogue knows: how often, by how many people (None: not to be told), and that in words."""

    name: str
    kind: str
    people: int | None
    times: int
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One capability: demand seen, what is provided, and what is missing.

    `people`, `days` and `services` are those of what is used instead of the toolset; where it is covered, those of the toolset itself.
    """

    capability: str
    title: str
    gap: str  # no_tool, tool_unused, tool_beside, covered
    people: int | None  # who use it actively; None: people cannot be told apart
    days: int  # days with active use
    services: tuple[str, ...]  # ids in use for it, most people first
    toolset: tuple[str, ...]  # what the firm provides for it, names
    recommendation: str
    evidence: str = ""
    question: str = ""  # to ask staff
    fragmented: bool = False
    need: str = ""  # in plain words, as a person would put it
    tool_people: int | None = None  # who use what is provided; None: cannot be seen


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that is judged of one firm in one period; findings sorted by risk, then people."""

    findings: tuple[Finding, ...]
    unknown: tuple[UnknownDomain, ...]
    gaps: tuple[Gap, ...]
    coverage: Coverage
    logs: tuple[LogAccount, ...]
    since: date | None = None
    until: date | None = None
    rules_in_force: Mapping[str, Any] = field(default_factory=dict)
    unlisted: tuple[Unlisted, ...] = ()

    def finding(self, service: str) -> Finding | None:
        """The finding of a service id, or None."""
        return next((f for f in self.findings if f.service == service), None)

    def of_person(self, person: str) -> Sequence[tuple[Finding, PersonUse]]:
        """Each service that a person uses, with their use of it."""
        return [(f, u) for f in self.findings for u in f.by_person if u.person == person]
