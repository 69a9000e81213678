"""Decisions and meetings as rows of JSON."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from rules.meeting import Meeting, taken
from rules.register import Decision

_DECISION: Final = ("service", "account", "status", "owner", "reason", "conditions", "data_held", "review_by", "decided_at")
_MEETING: Final = ("number", "began_at", "ended_at", "minutes", "seconds", "present")


def decision_row(decision: Decision) -> dict[str, Any]:
    """One decision."""
    return {name: _told(getattr(decision, name)) for name in _DECISION}


def meeting_row(meeting: Meeting, history: Iterable[Decision]) -> dict[str, Any]:
    """One meeting, with what was decided in it and still stands; `history` as of `meeting.taken`."""
    decided = taken(meeting, history)
    agenda = [
        {
            "capability": item.capability,
            "note": item.note,
            "seconds": item.seconds,
            "decisions": [decision_row(one) for one in decided.get(item.capability, [])],
        }
        for item in meeting.agenda
    ]
    return {name: _told(getattr(meeting, name)) for name in _MEETING} | {"agenda": agenda}


def _told(value: object) -> object:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value
