"""Packs that are made by themselves, every month or every quarter: when the next one is due, and which one was due last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from discovery.errors import GnomonError
from webui.reports.documents import BY_ID, PACK
from webui.reports.files import BETWEEN

#: How often -> how it reads, how many months lie between two, and the period that is told, as in addresses of pages.
OFTEN: Final = {"month": ("Every month", 1, "30"), "quarter": ("Every quarter", 3, "90")}
#: Days of a month that every month has.
DAYS: Final = range(1, 29)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a client's pack is made by itself.

    Attributes:
        every: a key of `OFTEN`.
        day: of the month, or of a quarter's first month.
        documents: ids of the documents in it.
        set_on: the day on which it was set; nothing is due before.
        made_for: the day for which the last one was made; None: none yet.
        set_by: who set it.
    """

    every: str
    day: int
    documents: tuple[str, ...]
    set_on: date
    made_for: date | None
    set_by: str

    @property
    def document(self) -> str:
        """The documents by one name, as reports are asked for."""
        return "pack" if self.documents == PACK else BETWEEN.join(self.documents)

    @property
    def period(self) -> str:
        """The period that is told, as in addresses of pages."""
        return OFTEN[self.every][2]

    def due(self, today: date) -> date | None:
        """The latest day up to today for which one is still to be made; None where there is none. What was missed before it is not made up for."""
        latest = self._last(today)
        return None if latest <= (self.made_for or self.set_on) else latest

    def next(self, today: date) -> date:
        """The next day after today on which one is made."""
        step = timedelta(days=1)
        day = today + step
        while self._last(day) != day:
            day += step
        return day

    def _last(self, today: date) -> date:
        months = today.year * 12 + today.month - 1
        months -= months % OFTEN[self.every][1]
        if self._of(months) > today:
            months -= OFTEN[self.every][1]
        return self._of(months)

    def _of(self, months: int) -> date:
        return date(months // 12, months % 12 + 1, self.day)


def checked(every: str, day: str, documents: Sequence[str]) -> tuple[str, int, tuple[str, ...]]:
    """How often, on which day and which documents, from a form.

    Raises:
        GnomonError: it is none, in words for whoever filled it in.
    """
    if every not in OFTEN:
        raise GnomonError("Please choose every month or every quarter.")
    if not (day.isascii() and day.isdigit() and len(day) <= 2 and int(day) in DAYS):  # noqa: PLR2004 (28 has two digits)
        raise GnomonError(f"Please choose a day from {DAYS.start} to {DAYS.stop - 1}, which every month has.")
    chosen = tuple(id_ for id_ in BY_ID if id_ in documents)
    if not chosen:
        raise GnomonError("Please choose at least one document.")
    return every, int(day), chosen
