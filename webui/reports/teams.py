"""What each team uses, without telling of anybody: teams and services with too few people are counted together, never listed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rules.findings import Finding
from webui.crowd import PERSON

#: People from which a group is shown by itself, in firms with fewer people than `SMALL`, and in others.
LEAST_IN_SMALL: Final = 3
LEAST: Final = 5
SMALL: Final = 30


@dataclass(frozen=True, slots=True)
class TeamUse:
    """A service that enough people of a team work with."""

    finding: Finding
    people: int


@dataclass(frozen=True, slots=True)
class Team:
    """One team's sheet: people seen, services that at least so many of them use, and how many further services too few use to be named."""

    name: str
    people: int
    uses: tuple[TeamUse, ...]
    unnamed: int


@dataclass(frozen=True, slots=True)
class Teams:
    """All sheets; `least` people make a group, and `small` teams have fewer and no sheet."""

    sheets: tuple[Team, ...]
    least: int
    small: int


def least_group(people: int | None) -> int:
    """How many people a group must have to be shown, in a firm of so many (None: not known)."""
    return LEAST_IN_SMALL if people is not None and people < SMALL else LEAST


def team_sheets(findings: Sequence[Finding], people: int | None) -> Teams:
    """The sheets of all teams, by name.

    Args:
        findings: in active use.
        people: in the firm, or seen; None: not known.
    """
    least = least_group(people)
    users: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for finding in findings:
        for team, person in _active(finding):
            users[team][finding.service].add(person)
    everybody = {team: set[str]().union(*services.values()) for team, services in users.items()}
    large = sorted(team for team, members in everybody.items() if len(members) >= least)
    sheets = tuple(_sheet(team, len(everybody[team]), users[team], findings, least) for team in large)
    return Teams(sheets, least, len(users) - len(large))


def teams_of(findings: Iterable[Finding], least: int) -> list[str]:
    """Teams of which at least so many people work with any of these, by name."""
    return sorted(people_by_team(findings, least))


def people_by_team(findings: Iterable[Finding], least: int) -> dict[str, int]:
    """Team -> people of it who work with any of these, for teams of which at least so many do; most people first."""
    users: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        for team, person in _active(finding):
            users[team].add(person)
    large = ((team, len(members)) for team, members in users.items() if len(members) >= least)
    return dict(sorted(large, key=lambda pair: (-pair[1], pair[0])))


def _active(finding: Finding) -> Iterable[tuple[str, str]]:
    return ((use.team, use.person) for use in finding.by_person if use.activity == "active" and use.person_kind == PERSON and use.team and use.person)


def _sheet(team: str, people: int, users: dict[str, set[str]], findings: Sequence[Finding], least: int) -> Team:
    used = [TeamUse(finding, len(users[finding.service])) for finding in findings if finding.service in users]
    named = sorted((use for use in used if use.people >= least), key=lambda use: (-use.people, use.finding.name))
    return Team(team, people, tuple(named), len(used) - len(named))
