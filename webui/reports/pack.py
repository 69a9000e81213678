"""Everything that the documents tell, gathered once from the judged picture, the register and the firm's settings.

Nothing here depends on the moment it is made: days are those of the data and of the decisions, so the same data give the same documents.
No person, pseudonym or device is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.metadata import version
from zoneinfo import ZoneInfo

from discovery.catalogue import Catalogue, Service
from discovery.store.tables import Client
from rules.clauses import Clause, clauses
from rules.exits import Exit, exit_sheet
from rules.findings import Finding, Gap, Step
from rules.proposals import Proposal, proposal
from rules.register import Decision, in_force
from rules.spotcheck import Precision
from rules.toolset import Toolset
from webui import changes, crowd, needs, weighing, words
from webui.assessments import Picture
from webui.filters import is_undecided
from webui.reports.controlled import ControlRow, rows_of
from webui.reports.look import Look
from webui.reports.teams import Teams, least_group, team_sheets, teams_of


@dataclass(frozen=True, slots=True)
class Situation:
    """The numbers of the first sentence; None is "not known"."""

    people: int | None
    whole: int | None
    services: int
    undecided: int
    risky: int


@dataclass(frozen=True, slots=True)
class Point:
    """A service somebody has to decide on: the need behind it and what could be decided."""

    finding: Finding
    gap: Gap | None
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Topic:
    """A need to talk about: the services nobody has decided on, teams with enough people, and the classes of account seen."""

    gap: Gap
    points: tuple[Point, ...]
    teams: tuple[str, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with the service's name, and the finding where it is still in use."""

    decision: Decision
    name: str
    status: str
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Pack:
    """What is told.

    Attributes:
        since, until: first day of the period that logs could tell of, and its last.
        findings: in active use, by risk; others: how many further services were only met.
        points: undecided ones among them, by risk.
        comparison: against `compared_with` (in words); None where there is nothing to compare with.
        recent: decisions taken since then.
        services: catalogue entries of the findings, for facts.
        weighed: what the firm changed in the rules of risk; checked: how often findings hold here, as far as somebody looked.
    """

    firm: str
    zone: str
    look: Look
    since: date | None
    until: date | None
    situation: Situation
    findings: tuple[Finding, ...]
    others: int
    provided: frozenset[str]
    points: tuple[Point, ...]
    topics: tuple[Topic, ...]
    gaps: tuple[Gap, ...]
    picture: Picture
    comparison: changes.Comparison | None
    compared_with: str
    rulings: tuple[Ruling, ...]
    recent: tuple[Ruling, ...]
    clauses: tuple[Clause, ...]
    teams: Teams
    exits: tuple[Exit, ...]
    roadmap: tuple[Step, ...]
    controls: tuple[ControlRow, ...]
    services: Mapping[str, Service]
    titles: Mapping[str, str]
    versions: Mapping[str, str]
    weighed: tuple[weighing.Said, ...]
    checked: Precision

    @property
    def quarters(self) -> dict[str, list[Step]]:
        """Quarter -> steps of the roadmap, in their order; what is no work comes last, without one."""
        found: dict[str, list[Step]] = {}
        for step in self.roadmap:
            found.setdefault(step.quarter, []).append(step)
        return found

    @property
    def by_level(self) -> dict[str, int]:
        """Level -> services in active use."""
        found: dict[str, int] = {}
        for finding in self.findings:
            found[finding.risk.level] = found.get(finding.risk.level, 0) + 1
        return found

    def name(self, service: str) -> str:
        """The name of a service."""
        found = self.picture.firm.finding(service)
        return found.name if found else self.services[service].name if service in self.services else service


@dataclass(frozen=True, slots=True)
class Past:
    """What this report is compared with: an earlier picture, in words, and the moment from which decisions are new."""

    picture: Picture | None
    said: str
    until: date | None


