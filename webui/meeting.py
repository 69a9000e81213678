"""What the screens of a meeting show, and what its one form says: a need with who has it, what is used, and what could be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from rules import whatif
from rules.alternatives import in_suites
from rules.findings import Assessment, Finding, Gap, counted
from rules.meeting import Meeting
from rules.meeting.agenda import services_of
from rules.meeting.options import Option, options
from rules.queries import Details
from rules.questions import questions
from rules.register import ANY, Decision
from webui import deciding, needs, words
from webui.assessments import Picture
from webui.reports.teams import least_group, people_by_team

#: Whose data it is: as the form asks, and as the register keeps it.
WHOSE: Final = {
    "firm": ("The firm's", "the firm's data"),
    "customers": ("Customers'", "customers' data"),
    "people": ("About people", "data about people"),
    "nobody": ("Nothing confidential", "nothing confidential"),
}
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing services would stop: people who work with them (None: not known), and other services that stop with them, by name."""

    people: int | None
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A service in use for the need: what closing it would stop, and the classic questions that it is an answer to."""

    finding: Finding
    closing: whatif.WhatIf | None
    worries: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """One need.

    Attributes:
        need: in plain words; `handles`: what is typically handled; `question`: to ask.
        gap: what the rules say of it; None: nobody was seen with it in this period.
        whole: people in the firm, or seen.
        least: people who make a group that is shown.
        teams: those with so many people.
        accounts: classes of account in use.
        decided: decisions of this meeting that stand.
        elsewhere: tools of common suites that do this job.
    """

    capability: str
    need: str
    handles: str
    gap: Gap | None
    whole: int | None
    people: int | None
    least: int
    teams: Mapping[str, int]
    accounts: Sequence[str]
    uses: Sequence[Use]
    options: Sequence[Option]
    decided: Sequence[Decision]
    elsewhere: Sequence[str]

    @cached_property
    def uploaded(self) -> int | None:
        """Bytes sent to these services; None: not known."""
        told = [use.finding.uploaded_bytes for use in self.uses if use.finding.uploaded_bytes is not None]
        return sum(told) if told else None

    @cached_property
    def others(self) -> int:
        """People of small teams, or without a team, who have the need too."""
        return max(0, (self.people or 0) - sum(self.teams.values()))

    @cached_property
    def team_sizes(self) -> bool:
        """Whether numbers can stand beside teams: not where what they leave over is a small group itself."""
        return self.people is not None and not 0 < self.others < self.least

    @cached_property
    def scopes(self) -> list[str]:
        """What a decision can stand for."""
        return [ANY, *(account for account in self.accounts if account in words.SCOPES)]

    def name(self, service: str) -> str:
        """The name of one of these services."""
        return next((use.finding.name for use in self.uses if use.finding.service == service), service)

    def closing(self, option: Option) -> Closing | None:
        """What the services that an option closes would stop; None: it closes none."""
        closed = [use for use in self.uses if option.statuses.get(use.finding.service) == "not_approved"]
        if not closed:
            return None
        people = _people([use.finding for use in closed])
        gone = {use.finding.name for use in closed}
        broken = dict.fromkeys(one.name for use in closed if use.closing for one in use.closing.broken if one.name not in gone)
        return Closing(people, tuple(broken))


def screen(capability: str, shown: Picture, catalogue: Catalogue, decided: Sequence[Decision]) -> Screen:
    """The screen of a need.

    Args:
        capability: its code.
        shown: the whole firm.
        catalogue: gives names.
        decided: what was decided on it in this meeting and stands.
    """
    firm = shown.firm
    used = services_of(capability, firm, shown.provided)
    whole = firm.coverage.people_expected or firm.coverage.people_seen
    return Screen(
        capability=capability,
        need=needs.in_words(capability, catalogue.capabilities.get(capability, capability)),
        handles=needs.handles(capability),
        gap=next((gap for gap in firm.gaps if gap.capability == capability), None),
        whole=whole,
        people=_people(used),
        least=least_group(whole),
        teams=people_by_team(used, least_group(whole)),
        accounts=sorted({use.account for finding in used for use in finding.by_person if use.activity == "active"}),
        uses=[_use(finding, shown, catalogue) for finding in used],
        options=[] if decided else options(capability, used, firm),
        decided=decided,
        elsewhere=_elsewhere(used, firm, catalogue),
    )


def rulings(shown: Screen, form: Mapping[str, str], whose: Sequence[str]) -> dict[str, tuple[str, Details]]:
    """What the form decides: service -> status and what else the register keeps. What the chosen option says can be changed service by service.

    Raises:
        GnomonError: nothing is decided, or something is tolerated without a last day.
    """
    option = next((one for one in shown.options if one.id == form.get("option")), None)
    chosen = option.statuses if option else {}
    asked = {use.finding.service: form.get(f"status-{use.finding.service}", "") for use in shown.uses}
    found = {service: status or chosen.get(service, "") for service, status in asked.items() if status != "as_it_is"}
    found = {service: status for service, status in found.items() if status}
    until = deciding.day_of("review_by")
    if not found:
        raise GnomonError("Nothing is decided yet: choose what to do, or a status for one of the services. To go on without, keep a note.")
    if "tolerated" in found.values() and until is None:
        raise GnomonError("Tolerated until when? Please give the last day.")
    conditions = deciding.said("conditions") or (option.conditions if option else "")
    note = deciding.said("note")
    return {
        service: (
            status,
            Details(
                owner=deciding.said("owner"),
                reason=" ".join(filter(None, (_title(option) if option and chosen.get(service) == status else "", note))),
                conditions=conditions if status == "approved_with_conditions" else "",
                review_by=until,
                account=form.get("account", ANY),
                data_held=words.listed([held for one, (_, held) in WHOSE.items() if one in whose]),
                snapshot=deciding.known(service),
            ),
        )
        for service, status in found.items()
    }


def next_open(meeting: Meeting, taken: Mapping[str, Sequence[Decision]], after: str = "") -> str | None:
    """The next need without a decision or a note, those behind `after` first; None: there is none."""
    at = meeting.capabilities.index(after) + 1 if after in meeting.capabilities else 0
    order = (*meeting.agenda[at:], *meeting.agenda[:at])
    return next((item.capability for item in order if not item.note and item.capability not in taken), None)


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes gone and left (negative: over time), how many needs are open, and minutes for each of them."""

    gone: int
    planned: int
    open: int

    @property
    def left(self) -> int:
        """Minutes left."""
        return self.planned - self.gone

    @property
    def each(self) -> int | None:
        """Minutes for each need that is open; None: no time, or no need, is left."""
        return max(1, round(self.left / self.open)) if self.open and self.left > 0 else None


