"""A client's pack, from the store: the one way for pages, commands and the interface to come by it."""

from datetime import date, timedelta

from discovery.catalogue import Catalogue
from discovery.store import Store, last_event_day
from discovery.store.tables import Client
from rules.practice import queries as practice
from rules.queries import all_history
from rules.spotcheck.queries import found_precision
from rules.toolset import read_toolset
from webui.assessments import Assessments
from webui.filters import Filter
from webui.reports import queries
from webui.reports.pack import Pack, Past, gather


def pack_of(store: Store, assessments: Assessments, catalogue: Catalogue, client: Client, chosen: Filter, *, reviewed: date | None = None) -> Pack:
    """The pack of the whole firm over the period of a filter; its other parts do not matter here.

    Args:
        reviewed: the last day of the review that it is compared with; None: it is compared with the last report that was handed over.
    """
    period = Filter(period=chosen.period, since=chosen.since, until=chosen.until)
    toolset = read_toolset(practice.toolset(store, client), services=catalogue.services)
    return gather(
        client,
        assessments.picture(client, period),
        _past(store, assessments, client, period, reviewed),
        all_history(store, client),
        catalogue,
        toolset,
        queries.look(store, client),
        found_precision(store, client),
        practice.clauses(store, client),
    )


def _past(store: Store, assessments: Assessments, client: Client, period: Filter, reviewed: date | None) -> Past:
    """What the period is compared with: as many days up to the last review or the last report that was handed over, else the days before."""
    since, until = period.days(last_event_day(store, client))
    given = reviewed or (queries.given_before(store, client, until) if until else None)
    if given and since and until:
        earlier = Filter(period="custom", since=given - (until - since), until=given)
        return Past(assessments.picture(client, earlier), f"the {'review' if reviewed else 'report'} up to {given.day} {given:%B %Y}", given)
    before = period.before(last_event_day(store, client))
    if before is None:
        return Past(None, "the period before", None)
    days = (before[1] - before[0] + timedelta(days=1)).days
    return Past(assessments.before(client, period), f"the {days} days before", before[1])
