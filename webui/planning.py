"""The roadmap as its page draws it: quarters as columns, what was accepted, what was dropped; and items as forms hold them."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from discovery.errors import GnomonError
from rules import roadmap
from rules.findings import Assessment
from rules.items import Item, Outcome, outcome, plan
from webui import words

_MONTHS: Final = {"1": "Jan to Mar", "2": "Apr to Jun", "3": "Jul to Sep", "4": "Oct to Dec"}
_TEXT_LENGTH: Final = 2000
_TITLE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A quarter with its items and their days of work."""

    quarter: str
    items: Sequence[Item]

    @property
    def title(self) -> str:
        """As it is read: "Q1 2027"; "Later" where no quarter is named."""
        return words.quarter(self.quarter)

    @property
    def months(self) -> str:
        """Its months in words."""
        return _MONTHS.get(self.quarter[-1:], "")

    @property
    def effort(self) -> float:
        """Days of work of what is not done yet."""
        return sum(item.effort or 0 for item in self.items if item.state != "done")


@dataclass(frozen=True, slots=True)
class Board:
    """The whole roadmap.

    Attributes:
        columns: quarters with their items.
        accepted: what the rules propose to leave as it is.
        dropped: what the firm decided not to do.
        outcomes: item -> what later logs show of it.
        whole: the scores of all services in active use, added up; what risk removed is a part of.
    """

    columns: Sequence[Column]
    accepted: Sequence[Item]
    dropped: Sequence[Item]
    outcomes: Mapping[str, Outcome]
    whole: int

    @property
    def items(self) -> list[Item]:
        """Everything in the columns."""
        return [item for column in self.columns for item in column.items]

    @property
    def open(self) -> list[Item]:
        """What is still to be done."""
        return [item for item in self.items if item.state != "done"]

    @property
    def proposed(self) -> list[Item]:
        """What nobody has kept yet."""
        return [item for item in self.items if item.state == "proposed"]

    @property
    def effort(self) -> float:
        """Days of work still to be done."""
        return sum(column.effort for column in self.columns)

    @property
    def removed(self) -> int:
        """Points of risk that what is still to be done would remove."""
        return sum(item.removed or 0 for item in self.open)

    @property
    def owned(self) -> list[Item]:
        """Open items that use what the firm has already."""
        return [item for item in self.open if item.step and item.step.stage == "owned"]


def board(assessment: Assessment, kept: Iterable[Item]) -> Board:
    """The roadmap of a firm: what it kept, and what the rules propose beside it."""
    everything = plan(assessment, kept)
    accepted = [item for item in everything if item.state == "proposed" and item.step and item.step.action == "accept"]
    dropped = [item for item in everything if item.state == "dropped"]
    shown = [item for item in everything if item not in accepted and item not in dropped]
    names = sorted({*quarters(assessment.until), *(item.quarter for item in shown if item.quarter)})
    columns = [Column(name, [item for item in shown if item.quarter == name]) for name in names]
    if later := [item for item in shown if not item.quarter]:
        columns.append(Column("", later))
    outcomes = {item.id: found for item in shown if (found := outcome(item, assessment))}
    whole = sum(finding.risk.score for finding in assessment.findings if finding.activity == "active")
    return Board(columns, accepted, dropped, outcomes, whole)


def quarters(last: date | None) -> list[str]:
    """The quarters that can be chosen; counted from today where there are no logs."""
    return roadmap.quarters(last or date.today())  # noqa: DTZ011 (a quarter; the clock of this machine is near enough)


def find(assessment: Assessment, kept: Iterable[Item], id_: str) -> Item | None:
    """One item of the roadmap, or None."""
    return next((item for item in plan(assessment, kept) if item.id == id_), None)


def blank() -> Item:
    """An item to be added by hand."""
    return Item(id=f"own:{secrets.token_hex(6)}", title="", area="network")


def filled(item: Item, form: Mapping[str, str]) -> Item:
    """The item with what a form says of it; what the form leaves out stays. A proposal that is kept is planned.

    Raises GnomonError where the effort is no number.
    """
    changes = {name: _clean(form[name], most) for name, most in _TEXTS.items() if name in form}
    made = replace(item, **changes)  # type: ignore[arg-type]
    if "effort" in form:
        made = replace(made, effort=_days(form["effort"]))
    return replace(made, state="planned") if made.state == "proposed" else made


_TEXTS: Final = {"title": _TITLE_LENGTH, "text": _TEXT_LENGTH, "quarter": 8, "cost": 16, "owner": _TITLE_LENGTH, "state": 16, "area": 16}


def _clean(text: str, most: int) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()[:most]


def _days(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise GnomonError("The effort is a number of days, such as 2 or 0.5.") from None
    if number != number:  # noqa: PLR0124 (not a number)
        raise GnomonError("The effort is a number of days, such as 2 or 0.5.")
    return number
