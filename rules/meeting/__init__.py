"""A policy discussion: an hour, five to eight needs, one after the other. What is decided in it goes into the register, which alone is the truth.

A meeting knows its agenda, who was present in their own words, how long each need took, a note where nothing was decided, and which decisions of the
register were taken in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from rules.factors import toml
from rules.register import Decision

#: A meeting is planned for so many minutes at most.
LONGEST: Final = 480


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A need on the agenda.

    Attributes:
        capability: its code.
        note: what was said of it where it stays open; empty: nothing.
        seconds: its screen was open.
        decisions: numbers of the decisions taken about it in this meeting, those taken back later included.
    """

    capability: str
    note: str = ""
    seconds: int = 0
    decisions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting.

    Attributes:
        number: of the record.
        minutes: how long it may take.
        present: who was there, in their own words, such as "the director, the head of sales".
        began_at, ended_at: UTC; not ended: it goes on.
        began_by: account that began it.
    """

    number: int
    minutes: int
    present: str
    began_at: datetime
    began_by: str
    ended_at: datetime | None
    agenda: tuple[AgendaItem, ...] = ()

    @property
    def seconds(self) -> int:
        """How long its screens were open."""
        return sum(item.seconds for item in self.agenda)

    @property
    def capabilities(self) -> list[str]:
        """The needs on the agenda, in their order."""
        return [item.capability for item in self.agenda]

    def item(self, capability: str) -> AgendaItem | None:
        """A need on the agenda; None: it is not on it."""
        return next((item for item in self.agenda if item.capability == capability), None)


def taken(meeting: Meeting, history: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Need -> the decisions taken about it in this meeting that nobody took back, oldest first; needs without any are left out.

    Args:
        meeting: which.
        history: of the register.
    """
    about = {number: item.capability for item in meeting.agenda for number in item.decisions}
    found: dict[str, list[Decision]] = {}
    for decision in sorted(history, key=lambda one: one.number):
        if decision.number in about and decision.undone_at is None:
            found.setdefault(about[decision.number], []).append(decision)
    return found


@cache
def table() -> Mapping[str, Any]:
    """`meeting.toml`."""
    return toml("meeting.toml")
