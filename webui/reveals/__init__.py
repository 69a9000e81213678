"""A name behind a pseudonym, shown to one person for one day after another one agreed; every step stands in a record that shows each change of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rules.reveal import terms

ASKED, GRANTED, REFUSED, SEEN, ALL_SHOWN, ALL_HIDDEN = "asked", "granted", "refused", "seen", "all_shown", "all_hidden"
#: Step -> how the record says it.
STEPS: Final = {
    ASKED: "asked for the name",
    GRANTED: "agreed",
    REFUSED: "refused",
    SEEN: "looked at the name",
    ALL_SHOWN: "let pages show every name",
    ALL_HIDDEN: "let pages show pseudonyms again",
}
WAITING, OPEN, OVER = "waiting", "open", "over"
FIRST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the record; see `tables.RevealStep`."""

    number: int
    request: int
    step: str
    person: str
    pseudonym: str
    purpose: str
    reason: str
    ticket: str
    by: str
    at: datetime
    before: str
    digest: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. `state`: waiting for an answer, open (the asker may look until `until`), refused, or over."""

    asked: Step
    state: str
    until: datetime
    answer: Step | None = None


def digest(vault: str, step: Step) -> str:
    """The fingerprint of a row with all that stands in it, at this client (`vault`), after the row before."""
    said = [step.number, step.request, step.step, step.person, step.pseudonym, step.purpose, step.reason, step.ticket, step.by]
    told = json.dumps([vault, *said, step.at.astimezone(UTC).isoformat(), step.before], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def wrong(vault: str, record: Sequence[Step], head: tuple[int, str] | None) -> str | None:
    """What is wrong with a record, in a sentence; None where every row is as it was written.

    Args:
        record: every row by number.
        head: number and digest of the last row, as noted outside the database; None: nothing was noted.
    """
    before = FIRST
    for place, step in enumerate(record, 1):
        if step.number != place:
            return f"Row {place} is missing."
        if step.before != before or step.digest != digest(vault, step):
            return f"Row {place} was changed, or does not follow the one before it."
        before = step.digest
    if head and (head[0] > len(record) or record[head[0] - 1].digest != head[1]):
        return f"Rows are missing at the end: there were {head[0]} at least."
    return None


def requests(record: Sequence[Step], now: datetime) -> list[Request]:
    """Every request as it stands, the latest first."""
    answers = {step.request: step for step in record if step.step in {GRANTED, REFUSED}}
    return [_stands(step, answers.get(step.number), now) for step in reversed(record) if step.step == ASKED]


def _stands(asked: Step, answer: Step | None, now: datetime) -> Request:
    if answer is None:
        until = asked.at + terms().answered_within
        return Request(asked, WAITING if now < until else OVER, until)
    if answer.step == REFUSED:
        return Request(asked, REFUSED, answer.at, answer)
    until = answer.at + terms().seen_for
    return Request(asked, OPEN if now < until else OVER, until, answer)
