"""Reports that take a while are made in the background and kept until they are fetched, so that nobody waits in front of a request.

Those of a schedule are made when they fall due; what fell due while the server was off is made at its next start. The row in the database is the
truth: what a process that ended had not finished is made by the next one.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from huey import crontab

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.tables import Client
from webui.filters import Filter
from webui.line import Line
from webui.reports import prepared
from webui.reports.scheduled import queries as scheduled

log = logging.getLogger(__name__)

#: Minute of each hour at which schedules are looked at.
PAST_THE_HOUR: Final = 7

#: Makes a file of a client: the document (or `pack`) over the period of a filter.
Make = Callable[[Client, str, Filter], bytes]


class Printing(Line):
    """Reports in line, one made after the other, beside the logs that are read."""

    def __init__(self, store: Store, make: Make, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` is the clock that schedules go by."""
        self.store = store
        self._make = make
        self._now = now
        super().__init__("gnomon-reports")
        self._print = self.huey.task(name="print_report")(self.run)
        self.huey.periodic_task(crontab(minute=str(PAST_THE_HOUR)), name="fall_due")(self.fall_due)

    def submit(self, client: Client, document: str, args: Mapping[str, str], *, by: str) -> int:
        """Put a report in line; returns its number."""
        number = prepared.ask(self.store, client, document, args, by=by)
        self._print(client.slug, number)
        return number

    def run(self, slug: str, number: int) -> None:
        """Make one report, in a worker. One that was given up meanwhile is not kept, nor one of a client that is gone."""
        try:
            client = kept.get_client(self.store, slug)
        except GnomonError as error:
            log.info("Report %s was not made: %s", number, error)
            return
        asked = prepared.begin(self.store, client, number)
        if asked is None:
            return
        try:
            prepared.finish(self.store, asked, self._make(client, asked.document, Filter.parse(asked.args)))
        except GnomonError as error:
            prepared.fail(self.store, asked, str(error))
        except Exception:
            log.exception("Report %s was not made", number)
            prepared.fail(self.store, asked, "It could not be made. The reason stands in the log of the server.")

    def resume(self) -> int:
        """Put what an ended process had not finished in line again; returns how many reports there were."""
        left = list(prepared.unfinished(self.store))
        for slug, number in left:
            self._print(slug, number)
        return len(left) + self.fall_due()

    def fall_due(self) -> int:
        """Put what schedules ask for by now in line; returns how many reports that are."""
        due = scheduled.fall_due(self.store, self._now())
        for slug, number in due:
            self._print(slug, number)
        return len(due)