def clock(meeting: Meeting, taken: Mapping[str, Sequence[Decision]]) -> Clock:
    """How the meeting stands for time: by how long its screens were open, so that a pause costs nothing."""
    still = sum(not item.note and item.capability not in taken for item in meeting.agenda)
    return Clock(meeting.seconds // _SECONDS, meeting.minutes, still)


def today(zone: str) -> date:
    """The day in the client's zone."""
    return datetime.now(ZoneInfo(zone)).date()


def _people(findings: Sequence[Finding]) -> int | None:
    """Who works with any of these, each counted once; None where they cannot be told apart."""
    if any(finding.active_people is None for finding in findings):
        return None
    return counted(use for finding in findings for use in finding.by_person if use.activity == "active") or 0


def _title(option: Option) -> str:
    return f"{option.step.title}."


def _use(finding: Finding, shown: Picture, catalogue: Catalogue) -> Use:
    known = finding.service in catalogue.services
    target = whatif.targets()[whatif.USUAL]
    closing = whatif.replay(finding, target, shown.observations, shown.firm, catalogue, shown.provided) if known else None
    return Use(finding, closing, tuple(question.title for id_, question in questions().items() if id_ in finding.answers))


def _elsewhere(used: Sequence[Finding], firm: Assessment, catalogue: Catalogue) -> list[str]:
    """Tools of common suites for the same job, the most common first; what the firm has is left out."""
    owned = {name for gap in firm.gaps for name in gap.toolset}
    known = [catalogue.services[finding.service] for finding in used[:1] if finding.service in catalogue.services]
    return [one.tool for service in known for one in in_suites(service) if one.tool not in owned]
