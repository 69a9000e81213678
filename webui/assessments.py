"""The judged picture of a client over a period, computed once for all pages and kept while nothing it rests on changes (decision 17)."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Final

import polars as pl

from discovery import store as kept
from discovery.catalogue import Catalogue
from discovery.observations import Observations
from discovery.store import Store
from discovery.store.tables import Client
from rules.assess import assess
from rules.findings import Assessment
from rules.kept.queries import weights
from rules.practice import queries as practice
from rules.queries import decisions
from rules.toolset import Toolset, read_toolset
from webui import heat
from webui.filters import Filter

#: Pictures kept in memory. One of a hundred people over a year takes a few tens of megabytes.
KEPT: Final = 12


@dataclass(frozen=True)
class Picture:
    """What a page draws.

    Attributes:
        assessment: of the chosen team, or of the whole firm; risk is always the firm's.
        firm: of the whole firm.
        observations: what it was judged from; daily rows of people and sources.
        since, until: first and last day shown; None without events.
        last_day: day of the last event that is kept at all.
        first_day: day of the first one; a period may begin before.
        provided: ids of services that belong to what the firm provides.
        catalogue: version of the one it was matched with.
    """

    assessment: Assessment
    firm: Assessment
    observations: Observations
    since: date | None
    until: date | None
    last_day: date | None
    provided: frozenset[str] = frozenset()
    catalogue: str = ""
    first_day: date | None = None

    @property
    def begins(self) -> date | None:
        """The first day shown that logs could tell of: a report on a month of which logs cover a week is on that week."""
        if self.since and self.until and self.first_day and self.since < self.first_day <= self.until:
            return self.first_day
        return self.since

    @cached_property
    def sources(self) -> heat.Grid | None:
        """How well each source covers each day; None without events."""
        return heat.sources_by_day(self.observations.usage, self.begins, self.until) if self.begins and self.until else None

    @cached_property
    def teams(self) -> list[str]:
        """Teams that appear in the period."""
        return sorted(self.observations.usage["team"].drop_nulls().unique().to_list())


class Assessments:
    """Pictures by client, data version, catalogue and period; the least recently used go first."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self.store = store
        self.catalogue = catalogue
        self._pictures: OrderedDict[Hashable, Picture] = OrderedDict()
        self._lock = Lock()

    def picture(self, client: Client, chosen: Filter) -> Picture:
        """The picture that a filter asks for."""
        last = kept.last_event_day(self.store, client)
        since, until = chosen.days(last)
        return self._of(client, since, until, chosen.team, last)

    def before(self, client: Client, chosen: Filter) -> Picture | None:
        """The picture of the same length just before; None where the filter has no beginning."""
        last = kept.last_event_day(self.store, client)
        days = chosen.before(last)
        return self._of(client, *days, chosen.team, last) if days else None

    def alone(self, client: Client, chosen: Filter, *, log: int | None = None, shipped: bool = False) -> Picture:
        """A picture for a comparison: of one log by itself, or judged by the shipped catalogue and rules without the client's own words."""
        last = kept.last_event_day(self.store, client)
        since, until = chosen.days(last)
        key = (*self._version(client), since, until, log, shipped)
        with self._lock:
            found = self._pictures.get(key) or self._judge(client, since, until, last, only=log, shipped=shipped)
            self._keep(key, found)
            return found

    def catalogue_of(self, client: Client) -> Catalogue:
        """What a client is matched and judged with: the shipped catalogue with the client's own services."""
        return kept.catalogue_of(self.store, client, self.catalogue)

    def _of(self, client: Client, since: date | None, until: date | None, team: str | None, last: date | None) -> Picture:
        version = self._version(client)
        key = (*version, since, until, team)
        with self._lock:  # one computes, the others wait for it
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
            whole = self._pictures.get((*version, since, until, None)) or self._judge(client, since, until, last)
            made = self._narrow(client, whole, team) if team else whole
            self._keep((*version, since, until, None), whole)
            self._keep(key, made)
            return made

    def _version(self, client: Client) -> tuple[Hashable, ...]:
        """What a picture rests on. Names are part of it: a reader who sees none asks for the same client without them."""
        return kept.data_version(self.store, client), self.catalogue.version, client.show_names

    def _keep(self, key: Hashable, picture: Picture) -> None:
        self._pictures[key] = picture
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)

    def _judge(
        self, client: Client, since: date | None, until: date | None, last: date | None, *, only: int | None = None, shipped: bool = False
    ) -> Picture:
        catalogue = self.catalogue if shipped else self.catalogue_of(client)
        seen = kept.observations(self.store, client, catalogue, since=since, until=until, names=client.show_names, only=only)
        toolset, first = self._toolset(client), kept.first_event_day(self.store, client)
        changed = () if shipped else weights(self.store, client)
        judged = assess(seen, catalogue, decisions(self.store, client), toolset, today=last, weights=changed)
        return Picture(judged, judged, seen, since or seen.since, until or seen.until, last, toolset.services, catalogue.version, first)

    def _toolset(self, client: Client) -> Toolset:
        return read_toolset(practice.toolset(self.store, client), services=self.catalogue_of(client).services)

    def _narrow(self, client: Client, whole: Picture, team: str) -> Picture:
        """The same for one team: its own usage, the firm's risk (decision 19)."""
        theirs = pl.col("team") == team
        seen = replace(whole.observations, usage=whole.observations.usage.filter(theirs), sightings=whole.observations.sightings.filter(theirs))
        changed = weights(self.store, client)
        judged = assess(seen, self.catalogue_of(client), decisions(self.store, client), self._toolset(client), today=whole.last_day, weights=changed)
        risks = {finding.service: finding.risk for finding in whole.firm.findings}
        findings = tuple(replace(finding, risk=risks[finding.service]) for finding in judged.findings)
        ordered = tuple(sorted(findings, key=lambda finding: (-finding.risk.score, -(finding.active_people or 0))))
        return replace(whole, assessment=replace(judged, findings=ordered), observations=seen)
