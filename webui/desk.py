"""What the pages of one running application work with: store, door, catalogue, assessments and the worker."""

from functools import cached_property

from flask import current_app, g

from discovery import catalogue
from discovery.store import Store
from discovery.store.tables import Client
from webui.accounts import Door
from webui.assessments import Assessments
from webui.filters import Filter
from webui.jobs import Jobs


class Desk:
    """One per application. The catalogue is loaded when the first page needs it."""

    def __init__(self, store: Store, door: Door) -> None:
        self.store = store
        self.door = door
        self.jobs = Jobs(store, when_done=self.warm_up)

    @cached_property
    def catalogue(self) -> catalogue.Catalogue:
        """The catalogue this installation matches with."""
        return catalogue.load()

    def warm_up(self, client: Client) -> None:
        """Judge what the first page will ask for, so that nobody waits for it."""
        self.assessments.picture(client, Filter())
        self.assessments.before(client, Filter())

    @cached_property
    def assessments(self) -> Assessments:
        """The judged picture of each client, kept while nothing changes."""
        return Assessments(self.store, self.catalogue)


def desk() -> Desk:
    """The desk of the application that answers this request."""
    found: Desk = current_app.extensions["gnomon"]
    return found


def client() -> Client:
    """The client whose page was asked for."""
    found: Client = g.client
    return found
