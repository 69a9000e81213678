"""Weights and roadmap items in the store. Nothing is overwritten: every change is a row of its own, and undoing one is a change too."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from discovery.errors import GnomonError
from discovery.store import Client, Store
from discovery.store.clients import changed
from rules.items import Baseline, Item, check
from rules.practice import queries as practice
from rules.tables import RoadmapRow, WeightRow
from rules.weights import Weight
from rules.weights import check as check_weight

#: What stands in a row of the roadmap as it does in the item.
_AS_IT_IS: Final = ("title", "text", "area", "capability", "quarter", "effort", "cost", "owner", "state", "changed_by", "changed_at")


def weigh(store: Store, client: Client, change: Weight, *, changed_by: str) -> Weight:
    """Keep a change of the rules for a client; it is in force at once.

    Raises:
        GnomonError: it makes no sense, see `weights.check`.
    """
    check_weight(change, weights(store, client))
    row = WeightRow(
        client_id=client.id,
        kind=change.kind,
        key=change.key,
        value=change.value,
        note=change.note.strip(),
        changed_by=changed_by,
        changed_at=datetime.now(UTC),
    )
    with store.write(durable=True) as session:
        session.add(row)
        changed(session, client.id, data=False)
    return _weight(row)


def weights(store: Store, client: Client) -> tuple[Weight, ...]:
    """The changes in force, by kind and key: the client's own, else the practice's."""
    return practice.weights(store, own_weights(store, client))


def own_weights(store: Store, client: Client) -> tuple[Weight, ...]:
    """The changes that this client itself made and that are in force."""
    newest = select(func.max(WeightRow.id)).where(WeightRow.client_id == client.id).group_by(WeightRow.kind, WeightRow.key)
    chosen = select(WeightRow).where(WeightRow.id.in_(newest), WeightRow.value.is_not(None)).order_by(WeightRow.kind, WeightRow.key)
    with store.read() as session:
        return tuple(_weight(row) for row in session.scalars(chosen))


def weight_history(store: Store, client: Client) -> list[Weight]:
    """Every change there ever was, newest first."""
    with store.read() as session:
        return [_weight(row) for row in session.scalars(select(WeightRow).where(WeightRow.client_id == client.id).order_by(WeightRow.id.desc()))]


def items(store: Store, client: Client) -> list[Item]:
    """The items in force, by quarter."""
    newest = select(func.max(RoadmapRow.id)).where(RoadmapRow.client_id == client.id).group_by(RoadmapRow.item)
    chosen = select(RoadmapRow).where(RoadmapRow.id.in_(newest), RoadmapRow.removed.is_(False)).order_by(RoadmapRow.quarter, RoadmapRow.id)
    with store.read() as session:
        return [_item(row) for row in session.scalars(chosen)]


def item_history(store: Store, client: Client, item: str) -> list[Item]:
    """Every version of an item, newest first."""
    with store.read() as session:
        return [_item(row) for row in _versions(session, client, item)]


def keep_items(store: Store, client: Client, kept: Iterable[Item], *, changed_by: str, at: datetime | None = None) -> None:
    """Keep items as they are now, all of them or none. `at`: when, where they are entered later.

    Raises:
        GnomonError: one of them cannot be kept, see `items.check`.
    """
    rows = [_row(client, check(item), changed_by, at or datetime.now(UTC)) for item in kept]
    with store.write(durable=True) as session:
        session.add_all(rows)


def take_off(store: Store, client: Client, item: str, *, changed_by: str) -> None:
    """Take an item off the roadmap; what the rules propose appears again.

    Raises:
        GnomonError: there is no such item.
    """
    with store.write(durable=True) as session:
        row = _row(client, _item(_newest(session, client, item)), changed_by, datetime.now(UTC))
        row.removed = True
        session.add(row)


def undo_item(store: Store, client: Client, item: str, *, changed_by: str) -> None:
    """Bring back the version before the last change; an item that had none before goes off the roadmap. Undone twice, it is as it was.

    Raises:
        GnomonError: there is no such item.
    """
    with store.write(durable=True) as session:
        _newest(session, client, item)
        last, *before = _versions(session, client, item)
        row = _row(client, _item(before[0] if before else last), changed_by, datetime.now(UTC))
        row.removed = before[0].removed if before else True
        session.add(row)


def _versions(session: Session, client: Client, item: str) -> list[RoadmapRow]:
    of_it = select(RoadmapRow).where(RoadmapRow.client_id == client.id, RoadmapRow.item == item).order_by(RoadmapRow.id.desc())
    return list(session.scalars(of_it))


def _newest(session: Session, client: Client, item: str) -> RoadmapRow:
    versions = _versions(session, client, item)
    if not versions:
        raise GnomonError("There is no such item on the roadmap.")
    return versions[0]


def _row(client: Client, item: Item, changed_by: str, at: datetime) -> RoadmapRow:
    kept = replace(item, title=item.title.strip(), changed_by=changed_by, changed_at=at)
    baseline = _plain(item.baseline) if item.baseline else None
    return RoadmapRow(client_id=client.id, item=item.id, baseline=baseline, removed=False, **{name: getattr(kept, name) for name in _AS_IT_IS})


def _item(row: RoadmapRow) -> Item:
    return Item(id=row.item, baseline=_baseline(row.baseline), **{name: getattr(row, name) for name in _AS_IT_IS})


def _plain(baseline: Baseline) -> dict[str, Any]:
    plain = replace(baseline, services=dict(baseline.services), names=dict(baseline.names))
    return asdict(plain) | {"since": baseline.since.isoformat(), "until": baseline.until.isoformat()}


def _baseline(kept: dict[str, Any] | None) -> Baseline | None:
    if kept is None:
        return None
    return Baseline(**kept | {name: date.fromisoformat(kept[name]) for name in ("since", "until")})


def _weight(row: WeightRow) -> Weight:
    return Weight(row.kind, row.key, row.value, row.note, row.changed_by, row.changed_at)
