"""The nouns of judgement: what `assess` returns and every page, report and export reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from discovery.observations import Coverage, LogAccount
from rules.factors import Exposure


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
    plan: str = "free"  # the plan it is judged on: free, business
    inherent: Risk | None = None  # the risk on that plan, whatever anybody does with it
    on_business: Risk | None = None  # `risk` as it would be on the business plan; None: it is on it, or nothing is known of one
    exposure: Exposure | None = None  # the use that `risk` was judged by
    answers: frozenset[str] = frozenset()  # ids of the questions in questions.toml that are answered with yes
    unanswered: frozenset[str] = frozenset()  # ids of those for which facts are missing


@dataclass(frozen=True, slots=True)
class LooksLike:
    """Which service a domain that is not its own reads like, by which of its domains, and why, in words."""

    service: str
    name: str
    domain: str
    why: str


@dataclass(frozen=True, slots=True)
class UnknownDomain:
    """A registrable domain that no catalogue knows.

    Attributes:
        guess: what its host labels, its bytes and its companions suggest, in words.
        person_days: people × days, as far as people are told apart; None: they are not.
        hosts: its hosts, the first of them.
        kind: tool, unclear or website.
        need: the capability its name suggests; None: it suggests none.
        group: the domains that belong together, first the one that speaks for them; `together` says why in words.
        set_aside: why it is not worth a look; empty if it is.
        looks_like: the service whose name it resembles.
    """

    domain: str
    people: int | None
    days: int
    hits: int
    uploaded_bytes: int | None
    downloaded_bytes: int | None
    guess: str
    person_days: int | None = None
    hosts: tuple[str, ...] = ()
    kind: str = "unclear"
    need: str | None = None
    group: tuple[str, ...] = ()
    together: str = ""
    set_aside: str = ""
    looks_like: LooksLike | None = None


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
    tool_days: int | None = None  # days on which somebody worked with what is provided; None: cannot be seen
    teams: tuple[str, ...] = ()  # of those people
    uploaded_bytes: int | None = None  # sent to these services; None: not known
    lacking: str = ""  # of `tool_beside`, what the evidence points to: feature, habit; empty: cannot be told
    doubt: tuple[str, ...] = ()  # what speaks against reading too much into it


@dataclass(frozen=True, slots=True)
class Rescored:
    """The score of a service now, and as it would be after a step of the roadmap; 0 is "not used here"."""

    service: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Step:
    """What the rules propose about a gap: one item of the technology roadmap. `roadmap.toml` explains how it comes about.

    Attributes:
        id: "gap:" and the capability.
        action: restrict, guide, accept, promote, train, extend, replace, upgrade, license, adopt.
        because: why this action, in words.
        stage: owned, cheap, project.
        cost: none, low, medium, high.
        effort: days of work.
        people: affected; None: people cannot be told apart.
        closes: ids of services that people are to leave.
        target: id of the service they are given; None: it is no service of the catalogue.
        parts: the scores now and afterwards of every service it touches.
        quarter: as "2027-Q1".
        waits_for, waits_because: id of the step that has to come first, and why.
        effort_because: how the days of work come about.
    """

    id: str
    capability: str
    action: str
    title: str
    text: str
    because: str
    stage: str
    cost: str
    effort: float
    people: int | None
    closes: tuple[str, ...]
    target: str | None
    parts: tuple[Rescored, ...]
    quarter: str = ""
    waits_for: str = ""
    waits_because: str = ""
    effort_because: str = ""

    @property
    def removed(self) -> int:
        """Points of risk removed: the scores now less the scores afterwards."""
        return sum(part.before - part.after for part in self.parts)


@dataclass(frozen=True)
class Assessment:
    """Everything that is judged of one firm in one period; findings sorted by risk, then people."""

    findings: tuple[Finding, ...]
    find_unknown: Callable[[], tuple[UnknownDomain, ...]] = field(compare=False, repr=False)
    gaps: tuple[Gap, ...]
    coverage: Coverage
    logs: tuple[LogAccount, ...]
    since: date | None = None
    until: date | None = None
    rules_in_force: Mapping[str, Any] = field(default_factory=dict)
    unlisted: tuple[Unlisted, ...] = ()
    roadmap: tuple[Step, ...] = ()
    options: tuple[Step, ...] = ()  # every action that could be taken for a need; the roadmap proposes one of them

    @cached_property
    def unknown(self) -> tuple[UnknownDomain, ...]:
        """Domains that no catalogue knows, judged when first asked for: of a large firm that takes longer than all the rest, and few pages ask."""
        return self.find_unknown()

    def finding(self, service: str) -> Finding | None:
        """The finding of a service id, or None."""
        return next((f for f in self.findings if f.service == service), None)