def gather(
    client: Client,
    picture: Picture,
    past: Past,
    history: Sequence[Decision],
    catalogue: Catalogue,
    toolset: Toolset,
    look: Look,
    checked: Precision,
    said: Mapping[str, str] | None = None,
) -> Pack:
    """The pack of a client.

    Args:
        client: whose.
        picture: of the whole firm over the period.
        past: what it is compared with.
        history: every decision ever recorded, oldest first.
        catalogue: gives facts and names.
        toolset: what the firm provides.
        look: how its reports look.
        checked: how often findings hold, by the spot check.
        said: clauses in the practice's or the firm's own words, see `clauses`.
    """
    firm, register = picture.firm, in_force(history)
    findings = tuple(finding for finding in firm.findings if finding.activity == "active")
    gaps = {gap.capability: gap for gap in firm.gaps}
    points = tuple(
        Point(finding, gaps.get(finding.capability), proposal(finding, gaps.get(finding.capability)))
        for finding in findings
        if is_undecided(finding, picture.provided)
    )
    whole = firm.coverage.people_expected or firm.coverage.people_seen
    unmet = tuple(needs.unmet(firm.gaps))
    rulings = _rulings(register.every(), picture, catalogue)
    since = datetime.combine(past.until, time.max, ZoneInfo(client.zone)) if past.until else None
    return Pack(
        firm=client.name,
        zone=client.zone,
        look=look,
        since=picture.begins,
        until=picture.until,
        situation=Situation(
            crowd.count_active(findings), whole, len(findings), len(points), sum(finding.risk.level in words.RISKY for finding in findings)
        ),
        findings=findings,
        others=len(firm.findings) - len(findings),
        provided=picture.provided,
        points=points,
        topics=tuple(_topics(points, unmet, least_group(whole))),
        gaps=unmet,
        picture=picture,
        comparison=changes.compare(picture, past.picture),
        compared_with=past.said,
        rulings=rulings,
        recent=tuple(one for one in rulings if since and one.decision.decided_at and one.decision.decided_at > since),
        clauses=clauses(register, catalogue, toolset, firm=client.name, day=picture.last_day, own=said),
        teams=team_sheets(findings, whole),
        exits=tuple(exit_sheet(catalogue.services[id_], toolset) for id_ in _left(rulings) if id_ in catalogue.services),
        roadmap=firm.roadmap,
        controls=rows_of(findings, unmet),
        services={finding.service: catalogue.services[finding.service] for finding in findings if finding.service in catalogue.services},
        titles=catalogue.capabilities,
        weighed=weighing.in_force(firm, catalogue),
        checked=checked,
        versions={"Gnomon": version("gnomon"), "catalogue": catalogue.version, "rules": str(firm.rules_in_force.get("version", ""))},
    )


def _rulings(decisions: Iterable[Decision], picture: Picture, catalogue: Catalogue) -> tuple[Ruling, ...]:
    """Decisions in force by the service's name."""
    made = []
    for decision in decisions:
        finding = picture.firm.finding(decision.service)
        known = catalogue.services.get(decision.service)
        name = finding.name if finding else known.name if known else decision.service
        status = decision.status_on(picture.last_day)
        if status != "unreviewed":
            made.append(Ruling(decision, name, status, finding))
    return tuple(sorted(made, key=lambda ruling: (ruling.name.casefold(), ruling.decision.account)))


def _left(rulings: Iterable[Ruling]) -> list[str]:
    """Ids of services that are to be left, each once."""
    return list(dict.fromkeys(ruling.decision.service for ruling in rulings if ruling.status == "not_approved"))


def _topics(points: Sequence[Point], gaps: Sequence[Gap], least: int) -> Iterable[Topic]:
    """The needs for which somebody has to decide, most people first."""
    for gap in gaps:
        mine = tuple(point for point in points if point.finding.service in gap.services)
        if mine:
            findings = [point.finding for point in mine]
            accounts = {use.account for finding in findings for use in finding.by_person if use.activity == "active"}
            yield Topic(gap, mine, tuple(teams_of(findings, least)), tuple(sorted(accounts)))
