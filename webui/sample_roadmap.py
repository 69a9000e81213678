"""The roadmap of the sample firm: items entered as people enter them, with how things stood in the logs on the day of each."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from discovery import shipped
from discovery import store as kept
from discovery.catalogue import Catalogue
from discovery.store import Store
from discovery.store.tables import Client
from rules import items
from rules.assess import assess
from rules.findings import Assessment
from rules.items import Item
from rules.kept import queries
from rules.toolset import read_toolset

#: The roadmap rests on so many days, as on its page.
_DAYS: Final = 30
_MORNING: Final = time(10, tzinfo=UTC)
_PARTS: Final = ("title", "text", "area", "quarter", "effort", "cost", "owner")


def settle(store: Store, client: Client, catalogue: Catalogue) -> int:
    """Enter the items of the sample firm, unless its roadmap holds something already; returns how many there were."""
    if queries.items(store, client):
        return 0
    table = tomllib.loads(shipped.path("demo", "roadmap.toml").read_text(encoding="utf-8"))
    known = {day: _judged(store, client, catalogue, day) for day in {entry["day"] for entry in table["item"] if "need" in entry}}
    for number, entry in enumerate(table["item"]):
        made = _item(entry, f"own:sample{number}", known.get(entry["day"]))
        planned = replace(made, state="planned") if "closed" in entry else made
        queries.keep_items(store, client, [planned], changed_by=table["by"], at=datetime.combine(entry["day"], _MORNING))
        if "closed" in entry:
            queries.keep_items(store, client, [made], changed_by=table["by"], at=datetime.combine(entry["closed"], _MORNING))
    return len(table["item"])


def _item(entry: Mapping[str, Any], id_: str, known: Assessment | None) -> Item:
    said = {name: entry[name] for name in (*_PARTS, "state") if name in entry}
    if known is None or "need" not in entry:
        return Item(id_, **said)
    if "closes" in entry:
        return Item(id_, **said, capability=entry["need"], baseline=items.baseline(entry["closes"], entry["need"], known))
    step = next(step for step in known.roadmap if step.capability == entry["need"])
    return replace(items.proposal(step, known), **said)


def _judged(store: Store, client: Client, catalogue: Catalogue, day: date) -> Assessment:
    """What was known on the evening before."""
    last = day - timedelta(days=1)
    seen = kept.observations(store, client, catalogue, since=last - timedelta(days=_DAYS - 1), until=last, names=False)
    return assess(seen, catalogue, {}, read_toolset(client.toolset, services=catalogue.services), today=last)
