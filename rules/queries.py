"""The register in the store. Nothing is ever changed or deleted: a new decision stands beside the old ones."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from discovery.errors import GnomonError
from discovery.store import Client, Store
from discovery.store.clients import changed
from rules.register import STATUSES, Decision
from rules.tables import DecisionRow


def decide(
    store: Store,
    client: Client,
    service: str,
    status: str,
    *,
    owner: str = "",
    reason: str = "",
    conditions: str = "",
    review_by: date | None = None,
    decided_by: str,
) -> Decision:
    """Record a decision of a client about a service; it is in force at once.

    Args:
        service: id in the catalogue.
        status: one of `register.STATUSES`; `unreviewed` takes the decision back.
        decided_by: who records it.

    Raises:
        GnomonError: no such status.
    """
    if status not in STATUSES:
        raise GnomonError(f"“{status}” is not a decision. It can be: {', '.join(STATUSES)}.")
    row = DecisionRow(
        client_id=client.id,
        service=service,
        status=status,
        owner=owner,
        reason=reason,
        conditions=conditions,
        review_by=review_by,
        decided_at=datetime.now(UTC),
        decided_by=decided_by,
    )
    with store.write(durable=True) as session:
        session.add(row)
        changed(session, client.id, data=False)
    return _decision(row)


def decisions(store: Store, client: Client) -> dict[str, Decision]:
    """What is in force: service -> its newest decision."""
    newest = select(func.max(DecisionRow.id)).where(DecisionRow.client_id == client.id).group_by(DecisionRow.service)
    with store.read() as session:
        rows = session.scalars(select(DecisionRow).where(DecisionRow.id.in_(newest)).order_by(DecisionRow.service))
        return {row.service: _decision(row) for row in rows}


def history(store: Store, client: Client, service: str) -> list[Decision]:
    """Every decision that was ever recorded about a service, newest first."""
    of_it = select(DecisionRow).where(DecisionRow.client_id == client.id, DecisionRow.service == service).order_by(DecisionRow.id.desc())
    with store.read() as session:
        return [_decision(row) for row in session.scalars(of_it)]


def _decision(row: DecisionRow) -> Decision:
    return Decision(row.service, row.status, row.owner, row.reason, row.conditions, row.review_by, row.decided_at, row.decided_by)
