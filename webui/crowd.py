"""Who uses what: the findings turned round, one entry per person or device."""

import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rules.findings import Finding, PersonUse
from rules.register import APPROVED
from webui import words

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Member:
    """A person, pseudonym or device with its use of services; `uses` in the order of the findings."""

    name: str
    kind: str
    team: str | None
    bases: tuple[str, ...]
    uses: tuple[tuple[Finding, PersonUse], ...]

    @property
    def id(self) -> str:
        """What stands in the address of the page: nobody's name."""
        return id_of(self.name)

    @property
    def active(self) -> list[tuple[Finding, PersonUse]]:
        """Services worked with."""
        return [(finding, use) for finding, use in self.uses if use.activity == "active"]

    @property
    def level(self) -> str | None:
        """The highest level among the services worked with."""
        return max((finding.risk.level for finding, _ in self.active), key=words.LEVELS.index, default=None)

    @property
    def uploaded(self) -> int | None:
        """Bytes uploaded to services worked with; None where no source tells."""
        told = [use.uploaded_bytes for _, use in self.active if use.uploaded_bytes is not None]
        return sum(told) if told else None

    def not_approved(self, provided: AbstractSet[str]) -> int:
        """Services worked with that the firm neither provides (`provided`: their ids) nor approved."""
        return sum(finding.status not in APPROVED and finding.service not in provided for finding, _ in self.active)


def id_of(name: str) -> str:
    """A short, stable stand-in for a name in addresses of pages."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def members(findings: Iterable[Finding]) -> list[Member]:
    """Everybody and everything that the findings name."""
    uses: dict[str, list[tuple[Finding, PersonUse]]] = {}
    for finding in findings:
        for use in finding.by_person:
            if use.person is not None:
                uses.setdefault(use.person, []).append((finding, use))
    return [_member(name, found) for name, found in uses.items()]


def people(findings: Iterable[Finding]) -> list[Member]:
    """Members that are people, by team and name: never a league table."""
    return sorted(
        (member for member in members(findings) if member.kind == PERSON),
        key=lambda member: (member.team is None, member.team or "", member.name.casefold()),
    )


def devices(findings: Iterable[Finding]) -> list[Member]:
    """Addresses and devices that no name could be found for, and addresses that many stand behind."""
    return sorted((member for member in members(findings) if member.kind != PERSON), key=lambda member: member.name)


def find(findings: Iterable[Finding], member_id: str) -> Member | None:
    """The member of an address of a page, or None."""
    return next((member for member in members(findings) if member.id == member_id), None)


def count_active(findings: Sequence[Finding]) -> int | None:
    """How many different people work with any of the services; None where the source cannot tell them apart."""
    if any(finding.active_people is None for finding in findings):
        return None
    return len({use.person for finding in findings for use in finding.by_person if use.activity == "active" and use.person_kind == PERSON})


def _member(name: str, found: Sequence[tuple[Finding, PersonUse]]) -> Member:
    kinds = {use.person_kind or "device" for _, use in found}
    kind = PERSON if PERSON in kinds else min(kinds)
    team = next((use.team for _, use in found if use.team), None)
    bases = tuple(dict.fromkeys(use.basis for _, use in found if use.basis))
    return Member(name, kind, team, bases, tuple(found))
