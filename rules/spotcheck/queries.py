"""The answers of a spot check in the store. An answer can be changed; the last one counts."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy import delete, select

from discovery.errors import GnomonError
from discovery.store import Client, Store
from rules.spotcheck import ANSWERS, Precision, precision
from rules.tables import AnswerRow

#: Kind of the keyed hashes, so that they meet no other.
_KIND: Final = "spot check"


def marker(store: Store, client: Client) -> Callable[[str], str]:
    """The client's keyed hash of a text."""
    return partial(store.vault(client).key, _KIND)


def answer(store: Store, client: Client, mark: str, service: str, said: str, *, by: str) -> None:
    """Keep what somebody says of a finding.

    Args:
        mark: of the finding, see `spotcheck.Question`.
        service: id in the catalogue.
        said: a key of `spotcheck.ANSWERS`.
        by: who says it.

    Raises:
        GnomonError: there is no such answer.
    """
    if said not in ANSWERS:
        raise GnomonError("Please choose one of the answers.")
    row = AnswerRow(client_id=client.id, pair=mark, service=service, answer=said, answered_at=datetime.now(UTC), answered_by=by)
    with store.write(durable=True) as session:
        session.merge(row)


def take_back(store: Store, client: Client, mark: str) -> None:
    """Forget an answer: the finding is asked about again."""
    with store.write(durable=True) as session:
        session.execute(delete(AnswerRow).where(AnswerRow.client_id == client.id, AnswerRow.pair == mark))


def answers(store: Store, client: Client) -> dict[str, str]:
    """Mark -> answer, all that were ever given."""
    with store.read() as session:
        rows = session.execute(select(AnswerRow.pair, AnswerRow.answer).where(AnswerRow.client_id == client.id).order_by(AnswerRow.answered_at))
        return {row.pair: row.answer for row in rows}


def services_answered(store: Store, client: Client, said: str) -> frozenset[str]:
    """Services of which some finding was answered so."""
    with store.read() as session:
        return frozenset(session.scalars(select(AnswerRow.service).where(AnswerRow.client_id == client.id, AnswerRow.answer == said)))


def found_precision(store: Store, client: Client) -> Precision:
    """How often findings hold at this client, as far as somebody looked: for pages and reports."""
    return precision(answers(store, client).values())
