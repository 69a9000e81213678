"""What the pages of one running application work with: store, door, catalogue, assessments and the worker."""

from functools import cached_property

from flask import current_app, g, has_app_context

from discovery import catalogue, catalogue_edition
from discovery.store import Store, catalogue_of
from discovery.store.tables import Client
from webui import sample_register, sample_roadmap
from webui.accounts import Door
from webui.assessments import Assessments
from webui.filters import Filter
from webui.jobs import Jobs
from webui.lookout import Lookout
from webui.practice import queries as practice
from webui.practice import summary
from webui.printing import Printing
from webui.reports import files
from webui.reports.source import pack_of


class Desk:
    """One per application. The shipped catalogue is loaded when the first page needs it."""

    def __init__(self, store: Store, door: Door) -> None:
        self.store = store
        self.door = door
        self.jobs = Jobs(store, when_done=self.warm_up)
        self.printing = Printing(store, self.print_report)
        self._edition = catalogue_edition.stamp()

    def renew(self) -> None:
        """Forget what rests on the catalogue, once an update of it was taken in or given up."""
        edition = catalogue_edition.stamp()
        if edition != self._edition:
            self._edition = edition
            for name in ("shipped", "assessments", "lookout"):
                self.__dict__.pop(name, None)

    @cached_property
    def shipped(self) -> catalogue.Catalogue:
        """The catalogue of this installation, as it came or was updated."""
        return catalogue.load()

    @property
    def catalogue(self) -> catalogue.Catalogue:
        """What this page's client is judged with: the shipped catalogue with the client's own services; without a client the shipped one."""
        if not has_app_context() or "client" not in g:
            return self.shipped
        if "catalogue" not in g:
            g.catalogue = catalogue_of(self.store, g.client, self.shipped)
        found: catalogue.Catalogue = g.catalogue
        return found

    def warm_up(self, client: Client) -> None:
        """Judge what the first page will ask for, so that nobody waits for it; the sample firm also gets its decisions and its roadmap."""
        if client.slug == sample_register.SLUG:
            sample_register.settle(self.store, client, self.shipped)
            sample_roadmap.settle(self.store, client, self.shipped)
        shown = self.assessments.picture(client, Filter())
        self.assessments.before(client, Filter())
        self.lookout.heard(client)
        self.summarise(client)
        _ = shown.firm.unknown  # last, for it takes longest

    def summarise(self, client: Client) -> None:
        """Work out how a client stands, for the page of all clients."""
        rests_on = summary.basis(self.store, client, self.shipped.version)
        practice.keep_summary(self.store, client, rests_on, summary.work_out(self.store, client, self.assessments, self.lookout))

    def print_report(self, client: Client, document: str, chosen: Filter) -> bytes:
        """A document, or the whole pack, as PDF."""
        pack = pack_of(self.store, self.assessments, catalogue_of(self.store, client, self.shipped), client, chosen)
        return files.document(pack, "pdf", files.chosen(document))

    def start(self) -> None:
        """Start the workers."""
        self.jobs.start()
        self.printing.start()

    def stop(self) -> None:
        """Stop them; what they had begun is taken up at the next start."""
        self.jobs.stop()
        self.printing.stop()

    @cached_property
    def assessments(self) -> Assessments:
        """The judged picture of each client, kept while nothing changes."""
        return Assessments(self.store, self.shipped)

    @cached_property
    def lookout(self) -> Lookout:
        """What is worth telling of each client."""
        return Lookout(self.store, self.shipped, self.assessments)


def desk() -> Desk:
    """The desk of the application that answers this request."""
    found: Desk = current_app.extensions["gnomon"]
    found.renew()
    return found


def client() -> Client:
    """The client whose page was asked for."""
    found: Client = g.client
    return found
