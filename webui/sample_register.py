"""The register of the sample firm: its decisions and muted alerts, entered as people enter them, with what was known on the day of each."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from discovery import shipped
from discovery import store as kept
from discovery.catalogue import Catalogue
from discovery.store import Store
from discovery.store.tables import Client
from rules import queries
from rules.assess import assess
from rules.findings import Assessment
from rules.register import Snapshot, snapshot
from rules.toolset import read_toolset

#: The sample firm's name in addresses.
SLUG: Final = "sample"
#: Decisions rest on so many days before them, as on the pages.
_DAYS: Final = 30
_MORNING: Final = time(9, 30, tzinfo=UTC)


def settle(store: Store, client: Client, catalogue: Catalogue) -> int:
    """Enter the decisions of the sample firm, unless its register says something already; returns how many there were."""
    if queries.own_history(store, client):
        return 0
    table = tomllib.loads(shipped.path("demo", "register.toml").read_text(encoding="utf-8"))
    known: dict[date, Assessment] = {}
    for entry in table["decision"]:
        week = entry["day"] - timedelta(days=entry["day"].weekday())  # decisions of one week were prepared together
        if week not in known:
            known[week] = _judged(store, client, catalogue, week)
        _decide(store, client, entry, table["by"], _snapshot(known[week], entry["service"], catalogue))
    for entry in table["mute"]:
        key = (entry["kind"], entry["service"], entry["mark"])
        queries.mute(store, client, key, reason=entry["reason"], muted_by=table["by"], at=datetime.combine(entry["day"], _MORNING))
    return len(table["decision"])


def _decide(store: Store, client: Client, entry: Mapping[str, Any], by: str, known: Snapshot | None) -> None:
    texts = {name: entry.get(name, "") for name in ("owner", "reason", "conditions", "data_held")}
    at = datetime.combine(entry["day"], _MORNING)
    queries.decide(
        store, client, entry["service"], entry["status"], decided_by=by, at=at, review_by=entry.get("review_by"), snapshot=known,
        owner=texts["owner"], reason=texts["reason"], conditions=texts["conditions"], data_held=texts["data_held"],
    )  # fmt: skip
    if "undone" in entry:
        queries.undo(store, client, entry["service"], undone_by=by, at=datetime.combine(entry["undone"], _MORNING))


def _judged(store: Store, client: Client, catalogue: Catalogue, day: date) -> Assessment:
    """What was known on the evening before."""
    last = day - timedelta(days=1)
    seen = kept.observations(store, client, catalogue, since=last - timedelta(days=_DAYS - 1), until=last, names=True)
    return assess(seen, catalogue, {}, read_toolset(client.toolset, services=catalogue.services), today=last)


def _snapshot(known: Assessment, service: str, catalogue: Catalogue) -> Snapshot | None:
    finding = known.finding(service)
    if finding is None:
        return None
    whole = known.coverage.people_expected or known.coverage.people_seen
    return snapshot(finding, whole=whole, since=known.since, until=known.until, catalogue=catalogue.version, rules=known.rules_in_force)
