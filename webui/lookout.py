"""The alerts of a client, computed from what every page shows anyway: the last days against everything kept before them."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Final

import polars as pl

from discovery.catalogue import Catalogue
from discovery.store import Store, catalogue_of
from discovery.store.tables import Client
from rules import alerts, queries
from rules.alerts import Alert, Seen, Uploads
from rules.findings import Assessment
from rules.watch import uploads_by_week, watch
from webui.assessments import Assessments, Picture
from webui.filters import Filter

#: Clients whose earlier days are kept in memory.
KEPT: Final = 8
#: Before every log.
BEGINNING: Final = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Heard:
    """Alerts as the page shows them: those that are heard, the muted ones with their mute, and the day that stands for today."""

    open: list[Alert]
    muted: list[tuple[Alert, queries.Mute]]
    today: date | None


class Lookout:
    """What is worth telling, by client. What came before the last days is kept until another log changes it."""

    def __init__(self, store: Store, catalogue: Catalogue, assessments: Assessments) -> None:
        self._store, self._catalogue, self._assessments = store, catalogue, assessments
        self._earlier: OrderedDict[Hashable, tuple[Assessment | None, Uploads]] = OrderedDict()
        self._found: dict[str, tuple[Hashable, list[tuple[str, str, str]]]] = {}  # by vault: a number is given again
        self._lock = Lock()

    def heard(self, client: Client) -> Heard:
        """The alerts of a client by now."""
        seen = self.seen(client)
        if seen is None:
            return Heard([], [], None)
        found, muted = watch(seen), self._muted(client)
        self._found[client.vault] = self._basis(client), [one.key for one in found]
        heard, silent = alerts.split(found, muted)
        return Heard(heard, [(one, muted[one.key]) for one in silent], seen.today)

    def count(self, client: Client, shown: Picture | None) -> int | None:
        """How many alerts are heard, where they were found before or the page that is drawn has computed what that takes; else None."""
        basis, keys = self._found.get(client.vault, (None, []))
        if basis == self._basis(client):
            muted = self._muted(client)
            return sum(key not in muted for key in keys)
        if shown is None or not shown.last_day or self._key(client) not in self._earlier:
            return None
        if (shown.until, shown.since) != (shown.last_day, shown.last_day - timedelta(days=alerts.window() - 1)):
            return None
        return len(self.heard(client).open)

    def seen(self, client: Client) -> Seen | None:
        """What the alerts are computed from; None without logs."""
        now = self._assessments.picture(client, Filter(period=str(alerts.window())))
        if now.last_day is None or now.since is None:
            return None
        before, uploads = self._before(client, now)
        return Seen(
            now.firm,
            before,
            queries.decisions(self._store, client),
            catalogue_of(self._store, client, self._catalogue),
            now.provided,
            now.last_day,
            uploads,
            client.show_names,
            client.zone,
        )

    def _before(self, client: Client, now: Picture) -> tuple[Assessment | None, Uploads]:
        key = self._key(client)
        with self._lock:
            if key not in self._earlier and now.since:
                last = Filter("custom", BEGINNING, now.since - timedelta(days=1))
                earlier = self._assessments.picture(client, last)
                usage = pl.concat([earlier.observations.usage, now.observations.usage])
                known = earlier.firm if earlier.observations.usage.height else None
                self._earlier[key] = known, uploads_by_week(usage)
                while len(self._earlier) > KEPT:
                    self._earlier.popitem(last=False)
            return self._earlier[key]

    def _muted(self, client: Client) -> dict[tuple[str, str, str], queries.Mute]:
        return {mute.key: mute for mute in queries.mutes(self._store, client) if mute.ended_at is None}

    def _basis(self, client: Client) -> Hashable:
        return client.version, self._catalogue.version

    def _key(self, client: Client) -> Hashable:
        return client.vault, client.data_version, client.people_expected, client.show_names, client.zone, self._catalogue.version
