"""Reports that take a while are made in the background and kept until they are fetched, so that nobody waits in front of a request.

The row in the database is the truth: what a process that ended had not finished is made by the next one.
"""

import logging
from collections.abc import Callable, Mapping

from huey import MemoryHuey

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.tables import Client
from webui.filters import Filter
from webui.jobs import QuietConsumer
from webui.reports import prepared

log = logging.getLogger(__name__)

#: Makes a file of a client: the document (or `pack`) over the period of a filter.
Make = Callable[[Client, str, Filter], bytes]


class Printing:
    """Reports in line, one made after the other, beside the logs that are read."""

    def __init__(self, store: Store, make: Make) -> None:
        self.store = store
        self._make = make
        self.huey = MemoryHuey("gnomon-reports", results=False)
        self._print = self.huey.task(name="print_report")(self.run)
        self._consumer: QuietConsumer | None = None

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

    def start(self) -> None:
        """Start the worker in a thread of this process, and take up what was left."""
        for slug, number in prepared.unfinished(self.store):
            self._print(slug, number)
        self._consumer = QuietConsumer(self.huey, workers=1, periodic=False, backoff=1.05, max_delay=0.5)
        self._consumer.start()

    def stop(self) -> None:
        """Stop the worker; the report it makes is in line again at the next start."""
        if self._consumer is not None:
            self._consumer.stop(graceful=False)
            self._consumer = None

    def work_off(self) -> None:
        """Make everything in line here and now, without a worker."""
        while (task := self.huey.dequeue()) is not None:
            self.huey.execute(task)
