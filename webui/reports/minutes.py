"""Minutes of a meeting: what was decided on each need, as the register has it, and what stays open; with the draft clauses that follow.

Nothing is told from memory. A decision stands in the minutes as the register keeps it; where the register says something else by now, they say so.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from discovery.catalogue import Catalogue
from rules.findings import Finding
from rules.meeting import Meeting, taken
from rules.meeting.agenda import services_of
from rules.register import UNDECIDED, Decision, Register, in_force
from webui import needs
from webui.assessments import Picture
from webui.reports.documents import context
from webui.reports.pack import Pack
from webui.reports.pdf import pdf
from webui.reports.render import html
from webui.reports.word_minutes import word

#: What the files hold: templates in templates/reports/documents.
DOCUMENTS: Final = ("minutes", "clauses")


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision of the meeting with the service's name, and the one that is in force instead by now, if it is another."""

    decision: Decision
    name: str
    now: Decision | None


@dataclass(frozen=True, slots=True)
class Group:
    """Decisions of one need on the same terms: they are told together."""

    decision: Decision
    names: Sequence[str]
    now: Decision | None


@dataclass(frozen=True, slots=True)
class Settled:
    """One need of the agenda: what was decided, what was noted, and the services on which nobody has decided."""

    capability: str
    need: str
    note: str
    seconds: int
    rulings: Sequence[Ruled]
    open: Sequence[Finding]

    @property
    def groups(self) -> list[Group]:
        """What was decided, by terms."""
        found: dict[Hashable, list[Ruled]] = {}
        for ruled in self.rulings:
            found.setdefault(_terms(ruled), []).append(ruled)
        return [Group(same[0].decision, [ruled.name for ruled in same], same[0].now) for same in found.values()]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything that the minutes tell."""

    meeting: Meeting
    needs: Sequence[Settled]

    @property
    def rulings(self) -> list[Ruled]:
        """Every decision, in the order of the agenda."""
        return [ruled for need in self.needs for ruled in need.rulings]

    @property
    def dates(self) -> dict[date, list[Ruled]]:
        """Day -> decisions that hold until then, the next first."""
        found: dict[date, list[Ruled]] = {}
        for ruled in self.rulings:
            if ruled.decision.review_by:
                found.setdefault(ruled.decision.review_by, []).append(ruled)
        return dict(sorted(found.items()))

    @property
    def unowned(self) -> list[Ruled]:
        """Decisions for which nobody answers yet."""
        return [ruled for ruled in self.rulings if not ruled.decision.owner.strip()]


def gather(meeting: Meeting, history: Sequence[Decision], picture: Picture, catalogue: Catalogue) -> Minutes:
    """The minutes of a meeting.

    Args:
        meeting: which.
        history: of the register, oldest first.
        picture: of the whole firm, for what is still open.
        catalogue: gives names.
    """
    decided, register = taken(meeting, history), in_force(history)
    return Minutes(
        meeting,
        [
            Settled(
                capability=item.capability,
                need=needs.in_words(item.capability, catalogue.capabilities.get(item.capability, item.capability)),
                note=item.note,
                seconds=item.seconds,
                rulings=_ruled(decided.get(item.capability, []), register, catalogue),
                open=[one for one in services_of(item.capability, picture.firm, picture.provided) if one.status in UNDECIDED],
            )
            for item in meeting.agenda
        ],
    )


def on_page(pack: Pack, minutes: Minutes, *, logo: str) -> Mapping[str, Any]:
    """What the templates need to show the minutes in a page; `logo` as of `documents.context`."""
    return context(pack, logo=logo, proof=lambda _service: None) | {"minutes": minutes}


def document(pack: Pack, minutes: Minutes, kind: str) -> bytes:
    """Minutes and draft clauses as one file: html, pdf or docx.

    Raises:
        GnomonError: the PDF cannot be made, see `pdf`.
    """
    if kind == "docx":
        return word(pack, minutes)
    text = html(pack, DOCUMENTS, title="Minutes and draft clauses", minutes=minutes)
    return pdf(text) if kind == "pdf" else text.encode("utf-8", "replace")


def _terms(ruled: Ruled) -> Hashable:
    """Everything that the minutes say of a decision but its service."""
    one, now = ruled.decision, ruled.now
    since = (now.status, now.decided_at.date() if now.decided_at else None) if now else None
    return one.account, one.status, one.reason, one.conditions, one.data_held, one.owner, one.review_by, since


def _ruled(decided: Iterable[Decision], register: Register, catalogue: Catalogue) -> list[Ruled]:
    made = []
    for decision in decided:
        known = catalogue.services.get(decision.service)
        now = register.of(decision.service, decision.account)
        made.append(Ruled(decision, known.name if known else decision.service, now if now and now.number != decision.number else None))
    return sorted(made, key=lambda ruled: ruled.name.casefold())
