"""What people wrote about a client, searched for somebody's name. Only the texts that name them are given, not what stands beside."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, Text, select

from discovery.store import Client, Store
from discovery.store.base import Base

#: Tables in which texts are written by programs only: hosts of logs.
_NOBODYS: Final = {"domains"}
#: What a table is called, where its own name in the singular would say too little.
_TITLES: Final = {
    "mutes": "muted alert",
    "roadmap_items": "roadmap item",
    "own_clauses": "clause",
    "meeting_needs": "need talked about in a meeting",
    "answers": "answer of the spot check",
    "imports": "log",
    "reveal_steps": "record of names shown",
    "own_hosts": "host of the firm's own",
    "report_looks": "look of the reports",
    "reports_given": "report handed over",
}
_ABOUT: Final = ("service", "item", "heading", "capability", "domain")


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that names somebody: in what it stands, what that is about, which part of it, and the text."""

    kept_in: str
    about: str
    part: str
    text: str


def mentions(store: Store, client: Client, names: Callable[[str], bool]) -> list[Mention]:
    """Every text of a client that names somebody, table by table in the order it was written. A new table is searched without being named here."""
    found = []
    with store.read() as session:
        for table in sorted(_written(), key=lambda one: one.__tablename__):
            parts = [column.name for column in table.__table__.columns if isinstance(column.type, Text | JSON)]
            for row in session.scalars(select(table).where(table.client_id == client.id).order_by(*table.__table__.primary_key)):
                about = next((str(getattr(row, name)) for name in _ABOUT if hasattr(row, name)), "")
                texts = [(part, _text(getattr(row, part))) for part in parts]
                found += [Mention(_title(table.__tablename__), about, part, text) for part, text in texts if text and names(text)]
    return found


def _written() -> list[Any]:
    """Every table of every wing that belongs to a client and has room for texts."""
    mapped: list[Any] = [mapper.class_ for mapper in Base.registry.mappers]
    return [one for one in mapped if hasattr(one, "client_id") and one.__tablename__ not in _NOBODYS]


def _title(table: str) -> str:
    return _TITLES.get(table, table.removesuffix("s").replace("_", " "))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""
